// A disk that is full from the Nth call on that needs room (SOAK_FULL_AT), for tests: loaded into the program before the C library.
// Without SOAK_FULL_AT it only counts, and writes the number to the file SOAK_FULL_COUNT at the end.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

// Whether this call finds the disk full. Only the program itself counts: what it starts begins again at nothing.
static int full(void) {
    const char *at = getenv("SOAK_FULL_AT");
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (at == NULL || number < atol(at)) return 0;
    errno = ENOSPC;
    return 1;
}

static int is_file(int descriptor) {
    struct stat found;
    return fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("SOAK_FULL_COUNT");
    char name[16] = "";
    FILE *comm = fopen("/proc/self/comm", "r");
    if (comm != NULL) {
        if (fgets(name, sizeof name, comm) == NULL) name[0] = 0;
        fclose(comm);
    }
    if (path == NULL || strcmp(name, "ecdx\n") != 0) return;
    FILE *file = fopen(path, "w");
    if (file == NULL) return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (is_file(descriptor) && full()) return -1;
    return NEXT(write)(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t place) {
    if (is_file(descriptor) && full()) return -1;
    return NEXT(pwrite)(descriptor, bytes, count, place);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t place) {
    if (is_file(descriptor) && full()) return -1;
    return NEXT(pwrite64)(descriptor, bytes, count, place);
}

int fsync(int descriptor) {
    if (is_file(descriptor) && full()) return -1;
    return NEXT(fsync)(descriptor);
}

int mkdir(const char *path, mode_t mode) {
    // A folder that is there needs no room.
    if (access(path, F_OK) != 0 && full()) return -1;
    return NEXT(mkdir)(path, mode);
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    if ((flags & O_CREAT) && access(path, F_OK) != 0 && full()) return -1;
    return NEXT(open)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    if ((flags & O_CREAT) && faccessat(folder, path, F_OK, 0) != 0 && full()) return -1;
    return NEXT(openat)(folder, path, flags, mode);
}
