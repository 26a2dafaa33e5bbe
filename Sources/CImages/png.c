#include "internal.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>
#include <zlib.h>

// No deflate stream unpacks to more than 1032 times its length.
#define MOST_PER_BYTE 1032

// What the callbacks of libpng share with the function that called it.
typedef struct {
    const uint8_t *bytes;
    size_t count, place;
    char *message;
    size_t message_size;
    // Whether libpng had to make up values: a checksum of the pixels that is wrong, say, is only a warning to it.
    int lost;
} state;

static void on_error(png_structp png, png_const_charp text) {
    state *s = png_get_error_ptr(png);
    if (s->message_size > 0 && s->message[0] == 0) ecdx_image_fail(s->message, s->message_size, "the PNG data are damaged: %s", text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    state *s = png_get_error_ptr(png);
    if (strncmp(text, "IDAT", 4) != 0 || s->lost) return;
    s->lost = 1;
    ecdx_image_fail(s->message, s->message_size, "the PNG data are damaged: %s", text);
}

static void on_read(png_structp png, png_bytep into, png_size_t wanted) {
    state *s = png_get_io_ptr(png);
    if (wanted > s->count - s->place) {
        ecdx_image_fail(s->message, s->message_size, "the PNG data end too early, after %zu bytes; the file is cut off", s->count);
        png_error(png, "cut off");
    }
    memcpy(into, s->bytes + s->place, wanted);
    s->place += wanted;
}

// Reads the rows. A palette picture has its indices in the last third of each row until all passes are through.
static void read_rows(png_structp png, const ecdx_image *out, uint8_t *into, int indexed) {
    size_t stride = (size_t)out->width * (size_t)out->channels, offset = indexed ? 2 * (size_t)out->width : 0;
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (int64_t y = 0; y < out->height; y++) png_read_row(png, into + (size_t)y * stride + offset, NULL);
}

// Replaces indices by colours, in place. Gives the first index that the palette lacks, or -1.
static int expand_palette(const ecdx_image *out, uint8_t *into, const png_color *palette, int colors) {
    size_t width = (size_t)out->width;
    for (int64_t y = 0; y < out->height; y++) {
        uint8_t *row = into + (size_t)y * 3 * width;
        for (size_t x = 0; x < width; x++) {
            int index = row[2 * width + x];
            if (index >= colors) return index;
            row[3 * x] = palette[index].red;
            row[3 * x + 1] = palette[index].green;
            row[3 * x + 2] = palette[index].blue;
        }
    }
    return -1;
}

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// Looks for Exif among all chunks, since it may stand behind the pixels, where reading the header alone does not get.
static int orientation(const uint8_t *bytes, size_t count) {
    for (size_t place = 8; count >= 12 && place <= count - 12;) {
        size_t length = big_endian(bytes + place);
        const uint8_t *type = bytes + place + 4;
        if (length > count - 12 - place || memcmp(type, "IEND", 4) == 0) return 1;
        if (memcmp(type, "eXIf", 4) == 0) {
            int sound = crc32(0, type, (uInt)(length + 4)) == big_endian(type + 4 + length);
            return sound ? ecdx_exif_orientation(type + 4, length) : 1;
        }
        place += length + 12;
    }
    return 1;
}

// All that may jump: `out` lives outside, so that what it holds when libpng gives up is known.
static int decode(
    png_structp png, png_infop info, state *s, const ecdx_image_limits *limits, uint8_t *into, size_t room, ecdx_image *out) {
    if (setjmp(png_jmpbuf(png))) return 1;
    png_set_read_fn(png, s, on_read);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Chunks that a picture can do without are passed over, unpacked or not.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_chunk_malloc_max(png, 1 << 20);
    png_read_info(png, info);

    int type = png_get_color_type(png, info), depth = png_get_bit_depth(png, info), indexed = type == PNG_COLOR_TYPE_PALETTE;
    out->width = png_get_image_width(png, info);
    out->height = png_get_image_height(png, info);
    out->channels = type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_GRAY_ALPHA ? 1 : 3;
    if (ecdx_image_check(out, limits, s->message, s->message_size) != 0) return 1;
    uint64_t bits = (uint64_t)out->width * (uint64_t)out->height * (uint64_t)depth * png_get_channels(png, info);
    if (bits / 8 / MOST_PER_BYTE > s->count)
        return ecdx_image_fail(
            s->message, s->message_size, "expected a picture of %lld x %lld, found %zu bytes, which cannot hold it", (long long)out->width,
            (long long)out->height, s->count);
    out->orientation = orientation(s->bytes, s->count);
    if (into == NULL) return 0;
    if (ecdx_image_fits(out, room, s->message, s->message_size) != 0) return 1;

    if (depth == 16) png_set_strip_16(png);
    if (depth < 8) {
        if (indexed) png_set_packing(png);
        else png_set_expand_gray_1_2_4_to_8(png);
    }
    png_set_strip_alpha(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != (size_t)out->width * (size_t)(indexed ? 1 : out->channels))
        return ecdx_image_fail(s->message, s->message_size, "the rows of the PNG have an unexpected length");
    read_rows(png, out, into, indexed);
    png_read_end(png, NULL);
    if (indexed) {
        png_colorp palette = NULL;
        int colors = 0;
        png_get_PLTE(png, info, &palette, &colors);
        int missing = expand_palette(out, into, palette, colors);
        if (missing >= 0) return ecdx_image_fail(s->message, s->message_size, "a pixel has colour %d of a palette of %d", missing, colors);
    }
    return s->lost;
}

int ecdx_png_decode(
    const uint8_t *bytes, size_t count, const ecdx_image_limits *limits, uint8_t *into, size_t room, ecdx_image *out,
    char *message, size_t message_size) {
    if (out == NULL || limits == NULL || bytes == NULL || message == NULL || message_size == 0) return 1;
    memset(out, 0, sizeof *out);
    message[0] = 0;
    state s = {bytes, count, 0, message, message_size, 0};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    int status = 1;
    if (info == NULL) ecdx_image_fail(message, message_size, "not enough memory for the decoder");
    else status = decode(png, info, &s, limits, into, room, out);
    if (png != NULL) png_destroy_read_struct(&png, &info, NULL);
    if (status != 0) memset(out, 0, sizeof *out);
    return status;
}
