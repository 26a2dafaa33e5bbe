#ifndef ECDX_INFLATE_H
#define ECDX_INFLATE_H

#include <stddef.h>
#include <stdint.h>

// Unpacks raw deflate data, as zip archives hold them, that fill `out` exactly: `in` must end where the stream ends, and
// the stream where `out` ends. Returns 0, 1 where there is not enough memory, 2 where the data are damaged, and 3 where they
// hold more or fewer than `size` bytes.
int ecdx_inflate(const uint8_t *in, size_t count, uint8_t *out, size_t size);

// The checksum of zip archives.
uint32_t ecdx_crc32(const uint8_t *bytes, size_t count);

#endif
