#include "internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// More passes over a progressive picture than any encoder makes; each takes time and may take hardly a byte.
#define MOST_SCANS 100

// What the callbacks of libjpeg share with the function that called it.
typedef struct {
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    size_t count;
    char *message;
    size_t message_size;
} state;

// Ends the decoding. The reason is written already, or is that of libjpeg.
static void on_error(j_common_ptr common) {
    state *s = common->client_data;
    int code = common->err->msg_code;
    if (s->message[0] == 0 && (code == JERR_NO_BACKING_STORE || code == JERR_OUT_OF_MEMORY)) {
        ecdx_image_fail(s->message, s->message_size, "decoding it takes more memory than there is or than is allowed");
    } else if (s->message[0] == 0) {
        char text[JMSG_LENGTH_MAX];
        common->err->format_message(common, text);
        if (text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z')) text[0] += 'a' - 'A';
        ecdx_image_fail(s->message, s->message_size, "the JPEG data are damaged or of a kind that is not read: %s", text);
    }
    longjmp(s->escape, 1);
}

// A warning says that libjpeg goes on with values of its own; only two are about words of the header alone.
static void on_message(j_common_ptr common, int level) {
    if (level >= 0 || common->err->msg_code == JWRN_JFIF_MAJOR || common->err->msg_code == JWRN_ADOBE_XFORM) return;
    on_error(common);
}

static void on_start(j_decompress_ptr info) { (void)info; }

static boolean on_empty(j_decompress_ptr info) {
    state *s = info->client_data;
    ecdx_image_fail(s->message, s->message_size, "the JPEG data end too early, after %zu bytes; the file is cut off", s->count);
    on_error((j_common_ptr)info);
    return FALSE;
}

static void on_skip(j_decompress_ptr info, long wanted) {
    if (wanted <= 0) return;
    if ((size_t)wanted > info->src->bytes_in_buffer) on_empty(info);
    info->src->next_input_byte += wanted;
    info->src->bytes_in_buffer -= (size_t)wanted;
}

static void on_progress(j_common_ptr common) {
    state *s = common->client_data;
    if (!common->is_decompressor || ((j_decompress_ptr)common)->input_scan_number <= MOST_SCANS) return;
    ecdx_image_fail(s->message, s->message_size, "expected at most %d scans, found more", MOST_SCANS);
    on_error(common);
}

// The orientation in the first block of Exif.
static int orientation(const struct jpeg_decompress_struct *info) {
    for (jpeg_saved_marker_ptr marker = info->marker_list; marker != NULL; marker = marker->next)
        if (marker->data_length >= 6 && memcmp(marker->data, "Exif\0\0", 6) == 0)
            return ecdx_exif_orientation(marker->data + 6, marker->data_length - 6);
    return 1;
}

// The blocks of 8 x 8 coefficients. Each takes at least one bit of a Huffman code.
static uint64_t count_blocks(const struct jpeg_decompress_struct *info) {
    uint64_t blocks = 0;
    for (int i = 0; i < info->num_components; i++) blocks += (uint64_t)info->comp_info[i].width_in_blocks * info->comp_info[i].height_in_blocks;
    return blocks;
}

// All that may jump: `out` lives outside, so that what it holds when libjpeg gives up is known.
static int decode(
    struct jpeg_decompress_struct *info, state *s, const uint8_t *bytes, const ecdx_image_limits *limits, uint8_t *into, size_t room,
    ecdx_image *out) {
    if (setjmp(s->escape)) return 1;
    jpeg_create_decompress(info);
    info->client_data = s;
    s->source.next_input_byte = bytes;
    s->source.bytes_in_buffer = s->count;
    s->source.init_source = on_start;
    s->source.fill_input_buffer = on_empty;
    s->source.skip_input_data = on_skip;
    s->source.resync_to_restart = jpeg_resync_to_restart;
    s->source.term_source = on_start;
    info->src = &s->source;
    s->progress.progress_monitor = on_progress;
    info->progress = &s->progress;
    info->mem->max_memory_to_use = limits->memory > INT64_MAX ? INT64_MAX : (long)limits->memory;
    jpeg_save_markers(info, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(info, TRUE);

    out->width = info->image_width;
    out->height = info->image_height;
    out->channels = info->jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
    if (ecdx_image_check(out, limits, s->message, s->message_size) != 0) return 1;
    if (info->jpeg_color_space != JCS_GRAYSCALE && info->jpeg_color_space != JCS_YCbCr && info->jpeg_color_space != JCS_RGB)
        return ecdx_image_fail(
            s->message, s->message_size, "expected a grey or RGB picture, found a JPEG of %s",
            info->num_components == 4 ? "four inks (CMYK)" : "unknown colours");
    // Its blocks may take less than a bit, so that nothing could be said of what a header claims.
    if (info->arith_code) return ecdx_image_fail(s->message, s->message_size, "expected Huffman codes, found a JPEG of arithmetic codes");
    if (count_blocks(info) / 8 > s->count)
        return ecdx_image_fail(
            s->message, s->message_size, "expected a picture of %lld x %lld, found %zu bytes, which cannot hold it", (long long)out->width,
            (long long)out->height, s->count);
    // A picture in several scans is kept as coefficients of 16 bits until the last one is read.
    if (jpeg_has_multiple_scans(info) && count_blocks(info) > limits->memory / 128)
        return ecdx_image_fail(s->message, s->message_size, "decoding it takes more memory than is allowed");
    out->orientation = orientation(info);
    if (into == NULL) return 0;
    if (ecdx_image_fits(out, room, s->message, s->message_size) != 0) return 1;

    info->out_color_space = out->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    // What OpenCV and Pillow take; it is the default, unless libjpeg was built with another one.
    info->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(info);
    if (info->output_width != info->image_width || info->output_height != info->image_height || info->output_components != out->channels)
        return ecdx_image_fail(s->message, s->message_size, "the rows of the JPEG have an unexpected length");
    size_t stride = (size_t)out->width * (size_t)out->channels;
    while (info->output_scanline < info->output_height) {
        JSAMPROW row = into + info->output_scanline * stride;
        if (jpeg_read_scanlines(info, &row, 1) != 1) return ecdx_image_fail(s->message, s->message_size, "the JPEG data are damaged: a row is missing");
    }
    jpeg_finish_decompress(info);
    return 0;
}

int ecdx_jpeg_decode(
    const uint8_t *bytes, size_t count, const ecdx_image_limits *limits, uint8_t *into, size_t room, ecdx_image *out,
    char *message, size_t message_size) {
    if (out == NULL || limits == NULL || bytes == NULL || message == NULL || message_size == 0) return 1;
    memset(out, 0, sizeof *out);
    message[0] = 0;
    struct jpeg_decompress_struct info;
    state *s = calloc(1, sizeof *s);
    if (s == NULL) return ecdx_image_fail(message, message_size, "not enough memory for the decoder");
    memset(&info, 0, sizeof info);
    s->count = count;
    s->message = message;
    s->message_size = message_size;
    info.err = jpeg_std_error(&s->errors);
    s->errors.error_exit = on_error;
    s->errors.emit_message = on_message;
    // Kept by jpeg_create_decompress; a mismatch of versions is told before that.
    info.client_data = s;
    int status = decode(&info, s, bytes, limits, into, room, out);
    jpeg_destroy_decompress(&info);
    free(s);
    if (status != 0) memset(out, 0, sizeof *out);
    return status;
}
