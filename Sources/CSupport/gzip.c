#define _POSIX_C_SOURCE 200809L
#include "gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

// One input handed to zlib, whose counters have 32 bits.
#define PIECE ((size_t)1 << 30)

static int fail(char *message, size_t capacity, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (message != NULL && capacity > 0) vsnprintf(message, capacity, format, arguments);
    va_end(arguments);
    return 1;
}

static int fail_errno(char *message, size_t capacity, int code) {
    if (code == ENOENT || code == ENOTDIR) return fail(message, capacity, "no such file");
    char text[128] = "input/output error";
    strerror_r(code, text, sizeof text);
    if (text[0] >= 'A' && text[0] <= 'Z') text[0] += 'a' - 'A';
    return fail(message, capacity, "%s", text);
}

static int open_file(const char *path, size_t *size, int *descriptor, char *message, size_t capacity) {
    // Without O_NONBLOCK a named pipe would wait for a writer that may never come.
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0) return fail_errno(message, capacity, errno);
    struct stat status;
    if (fstat(file, &status) != 0) {
        int code = errno;
        close(file);
        return fail_errno(message, capacity, code);
    }
    if (!S_ISREG(status.st_mode)) {
        close(file);
        return fail(message, capacity, S_ISDIR(status.st_mode) ? "expected a file, found a folder" : "expected a file, found a device or pipe");
    }
    *size = (size_t)status.st_size;
    *descriptor = file;
    return 0;
}

static int out_of_memory(char *message, size_t capacity) { return fail(message, capacity, "not enough memory"); }

static void finish(ecdx_bytes *out, unsigned char *bytes, size_t count) {
    memset(bytes + count, 0, ECDX_BYTES_PADDING);
    out->bytes = bytes;
    out->count = count;
}

// Reads `wanted` bytes, fewer only at the end of the file; -1 with errno set where that fails.
static ssize_t read_some(int file, unsigned char *into, size_t wanted) {
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

// Reads what is there, up to `size`: a file that shrinks meanwhile is short, one that grows is cut.
static int read_all(int file, size_t size, unsigned char **bytes, size_t *count, char *message, size_t capacity) {
    if (size > SIZE_MAX - ECDX_BYTES_PADDING) return out_of_memory(message, capacity);
    unsigned char *buffer = malloc(size + ECDX_BYTES_PADDING);
    if (buffer == NULL) return out_of_memory(message, capacity);
    ssize_t have = read_some(file, buffer, size);
    if (have < 0) {
        int code = errno;
        free(buffer);
        return fail_errno(message, capacity, code);
    }
    *bytes = buffer;
    *count = (size_t)have;
    return 0;
}

static size_t allowance(size_t slack, size_t ratio, size_t stored) {
    size_t room = SIZE_MAX - ECDX_BYTES_PADDING;
    if (ratio != 0 && stored > room / ratio) return room;
    return slack > room - ratio * stored ? room : slack + ratio * stored;
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
    finish(out, buffer, size);
    return 1;
}

static int unpack_in_pieces(unsigned char *in, size_t count, size_t most, ecdx_bytes *out, char *message, size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return out_of_memory(message, capacity);
    size_t room = count < 1 << 16 ? 1 << 16 : count, have = 0, taken = 0;
    if (room > most) room = most;
    unsigned char *buffer = malloc(room + ECDX_BYTES_PADDING);
    int status = buffer == NULL ? Z_MEM_ERROR : Z_OK, too_long = 0;
    while (status == Z_OK) {
        if (have == room) {
            // A full buffer may be all there is: one spare byte tells.
            size_t more = room >= most ? most + 1 : (room > most / 2 ? most : room * 2);
            if (room > most) { too_long = 1; break; }
            unsigned char *larger = realloc(buffer, more + ECDX_BYTES_PADDING);
            if (larger == NULL) { status = Z_MEM_ERROR; break; }
            buffer = larger;
            room = more;
        }
        size_t give = count - taken < PIECE ? count - taken : PIECE, place = room - have < PIECE ? room - have : PIECE;
        stream.next_in = in + taken;
        stream.avail_in = (uInt)give;
        stream.next_out = buffer + have;
        stream.avail_out = (uInt)place;
        status = inflate(&stream, Z_NO_FLUSH);
        taken += give - stream.avail_in;
        have += place - stream.avail_out;
        if (have > most) { too_long = 1; break; }
        // Without output room inflate also says Z_BUF_ERROR; only with room left has the input run dry.
        if (status == Z_BUF_ERROR && stream.avail_out == 0) status = Z_OK;
        if (status == Z_STREAM_END && taken < count) status = inflateReset2(&stream, 15 + 16);
    }
    int result = 0;
    if (too_long) {
        result = fail(message, capacity, "unpacks to more than %zu bytes, far more than its %zu bytes can hold in good faith", most, count);
    } else if (status == Z_MEM_ERROR) {
        result = out_of_memory(message, capacity);
    } else if (status == Z_BUF_ERROR) {
        result = fail(message, capacity, "the gzip data end too early, after %zu bytes of text; the file is cut off", have);
    } else if (status != Z_STREAM_END) {
        result = fail(message, capacity, "the gzip data are damaged after %zu bytes of text: %s", have, stream.msg != NULL ? stream.msg : "unknown fault");
    }
    inflateEnd(&stream);
    if (result != 0) free(buffer); else finish(out, buffer, have);
    return result;
}

int ecdx_bytes_read(const char *path, size_t slack, size_t ratio, ecdx_bytes *out, char *message, size_t capacity) {
    memset(out, 0, sizeof *out);
    int file = -1;
    size_t size = 0, count = 0;
    unsigned char *bytes = NULL;
    if (open_file(path, &size, &file, message, capacity) != 0) return 1;
    int failed = read_all(file, size, &bytes, &count, message, capacity);
    close(file);
    if (failed != 0) return 1;
    out->stored = count;
    out->compressed = count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
    if (!out->compressed) {
        finish(out, bytes, count);
        return 0;
    }
    size_t most = allowance(slack, ratio, count);
    int status = unpack_at_once(bytes, count, most, out) ? 0 : unpack_in_pieces(bytes, count, most, out, message, capacity);
    free(bytes);
    return status;
}

int ecdx_bytes_head(const char *path, size_t wanted, ecdx_bytes *out, char *message, size_t capacity) {
    memset(out, 0, sizeof *out);
    int file = -1;
    size_t size = 0;
    if (wanted > INT32_MAX) wanted = INT32_MAX;
    if (open_file(path, &size, &file, message, capacity) != 0) return 1;
    out->stored = size;
    gzFile stream = gzdopen(file, "rb");
    if (stream == NULL) {
        close(file);
        return out_of_memory(message, capacity);
    }
    unsigned char *buffer = malloc(wanted + ECDX_BYTES_PADDING);
    if (buffer == NULL) {
        gzclose_r(stream);
        return out_of_memory(message, capacity);
    }
    int got = gzread(stream, buffer, (unsigned)wanted), code = Z_OK;
    const char *text = gzerror(stream, &code);
    int status = 0;
    out->compressed = !gzdirect(stream);
    if (got < 0 && code == Z_ERRNO) status = fail_errno(message, capacity, errno);
    else if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        status = code == Z_BUF_ERROR ? fail(message, capacity, "the gzip data end too early; the file is cut off")
                                     : fail(message, capacity, "the gzip data are damaged: %s", text);
    }
    gzclose_r(stream);
    if (status != 0) free(buffer); else finish(out, buffer, (size_t)got);
    return status;
}

