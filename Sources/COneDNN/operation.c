#include "internal.h"

#include <stdlib.h>
#include <string.h>

static int argument(odn_slot slot) {
    switch (slot) {
    case ODN_SOURCE: return DNNL_ARG_SRC;
    case ODN_OTHER: return DNNL_ARG_SRC_1;
    case ODN_DESTINATION: return DNNL_ARG_DST;
    case ODN_WEIGHTS: return DNNL_ARG_WEIGHTS;
    case ODN_BIAS: return DNNL_ARG_BIAS;
    case ODN_WORKSPACE: return DNNL_ARG_WORKSPACE;
    case ODN_SCRATCH: return DNNL_ARG_SCRATCHPAD;
    case ODN_SOURCE_GRADIENT: return DNNL_ARG_DIFF_SRC;
    case ODN_DESTINATION_GRADIENT: return DNNL_ARG_DIFF_DST;
    case ODN_WEIGHTS_GRADIENT: return DNNL_ARG_DIFF_WEIGHTS;
    case ODN_BIAS_GRADIENT: return DNNL_ARG_DIFF_BIAS;
    case ODN_MEAN: return DNNL_ARG_MEAN;
    case ODN_VARIANCE: return DNNL_ARG_VARIANCE;
    case ODN_GAMMA: return DNNL_ARG_SCALE;
    case ODN_BETA: return DNNL_ARG_SHIFT;
    case ODN_GAMMA_GRADIENT: return DNNL_ARG_DIFF_SCALE;
    case ODN_BETA_GRADIENT: return DNNL_ARG_DIFF_SHIFT;
    default: return 0;
    }
}

static const dnnl_memory_desc_t *argument_md(const odn_op *op, int arg) {
    const dnnl_memory_desc_t *md = dnnl_primitive_desc_query_md(op->pd, dnnl_query_exec_arg_md, arg);
    if (!md || md->ndims == 0) return NULL;
    // The library says 0 for the size of a part that does not begin with the whole.
    return md->offset0 != 0 || dnnl_memory_desc_get_size(md) > 0 ? md : NULL;
}

static const dnnl_memory_desc_t *array_md(const odn_op *op, odn_slot slot) { return argument_md(op, argument(slot)); }

int odn_op_adopt(odn_op **out, dnnl_primitive_desc_t pd, const char *what, char *message) {
    *out = calloc(1, sizeof **out);
    if (!*out) {
        dnnl_primitive_desc_destroy(pd);
        return odn_fail(message, what, dnnl_out_of_memory);
    }
    (*out)->pd = pd;
    (*out)->threads = odn_threads();
    return 0;
}

int odn_op_create(
    odn_op **out, const_dnnl_op_desc_t desc, dnnl_primitive_attr_t attr, const odn_op *hint, const char *what, char *message) {
    *out = NULL;
    if (!odn_engine() || !attr) {
        if (attr) dnnl_primitive_attr_destroy(attr);
        return odn_fail(message, what, dnnl_runtime_error);
    }
    odn_mode mode = odn_enter(odn_threads());
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_primitive_desc_create(&pd, desc, attr, odn_engine(), hint ? hint->pd : NULL);
    dnnl_primitive_attr_destroy(attr);
    odn_leave(mode);
    if (status != dnnl_success) return odn_fail(message, what, status);
    return odn_op_adopt(out, pd, what, message);
}

dnnl_alg_kind_t odn_algorithm(odn_activation activation, int from_destination) {
    switch (activation) {
    case ODN_RELU: return from_destination ? dnnl_eltwise_relu_use_dst_for_bwd : dnnl_eltwise_relu;
    case ODN_TANH: return from_destination ? dnnl_eltwise_tanh_use_dst_for_bwd : dnnl_eltwise_tanh;
    case ODN_SIGMOID: return from_destination ? dnnl_eltwise_logistic_use_dst_for_bwd : dnnl_eltwise_logistic;
    case ODN_GELU: return dnnl_eltwise_gelu_erf;
    case ODN_GELU_TANH: return dnnl_eltwise_gelu_tanh;
    default: return dnnl_alg_kind_undef;
    }
}

