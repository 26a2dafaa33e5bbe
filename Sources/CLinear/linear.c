#include "CLinear.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

#include <lapacke.h>

static int fail(int status, char *message, size_t size, const char *text) {
    if (message && size > 0) snprintf(message, size, "%s", text);
    return status;
}

int ecdx_linear_svd(
    int64_t rows, int64_t columns, double *a, double *s, double *u, double *vt, char *message, size_t message_size) {
    if (!a || !s || !u || !vt) return fail(1, message, message_size, "a matrix is missing");
    if (rows < 1 || columns < 1 || rows > INT_MAX || columns > INT_MAX || rows > INT64_MAX / columns)
        return fail(1, message, message_size, "the matrix is empty or too large");
    // LAPACK may loop for ever on values that are not finite.
    for (int64_t i = 0; i < rows * columns; i++)
        if (!isfinite(a[i])) return fail(2, message, message_size, "the matrix holds a value that is not finite");
    lapack_int m = (lapack_int)rows, n = (lapack_int)columns, k = m < n ? m : n;
    lapack_int info = LAPACKE_dgesdd(LAPACK_ROW_MAJOR, 'S', m, n, a, n, s, u, k, vt, n);
    if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR)
        return fail(3, message, message_size, "not enough memory for the decomposition");
    if (info != 0) return fail(4, message, message_size, "the singular values did not converge");
    return 0;
}
