#ifndef ECDX_CLINEAR_H
#define ECDX_CLINEAR_H

// A thin layer over LAPACK. Every call returns 0 when done; otherwise it returns another number and writes the reason,
// cut to fit and ended by a zero byte, to `message`.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The thin singular value decomposition of the row-major matrix `a` (rows x columns), k = min(rows, columns):
// a = u * diag(s) * vt with u (rows x k), s (k, falling) and vt (k x columns), all row-major. `a` is overwritten.
int ecdx_linear_svd(
    int64_t rows, int64_t columns, double *a, double *s, double *u, double *vt, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif

#endif
