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

int ecdx_linear_cholesky(int64_t n, double *a, char *message, size_t message_size) {
    if (!a) return fail(1, message, message_size, "a matrix is missing");
    if (n < 1 || n > INT_MAX / n) return fail(1, message, message_size, "the matrix is empty or too large");
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++)
            if (!isfinite(a[i * n + j])) return fail(2, message, message_size, "the matrix holds a value that is not finite");
    // The lower triangle by rows is the upper one by columns, so nothing has to be transposed.
    lapack_int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, a, (lapack_int)n);
    if (info > 0) return fail(5, message, message_size, "the matrix is not positive definite");
    if (info != 0) return fail(4, message, message_size, "the matrix could not be factored");
    return 0;
}

int ecdx_linear_cholesky_solve(int64_t n, const double *l, double *b, char *message, size_t message_size) {
    if (!l || !b) return fail(1, message, message_size, "a matrix is missing");
    if (n < 1 || n > INT_MAX / n) return fail(1, message, message_size, "the matrix is empty or too large");
    // The variant without checks: they would read the whole matrix at each call.
    lapack_int info = LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, 1, l, (lapack_int)n, b, (lapack_int)n);
    if (info != 0) return fail(4, message, message_size, "the equations could not be solved");
    return 0;
}
