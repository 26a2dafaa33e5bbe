#include "internal.h"
#include "window.h"

// Never "auto": which one it is decides how results round, and is for the caller to say.
static dnnl_alg_kind_t algorithm(const odn_window *w) { return w->winograd ? dnnl_convolution_winograd : dnnl_convolution_direct; }

int odn_convolution_forward(
    odn_op **out, const odn_window *w, int bias, int training, odn_activation activation,
    const odn_layout *source, const odn_layout *weights, const odn_layout *destination, char *message) {
    int64_t src[4], dst[4], wei[5];
    window_source(w, src), window_destination(w, dst);
    int rank = window_weights(w, wei);
    dnnl_memory_desc_t x = odn_md(source, 4, src), y = odn_md(destination, 4, dst);
    dnnl_memory_desc_t k = odn_md(weights, rank, wei), b = odn_md(NULL, 1, dst + 1);
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = dnnl_convolution_forward_desc_init(
        &desc, training ? dnnl_forward_training : dnnl_forward_inference, algorithm(w),
        &x, &k, bias ? &b : NULL, &y, w->stride, w->before, w->after);
    if (status != dnnl_success) return odn_fail(message, "convolution", status);
    return odn_op_create(out, &desc, odn_attributes(activation), NULL, "convolution", message);
}

int odn_convolution_backward_data(
    odn_op **out, const odn_op *forward, const odn_window *w,
    const odn_layout *source_gradient, const odn_layout *weights, const odn_layout *destination_gradient, char *message) {
    int64_t src[4], dst[4], wei[5];
    window_source(w, src), window_destination(w, dst);
    int rank = window_weights(w, wei);
    dnnl_memory_desc_t x = odn_md(source_gradient, 4, src), y = odn_md(destination_gradient, 4, dst), k = odn_md(weights, rank, wei);
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = dnnl_convolution_backward_data_desc_init(
        &desc, algorithm(w), &x, &k, &y, w->stride, w->before, w->after);
    if (status != dnnl_success) return odn_fail(message, "convolution, data gradient", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "convolution, data gradient", message);
}

int odn_convolution_backward_weights(
    odn_op **out, const odn_op *forward, const odn_window *w, int bias,
    const odn_layout *source, const odn_layout *weights_gradient, const odn_layout *destination_gradient, char *message) {
    int64_t src[4], dst[4], wei[5];
    window_source(w, src), window_destination(w, dst);
    int rank = window_weights(w, wei);
    dnnl_memory_desc_t x = odn_md(source, 4, src), y = odn_md(destination_gradient, 4, dst);
    dnnl_memory_desc_t k = odn_md(weights_gradient, rank, wei), b = odn_md(NULL, 1, dst + 1);
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = dnnl_convolution_backward_weights_desc_init(
        &desc, algorithm(w), &x, &k, bias ? &b : NULL, &y, w->stride, w->before, w->after);
    if (status != dnnl_success) return odn_fail(message, "convolution, weights gradient", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "convolution, weights gradient", message);
}
