#ifndef ECDX_CIMAGES_INTERNAL_H
#define ECDX_CIMAGES_INTERNAL_H

#include "CImages.h"

// Writes a reason to `message` and gives 1.
int ecdx_image_fail(char *message, size_t message_size, const char *format, ...) __attribute__((format(printf, 3, 4)));

// Compares the size in `out` with the limits and counts its values; 0 where they may be allocated.
int ecdx_image_check(ecdx_image *out, const ecdx_image_limits *limits, char *message, size_t message_size);

// Whether the values of `out` have the room that they were given.
int ecdx_image_fits(const ecdx_image *out, size_t room, char *message, size_t message_size);

// The orientation in a block of Exif (a TIFF header and its first directory); 1 where there is none, or none that is sound.
int ecdx_exif_orientation(const uint8_t *bytes, size_t count);

#endif
