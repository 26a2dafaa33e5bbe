#ifndef ECDX_GZIP_H
#define ECDX_GZIP_H

#include <stddef.h>

// Whole files and beginnings of files, plain or gzip (told apart by their first bytes, not by their names). Every call
// returns 0, or 1 with a text in `message`.

// Zero bytes behind the last byte of every result, so that a reader may load words across the end.
#define ECDX_BYTES_PADDING 32

typedef struct {
    unsigned char *bytes;
    // Of the text, without the padding.
    size_t count;
    // Of the file as it lies on the disk.
    size_t stored;
    // 1 where the file is gzip.
    int compressed;
} ecdx_bytes;

// Reads a whole file. What a gzip file may unpack to is at most `slack + ratio * (its size)` bytes; the checksums of gzip
// are verified, several members are joined, and bytes behind the last member are an error.
int ecdx_bytes_read(const char *path, size_t slack, size_t ratio, ecdx_bytes *out, char *message, size_t capacity);

// Reads the first `wanted` bytes of the text, fewer where there are no more.
int ecdx_bytes_head(const char *path, size_t wanted, ecdx_bytes *out, char *message, size_t capacity);

void ecdx_bytes_free(ecdx_bytes *bytes);

#endif
