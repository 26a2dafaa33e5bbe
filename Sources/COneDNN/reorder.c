#include "internal.h"

#include <stdlib.h>

int odn_layout_overruns(const odn_layout *from, const odn_layout *to) {
    const dnnl_memory_desc_t *x = &from->md, *y = &to->md;
    if (x->format_kind != dnnl_blocked || y->format_kind != dnnl_blocked || y->format_desc.blocking.inner_nblks == 0) return 0;
    for (int d = 0; d < x->ndims; d++)
        if (x->padded_dims[d] > y->padded_dims[d]) return 1;
    return 0;
}

int odn_reorder(odn_op **out, const odn_layout *from, const odn_layout *to, char *message) {
    *out = NULL;
    if (odn_layout_overruns(from, to)) return odn_fail(message, "reorder beyond the end", dnnl_invalid_arguments);
    dnnl_primitive_attr_t attr = odn_attributes(ODN_LINEAR);
    if (!odn_engine() || !attr) {
        if (attr) dnnl_primitive_attr_destroy(attr);
        return odn_fail(message, "reorder", dnnl_runtime_error);
    }
    odn_mode mode = odn_enter(odn_threads());
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&pd, &from->md, odn_engine(), &to->md, odn_engine(), attr);
    dnnl_primitive_attr_destroy(attr);
    odn_leave(mode);
    if (status != dnnl_success) return odn_fail(message, "reorder", status);
    return odn_op_adopt(out, pd, "reorder", message);
}

int odn_copy(const odn_layout *from, const void *source, const odn_layout *to, void *destination, char *message) {
    odn_op *op = NULL;
    odn_layout *scratch = NULL;
    void *memory = NULL;
    int failed = odn_reorder(&op, from, to, message);
    if (!failed) failed = odn_op_prepare(op, message);
    // The library does not write to the source of a reorder; its handles only know no const.
    if (!failed) failed = odn_op_bind(op, ODN_SOURCE, (void *)(uintptr_t)source, message);
    if (!failed) failed = odn_op_bind(op, ODN_DESTINATION, destination, message);
    if (!failed) failed = odn_op_layout(&scratch, op, ODN_SCRATCH, message);
    if (!failed && scratch) {
        if (posix_memalign(&memory, 64, odn_layout_bytes(scratch)) != 0)
            failed = odn_fail(message, "reorder", dnnl_out_of_memory);
        else
            failed = odn_op_bind(op, ODN_SCRATCH, memory, message);
    }
    if (!failed) failed = odn_op_run(op, message);
    odn_layout_free(scratch);
    odn_op_free(op);
    free(memory);
    return failed;
}
