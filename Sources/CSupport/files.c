#define _POSIX_C_SOURCE 200809L
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int ecdx_fail(char *message, size_t capacity, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (message != NULL && capacity > 0) vsnprintf(message, capacity, format, arguments);
    va_end(arguments);
    return 1;
}

int ecdx_fail_errno(char *message, size_t capacity, int code) {
    if (code == ENOENT || code == ENOTDIR) return ecdx_fail(message, capacity, "no such file");
    char text[128] = "input/output error";
    strerror_r(code, text, sizeof text);
    if (text[0] >= 'A' && text[0] <= 'Z') text[0] += 'a' - 'A';
    return ecdx_fail(message, capacity, "%s", text);
}

int ecdx_fail_memory(char *message, size_t capacity) { return ecdx_fail(message, capacity, "not enough memory"); }

int ecdx_open_file(const char *path, size_t *size, int *descriptor, char *message, size_t capacity) {
    // Without O_NONBLOCK a named pipe would wait for a writer that may never come.
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0) return ecdx_fail_errno(message, capacity, errno);
    struct stat status;
    if (fstat(file, &status) != 0) {
        int code = errno;
        close(file);
        return ecdx_fail_errno(message, capacity, code);
    }
    if (!S_ISREG(status.st_mode)) {
        close(file);
        return ecdx_fail(
            message, capacity, S_ISDIR(status.st_mode) ? "expected a file, found a folder" : "expected a file, found a device or pipe");
    }
    *size = (size_t)status.st_size;
    *descriptor = file;
    return 0;
}

ssize_t ecdx_read_some(int file, unsigned char *into, size_t wanted) {
    size_t have = 0;
    while (have < wanted) {
        ssize_t got = read(file, into + have, wanted - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}
