#include "internal.h"

int odn_activation_forward(
    odn_op **out, odn_activation activation, int training, const odn_layout *layout, char *message) {
    dnnl_eltwise_desc_t desc;
    dnnl_status_t status = dnnl_eltwise_forward_desc_init(
        &desc, training ? dnnl_forward_training : dnnl_forward_inference, odn_algorithm(activation, training), &layout->md, 0, 0);
    if (status != dnnl_success) return odn_fail(message, "activation", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), NULL, "activation", message);
}

int odn_activation_backward(odn_op **out, odn_activation activation, const odn_layout *layout, char *message) {
    // The library wants a forward computation as a hint, also where another primitive computed the activation.
    odn_op *forward = NULL;
    int failed = odn_activation_forward(&forward, activation, 1, layout, message);
    if (failed) return failed;
    dnnl_eltwise_desc_t desc;
    dnnl_status_t status = dnnl_eltwise_backward_desc_init(&desc, odn_algorithm(activation, 1), &layout->md, &layout->md, 0, 0);
    if (status != dnnl_success)
        failed = odn_fail(message, "activation, gradient", status);
    else
        failed = odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "activation, gradient", message);
    odn_op_free(forward);
    return failed;
}

int odn_binary(odn_op **out, odn_arithmetic kind, const odn_layout *layout, char *message) {
    dnnl_binary_desc_t desc;
    dnnl_status_t status = dnnl_binary_desc_init(
        &desc, kind == ODN_SUM ? dnnl_binary_add : dnnl_binary_mul, &layout->md, &layout->md, &layout->md);
    if (status != dnnl_success) return odn_fail(message, "arithmetic", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), NULL, "arithmetic", message);
}
