#ifndef CONEDNN_INTERNAL_H
#define CONEDNN_INTERNAL_H

#include "COneDNN.h"

#include <oneapi/dnnl/dnnl.h>

#if DNNL_VERSION_MAJOR != 2
#error "COneDNN is written for oneDNN 2.x"
#endif

struct odn_layout {
    dnnl_memory_desc_t md;
};

struct odn_op {
    dnnl_primitive_desc_t pd;
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t *args;
    int count, capacity, threads;
};

// What must be put back when a call ends.
typedef unsigned odn_mode;

// Applies a thread count, unless it is 0, and flushes denormals; every call that creates or runs work is between these two.
odn_mode odn_enter(int threads);
void odn_leave(odn_mode mode);

// The engine and the calling thread's stream; NULL where the library refuses.
dnnl_engine_t odn_engine(void);
dnnl_stream_t odn_stream(void);

// Calls `body(data, part)` for part 0..<parts, on as many threads of the pool; denormals count as zero on each.
void odn_parallel(int parts, void (*body)(void *data, int part), void *data);

int odn_fail(char *message, const char *what, dnnl_status_t status);
// An op around a new primitive descriptor; frees `attr`, which may be NULL.
int odn_op_create(
    odn_op **out, const_dnnl_op_desc_t desc, dnnl_primitive_attr_t attr, const odn_op *hint, const char *what, char *message);
int odn_op_adopt(odn_op **out, dnnl_primitive_desc_t pd, const char *what, char *message);
// Attributes with a caller-owned scratchpad and, unless linear, an activation after the computation. NULL on failure.
dnnl_primitive_attr_t odn_attributes(odn_activation activation);
// `layout`'s descriptor, or one of these dims that leaves the layout to the library.
dnnl_memory_desc_t odn_md(const odn_layout *layout, int rank, const int64_t *dims);
dnnl_alg_kind_t odn_algorithm(odn_activation activation, int from_destination);

#endif
