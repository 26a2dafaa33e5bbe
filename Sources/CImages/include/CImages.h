#ifndef ECDX_CIMAGES_H
#define ECDX_CIMAGES_H

// A thin layer over libpng and libjpeg: pictures from bytes in memory to rows of 8 bits a value. Every call returns 0 when
// done; otherwise it returns another number and writes the reason, cut to fit and ended by a zero byte, to `message`.
// The values go where the caller wants them, so that there is one copy of them alone: it asks for the header first (`into`
// NULL), whose numbers were compared with the limits and with what so many bytes can hold, and gives `count` bytes then. Rows
// are decoded straight into them; what stands there after a failure is of no use.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    // The largest width times height.
    uint64_t pixels;
    // The most bytes for the values and, once more, for what the decoder itself needs.
    uint64_t memory;
} ecdx_image_limits;

typedef struct {
    // The number of values: height rows of width pixels of `channels` values, without gaps.
    size_t count;
    int64_t width, height;
    // 1 for grey, 3 for red, green, blue.
    int channels;
    // That of Exif: 1 as stored, up to 8 (see `orientation` of the TIFF standard); 1 where the file has none.
    int orientation;
} ecdx_image;

// PNG of every colour type and depth, interlaced or not. Alpha and transparent colours are dropped, not composed; of 16
// bits the high byte is kept; a palette becomes colours; gamma and colour profiles are passed over.
int ecdx_png_decode(
    const uint8_t *bytes, size_t count, const ecdx_image_limits *limits, uint8_t *into, size_t room, ecdx_image *out, char *message,
    size_t message_size);

// JPEG, baseline and progressive, Huffman coded, of 8 bits: grey, and three components. Damaged data are an error, never
// grey rows.
int ecdx_jpeg_decode(
    const uint8_t *bytes, size_t count, const ecdx_image_limits *limits, uint8_t *into, size_t room, ecdx_image *out, char *message,
    size_t message_size);

#ifdef __cplusplus
}
#endif

#endif
