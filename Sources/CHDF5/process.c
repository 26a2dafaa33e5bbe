// For pipe2, F_SETPIPE_SZ and the closing of all descriptors from one on.
#define _GNU_SOURCE

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// Bytes of address space this process has now: its libraries and stacks are no part of what a file may ask for.
static int taken(uint64_t *out) {
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 1;
    int read = fscanf(file, "%llu", &pages);
    fclose(file);
    *out = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return read == 1 ? 0 : 1;
}

int ecdx_h5_confine(uint64_t memory, uint64_t seconds, char *message, size_t message_size) {
    uint64_t now = 0;
    if (taken(&now) != 0) return ecdx_h5_fail(message, message_size, "the memory of the reader cannot be limited: no /proc/self/statm");
    const struct {
        __rlimit_resource_t resource;
        rlim_t limit, hard;
    } limits[] = {
        {RLIMIT_AS, now + memory, now + memory}, {RLIMIT_CPU, seconds, seconds + 1}, {RLIMIT_CORE, 0, 0}, {RLIMIT_FSIZE, 0, 0},
        // The file, the streams, and a few for the libraries.
        {RLIMIT_NOFILE, 16, 16}, {RLIMIT_NPROC, 0, 0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct rlimit found, wanted = {limits[i].limit, limits[i].hard};
        // What is stricter already stays.
        if (getrlimit(limits[i].resource, &found) == 0 && found.rlim_max < wanted.rlim_max) wanted.rlim_max = found.rlim_max;
        if (wanted.rlim_cur > wanted.rlim_max) wanted.rlim_cur = wanted.rlim_max;
        if (setrlimit(limits[i].resource, &wanted) != 0)
            return ecdx_h5_fail(message, message_size, "the reader cannot be limited: %s", strerror(errno));
    }
    // It dies with its parent. One that ended before has left a pipe that nobody reads.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        return ecdx_h5_fail(message, message_size, "the reader cannot be limited: %s", strerror(errno));
    struct pollfd reader = {.fd = 1, .events = POLLOUT};
    if (poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR)) _exit(1);
    // A core dump that is piped to a program knows no limit of size.
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return ecdx_h5_fail(message, message_size, "the reader cannot be limited: %s", strerror(errno));
    return 0;
}

static int spawn(const char *program, const char *first, const char *second, int output, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0) return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return failure;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    // The pipe first: it may have the number of a stream that is opened after.
    if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (failure == 0) failure = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (failure == 0) failure = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (failure == 0) failure = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (failure == 0) failure = posix_spawnattr_setsigmask(&attributes, &none);
    if (failure == 0) failure = posix_spawnattr_setsigdefault(&attributes, &all);
    // An interrupt at the terminal is for the parent.
    if (failure == 0) failure = posix_spawnattr_setpgroup(&attributes, 0);
    if (failure == 0) failure = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

    // Variables of HDF5 name folders of plugins; those of allocators and of Swift have reports written.
    char locale[] = "LC_ALL=C.UTF-8", *libraries = NULL, *environment[3] = {locale, NULL, NULL};
    const char *folders = getenv("LD_LIBRARY_PATH");
    if (failure == 0 && folders != NULL && asprintf(&libraries, "LD_LIBRARY_PATH=%s", folders) < 0) failure = ENOMEM;
    else environment[1] = libraries;
    char *arguments[] = {(char *)program, (char *)first, (char *)second, NULL};
    // A program that was written a moment ago is busy while a child that another thread is starting still holds it open.
    for (int turn = 0; failure == 0 && turn < 50; turn++) {
        int started = posix_spawn(process, program, &actions, &attributes, arguments, environment);
        if (started != ETXTBSY || turn == 49) {
            failure = started;
            break;
        }
        usleep(10000);
    }
    free(libraries);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

int ecdx_h5_start(
    const char *program, const char *first, const char *second, int *process, int *output, char *message, size_t message_size) {
    int ends[2];
    pid_t child = -1;
    if (pipe2(ends, O_CLOEXEC) != 0) return ecdx_h5_fail(message, message_size, "no pipe can be made: %s", strerror(errno));
    // As much as an unprivileged process may ask for; without it there are sixteen times as many turns.
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    int failure = spawn(program, first, second, ends[1], &child);
    close(ends[1]);
    if (failure != 0) {
        close(ends[0]);
        return ecdx_h5_fail(message, message_size, "it cannot be started: %s", strerror(failure));
    }
    *process = child;
    *output = ends[0];
    return 0;
}
