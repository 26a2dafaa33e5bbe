#define _POSIX_C_SOURCE 200809L
#include "stream.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

// The most and the least that is read of a packed file at once.
#define INPUT ((size_t)1 << 18)
#define LEAST_INPUT ((size_t)1 << 14)

static size_t allowance(size_t slack, size_t ratio, size_t stored) {
    size_t room = SIZE_MAX - ECDX_BYTES_PADDING;
    if (ratio != 0 && stored > room / ratio) return room;
    return slack > room - ratio * stored ? room : slack + ratio * stored;
}

int ecdx_stream_open(
    const char *path, size_t slack, size_t ratio, ecdx_stream **out, ecdx_stream_facts *facts, char *message, size_t capacity) {
    memset(facts, 0, sizeof *facts);
    *out = NULL;
    ecdx_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return ecdx_fail_memory(message, capacity);
    stream->file = -1;
    *out = stream;
    if (ecdx_open_file(path, &stream->stored, &stream->file, message, capacity) != 0) return 1;
    stream->left = stream->stored;
    unsigned char first[ECDX_SIGNATURE], ends[4];
    ssize_t seen = pread(stream->file, first, sizeof first, 0);
    if (seen < 0) return ecdx_fail_errno(message, capacity, errno);
    stream->packing = ecdx_packing_of(first, (size_t)seen);
    stream->most = stream->packing != ECDX_PLAIN ? allowance(slack, ratio, stream->stored) : stream->stored;
    facts->stored = stream->stored;
    facts->compressed = stream->packing != ECDX_PLAIN;
    facts->most = stream->most;
    if (stream->packing == ECDX_GZIP) {
        if (stream->stored >= 18 && pread(stream->file, ends, 4, (off_t)stream->stored - 4) == 4)
            facts->told = (size_t)ends[0] | (size_t)ends[1] << 8 | (size_t)ends[2] << 16 | (size_t)ends[3] << 24;
    } else if (stream->packing != ECDX_PLAIN) {
        facts->told = PTRDIFF_MAX;
    }
    return 0;
}

// Reads plain text: a file that shrinks meanwhile is short, one that grows is cut.
static int read_plain(ecdx_stream *s, unsigned char *into, size_t wanted, size_t *have, char *message, size_t capacity) {
    size_t give = wanted < s->left ? wanted : s->left;
    ssize_t got = ecdx_read_some(s->file, into, give);
    if (got < 0) return ecdx_fail_errno(message, capacity, errno);
    *have = (size_t)got;
    s->left -= (size_t)got;
    s->ended = s->left == 0 || (size_t)got < give;
    return 0;
}

static int begin_unpacking(ecdx_stream *s, size_t wanted, char *message, size_t capacity) {
    if (s->input != NULL) return 0;
    s->input_size = wanted > INPUT ? INPUT : wanted < LEAST_INPUT ? LEAST_INPUT : wanted;
    s->input = malloc(s->input_size);
    if (s->input == NULL || ecdx_unpacker_begin(&s->unpacker, s->packing) != 0) return ecdx_fail_memory(message, capacity);
    return 0;
}

// 2, with what is wrong with packed data.
static int fault(ecdx_stream *s, ecdx_unpack_status status, char *message, size_t capacity) {
    const char *name = ecdx_packing_name(s->packing);
    if (status == ECDX_UNPACK_MEMORY) return ecdx_fail_memory(message, capacity);
    if (status == ECDX_UNPACK_GREEDY) {
        ecdx_fail(message, capacity, "the %s data need more memory to be unpacked than is granted to any file", name);
    } else if (status == ECDX_UNPACK_DAMAGED) {
        ecdx_fail(message, capacity, "the %s data are damaged after %zu bytes of text: %s", name, s->text, s->unpacker.reason);
    } else {
        ecdx_fail(message, capacity, "the %s data end too early, after %zu bytes of text; the file is cut off", name, s->text);
    }
    return 2;
}

