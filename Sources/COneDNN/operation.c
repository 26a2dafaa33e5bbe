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
    default: return 0;
    }
}

static const dnnl_memory_desc_t *array_md(const odn_op *op, odn_slot slot) {
    const dnnl_memory_desc_t *md = dnnl_primitive_desc_query_md(op->pd, dnnl_query_exec_arg_md, argument(slot));
    return md && md->ndims > 0 && dnnl_memory_desc_get_size(md) > 0 ? md : NULL;
}

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

int odn_op_bind(odn_op *op, odn_slot slot, void *memory, char *message) {
    const dnnl_memory_desc_t *md = array_md(op, slot);
    if (!md || op->count >= ODN_SLOTS) return odn_fail(message, "bind", dnnl_invalid_arguments);
    dnnl_exec_arg_t *arg = &op->args[op->count];
    dnnl_status_t status = dnnl_memory_create(&arg->memory, md, odn_engine(), memory);
    if (status != dnnl_success) return odn_fail(message, "bind", status);
    arg->arg = argument(slot);
    op->count++;
    return 0;
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
