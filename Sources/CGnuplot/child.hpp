#pragma once

#include <csignal>
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

// Keeps all signals from this thread, and from the threads and children that it starts: they go to the threads that were
// there before.
class AllSignalsBlocked {
public:
    AllSignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    AllSignalsBlocked(const AllSignalsBlocked &) = delete;
    AllSignalsBlocked &operator=(const AllSignalsBlocked &) = delete;

private:
    sigset_t before_;
};

struct Pipe {
    Descriptor read, write;
};

// Both throw std::system_error.
Pipe makePipe();

// The executable `name` in the folders of `searchPath`, or an empty string.
std::string findExecutable(const std::string &name, const char *searchPath);

// A gnuplot with our ends of its three streams. The parent waits for it exactly once. It is killed when the thread that
// started it ends, hence with this process, whatever ends that.
struct Child {
    pid_t pid = -1;
    Descriptor input, output, errors;
};

Child spawnGnuplot(const std::string &executable);

}
