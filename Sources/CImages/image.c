#include "internal.h"

#include <stdarg.h>
#include <stdio.h>

int ecdx_image_fail(char *message, size_t message_size, const char *format, ...) {
    if (message == NULL || message_size == 0) return 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, message_size, format, arguments);
    va_end(arguments);
    return 1;
}

int ecdx_image_check(ecdx_image *out, const ecdx_image_limits *limits, char *message, size_t message_size) {
    if (out->width < 1 || out->height < 1) return ecdx_image_fail(message, message_size, "expected at least one pixel, found a picture of %lld x %lld", (long long)out->width, (long long)out->height);
    // Both are below 2^31, as the formats have them.
    uint64_t pixels = (uint64_t)out->width * (uint64_t)out->height, channels = (uint64_t)out->channels;
    if (pixels > limits->pixels)
        return ecdx_image_fail(
            message, message_size, "expected at most %llu pixels, found a header of %lld x %lld", (unsigned long long)limits->pixels,
            (long long)out->width, (long long)out->height);
    if (pixels > limits->memory / channels || pixels > SIZE_MAX / channels)
        return ecdx_image_fail(
            message, message_size, "expected a picture of at most %llu bytes, found a header of %lld x %lld", (unsigned long long)limits->memory,
            (long long)out->width, (long long)out->height);
    out->count = (size_t)(pixels * channels);
    return 0;
}

int ecdx_image_fits(const ecdx_image *out, size_t room, char *message, size_t message_size) {
    if (out->count <= room) return 0;
    return ecdx_image_fail(message, message_size, "expected a picture of at most %zu values, found one of %zu", room, out->count);
}

static uint32_t number(const uint8_t *bytes, int size, int little) {
    uint32_t value = 0;
    for (int i = 0; i < size; i++) value = value << 8 | bytes[little ? size - 1 - i : i];
    return value;
}

int ecdx_exif_orientation(const uint8_t *bytes, size_t count) {
    if (bytes == NULL || count < 8) return 1;
    int little = bytes[0] == 'I' && bytes[1] == 'I';
    if (!little && !(bytes[0] == 'M' && bytes[1] == 'M')) return 1;
    if (number(bytes + 2, 2, little) != 42) return 1;
    size_t place = number(bytes + 4, 4, little);
    if (place > count - 2) return 1;
    size_t entries = number(bytes + place, 2, little);
    place += 2;
    for (size_t i = 0; i < entries && count - place >= 12; i++, place += 12) {
        if (number(bytes + place, 2, little) != 0x112) continue;
        // A short by the standard; some write a long.
        uint32_t kind = number(bytes + place + 2, 2, little), value = number(bytes + place + 8, kind == 4 ? 4 : 2, little);
        return (kind == 3 || kind == 4) && value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
