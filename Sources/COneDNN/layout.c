#include "internal.h"

#include <stdlib.h>

int odn_layout_strided(odn_layout **out, int rank, const int64_t *dims, const int64_t *strides, char *message) {
    *out = NULL;
    odn_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return odn_fail(message, "layout", dnnl_out_of_memory);
    dnnl_status_t status = dnnl_memory_desc_init_by_strides(&layout->md, rank, dims, dnnl_f32, strides);
    if (status != dnnl_success) {
        free(layout);
        return odn_fail(message, "layout", status);
    }
    *out = layout;
    return 0;
}

void odn_layout_free(odn_layout *layout) {
    free(layout);
}

size_t odn_layout_bytes(const odn_layout *layout) {
    return dnnl_memory_desc_get_size(&layout->md);
}

int odn_layout_dims(const odn_layout *layout, int64_t *dims) {
    int rank = layout->md.ndims < ODN_RANK ? layout->md.ndims : ODN_RANK;
    for (int d = 0; d < rank; d++) dims[d] = layout->md.dims[d];
    return rank;
}

int64_t odn_layout_offset(const odn_layout *layout, int dimension, int64_t index) {
    const dnnl_blocking_desc_t *blocking = &layout->md.format_desc.blocking;
    int64_t offset = 0, inner = 1;
    // The innermost block is the last one and is dense; what is left of the index counts in strides of whole blocks.
    for (int block = blocking->inner_nblks - 1; block >= 0; block--) {
        int64_t size = blocking->inner_blks[block];
        if (blocking->inner_idxs[block] == dimension) {
            offset += index % size * inner;
            index /= size;
        }
        inner *= size;
    }
    return offset + index * blocking->strides[dimension];
}

int odn_layout_part(odn_layout **out, const odn_layout *whole, const int64_t *dims, const int64_t *offsets, char *message) {
    *out = NULL;
    odn_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return odn_fail(message, "layout", dnnl_out_of_memory);
    dnnl_status_t status = dnnl_memory_desc_init_submemory(&layout->md, &whole->md, dims, offsets);
    if (status != dnnl_success) {
        free(layout);
        return odn_fail(message, "part of a layout", status);
    }
    *out = layout;
    return 0;
}

int64_t odn_layout_start(const odn_layout *layout) {
    return layout->md.offset0;
}

int odn_layout_rows(const odn_layout *layout, int dimension, int64_t *block, int64_t *stride) {
    const dnnl_memory_desc_t *md = &layout->md;
    if (md->format_kind != dnnl_blocked || md->offset0 != 0) return 0;
    const dnnl_blocking_desc_t *blocking = &md->format_desc.blocking;
    int64_t total = (int64_t)(dnnl_memory_desc_get_size(md) / sizeof(float));
    for (int d = 0; d < md->ndims; d++)
        if (md->padded_offsets[d] != 0) return 0;
    // Of several inner blocks the last is the innermost; the dimension must be there and in no other.
    int last = blocking->inner_nblks - 1, found = 0;
    for (int i = 0; i <= last; i++) found += blocking->inner_idxs[i] == dimension;
    if (last >= 0 && found == 1 && blocking->inner_idxs[last] == dimension) {
        *block = blocking->inner_blks[last];
        int64_t blocks = md->padded_dims[dimension] / *block;
        *stride = blocks > 1 ? blocking->strides[dimension] : total;
        return blocks * *stride == total;
    }
    if (found == 0 && md->padded_dims[dimension] == md->dims[dimension]) {
        // Innermost as a whole, or outermost with one row after another.
        if (last < 0 && blocking->strides[dimension] == 1) {
            *block = md->dims[dimension];
            *stride = total;
            return total % *block == 0;
        }
        if (blocking->strides[dimension] * md->dims[dimension] == total) {
            *block = 1;
            *stride = blocking->strides[dimension];
            return 1;
        }
    }
    return 0;
}

int odn_layout_same(const odn_layout *a, const odn_layout *b) {
    const dnnl_memory_desc_t *x = &a->md, *y = &b->md;
    if (dnnl_memory_desc_equal(x, y)) return 1;
    if (x->format_kind != dnnl_blocked || y->format_kind != dnnl_blocked || x->ndims != y->ndims) return 0;
    if (x->extra.flags != y->extra.flags || x->offset0 != y->offset0 || odn_layout_bytes(a) != odn_layout_bytes(b)) return 0;
    for (int d = 0; d < x->ndims; d++) {
        if (x->dims[d] != y->dims[d]) return 0;
        for (int64_t i = 0; i < x->dims[d]; i++)
            if (odn_layout_offset(a, d, i) != odn_layout_offset(b, d, i)) return 0;
    }
    return 1;
}

dnnl_memory_desc_t odn_md(const odn_layout *layout, int rank, const int64_t *dims) {
    if (layout) return layout->md;
    dnnl_memory_desc_t md;
    // Only a rank out of range can fail, and then the descriptor's user refuses it.
    if (dnnl_memory_desc_init_by_tag(&md, rank, dims, dnnl_f32, dnnl_format_tag_any) != dnnl_success)
        md = (dnnl_memory_desc_t){0};
    return md;
}
