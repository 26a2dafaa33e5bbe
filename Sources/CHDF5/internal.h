#ifndef ECDX_CHDF5_INTERNAL_H
#define ECDX_CHDF5_INTERNAL_H

#include "CHDF5.h"

#include <hdf5/serial/hdf5.h>

// The most bytes of texts taken from one attribute or one group.
#define MOST_TEXT ((size_t)64 << 20)

struct ecdx_h5 {
    hid_t id;
    uint64_t size;
};

// Writes a reason to `message` and gives 1.
int ecdx_h5_fail(char *message, size_t message_size, const char *format, ...) __attribute__((format(printf, 3, 4)));

// The same with what the library said last, its innermost reason.
int ecdx_h5_fail_library(char *message, size_t message_size, const char *what);

// Opens what lies at `path`, a hard link at every step; `*out` is negative where nothing does. Closed by H5Oclose.
int ecdx_h5_walk(ecdx_h5 *file, const char *path, hid_t *out, char *message, size_t message_size);

// The same; nothing there is an error.
int ecdx_h5_reach(ecdx_h5 *file, const char *path, hid_t *out, char *message, size_t message_size);

// Adds a text of `length` bytes to the row; `*room` is what has been allocated.
int ecdx_h5_append(ecdx_h5_texts *texts, size_t *room, const char *text, size_t length, char *message, size_t message_size);

#endif
