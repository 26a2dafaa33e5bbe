#ifndef ECDX_BYTES_H
#define ECDX_BYTES_H

#include <stddef.h>

// Whole files, beginnings of files and files piece by piece: plain, or packed by gzip, bzip2, xz or zstd (told apart by their
// first bytes, not by their names). Every call returns 0, or another number with a text in `message`.

// Zero bytes behind the last byte of every result, so that a reader may load words across the end.
#define ECDX_BYTES_PADDING 32

typedef struct {
    unsigned char *bytes;
    // Of the text, without the padding.
    size_t count;
    // Of the file as it lies on the disk.
    size_t stored;
    // 1 where the file is packed.
    int compressed;
} ecdx_bytes;

// Reads a whole file. What a packed file may unpack to is at most `slack + ratio * (its size)` bytes; checksums are verified,
// several members are joined, and bytes behind the last member are an error.
int ecdx_bytes_read(const char *path, size_t slack, size_t ratio, ecdx_bytes *out, char *message, size_t capacity);

// Reads the first `wanted` bytes of the text, fewer where there are no more, and no more of the file than that takes.
int ecdx_bytes_head(const char *path, size_t wanted, ecdx_bytes *out, char *message, size_t capacity);

void ecdx_bytes_free(ecdx_bytes *bytes);

// A text that is read piece by piece, plain or packed, in the order in which it lies in the file.
typedef struct ecdx_stream ecdx_stream;

typedef struct {
    // Of the file as it lies on the disk.
    size_t stored;
    // 1 where the file is packed.
    int compressed;
    // The most bytes that the text may have: those of a plain file, or what a packed file may unpack to.
    size_t most;
    // What the last four bytes of a gzip file tell: the size of the text of its last member, modulo 2^32. The largest size there
    // is where the file is packed otherwise.
    size_t told;
} ecdx_stream_facts;

// What is in memory of a text; `bytes` is NULL before the first piece, and followed by ECDX_BYTES_PADDING zero bytes then.
typedef struct {
    unsigned char *bytes;
    size_t count, capacity;
    // The bytes and line feeds of the text before those in memory.
    size_t before, lines;
    // 1 where the text ends with those in memory.
    int last;
} ecdx_piece;

// Opens a file; the bound on what it may unpack to is that of `ecdx_bytes_read`. `ecdx_stream_close` also after a failure.
int ecdx_stream_open(
    const char *path, size_t slack, size_t ratio, ecdx_stream **out, ecdx_stream_facts *facts, char *message, size_t capacity);

// Reads all of a text of which nothing was read. `ecdx_stream_close` is still to be called.
int ecdx_stream_whole(ecdx_stream *stream, ecdx_bytes *out, char *message, size_t capacity);

// Drops the first `drop` bytes of a piece and reads `wanted` more behind the others; fewer at the end of the text, where the
// checksums were verified and nothing lies behind the last member. Returns 1 for a fault of the access to the file, 2 for one
// of packed data; after either the text has no more.
int ecdx_stream_more(ecdx_stream *stream, size_t drop, size_t wanted, ecdx_piece *piece, char *message, size_t capacity);

void ecdx_stream_close(ecdx_stream *stream);

// Makes room in a piece for `count` bytes and the padding, and keeps those it has.
int ecdx_piece_reserve(ecdx_piece *piece, size_t count, char *message, size_t capacity);

void ecdx_piece_free(ecdx_piece *piece);

// The line feeds among bytes.
size_t ecdx_count_lines(const unsigned char *bytes, size_t count);

#endif
