#pragma once

#include <string>
#include <sys/types.h>

namespace ecdx {

// A file descriptor with one owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor &&other) noexcept : number_(other.release()) {}
    Descriptor &operator=(Descriptor &&other) noexcept;
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor() { close(); }

    int get() const { return number_; }
    int release() { int n = number_; number_ = -1; return n; }
    void close();

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor read, write;
};

// Both throw std::system_error.
Pipe makePipe();

// The executable `name` in the folders of `searchPath`, or an empty string.
std::string findExecutable(const std::string &name, const char *searchPath);

// A gnuplot with our ends of its three streams. The parent waits for it exactly once.
struct Child {
    pid_t pid = -1;
    Descriptor input, output, errors;
};

Child spawnGnuplot(const std::string &executable);

}
