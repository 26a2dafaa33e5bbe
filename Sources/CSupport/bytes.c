#define _POSIX_C_SOURCE 200809L
#include "bytes.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "stream.h"

// Hands a piece over as the whole of what was asked for.
static void give(ecdx_bytes *out, ecdx_piece *piece) {
    out->bytes = piece->bytes;
    out->count = piece->count;
}

// libdeflate is three times as fast as zlib, but needs the size beforehand and has one word for every failure. It takes
// the ordinary case, one sound member whose trailer tells the size; 0 says that zlib must look.
static int unpack_at_once(const unsigned char *in, size_t count, size_t most, ecdx_bytes *out) {
    if (count < 18) return 0;
    const unsigned char *last = in + count - 4;
    size_t size = (size_t)last[0] | (size_t)last[1] << 8 | (size_t)last[2] << 16 | (size_t)last[3] << 24;
    // No deflate stream unpacks to more than 1032 times its length: a larger size is a lie and not worth the memory.
    if (size > most || size / 1032 > count) return 0;
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    unsigned char *buffer = malloc(size + ECDX_BYTES_PADDING);
    size_t read = 0, written = 0;
    int sound = decompressor != NULL && buffer != NULL
        && libdeflate_gzip_decompress_ex(decompressor, in, count, buffer, size, &read, &written) == LIBDEFLATE_SUCCESS
        && read == count && written == size;
    if (decompressor != NULL) libdeflate_free_decompressor(decompressor);
    if (!sound) {
        free(buffer);
        return 0;
    }
    memset(buffer + size, 0, ECDX_BYTES_PADDING);
    out->bytes = buffer;
    out->count = size;
    return 1;
}

// 0 where all was unpacked at once, 1 for a fault, 2 where the stream must look from its beginning.
static int read_gzip(ecdx_stream *stream, ecdx_bytes *out, char *message, size_t capacity) {
    unsigned char *packed = malloc(stream->stored + 1);
    if (packed == NULL) return ecdx_fail_memory(message, capacity);
    ssize_t have = ecdx_read_some(stream->file, packed, stream->stored);
    int code = errno;
    int done = have >= 0 && unpack_at_once(packed, (size_t)have, stream->most, out);
    free(packed);
    if (have < 0) return ecdx_fail_errno(message, capacity, code);
    if (done) return 0;
    return lseek(stream->file, 0, SEEK_SET) == 0 ? 2 : ecdx_fail_errno(message, capacity, errno);
}

int ecdx_stream_whole(ecdx_stream *stream, ecdx_bytes *out, char *message, size_t capacity) {
    memset(out, 0, sizeof *out);
    out->stored = stream->stored;
    out->compressed = stream->packing != ECDX_PLAIN;
    if (stream->packing == ECDX_GZIP) {
        int status = read_gzip(stream, out, message, capacity);
        if (status != 2) return status;
    }
    ecdx_piece piece = {0};
    // A plain file is read at once; of a packed one more and more.
    size_t wanted = stream->packing == ECDX_PLAIN || stream->stored > (size_t)1 << 16 ? stream->stored : (size_t)1 << 16;
    int status = 0;
    while (status == 0 && !piece.last) {
        status = ecdx_stream_more(stream, 0, wanted, &piece, message, capacity);
        // One byte more than there may be tells that there are more.
        wanted = piece.count <= stream->most ? stream->most - piece.count : 0;
        wanted = (wanted < piece.count ? wanted : piece.count) + 1;
    }
    if (status != 0) {
        ecdx_piece_free(&piece);
        return 1;
    }
    if (stream->packing == ECDX_PLAIN) out->stored = piece.count;
    give(out, &piece);
    return 0;
}

int ecdx_bytes_read(const char *path, size_t slack, size_t ratio, ecdx_bytes *out, char *message, size_t capacity) {
    memset(out, 0, sizeof *out);
    ecdx_stream *stream = NULL;
    ecdx_stream_facts facts;
    int status = ecdx_stream_open(path, slack, ratio, &stream, &facts, message, capacity);
    if (status == 0) status = ecdx_stream_whole(stream, out, message, capacity);
    ecdx_stream_close(stream);
    return status;
}

int ecdx_bytes_head(const char *path, size_t wanted, ecdx_bytes *out, char *message, size_t capacity) {
    memset(out, 0, sizeof *out);
    ecdx_stream *stream = NULL;
    ecdx_stream_facts facts;
    ecdx_piece piece = {0};
    int status = ecdx_stream_open(path, SIZE_MAX, 0, &stream, &facts, message, capacity);
    if (status == 0) {
        out->stored = facts.stored;
        out->compressed = facts.compressed;
        // A packed text needs no more room than it has, which may be less than was asked for.
        while (status == 0 && !piece.last && piece.count < wanted) {
            size_t left = wanted - piece.count, some = piece.count < (size_t)1 << 18 ? (size_t)1 << 18 : piece.count;
            status = ecdx_stream_more(stream, 0, left < some ? left : some, &piece, message, capacity);
        }
        if (status == 0 && piece.bytes == NULL) status = ecdx_stream_more(stream, 0, 0, &piece, message, capacity);
    }
    ecdx_stream_close(stream);
    if (status != 0) {
        ecdx_piece_free(&piece);
        return 1;
    }
    give(out, &piece);
    return 0;
}

void ecdx_bytes_free(ecdx_bytes *bytes) {
    if (bytes == NULL) return;
    free(bytes->bytes);
    bytes->bytes = NULL;
    bytes->count = 0;
}
