#include "internal.h"

#include <stdatomic.h>
#include <string.h>

typedef struct {
    dnnl_memory_desc_t source, weights, bias, destination;
} dense_arrays;

static int dense_describe(
    dense_arrays *a, int rank, const int64_t *source_dims, int64_t units,
    const odn_layout *source, const odn_layout *weights, const odn_layout *destination, char *message) {
    if (rank != 2 && rank != 4) return odn_fail(message, "dense", dnnl_invalid_arguments);
    int64_t wei[4], dst[2] = {source_dims[0], units};
    memcpy(wei, source_dims, (size_t)rank * sizeof *wei);
    wei[0] = units;
    a->source = odn_md(source, rank, source_dims);
    a->weights = odn_md(weights, rank, wei);
    a->bias = odn_md(NULL, 1, &units);
    a->destination = odn_md(destination, 2, dst);
    return 0;
}

int odn_dense_forward(
    odn_op **out, int rank, const int64_t *source_dims, int64_t units, int bias, int training, odn_activation activation,
    const odn_layout *source, const odn_layout *weights, char *message) {
    dense_arrays a;
    int failed = dense_describe(&a, rank, source_dims, units, source, weights, NULL, message);
    if (failed) return failed;
    dnnl_inner_product_desc_t desc;
    dnnl_status_t status = dnnl_inner_product_forward_desc_init(
        &desc, training ? dnnl_forward_training : dnnl_forward_inference,
        &a.source, &a.weights, bias ? &a.bias : NULL, &a.destination);
    if (status != dnnl_success) return odn_fail(message, "dense", status);
    return odn_op_create(out, &desc, odn_attributes(activation), NULL, "dense", message);
}

int odn_dense_backward_data(
    odn_op **out, const odn_op *forward, int rank, const int64_t *source_dims, int64_t units,
    const odn_layout *source_gradient, const odn_layout *weights, const odn_layout *destination_gradient, char *message) {
    dense_arrays a;
    int failed = dense_describe(&a, rank, source_dims, units, source_gradient, weights, destination_gradient, message);
    if (failed) return failed;
    dnnl_inner_product_desc_t desc;
    dnnl_status_t status = dnnl_inner_product_backward_data_desc_init(&desc, &a.source, &a.weights, &a.destination);
    if (status != dnnl_success) return odn_fail(message, "dense, data gradient", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "dense, data gradient", message);
}

int odn_dense_backward_weights(
    odn_op **out, const odn_op *forward, int rank, const int64_t *source_dims, int64_t units, int bias,
    const odn_layout *source, const odn_layout *weights_gradient, const odn_layout *destination_gradient, char *message) {
    dense_arrays a;
    int failed = dense_describe(&a, rank, source_dims, units, source, weights_gradient, destination_gradient, message);
    if (failed) return failed;
    dnnl_inner_product_desc_t desc;
    dnnl_status_t status = dnnl_inner_product_backward_weights_desc_init(
        &desc, &a.source, &a.weights, bias ? &a.bias : NULL, &a.destination);
    if (status != dnnl_success) return odn_fail(message, "dense, weights gradient", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "dense, weights gradient", message);
}

typedef struct {
    const float *source, *kernel, *bias;
    float *destination;
    int64_t items, rows, width, units;
    int parts;
    atomic_int status;
} each_job;

// Each part has columns of its own of every item: how the work is cut up does not depend on the number of items.
static void each_part(void *data, int part) {
    each_job *job = data;
    int64_t groups = (job->units + 15) / 16, from = groups * part / job->parts * 16, to = groups * (part + 1) / job->parts * 16;
    if (to > job->units) to = job->units;
    if (from >= to) return;
    for (int64_t item = 0; item < job->items; item++) {
        float *out = job->destination + item * job->rows * job->units + from;
        dnnl_status_t status = dnnl_sgemm(
            'N', 'N', job->rows, to - from, job->width, 1, job->source + item * job->rows * job->width, job->width, job->kernel + from,
            job->units, 0, out, job->units);
        if (status != dnnl_success) atomic_store(&job->status, (int)status);
        if (!job->bias) continue;
        for (int64_t row = 0; row < job->rows; row++, out += job->units)
            for (int64_t i = 0; i < to - from; i++) out[i] += job->bias[from + i];
    }
}

int odn_dense_each(
    const float *source, const float *kernel, const float *bias, float *destination, int64_t items, int64_t rows, int64_t width,
    int64_t units, int threads, char *message) {
    each_job job = {
        .source = source, .kernel = kernel, .bias = bias, .destination = destination, .items = items, .rows = rows, .width = width,
        .units = units, .parts = threads < 1 ? 1 : threads};
    odn_parallel(job.parts, each_part, &job);
    int status = atomic_load(&job.status);
    return status == 0 ? 0 : odn_fail(message, "dense", (dnnl_status_t)status);
}
