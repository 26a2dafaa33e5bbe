#include "child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

extern "C" char **environ;

namespace ecdx {

namespace {

void check(int code, const char *what) {
    if (code != 0) throw std::system_error(code, std::generic_category(), what);
}

// Keeps the streams of the child clear of 0, 1 and 2, whatever this process has closed:
// otherwise one dup2 of the spawn could overwrite the source of the next.
Descriptor moveUp(Descriptor low) {
    int high = fcntl(low.get(), F_DUPFD_CLOEXEC, 3);
    if (high < 0) check(errno, "cannot duplicate a descriptor");
    return Descriptor(high);
}

bool startsWith(const char *text, const char *prefix) { return std::strncmp(text, prefix, std::strlen(prefix)) == 0; }

// The user's settings for gnuplot and the locale stay out: the same figure must come out everywhere.
std::vector<std::string> childEnvironment() {
    std::vector<std::string> result;
    for (char **entry = environ; entry && *entry; ++entry) {
        if (startsWith(*entry, "GNUPLOT") || startsWith(*entry, "GNUTERM=") || startsWith(*entry, "GNUHELP=")) continue;
        if (startsWith(*entry, "LC_") || startsWith(*entry, "LANG=") || startsWith(*entry, "LANGUAGE=")) continue;
        result.emplace_back(*entry);
    }
    result.emplace_back("LC_ALL=C.UTF-8");
    return result;
}

struct FileActions {
    posix_spawn_file_actions_t value;
    FileActions() { check(posix_spawn_file_actions_init(&value), "cannot prepare the child"); }
    ~FileActions() { posix_spawn_file_actions_destroy(&value); }
};

struct Attributes {
    posix_spawnattr_t value;
    Attributes() { check(posix_spawnattr_init(&value), "cannot prepare the child"); }
    ~Attributes() { posix_spawnattr_destroy(&value); }
};

std::vector<char *> pointers(std::vector<std::string> &texts) {
    std::vector<char *> result;
    for (auto &text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

}

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept {
    if (this != &other) {
        close();
        number_ = other.release();
    }
    return *this;
}

void Descriptor::close() {
    if (number_ >= 0) ::close(release());
}

Pipe makePipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) check(errno, "cannot make a pipe");
    Descriptor read(ends[0]), write(ends[1]);
    return Pipe{moveUp(std::move(read)), moveUp(std::move(write))};
}

std::string findExecutable(const std::string &name, const char *searchPath) {
    if (!searchPath) searchPath = std::getenv("PATH");
    std::string folders = searchPath ? searchPath : "/usr/local/bin:/usr/bin:/bin";
    for (size_t start = 0; start <= folders.size();) {
        size_t end = folders.find(':', start);
        if (end == std::string::npos) end = folders.size();
        std::string folder = folders.substr(start, end - start);
        std::string path = (folder.empty() ? "." : folder) + "/" + name;
        struct stat info;
        if (stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0) return path;
        start = end + 1;
    }
    return "";
}

Child spawnGnuplot(const std::string &executable) {
    Pipe input = makePipe(), output = makePipe(), errors = makePipe();

    FileActions actions;
    check(posix_spawn_file_actions_adddup2(&actions.value, input.read.get(), 0), "cannot prepare the child");
    check(posix_spawn_file_actions_adddup2(&actions.value, output.write.get(), 1), "cannot prepare the child");
    check(posix_spawn_file_actions_adddup2(&actions.value, errors.write.get(), 2), "cannot prepare the child");
    check(posix_spawn_file_actions_addclosefrom_np(&actions.value, 3), "cannot prepare the child");

    Attributes attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    check(posix_spawnattr_setsigmask(&attributes.value, &none), "cannot prepare the child");
    check(posix_spawnattr_setsigdefault(&attributes.value, &all), "cannot prepare the child");
    check(posix_spawnattr_setpgroup(&attributes.value, 0), "cannot prepare the child");
    check(posix_spawnattr_setflags(&attributes.value,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP),
          "cannot prepare the child");

    // `-d` keeps gnuplotrc and ~/.gnuplot out. Named as a file, the pipe is read in blocks; as standard input gnuplot
    // would read it a byte at a time.
    std::vector<std::string> arguments = {executable, "-d", "/dev/stdin"};
    std::vector<std::string> environment = childEnvironment();
    Child child;
    // A program that was written a moment ago is busy while a child that another thread is starting still holds it open.
    int started = ETXTBSY;
    for (int turn = 0; started == ETXTBSY && turn < 50; turn++) {
        if (turn > 0) usleep(10000);
        started = posix_spawn(&child.pid, executable.c_str(), &actions.value, &attributes.value, pointers(arguments).data(),
                              pointers(environment).data());
    }
    check(started, "cannot start gnuplot");
    child.input = std::move(input.write);
    child.output = std::move(output.read);
    child.errors = std::move(errors.read);
    return child;
}

}
