#include "internal.h"
#include "window.h"

static dnnl_alg_kind_t pooling_algorithm(odn_pooling kind) {
    return kind == ODN_MAX ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding;
}

int odn_pool_forward(
    odn_op **out, odn_pooling kind, const odn_window *w, int training, const odn_layout *source, char *message) {
    int64_t src[4], dst[4];
    window_source(w, src), window_destination(w, dst);
    dnnl_memory_desc_t x = odn_md(source, 4, src), y = odn_md(NULL, 4, dst);
    dnnl_pooling_desc_t desc;
    dnnl_status_t status = dnnl_pooling_forward_desc_init(
        &desc, training ? dnnl_forward_training : dnnl_forward_inference, pooling_algorithm(kind),
        &x, &y, w->stride, w->kernel, w->before, w->after);
    if (status != dnnl_success) return odn_fail(message, "pooling", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), NULL, "pooling", message);
}

int odn_pool_backward(
    odn_op **out, odn_pooling kind, const odn_op *forward, const odn_window *w,
    const odn_layout *source_gradient, const odn_layout *destination_gradient, char *message) {
    int64_t src[4], dst[4];
    window_source(w, src), window_destination(w, dst);
    dnnl_memory_desc_t x = odn_md(source_gradient, 4, src), y = odn_md(destination_gradient, 4, dst);
    dnnl_pooling_desc_t desc;
    dnnl_status_t status = dnnl_pooling_backward_desc_init(
        &desc, pooling_algorithm(kind), &x, &y, w->stride, w->kernel, w->before, w->after);
    if (status != dnnl_success) return odn_fail(message, "pooling, gradient", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "pooling, gradient", message);
}
