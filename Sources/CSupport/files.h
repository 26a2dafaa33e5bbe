#ifndef ECDX_FILES_H
#define ECDX_FILES_H

#include <stddef.h>
#include <sys/types.h>

// Opening and reading files. Not for use outside of this target.

// Writes a message and returns 1.
int ecdx_fail(char *message, size_t capacity, const char *format, ...) __attribute__((format(printf, 3, 4)));
int ecdx_fail_errno(char *message, size_t capacity, int code);
int ecdx_fail_memory(char *message, size_t capacity);

// Opens a file for reading, nothing else than a file; returns 0 or 1.
int ecdx_open_file(const char *path, size_t *size, int *descriptor, char *message, size_t capacity);

// Reads `wanted` bytes, fewer only at the end of the file; -1 with errno set where that fails.
ssize_t ecdx_read_some(int file, unsigned char *into, size_t wanted);

#endif
