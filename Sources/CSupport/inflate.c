#include "inflate.h"

#include <libdeflate.h>

int ecdx_inflate(const uint8_t *in, size_t count, uint8_t *out, size_t size) {
    if (in == NULL || out == NULL) return 2;
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    if (decompressor == NULL) return 1;
    size_t read = 0, written = 0;
    enum libdeflate_result result = libdeflate_deflate_decompress_ex(decompressor, in, count, out, size, &read, &written);
    libdeflate_free_decompressor(decompressor);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return 3;
    if (result != LIBDEFLATE_SUCCESS) return 2;
    return read == count && written == size ? 0 : 3;
}

uint32_t ecdx_crc32(const uint8_t *bytes, size_t count) { return bytes == NULL ? 0 : libdeflate_crc32(0, bytes, count); }
