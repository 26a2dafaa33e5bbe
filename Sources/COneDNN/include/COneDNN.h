#ifndef CONEDNN_H
#define CONEDNN_H

// The narrow door to oneDNN 2.x (C API v2). Everything that depends on its version stays behind this header.
// A call that can fail returns 0 when it succeeded; otherwise it fills `message` (ODN_MESSAGE bytes, zero terminated).
// Objects belong to whoever created them. Work runs on the calling thread and on its OpenMP threads, and is done on return.
// While it runs, denormal numbers count as zero (FTZ and DAZ), on every thread of the pool: they carry no information in a
// network and slow some processors a hundredfold. The calling thread's mode is put back before a call returns.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ODN_MESSAGE 256

/// How an array of single precision numbers lies in memory: plain strides or the library's blocks.
typedef struct odn_layout odn_layout;
/// One computation on arrays of fixed layouts.
typedef struct odn_op odn_op;

/// What an array is to a computation.
typedef enum {
    ODN_SOURCE,
    ODN_OTHER,
    ODN_DESTINATION,
    ODN_WEIGHTS,
    ODN_BIAS,
    ODN_WORKSPACE,
    ODN_SCRATCH,
    ODN_SOURCE_GRADIENT,
    ODN_DESTINATION_GRADIENT,
    ODN_WEIGHTS_GRADIENT,
    ODN_BIAS_GRADIENT,
    ODN_SLOTS
} odn_slot;

typedef enum { ODN_LINEAR, ODN_RELU, ODN_TANH, ODN_SIGMOID } odn_activation;
typedef enum { ODN_MAX, ODN_AVERAGE } odn_pooling;
typedef enum { ODN_SUM, ODN_PRODUCT } odn_arithmetic;

/// A window sliding over images: extents are (height, width), padding is given before and after.
typedef struct {
    int64_t batch, in_channels, out_channels;
    int64_t in[2], out[2], kernel[2], stride[2], before[2], after[2];
} odn_window;

// Runtime

/// The OpenMP threads of computations made from now on; the runtime's own choice until it is set.
int odn_threads(void);
/// Sets the OpenMP threads of computations made from now on, on whichever thread. One made before keeps its own: it was
/// cut up for them.
void odn_set_threads(int count);
/// The same for the calling thread alone; 0 takes it back.
void odn_set_local_threads(int count);
/// The version of the library, as major * 10000 + minor * 100 + patch.
int odn_version(void);

// Layouts. Logical dimensions are (batch, channels, height, width), (batch, length), (out, in, height, width), (out, in), (length).

int odn_layout_strided(odn_layout **out, int rank, const int64_t *dims, const int64_t *strides, char *message);
void odn_layout_free(odn_layout *layout);
size_t odn_layout_bytes(const odn_layout *layout);
/// 1 where both put every element at the same place.
int odn_layout_same(const odn_layout *a, const odn_layout *b);
/// How far the index of one dimension moves an element, in elements. Offsets of the dimensions add up.
int64_t odn_layout_offset(const odn_layout *layout, int dimension, int64_t index);

// Computations. A layout that is NULL is left to the library. `training` keeps what a backward computation needs.

int odn_convolution_forward(
    odn_op **out, const odn_window *window, int bias, int training, odn_activation activation,
    const odn_layout *source, const odn_layout *destination, char *message);
int odn_convolution_backward_data(
    odn_op **out, const odn_op *forward, const odn_window *window,
    const odn_layout *source_gradient, const odn_layout *weights, const odn_layout *destination_gradient, char *message);
int odn_convolution_backward_weights(
    odn_op **out, const odn_op *forward, const odn_window *window, int bias,
    const odn_layout *source, const odn_layout *weights_gradient, const odn_layout *destination_gradient, char *message);

/// `source_dims` are (batch, length) or (batch, channels, height, width).
int odn_dense_forward(
    odn_op **out, int rank, const int64_t *source_dims, int64_t units, int bias, int training, odn_activation activation,
    const odn_layout *source, char *message);
int odn_dense_backward_data(
    odn_op **out, const odn_op *forward, int rank, const int64_t *source_dims, int64_t units,
    const odn_layout *source_gradient, const odn_layout *weights, const odn_layout *destination_gradient, char *message);
int odn_dense_backward_weights(
    odn_op **out, const odn_op *forward, int rank, const int64_t *source_dims, int64_t units, int bias,
    const odn_layout *source, const odn_layout *weights_gradient, const odn_layout *destination_gradient, char *message);

/// Average pooling does not count padding.
int odn_pool_forward(
    odn_op **out, odn_pooling kind, const odn_window *window, int training, const odn_layout *source, char *message);
int odn_pool_backward(
    odn_op **out, odn_pooling kind, const odn_op *forward, const odn_window *window,
    const odn_layout *source_gradient, const odn_layout *destination_gradient, char *message);

int odn_activation_forward(
    odn_op **out, odn_activation activation, int training, const odn_layout *layout, char *message);
/// From the gradient of the output and the output itself. Source gradient and destination gradient may be one array.
int odn_activation_backward(odn_op **out, odn_activation activation, const odn_layout *layout, char *message);

/// Source plus (or times) other, element by element; the destination may be the source.
int odn_binary(odn_op **out, odn_arithmetic kind, const odn_layout *layout, char *message);
/// A copy of the source in another layout.
int odn_reorder(odn_op **out, const odn_layout *from, const odn_layout *to, char *message);

void odn_op_free(odn_op *op);
/// The layout of an array of a computation; NULL in `out` where the computation has none there.
int odn_op_layout(odn_layout **out, const odn_op *op, odn_slot slot, char *message);
/// The library's name of the implementation it chose.
const char *odn_op_implementation(const odn_op *op);
/// 2 for an implementation made for this processor, 1 for one through matrix products, 0 for a plain reference.
int odn_op_rank(const odn_op *op);
/// Generates the code. Called once, before the first run.
int odn_op_prepare(odn_op *op, char *message);
/// Points an array of a computation at memory, which must outlive it.
int odn_op_bind(odn_op *op, odn_slot slot, void *memory, char *message);
/// Computes. Every array of the computation must have been bound.
int odn_op_run(const odn_op *op, char *message);
/// A copy between two layouts, at once.
int odn_copy(const odn_layout *from, const void *source, const odn_layout *to, void *destination, char *message);

/// One step of Adam on `count` values, a multiple of 8 in arrays that do not overlap: m += (g - m) * one_minus_beta1, v += (g * g - v) * one_minus_beta2,
/// w -= alpha * m / (sqrt(v) + epsilon).
void odn_adam(
    float *weights, const float *gradient, float *m, float *v, size_t count,
    float alpha, float one_minus_beta1, float one_minus_beta2, float epsilon);

#ifdef __cplusplus
}
#endif

#endif