static int read_packed(ecdx_stream *s, unsigned char *into, size_t wanted, size_t *have, char *message, size_t capacity) {
    ecdx_unpacker *unpacker = &s->unpacker;
    if (begin_unpacking(s, wanted, message, capacity) != 0) return 1;
    while (*have < wanted && !s->ended) {
        if (unpacker->left == 0 && s->left > 0) {
            ssize_t got = ecdx_read_some(s->file, s->input, s->left < s->input_size ? s->left : s->input_size);
            if (got < 0) return ecdx_fail_errno(message, capacity, errno);
            s->left = got == 0 ? 0 : s->left - (size_t)got;
            unpacker->in = s->input;
            unpacker->left = (size_t)got;
        }
        // Zero bytes fill up blocks of tapes behind the last member; no member begins with one.
        if (s->fresh && s->packing == ECDX_GZIP) {
            while (unpacker->left > 0 && *unpacker->in == 0) unpacker->in++, unpacker->left--;
            if (unpacker->left == 0 && s->left > 0) continue;
        }
        // Behind a member may be the end.
        if (s->fresh && unpacker->left == 0) {
            s->ended = 1;
            break;
        }
        s->fresh = 0;
        size_t before = unpacker->left, place = wanted - *have;
        unpacker->out = into + *have;
        unpacker->room = place;
        ecdx_unpack_status status = ecdx_unpacker_step(unpacker, s->left == 0);
        size_t made = place - unpacker->room;
        *have += made;
        s->text += made;
        if (s->text > s->most) {
            ecdx_fail(
                message, capacity, "unpacks to more than %zu bytes, far more than its %zu bytes can hold in good faith", s->most, s->stored);
            return 2;
        }
        if (status == ECDX_UNPACK_END) s->fresh = 1;
        else if (status != ECDX_UNPACK_ON) return fault(s, status, message, capacity);
        // With room left and nothing to read the input has run dry.
        else if (made == 0 && unpacker->left == before && s->left == 0) return fault(s, status, message, capacity);
    }
    return 0;
}

// A sum of one byte lets the compiler compare and add many bytes at once; no more than 255 are added to it.
size_t ecdx_count_lines(const unsigned char *bytes, size_t count) {
    size_t lines = 0;
    for (size_t start = 0; start < count; start += 255) {
        size_t stop = count - start < 255 ? count : start + 255;
        unsigned char some = 0;
        for (size_t i = start; i < stop; i++) some += bytes[i] == '\n';
        lines += some;
    }
    return lines;
}

int ecdx_piece_reserve(ecdx_piece *piece, size_t count, char *message, size_t capacity) {
    if (piece->bytes != NULL && count <= piece->capacity) return 0;
    if (count > SIZE_MAX - ECDX_BYTES_PADDING) return ecdx_fail_memory(message, capacity);
    unsigned char *larger = realloc(piece->bytes, count + ECDX_BYTES_PADDING);
    if (larger == NULL) return ecdx_fail_memory(message, capacity);
    piece->bytes = larger;
    piece->capacity = count;
    return 0;
}

int ecdx_stream_more(ecdx_stream *stream, size_t drop, size_t wanted, ecdx_piece *piece, char *message, size_t capacity) {
    if (drop > piece->count) drop = piece->count;
    if (drop > 0) {
        piece->lines += ecdx_count_lines(piece->bytes, drop);
        piece->before += drop;
        piece->count -= drop;
        memmove(piece->bytes, piece->bytes + drop, piece->count);
    }
    if (wanted > SIZE_MAX - ECDX_BYTES_PADDING - piece->count) return ecdx_fail_memory(message, capacity);
    if (ecdx_piece_reserve(piece, piece->count + wanted, message, capacity) != 0) return 1;
    size_t have = 0;
    int status = 0;
    if (!stream->ended) {
        unsigned char *into = piece->bytes + piece->count;
        status = (stream->packing != ECDX_PLAIN ? read_packed : read_plain)(stream, into, wanted, &have, message, capacity);
        if (status != 0) stream->ended = 1;
    }
    piece->count += have;
    piece->last = stream->ended;
    memset(piece->bytes + piece->count, 0, ECDX_BYTES_PADDING);
    return status;
}

void ecdx_stream_close(ecdx_stream *stream) {
    if (stream == NULL) return;
    ecdx_unpacker_end(&stream->unpacker);
    if (stream->file >= 0) close(stream->file);
    free(stream->input);
    free(stream);
}

void ecdx_piece_free(ecdx_piece *piece) {
    if (piece == NULL) return;
    free(piece->bytes);
    memset(piece, 0, sizeof *piece);
}
