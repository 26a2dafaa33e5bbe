#ifndef ECDX_CFFTW_H
#define ECDX_CFFTW_H

// A thin layer over FFTW 3 in double precision. Every call that can fail returns 0 when done; otherwise it returns another
// number and writes the reason, cut to fit and ended by a zero byte, to `message`.
//
// Plans are estimated, never measured, so that one machine gives the same bits every time. Memory given to a plan must lie
// at a multiple of 64 bytes. Plans may be made on any thread (a lock guards the planner) and run on several at a time.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A plan of a transform.
typedef struct ecdx_fftw_plan ecdx_fftw_plan;

// A plan for a real line of `n` numbers, n / 2 + 1 complex ones in the spectrum. `forward`: from the line to its spectrum, else
// back, where the spectrum is overwritten and the result is n times the line.
int ecdx_fftw_line(int64_t n, int forward, ecdx_fftw_plan **plan, char *message, size_t message_size);

// A plan for the `count` columns of an n x count array of complex numbers, each transformed in place: forward exp(-i ...), else
// exp(+i ...), without any factor.
int ecdx_fftw_columns(int64_t n, int64_t count, int forward, ecdx_fftw_plan **plan, char *message, size_t message_size);

// A plan from the real field of n[0] x n[1] x n[2] to its n[0] x n[1] x (n[2] / 2 + 1) complex numbers.
int ecdx_fftw_field(const int64_t *n, ecdx_fftw_plan **plan, char *message, size_t message_size);

// A plan of the complex sums over waves, exp(+i ...), on rows x columns points; in `spectrum`, which is overwritten.
int ecdx_fftw_picture(int64_t rows, int64_t columns, ecdx_fftw_plan **plan, char *message, size_t message_size);

// Runs a plan. `real` may be NULL for plans of complex numbers in place, those of columns and pictures.
void ecdx_fftw_run(const ecdx_fftw_plan *plan, double *real, double *spectrum);

// Frees a plan; NULL is passed over.
void ecdx_fftw_free(ecdx_fftw_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
