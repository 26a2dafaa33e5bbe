#include "CGnuplot.h"
#include "child.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <gnuplot-iostream.h>
#include <poll.h>
#include <pthread.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t errorLimit = 16 * 1024;

// Why the reader killed the child, if it did.
enum class Stop { none, timeout, tooLarge, system, asked };

// All that the reading thread fills; the writing thread looks at it after joining.
struct Collected {
    std::string output, errors;
    Stop stop = Stop::none;
    int status = 0;
    bool waited = false;
};

// Keeps SIGPIPE from this thread while it writes. A write to a pipe without a reader raises the signal in the thread
// that wrote, so blocking it here and swallowing what is left pending touches nothing else in the process.
class SigpipeGuard {
public:
    SigpipeGuard() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        wasPending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }
    ~SigpipeGuard() {
        timespec now = {0, 0};
        if (!wasPending_) while (sigtimedwait(&set_, nullptr, &now) < 0 && errno == EINTR) {}
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    SigpipeGuard(const SigpipeGuard &) = delete;
    SigpipeGuard &operator=(const SigpipeGuard &) = delete;

private:
    sigset_t set_, before_;
    bool wasPending_ = false;
};

// Between two looks at whether somebody asked to stop.
constexpr int patience = 50;

int millisecondsUntil(Clock::time_point deadline, const ecdx_gnuplot_job &job) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, job.stopped ? patience : 60000));
}

bool isStopped(const ecdx_gnuplot_job &job) { return job.stopped && job.stopped(job.context) != 0; }

// One read. False at the end of the stream. What is past `limit` is read all the same, and dropped:
// a child that finds its pipe full would wait for ever.
bool readSome(int descriptor, std::string &into, size_t limit, bool &overflowed) {
    char buffer[65536];
    ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    size_t room = limit - std::min(limit, into.size());
    if (static_cast<size_t>(count) > room) overflowed = true;
    into.append(buffer, std::min(room, static_cast<size_t>(count)));
    return count > 0;
}

void reap(pid_t pid, Collected &collected) {
    pid_t got;
    while ((got = waitpid(pid, &collected.status, 0)) < 0 && errno == EINTR) {}
    collected.waited = got == pid;
}

