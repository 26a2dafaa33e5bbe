#include "CFFTW.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <fftw3.h>

enum kind { FORWARD, BACKWARD, COMPLEX };

struct ecdx_fftw_plan {
    fftw_plan plan;
    enum kind kind;
};

// FFTW's planner is one for the whole process.
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static int fail(int status, char *message, size_t size, const char *text) {
    if (message && size > 0) snprintf(message, size, "%s", text);
    return status;
}

static int keep(fftw_plan made, enum kind kind, ecdx_fftw_plan **plan, char *message, size_t size) {
    if (!made) return fail(2, message, size, "FFTW made no plan for a transform of this size");
    ecdx_fftw_plan *kept = malloc(sizeof *kept);
    if (!kept) {
        pthread_mutex_lock(&planner);
        fftw_destroy_plan(made);
        pthread_mutex_unlock(&planner);
        return fail(3, message, size, "not enough memory for a Fourier transform");
    }
    kept->plan = made;
    kept->kind = kind;
    *plan = kept;
    return 0;
}

// The planner looks at where arrays lie, and an estimated plan touches none of their values: any address that is aligned
// as the later ones are will do, but not one for both.
static double *somewhere(int which) { return (double *)(uintptr_t)(which ? 1 << 30 : 1 << 20); }

int ecdx_fftw_line(int64_t n, int forward, ecdx_fftw_plan **plan, char *message, size_t message_size) {
    if (!plan || n < 1 || n > INT_MAX / 4)
        return fail(1, message, message_size, "the line of a Fourier transform is empty or too large");
    double *real = somewhere(0);
    fftw_complex *waves = (fftw_complex *)somewhere(1);
    pthread_mutex_lock(&planner);
    fftw_plan made = forward ? fftw_plan_dft_r2c_1d((int)n, real, waves, FFTW_ESTIMATE)
                             : fftw_plan_dft_c2r_1d((int)n, waves, real, FFTW_ESTIMATE);
    pthread_mutex_unlock(&planner);
    return keep(made, forward ? FORWARD : BACKWARD, plan, message, message_size);
}

int ecdx_fftw_columns(
    int64_t n, int64_t count, int forward, ecdx_fftw_plan **plan, char *message, size_t message_size) {
    if (!plan || n < 1 || count < 1 || n > INT_MAX / 4 / count)
        return fail(1, message, message_size, "the columns of a Fourier transform are empty or too large");
    int size = (int)n, columns = (int)count;
    fftw_complex *waves = (fftw_complex *)somewhere(1);
    pthread_mutex_lock(&planner);
    fftw_plan made = fftw_plan_many_dft(
        1, &size, columns, waves, NULL, columns, 1, waves, NULL, columns, 1, forward ? FFTW_FORWARD : FFTW_BACKWARD, FFTW_ESTIMATE);
    pthread_mutex_unlock(&planner);
    return keep(made, COMPLEX, plan, message, message_size);
}

int ecdx_fftw_field(const int64_t *n, ecdx_fftw_plan **plan, char *message, size_t message_size) {
    if (!plan || !n || n[0] < 1 || n[1] < 1 || n[2] < 1 || n[0] > INT_MAX || n[1] > INT_MAX || n[2] > INT_MAX)
        return fail(1, message, message_size, "the field of a Fourier transform is empty or too large");
    pthread_mutex_lock(&planner);
    fftw_plan made = fftw_plan_dft_r2c_3d(
        (int)n[0], (int)n[1], (int)n[2], somewhere(0), (fftw_complex *)somewhere(1), FFTW_ESTIMATE);
    pthread_mutex_unlock(&planner);
    return keep(made, FORWARD, plan, message, message_size);
}

int ecdx_fftw_picture(int64_t rows, int64_t columns, ecdx_fftw_plan **plan, char *message, size_t message_size) {
    if (!plan || rows < 1 || columns < 1 || rows > INT_MAX || columns > INT_MAX)
        return fail(1, message, message_size, "the picture of a Fourier transform is empty or too large");
    fftw_complex *waves = (fftw_complex *)somewhere(1);
    pthread_mutex_lock(&planner);
    fftw_plan made = fftw_plan_dft_2d((int)rows, (int)columns, waves, waves, FFTW_BACKWARD, FFTW_ESTIMATE);
    pthread_mutex_unlock(&planner);
    return keep(made, COMPLEX, plan, message, message_size);
}

void ecdx_fftw_run(const ecdx_fftw_plan *plan, double *real, double *spectrum) {
    if (!plan || !spectrum || (!real && plan->kind != COMPLEX)) return;
    fftw_complex *waves = (fftw_complex *)spectrum;
    if (plan->kind == FORWARD) fftw_execute_dft_r2c(plan->plan, real, waves);
    if (plan->kind == BACKWARD) fftw_execute_dft_c2r(plan->plan, waves, real);
    if (plan->kind == COMPLEX) fftw_execute_dft(plan->plan, waves, waves);
}

void ecdx_fftw_free(ecdx_fftw_plan *plan) {
    if (!plan) return;
    pthread_mutex_lock(&planner);
    fftw_destroy_plan(plan->plan);
    pthread_mutex_unlock(&planner);
    free(plan);
}
