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

// Reads what is there, up to `size`: a file that shrinks meanwhile is short, one that grows is cut.
static int read_all(int file, size_t size, unsigned char **bytes, size_t *count, char *message, size_t capacity) {
    if (size > SIZE_MAX - ECDX_BYTES_PADDING) return out_of_memory(message, capacity);
    unsigned char *buffer = malloc(size + ECDX_BYTES_PADDING);
    if (buffer == NULL) return out_of_memory(message, capacity);
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(file, buffer + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            int code = errno;
            free(buffer);
            return fail_errno(message, capacity, code);
        }
        if (got == 0) break;
        have += (size_t)got;
    }
    *bytes = buffer;
    *count = have;
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