dnnl_primitive_attr_t odn_attributes(odn_activation activation) {
    dnnl_primitive_attr_t attr = NULL;
    if (dnnl_primitive_attr_create(&attr) != dnnl_success) return NULL;
    dnnl_status_t status = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
    if (status == dnnl_success && activation != ODN_LINEAR) {
        dnnl_post_ops_t post = NULL;
        status = dnnl_post_ops_create(&post);
        if (status == dnnl_success) status = dnnl_post_ops_append_eltwise(post, 1, odn_algorithm(activation, 0), 0, 0);
        if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attr, post);
        if (post) dnnl_post_ops_destroy(post);
    }
    if (status == dnnl_success) return attr;
    dnnl_primitive_attr_destroy(attr);
    return NULL;
}

void odn_op_free(odn_op *op) {
    if (!op) return;
    for (int i = 0; i < op->count; i++) dnnl_memory_destroy(op->args[i].memory);
    if (op->primitive) dnnl_primitive_destroy(op->primitive);
    dnnl_primitive_desc_destroy(op->pd);
    free(op->args);
    free(op);
}

int odn_op_layout(odn_layout **out, const odn_op *op, odn_slot slot, char *message) {
    *out = NULL;
    const dnnl_memory_desc_t *md = array_md(op, slot);
    if (!md) return 0;
    odn_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return odn_fail(message, "layout", dnnl_out_of_memory);
    layout->md = *md;
    *out = layout;
    return 0;
}

const char *odn_op_implementation(const odn_op *op) {
    const char *name = NULL;
    dnnl_status_t status = dnnl_primitive_desc_query(op->pd, dnnl_query_impl_info_str, 0, &name);
    return status == dnnl_success && name ? name : "unknown";
}

int odn_op_rank(const odn_op *op) {
    const char *name = odn_op_implementation(op);
    if (strstr(name, "ref") || strstr(name, "simple")) return 0;
    return strstr(name, "gemm") && !strstr(name, "brgemm") ? 1 : 2;
}

int odn_op_prepare(odn_op *op, char *message) {
    if (op->primitive) return 0;
    odn_mode mode = odn_enter(op->threads);
    dnnl_status_t status = dnnl_primitive_create(&op->primitive, op->pd);
    odn_leave(mode);
    return status == dnnl_success ? 0 : odn_fail(message, odn_op_implementation(op), status);
}

static int bind(odn_op *op, int arg, void *memory, char *message) {
    const dnnl_memory_desc_t *md = argument_md(op, arg);
    if (!md) return odn_fail(message, "bind", dnnl_invalid_arguments);
    if (op->count == op->capacity) {
        int capacity = op->capacity ? 2 * op->capacity : 8;
        dnnl_exec_arg_t *args = realloc(op->args, (size_t)capacity * sizeof *args);
        if (!args) return odn_fail(message, "bind", dnnl_out_of_memory);
        op->args = args;
        op->capacity = capacity;
    }
    dnnl_exec_arg_t *next = &op->args[op->count];
    dnnl_status_t status = dnnl_memory_create(&next->memory, md, odn_engine(), memory);
    if (status != dnnl_success) return odn_fail(message, "bind", status);
    next->arg = arg;
    op->count++;
    return 0;
}

int odn_op_bind(odn_op *op, odn_slot slot, void *memory, char *message) { return bind(op, argument(slot), memory, message); }

int odn_op_bind_source(odn_op *op, int index, void *memory, char *message) {
    return bind(op, DNNL_ARG_MULTIPLE_SRC + index, memory, message);
}

int odn_op_run(const odn_op *op, char *message) {
    dnnl_stream_t stream = odn_stream();
    if (!stream || !op->primitive) return odn_fail(message, odn_op_implementation(op), dnnl_runtime_error);
    odn_mode mode = odn_enter(op->threads);
    dnnl_status_t status = dnnl_primitive_execute(op->primitive, stream, op->count, op->args);
    if (status == dnnl_success) status = dnnl_stream_wait(stream);
    odn_leave(mode);
    return status == dnnl_success ? 0 : odn_fail(message, odn_op_implementation(op), status);
}
