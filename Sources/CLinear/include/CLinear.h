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

// The Cholesky factor of the symmetric positive definite, row-major matrix `a` (n x n), of which the lower triangle is
// read and overwritten: a = l * transposed(l). Where the matrix is not positive definite the status is 5.
int ecdx_linear_cholesky(int64_t n, double *a, char *message, size_t message_size);

// Solves l * transposed(l) * x = b for the lower triangle `l` (n x n, row-major) that ecdx_linear_cholesky left; `b` (n) is
// overwritten by x. Values that are not finite are passed through.
int ecdx_linear_cholesky_solve(int64_t n, const double *l, double *b, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif

#endif
