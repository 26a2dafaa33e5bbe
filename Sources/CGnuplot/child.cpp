#include "child.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

// What a child needs to become gnuplot, made ready before it starts.
struct Start {
    const char *executable;
    char *const *arguments;
    char *const *environment;
    int input, output, errors;
    pid_t parent;
};

void closeFrom(unsigned first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
    // Kernels before 5.9.
    long limit = sysconf(_SC_OPEN_MAX);
    for (long descriptor = first; descriptor < std::clamp(limit, 256L, 65536L); descriptor++) close(static_cast<int>(descriptor));
}

// The way of the child to gnuplot. It runs in the memory of the parent, which waits, with all signals blocked: system calls
// alone are safe here. Returns the errno of the call that failed.
int become(const Start &start) {
    // What this process ignores would stay ignored; handlers must be gone before the signals are let in.
    struct sigaction plain;
    std::memset(&plain, 0, sizeof plain);
    plain.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &plain, nullptr);
    if (setpgid(0, 0) != 0) return errno;
    // Whatever ends this process, SIGKILL too, ends gnuplot. A parent that ended before this call is noticed by its number.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (getppid() != start.parent) return ESRCH;
    if (dup2(start.input, 0) < 0 || dup2(start.output, 1) < 0 || dup2(start.errors, 2) < 0) return errno;
    closeFrom(3);
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, nullptr) != 0) return errno;
    execve(start.executable, start.arguments, start.environment);
    return errno;
}

// Starts a child; returns 0, or the errno of what failed. `posix_spawn` has no word for a death signal, and a `fork` of a
// process with gigabytes of tensors copies its page tables.
int start(const Start &start, pid_t &pid) {
    volatile int failure = 0;
    AllSignalsBlocked blocked;
    pid_t child = vfork();
    if (child == 0) {
        failure = become(start);
        _exit(127);
    }
    if (child < 0) return errno;
    if (failure != 0) {
        while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
        return failure;
    }
    pid = child;
    return 0;
}

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

    // `-d` keeps gnuplotrc and ~/.gnuplot out. Named as a file, the pipe is read in blocks; as standard input gnuplot
    // would read it a byte at a time.
    std::vector<std::string> arguments = {executable, "-d", "/dev/stdin"};
    std::vector<std::string> environment = childEnvironment();
    Child child;
    // A program that was written a moment ago is busy while a child that another thread is starting still holds it open.
    std::vector<char *> argumentPointers = pointers(arguments), environmentPointers = pointers(environment);
    Start ready = {executable.c_str(), argumentPointers.data(), environmentPointers.data(),
                   input.read.get(), output.write.get(), errors.write.get(), getpid()};
    int started = ETXTBSY;
    for (int turn = 0; started == ETXTBSY && turn < 50; turn++) {
        if (turn > 0) usleep(10000);
        started = start(ready, child.pid);
    }
    check(started, "cannot start gnuplot");
    child.input = std::move(input.write);
    child.output = std::move(output.read);
    child.errors = std::move(errors.read);
    return child;
}

}