void ecdx_bytes_free(ecdx_bytes *bytes) {
    if (bytes == NULL) return;
    free(bytes->bytes);
    bytes->bytes = NULL;
    bytes->count = 0;
}

// What is read of a gzip file at once.
#define INPUT ((size_t)1 << 18)

struct ecdx_stream {
    int file, compressed, ended;
    // Bytes of the file that were not read yet, and bytes of text that were.
    size_t stored, left, text, most;
    // Whether no byte of the next member was seen.
    int fresh;
    unsigned char *input;
    z_stream unpacker;
};

int ecdx_stream_open(
    const char *path, size_t slack, size_t ratio, ecdx_stream **out, ecdx_stream_facts *facts, char *message, size_t capacity) {
    memset(facts, 0, sizeof *facts);
    *out = NULL;
    ecdx_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return out_of_memory(message, capacity);
    stream->file = -1;
    *out = stream;
    if (open_file(path, &stream->stored, &stream->file, message, capacity) != 0) return 1;
    stream->left = stream->stored;
    unsigned char ends[4] = {0};
    if (pread(stream->file, ends, 2, 0) == 2 && ends[0] == 0x1f && ends[1] == 0x8b) {
        stream->input = malloc(INPUT);
        if (stream->input == NULL || inflateInit2(&stream->unpacker, 15 + 16) != Z_OK) return out_of_memory(message, capacity);
        stream->compressed = 1;
        if (stream->stored >= 18 && pread(stream->file, ends, 4, (off_t)stream->stored - 4) == 4)
            facts->told = (size_t)ends[0] | (size_t)ends[1] << 8 | (size_t)ends[2] << 16 | (size_t)ends[3] << 24;
    }
    stream->most = stream->compressed ? allowance(slack, ratio, stream->stored) : stream->stored;
    facts->stored = stream->stored;
    facts->compressed = stream->compressed;
    facts->most = stream->most;
    return 0;
}

