#ifndef ECDX_STREAM_H
#define ECDX_STREAM_H

#include "bytes.h"
#include "packing.h"

// Not for use outside of this target.

struct ecdx_stream {
    int file, ended;
    ecdx_packing packing;
    // Bytes of the file that were not read yet, and bytes of text that were.
    size_t stored, left, text, most;
    // Whether no byte of the next member was seen.
    int fresh;
    // What is read of a packed file at once: NULL before the first time.
    unsigned char *input;
    size_t input_size;
    ecdx_unpacker unpacker;
};

#endif
