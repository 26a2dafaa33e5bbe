#include "internal.h"

#include <stdlib.h>

static unsigned library_flags(unsigned flags) {
    unsigned result = 0;
    if (flags & ODN_GLOBAL) result |= dnnl_use_global_stats;
    if (flags & ODN_HAS_GAMMA) result |= dnnl_use_scale;
    if (flags & ODN_HAS_BETA) result |= dnnl_use_shift;
    if (flags & ODN_WITH_RELU) result |= dnnl_fuse_norm_relu;
    return result;
}

int odn_normalization_forward(
    odn_op **out, int training, unsigned flags, float epsilon, const odn_layout *layout, char *message) {
    dnnl_batch_normalization_desc_t desc;
    dnnl_status_t status = dnnl_batch_normalization_forward_desc_init(
        &desc, training ? dnnl_forward_training : dnnl_forward_inference, &layout->md, epsilon, library_flags(flags));
    if (status != dnnl_success) return odn_fail(message, "normalisation", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), NULL, "normalisation", message);
}

int odn_normalization_backward(
    odn_op **out, const odn_op *forward, unsigned flags, float epsilon, const odn_layout *layout, char *message) {
    dnnl_batch_normalization_desc_t desc;
    // Without gamma and beta there is nothing but the source to find a gradient of.
    dnnl_prop_kind_t kind = flags & (ODN_HAS_GAMMA | ODN_HAS_BETA) ? dnnl_backward : dnnl_backward_data;
    dnnl_status_t status =
        dnnl_batch_normalization_backward_desc_init(&desc, kind, &layout->md, &layout->md, epsilon, library_flags(flags));
    if (status != dnnl_success) return odn_fail(message, "normalisation, gradient", status);
    return odn_op_create(out, &desc, odn_attributes(ODN_LINEAR), forward, "normalisation, gradient", message);
}

int odn_concatenation(odn_op **out, int count, const odn_layout *const *sources, char *message) {
    *out = NULL;
    dnnl_primitive_attr_t attr = odn_attributes(ODN_LINEAR);
    dnnl_memory_desc_t *parts = count > 0 ? calloc((size_t)count, sizeof *parts) : NULL;
    if (!odn_engine() || !attr || !parts) {
        if (attr) dnnl_primitive_attr_destroy(attr);
        free(parts);
        return odn_fail(message, "concatenation", dnnl_runtime_error);
    }
    for (int i = 0; i < count; i++) parts[i] = sources[i]->md;
    odn_mode mode = odn_enter(odn_threads());
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_concat_primitive_desc_create(&pd, NULL, count, 1, parts, attr, odn_engine());
    dnnl_primitive_attr_destroy(attr);
    free(parts);
    odn_leave(mode);
    if (status != dnnl_success) return odn_fail(message, "concatenation", status);
    return odn_op_adopt(out, pd, "concatenation", message);
}
