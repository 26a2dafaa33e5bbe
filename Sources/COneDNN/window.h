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
// Returns the rank: 4, or 5 with groups before all else.
static inline int window_weights(const odn_window *w, int64_t dims[5]) {
    int64_t groups = w->groups > 1 ? w->groups : 1;
    int rank = 0;
    if (groups > 1) dims[rank++] = groups;
    dims[rank++] = w->out_channels / groups, dims[rank++] = w->in_channels / groups;
    dims[rank++] = w->kernel[0], dims[rank++] = w->kernel[1];
    return rank;
}

#endif