// Reads both streams to their ends, or kills the child's process group at the deadline or when somebody asks. Reaps the child.
void collect(ecdx::Child &child, const ecdx_gnuplot_job &job, Clock::time_point deadline, Collected &collected) {
    try {
        while (child.output.get() >= 0 || child.errors.get() >= 0) {
            // poll skips negative descriptors.
            pollfd waiting[2] = {{child.output.get(), POLLIN, 0}, {child.errors.get(), POLLIN, 0}};
            int ready = poll(waiting, 2, millisecondsUntil(deadline, job));
            if (ready < 0 && errno != EINTR) { collected.stop = Stop::system; break; }
            bool outputOverflowed = false, errorsOverflowed = false;
            if (ready > 0) {
                if (waiting[0].revents && !readSome(child.output.get(), collected.output, job.output_limit, outputOverflowed))
                    child.output.close();
                if (waiting[1].revents && !readSome(child.errors.get(), collected.errors, errorLimit, errorsOverflowed))
                    child.errors.close();
            }
            if (outputOverflowed) { collected.stop = Stop::tooLarge; break; }
            if (isStopped(job)) { collected.stop = Stop::asked; break; }
            if (Clock::now() >= deadline) { collected.stop = Stop::timeout; break; }
        }
        // Both streams at their ends, the child may still be alive: it gets what is left of the time.
        while (collected.stop == Stop::none) {
            pid_t got = waitpid(child.pid, &collected.status, WNOHANG);
            if (got == child.pid) { collected.waited = true; return; }
            if (got < 0 && errno != EINTR) return;
            if (isStopped(job)) { collected.stop = Stop::asked; break; }
            if (Clock::now() >= deadline) { collected.stop = Stop::timeout; break; }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    } catch (...) {
        collected.stop = Stop::system;
    }
    kill(-child.pid, SIGKILL);
    reap(child.pid, collected);
}

// Writes the script through gnuplot-iostream. A child that went away early is no error here: its status tells.
void writeScript(ecdx::Descriptor input, const ecdx_gnuplot_job &job) {
    std::FILE *stream = fdopen(input.get(), "w");
    if (!stream) return;
    input.release();   // Gnuplot closes the stream
    Gnuplot gnuplot(stream);
    constexpr size_t piece = 1 << 16;
    for (size_t start = 0; start < job.script_size && gnuplot.good(); start += piece)
        gnuplot.write(job.script + start, static_cast<std::streamsize>(std::min(piece, job.script_size - start)));
}

// malloc'ed, so that the C side can free it; NULL when memory is short.
char *copyOut(const std::string &text) {
    char *copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

int conclude(const Collected &collected, ecdx_gnuplot_result &result, std::string &message) {
    result.output = copyOut(collected.output);
    result.errors = copyOut(collected.errors);
    if (!result.output || !result.errors) { message = "out of memory"; return ECDX_GNUPLOT_SYSTEM; }
    result.output_size = collected.output.size();
    result.errors_size = collected.errors.size();
    result.exit_status = -1;
    if (collected.waited) {
        if (WIFEXITED(collected.status)) result.exit_status = WEXITSTATUS(collected.status);
        if (WIFSIGNALED(collected.status)) result.signal = WTERMSIG(collected.status);
    }
    switch (collected.stop) {
        case Stop::timeout: message = "gnuplot was stopped at the time limit"; return ECDX_GNUPLOT_TIMEOUT;
        case Stop::tooLarge: message = "gnuplot wrote more than the limit"; return ECDX_GNUPLOT_TOO_LARGE;
        case Stop::asked: message = "gnuplot was stopped by a signal"; return ECDX_GNUPLOT_STOPPED;
        case Stop::system: message = "cannot read from gnuplot"; return ECDX_GNUPLOT_SYSTEM;
        case Stop::none: break;
    }
    if (!collected.waited) { message = "cannot wait for gnuplot"; return ECDX_GNUPLOT_SYSTEM; }
    if (result.signal) { message = "gnuplot was ended by signal " + std::to_string(result.signal); return ECDX_GNUPLOT_FAILED; }
    if (result.exit_status) {
        message = "gnuplot ended with status " + std::to_string(result.exit_status);
        return ECDX_GNUPLOT_FAILED;
    }
    return ECDX_GNUPLOT_OK;
}

int run(const ecdx_gnuplot_job &job, ecdx_gnuplot_result &result, std::string &message) {
    std::string executable = ecdx::findExecutable("gnuplot", job.search_path);
    if (executable.empty()) { message = "no gnuplot on the search path"; return ECDX_GNUPLOT_MISSING; }

    auto limit = std::chrono::duration<double>(std::clamp(job.timeout_seconds, 0.0, 86400.0));
    Clock::time_point deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
    ecdx::Child child = ecdx::spawnGnuplot(executable);
    ecdx::Descriptor input = std::move(child.input);

    Collected collected;
    std::thread reader;
    try {
        ecdx::AllSignalsBlocked blocked;
        reader = std::thread(collect, std::ref(child), std::cref(job), deadline, std::ref(collected));
    } catch (...) {
        kill(-child.pid, SIGKILL);
        reap(child.pid, collected);
        throw;
    }
    try {
        SigpipeGuard guard;
        writeScript(std::move(input), job);
    } catch (...) {
        // The stream is closed or the deadline will come: either way the reader sees the child end, and its status tells.
    }
    reader.join();
    return conclude(collected, result, message);
}

void put(const std::string &text, char *message, size_t size) {
    if (message && size > 0) std::snprintf(message, size, "%s", text.c_str());
}

}

int ecdx_gnuplot_run(const ecdx_gnuplot_job *job, ecdx_gnuplot_result *result, char *message, size_t message_size) {
    *result = ecdx_gnuplot_result{};
    put("", message, message_size);
    try {
        std::string text;
        int status = run(*job, *result, text);
        put(text, message, message_size);
        return status;
    } catch (const std::exception &error) {
        std::snprintf(message, message_size, "%s", error.what());
    } catch (...) {
        std::snprintf(message, message_size, "unknown failure");
    }
    return ECDX_GNUPLOT_SYSTEM;
}

void ecdx_gnuplot_result_free(ecdx_gnuplot_result *result) {
    std::free(result->output);
    std::free(result->errors);
    *result = ecdx_gnuplot_result{};
}