// Reads plain text: a file that shrinks meanwhile is short, one that grows is cut.
static int read_plain(ecdx_stream *s, unsigned char *into, size_t wanted, size_t *have, char *message, size_t capacity) {
    size_t give = wanted < s->left ? wanted : s->left;
    ssize_t got = read_some(s->file, into, give);
    if (got < 0) return fail_errno(message, capacity, errno);
    *have = (size_t)got;
    s->left -= (size_t)got;
    s->ended = s->left == 0 || (size_t)got < give;
    return 0;
}

// Unpacks gzip. The texts of its failures are those of `unpack_in_pieces`.
static int read_packed(ecdx_stream *s, unsigned char *into, size_t wanted, size_t *have, char *message, size_t capacity) {
    z_stream *unpacker = &s->unpacker;
    while (*have < wanted && !s->ended) {
        if (unpacker->avail_in == 0 && s->left > 0) {
            ssize_t got = read_some(s->file, s->input, s->left < INPUT ? s->left : INPUT);
            if (got < 0) return fail_errno(message, capacity, errno);
            s->left = got == 0 ? 0 : s->left - (size_t)got;
            unpacker->next_in = s->input;
            unpacker->avail_in = (uInt)got;
        }
        // Behind a member may be the end.
        if (s->fresh && unpacker->avail_in == 0) {
            s->ended = 1;
            break;
        }
        s->fresh = 0;
        size_t place = wanted - *have < PIECE ? wanted - *have : PIECE;
        unpacker->next_out = into + *have;
        unpacker->avail_out = (uInt)place;
        int status = inflate(unpacker, Z_NO_FLUSH);
        *have += place - unpacker->avail_out;
        s->text += place - unpacker->avail_out;
        if (s->text > s->most) {
            fail(message, capacity, "unpacks to more than %zu bytes, far more than its %zu bytes can hold in good faith", s->most, s->stored);
            return 2;
        }
        if (status == Z_STREAM_END) {
            s->fresh = 1;
            status = inflateReset2(unpacker, 15 + 16);
        }
        if (status == Z_MEM_ERROR) return out_of_memory(message, capacity);
        if (status != Z_OK && status != Z_BUF_ERROR) {
            fail(message, capacity, "the gzip data are damaged after %zu bytes of text: %s", s->text, unpacker->msg != NULL ? unpacker->msg : "unknown fault");
            return 2;
        }
        // With room left and nothing to read the input has run dry.
        if (!s->fresh && unpacker->avail_out > 0 && unpacker->avail_in == 0 && s->left == 0) {
            fail(message, capacity, "the gzip data end too early, after %zu bytes of text; the file is cut off", s->text);
            return 2;
        }
    }
    return 0;
}

// Line feeds. A sum of one byte lets the compiler compare and add many bytes at once; no more than 255 are added to it.
static size_t count_lines(const unsigned char *bytes, size_t count) {
    size_t lines = 0;
    for (size_t start = 0; start < count; start += 255) {
        size_t stop = count - start < 255 ? count : start + 255;
        unsigned char some = 0;
        for (size_t i = start; i < stop; i++) some += bytes[i] == '\n';
        lines += some;
    }
    return lines;
}

int ecdx_stream_more(ecdx_stream *stream, size_t drop, size_t wanted, ecdx_piece *piece, char *message, size_t capacity) {
    if (drop > piece->count) drop = piece->count;
    piece->lines += count_lines(piece->bytes, drop);
    piece->before += drop;
    piece->count -= drop;
    if (drop > 0) memmove(piece->bytes, piece->bytes + drop, piece->count);
    if (wanted > SIZE_MAX - ECDX_BYTES_PADDING - piece->count) return out_of_memory(message, capacity);
    if (piece->bytes == NULL || piece->count + wanted > piece->capacity) {
        unsigned char *larger = realloc(piece->bytes, piece->count + wanted + ECDX_BYTES_PADDING);
        if (larger == NULL) return out_of_memory(message, capacity);
        piece->bytes = larger;
        piece->capacity = piece->count + wanted;
    }
    size_t have = 0;
    int status = 0;
    if (!stream->ended) {
        status = (stream->compressed ? read_packed : read_plain)(stream, piece->bytes + piece->count, wanted, &have, message, capacity);
        if (status != 0) stream->ended = 1;
    }
    piece->count += have;
    piece->last = stream->ended;
    memset(piece->bytes + piece->count, 0, ECDX_BYTES_PADDING);
    return status;
}

void ecdx_stream_close(ecdx_stream *stream) {
    if (stream == NULL) return;
    if (stream->compressed) inflateEnd(&stream->unpacker);
    if (stream->file >= 0) close(stream->file);
    free(stream->input);
    free(stream);
}

void ecdx_piece_free(ecdx_piece *piece) {
    if (piece == NULL) return;
    free(piece->bytes);
    memset(piece, 0, sizeof *piece);
}
