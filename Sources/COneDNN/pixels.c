#include "COneDNN.h"

void odn_pixels(
    const float *source, float *destination, size_t pixels, int in_channels, int out_channels, const int32_t *order,
    const float *scale, const float *offset) {
    for (size_t p = 0; p < pixels; p++, source += in_channels, destination += out_channels)
        for (int c = 0; c < out_channels; c++) destination[c] = source[order[c]] * scale[c] + offset[c];
}

void odn_pixels_gradient(
    const float *destination_gradient, float *source_gradient, size_t pixels, int in_channels, int out_channels,
    const int32_t *order, const float *scale) {
    for (size_t i = 0; i < pixels * (size_t)in_channels; i++) source_gradient[i] = 0;
    for (size_t p = 0; p < pixels; p++, source_gradient += in_channels, destination_gradient += out_channels)
        for (int c = 0; c < out_channels; c++) source_gradient[order[c]] += destination_gradient[c] * scale[c];
}
