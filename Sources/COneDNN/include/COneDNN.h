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
#define ODN_RANK 12

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
    ODN_MEAN,
    ODN_VARIANCE,
    ODN_GAMMA,
    ODN_BETA,
    ODN_GAMMA_GRADIENT,
    ODN_BETA_GRADIENT,
    ODN_SLOTS
} odn_slot;

typedef enum { ODN_LINEAR, ODN_RELU, ODN_TANH, ODN_SIGMOID, ODN_GELU, ODN_GELU_TANH } odn_activation;
typedef enum { ODN_MAX, ODN_AVERAGE } odn_pooling;
typedef enum { ODN_SUM, ODN_PRODUCT } odn_arithmetic;

/// A window sliding over images: extents are (height, width), padding is given before and after. With `groups` over 1 the
/// channels of input and output are divided into as many groups that do not see each other. With `winograd` a convolution
/// multiplies tiles of 4 x 4 outputs by Winograd's scheme, and cannot be made where the library has none for this processor.
typedef struct {
    int64_t batch, in_channels, out_channels, groups;
    int64_t in[2], out[2], kernel[2], stride[2], before[2], after[2];
    int32_t winograd;
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
/// Writes the logical dimensions, at most ODN_RANK, and returns how many there are.
int odn_layout_dims(const odn_layout *layout, int64_t *dims);
/// 1 where both put every element at the same place.
int odn_layout_same(const odn_layout *a, const odn_layout *b);
/// The part of an array that begins at `offsets` and has extents `dims`, in the memory of the whole. Fails where it would cut
/// a block in two.
int odn_layout_part(odn_layout **out, const odn_layout *whole, const int64_t *dims, const int64_t *offsets, char *message);
/// The elements before the first one: not 0 in a part.
int64_t odn_layout_start(const odn_layout *layout);
/// Where dimension `dimension` is the outermost and, in blocks, the innermost too: the size of its blocks and how many elements
/// lie between two of them. 0 where it is not.
int odn_layout_rows(const odn_layout *layout, int dimension, int64_t *block, int64_t *stride);
/// How far the index of one dimension moves an element, in elements. Offsets of the dimensions add up.
int64_t odn_layout_offset(const odn_layout *layout, int dimension, int64_t index);

// Computations. A layout that is NULL is left to the library. `training` keeps what a backward computation needs.

int odn_convolution_forward(
    odn_op **out, const odn_window *window, int bias, int training, odn_activation activation,
    const odn_layout *source, const odn_layout *weights, const odn_layout *destination, char *message);
int odn_convolution_backward_data(
    odn_op **out, const odn_op *forward, const odn_window *window,
    const odn_layout *source_gradient, const odn_layout *weights, const odn_layout *destination_gradient, char *message);
int odn_convolution_backward_weights(
    odn_op **out, const odn_op *forward, const odn_window *window, int bias,
    const odn_layout *source, const odn_layout *weights_gradient, const odn_layout *destination_gradient, char *message);

/// `source_dims` are (batch, length) or (batch, channels, height, width).
int odn_dense_forward(
    odn_op **out, int rank, const int64_t *source_dims, int64_t units, int bias, int training, odn_activation activation,
    const odn_layout *source, const odn_layout *weights, char *message);
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
/// From the gradient of the output and the output itself, of GELU the input itself. Source gradient and destination gradient may
/// be one array.
int odn_activation_backward(odn_op **out, odn_activation activation, const odn_layout *layout, char *message);

/// The factors of the elements of one item of a dropout: 0 where a number uniform in [0, 1) is below `rate`, `kept` elsewhere. Element
/// i has word i % 4 of the Philox block with counter (i / 4, item, stream[2], stream[3]) and key (stream[0], stream[1]).
void odn_dropout_factors(const uint32_t stream[4], uint32_t item, float rate, float kept, size_t count, float *factors);

/// Source plus (or times) other, element by element; the destination may be the source.
int odn_binary(odn_op **out, odn_arithmetic kind, const odn_layout *layout, char *message);
/// 1 where a copy from one layout to another must go by way of a plain one: version 2.6.3 of the library writes beyond the end
/// of a blocked array where the source is padded further than it.
int odn_layout_overruns(const odn_layout *from, const odn_layout *to);
/// A copy of the source in another layout; refused where it would overrun.
int odn_reorder(odn_op **out, const odn_layout *from, const odn_layout *to, char *message);

/// What a batch normalisation does besides: `ODN_GLOBAL` takes the mean and variance it is given and else computes them.
typedef enum { ODN_GLOBAL = 1, ODN_HAS_GAMMA = 2, ODN_HAS_BETA = 4, ODN_WITH_RELU = 8 } odn_normalization;

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta for each channel, and ReLU after it.
int odn_normalization_forward(
    odn_op **out, int training, unsigned flags, float epsilon, const odn_layout *layout, char *message);
/// The gradients of source, gamma and beta.
int odn_normalization_backward(
    odn_op **out, const odn_op *forward, unsigned flags, float epsilon, const odn_layout *layout, char *message);

/// Arrays one after another along dimension 1; the layout of the whole is left to the library. Sources are bound by
/// `odn_op_bind_source`.
int odn_concatenation(odn_op **out, int count, const odn_layout *const *sources, char *message);
int odn_op_bind_source(odn_op *op, int index, void *memory, char *message);

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

// Plain loops

/// A run of parameters that Adam moves. `block` and `stride` divide it as `odn_layout_rows` says; both are 0 where nothing is
/// folded into it. Then `scale` (one number for each row) times the gradient is the gradient of the weights, and
/// `folded` receives the new weights times `new_scale`.
typedef struct {
    float *weights;
    const float *gradient;
    float *m, *v;
    size_t count;
    int64_t block, stride;
    const float *scale, *new_scale;
    float *folded;
} odn_segment;

/// The numbers of Adam: m += (g - m) * one_minus_beta1, v += (g * g - v) * one_minus_beta2, w -= alpha * m / (sqrt(v) + epsilon).
typedef struct {
    float alpha, one_minus_beta1, one_minus_beta2, epsilon;
} odn_adam_rates;

/// One step of Adam on each run, whose counts are multiples of 8, on as many threads. Each element is computed alike whatever
/// the number of threads.
void odn_adam(const odn_segment *segments, size_t count, odn_adam_rates rates, int threads);
/// Plain gradient descent: w -= rate * g.
void odn_descend(const odn_segment *segments, size_t count, float rate, int threads);
/// Weights times the scale of their row into `folded`, of a run with a layout by rows.
void odn_fold(const odn_segment *segment);
/// For each row the sum of weights times gradient, into `sums`, alike whatever the number of threads.
void odn_row_products(const odn_segment *segment, float *sums, int threads);

/// Pixels of `in_channels` numbers into pixels of `out_channels`: channel c is channel order[c] times scale[c] plus offset[c].
void odn_pixels(
    const float *source, float *destination, size_t pixels, int in_channels, int out_channels, const int32_t *order,
    const float *scale, const float *offset);
/// The gradient of `odn_pixels` by its source.
void odn_pixels_gradient(
    const float *destination_gradient, float *source_gradient, size_t pixels, int in_channels, int out_channels,
    const int32_t *order, const float *scale);

// Loops over texts and sequences. A text is two rows of `length` numbers, ids and mask; a sequence is `length` rows of `width`
// numbers; a batch of either is one after another. What is computed of an item does not depend on the others. `threads` cut the
// work up without changing a bit of it.

/// A table of rows of `width` numbers, and its gradient.
typedef struct {
    float *values;
    int64_t rows;
} odn_table;

/// The embedding of texts. `padding` is the id of the padding, -1 where there is none. With `after_padding` positions count the
/// tokens that are not padding. Ids and positions beyond a table take its last row. `types.values` may be NULL.
typedef struct {
    int64_t batch, length, width, padding;
    int32_t after_padding;
    odn_table words, positions, types;
} odn_embedding;

void odn_embed(const odn_embedding *embedding, const float *texts, float *sequences, int threads);
/// The gradients of the tables, which are overwritten; the rows of the padding get none. Tables that are NULL are left out.
void odn_embed_gradient(const odn_embedding *embedding, const float *texts, const float *gradient, int threads);

/// Each sequence times a kernel (width, units), plus a bias that may be NULL: one product an item.
int odn_dense_each(
    const float *source, const float *kernel, const float *bias, float *destination, int64_t items, int64_t rows, int64_t width,
    int64_t units, int threads, char *message);

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta of each row of x = source + other; `other` may be NULL. `sum` receives x and
/// `statistics` mean and inverse deviation of each row, where they are not NULL.
void odn_layer_norm(
    const float *source, const float *other, const float *gamma, const float *beta, float epsilon, int64_t rows, int64_t width,
    float *destination, float *sum, float *statistics, int threads);
/// The gradients of x, gamma and beta, which are overwritten; each may be NULL.
void odn_layer_norm_gradient(
    const float *sum, const float *statistics, const float *gamma, const float *gradient, int64_t rows, int64_t width,
    float *sum_gradient, float *gamma_gradient, float *beta_gradient, int threads);

/// Self-attention of sequences of `heads` heads.
typedef struct {
    int64_t batch, length, width, heads;
} odn_attention;

/// The floats of scratch memory that an attention needs.
size_t odn_attention_scratch(const odn_attention *attention, int gradient, int threads);
/// softmax(q k' / sqrt(width / heads) + mask) v of each head; the mask of `texts` adds the least float to keys where it is 0.
/// `factors`, NULL or one for each weight (batch, heads, length, length), multiply the weights.
int odn_attend(
    const odn_attention *attention, const float *query, const float *key, const float *value, const float *texts,
    const float *factors, float *destination, float *scratch, int threads, char *message);
/// The gradients of queries, keys and values, which are overwritten; each may be NULL.
int odn_attend_gradient(
    const odn_attention *attention, const float *query, const float *key, const float *value, const float *texts,
    const float *factors, const float *gradient, float *query_gradient, float *key_gradient, float *value_gradient, float *scratch,
    int threads, char *message);

/// The mean of each sequence over its tokens: those of the mask with `masked`, otherwise all, of which the last one counts as
/// `last_count`.
void odn_token_mean(
    const float *sequences, const float *texts, int64_t batch, int64_t length, int64_t width, int masked, int64_t last_count,
    float *means);
void odn_token_mean_gradient(
    const float *gradient, const float *texts, int64_t batch, int64_t length, int64_t width, int masked, int64_t last_count,
    float *sequences_gradient);

#ifdef __cplusplus
}
#endif

#endif
