#ifndef CONEDNN_WINDOW_H
#define CONEDNN_WINDOW_H

#include "COneDNN.h"

// The dims of a window's arrays, in the library's order.
static inline void window_source(const odn_window *w, int64_t dims[4]) {
    dims[0] = w->batch, dims[1] = w->in_channels, dims[2] = w->in[0], dims[3] = w->in[1];
}
static inline void window_destination(const odn_window *w, int64_t dims[4]) {
    dims[0] = w->batch, dims[1] = w->out_channels, dims[2] = w->out[0], dims[3] = w->out[1];
}
static inline void window_weights(const odn_window *w, int64_t dims[4]) {
    dims[0] = w->out_channels, dims[1] = w->in_channels, dims[2] = w->kernel[0], dims[3] = w->kernel[1];
}

#endif
