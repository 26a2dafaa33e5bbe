#include "internal.h"

#include <math.h>

// Eight sums side by side, whatever the processor's registers hold: every processor rounds alike.
typedef float lanes __attribute__((ext_vector_type(8), aligned(4), may_alias));
typedef double wide __attribute__((ext_vector_type(8)));

#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

#define SUM(v) (((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])))

typedef struct {
    const float *source, *other, *gamma, *beta;
    float epsilon;
    int64_t rows, width;
    float *destination, *sum, *statistics;
    int parts;
} norm_job;

CLONES static void norm_rows(const norm_job *job, int64_t from, int64_t to) {
#pragma clang fp contract(off)
    int64_t n = job->width, whole = n / 8 * 8;
    for (int64_t r = from; r < to; r++) {
        const float *x = job->source + r * n, *o = job->other ? job->other + r * n : NULL;
        float *y = job->destination + r * n, *s = job->sum ? job->sum + r * n : y;
        lanes part = 0;
        float mean = 0, variance = 0;
        for (int64_t i = 0; i < whole; i += 8) {
            lanes v = *(const lanes *)(x + i);
            if (o) v += *(const lanes *)(o + i);
            *(lanes *)(s + i) = v;
            part += v;
        }
        for (int64_t i = whole; i < n; i++) {
            s[i] = o ? x[i] + o[i] : x[i];
            mean += s[i];
        }
        mean = (mean + SUM(part)) / (float)n;
        part = 0;
        for (int64_t i = 0; i < whole; i += 8) {
            lanes d = *(const lanes *)(s + i) - mean;
            part += d * d;
        }
        for (int64_t i = whole; i < n; i++) variance += (s[i] - mean) * (s[i] - mean);
        variance = (variance + SUM(part)) / (float)n;
        float inverse = 1 / sqrtf(variance + job->epsilon);
        for (int64_t i = 0; i < whole; i += 8)
            *(lanes *)(y + i) =
                (*(const lanes *)(s + i) - mean) * inverse * *(const lanes *)(job->gamma + i) + *(const lanes *)(job->beta + i);
        for (int64_t i = whole; i < n; i++) y[i] = (s[i] - mean) * inverse * job->gamma[i] + job->beta[i];
        if (job->statistics) job->statistics[2 * r] = mean, job->statistics[2 * r + 1] = inverse;
    }
}

static void norm_part(void *data, int part) {
    const norm_job *job = data;
    norm_rows(job, job->rows * part / job->parts, job->rows * (part + 1) / job->parts);
}

void odn_layer_norm(
    const float *source, const float *other, const float *gamma, const float *beta, float epsilon, int64_t rows, int64_t width,
    float *destination, float *sum, float *statistics, int threads) {
    norm_job job = {source, other, gamma, beta, epsilon, rows, width, destination, sum, statistics, threads < 1 ? 1 : threads};
    odn_parallel(job.parts, norm_part, &job);
}

typedef struct {
    const float *sum, *statistics, *gamma, *gradient;
    int64_t rows, width;
    float *sum_gradient, *gamma_gradient, *beta_gradient;
    int parts;
} gradient_job;

CLONES static void gradient_rows(const gradient_job *job, int64_t from, int64_t to) {
#pragma clang fp contract(off)
    int64_t n = job->width, whole = n / 8 * 8;
    for (int64_t r = from; r < to; r++) {
        const float *x = job->sum + r * n, *g = job->gradient + r * n;
        float *out = job->sum_gradient + r * n;
        float mean = job->statistics[2 * r], inverse = job->statistics[2 * r + 1], plain = 0, product = 0;
        lanes plains = 0, products = 0;
        for (int64_t i = 0; i < whole; i += 8) {
            lanes v = *(const lanes *)(g + i) * *(const lanes *)(job->gamma + i);
            plains += v;
            products += v * ((*(const lanes *)(x + i) - mean) * inverse);
        }
        for (int64_t i = whole; i < n; i++) {
            float v = g[i] * job->gamma[i];
            plain += v;
            product += v * ((x[i] - mean) * inverse);
        }
        plain = (plain + SUM(plains)) / (float)n;
        product = (product + SUM(products)) / (float)n;
        for (int64_t i = 0; i < whole; i += 8)
            *(lanes *)(out + i) = inverse
                * (*(const lanes *)(g + i) * *(const lanes *)(job->gamma + i) - plain
                   - (*(const lanes *)(x + i) - mean) * inverse * product);
        for (int64_t i = whole; i < n; i++)
            out[i] = inverse * (g[i] * job->gamma[i] - plain - (x[i] - mean) * inverse * product);
    }
}

// Columns from `from` to `to`, each summed over all rows in double precision.
CLONES static void gradient_columns(const gradient_job *job, int64_t from, int64_t to) {
#pragma clang fp contract(off)
    int64_t n = job->width, i = from;
    for (; i + 8 <= to; i += 8) {
        wide gamma = 0, beta = 0;
        for (int64_t r = 0; r < job->rows; r++) {
            lanes g = *(const lanes *)(job->gradient + r * n + i);
            lanes x = (*(const lanes *)(job->sum + r * n + i) - job->statistics[2 * r]) * job->statistics[2 * r + 1];
            gamma += __builtin_convertvector(g * x, wide);
            beta += __builtin_convertvector(g, wide);
        }
        if (job->gamma_gradient) *(lanes *)(job->gamma_gradient + i) = __builtin_convertvector(gamma, lanes);
        if (job->beta_gradient) *(lanes *)(job->beta_gradient + i) = __builtin_convertvector(beta, lanes);
    }
    for (; i < to; i++) {
        double gamma = 0, beta = 0;
        for (int64_t r = 0; r < job->rows; r++) {
            float g = job->gradient[r * n + i];
            gamma += (double)(g * ((job->sum[r * n + i] - job->statistics[2 * r]) * job->statistics[2 * r + 1]));
            beta += (double)g;
        }
        if (job->gamma_gradient) job->gamma_gradient[i] = (float)gamma;
        if (job->beta_gradient) job->beta_gradient[i] = (float)beta;
    }
}

static void gradient_part(void *data, int part) {
    const gradient_job *job = data;
    if (job->sum_gradient) gradient_rows(job, job->rows * part / job->parts, job->rows * (part + 1) / job->parts);
    if (!job->gamma_gradient && !job->beta_gradient) return;
    int64_t groups = (job->width + 7) / 8, end = groups * (part + 1) / job->parts * 8;
    gradient_columns(job, groups * part / job->parts * 8, end < job->width ? end : job->width);
}

void odn_layer_norm_gradient(
    const float *sum, const float *statistics, const float *gamma, const float *gradient, int64_t rows, int64_t width,
    float *sum_gradient, float *gamma_gradient, float *beta_gradient, int threads) {
    gradient_job job = {
        sum, statistics, gamma, gradient, rows, width, sum_gradient, gamma_gradient, beta_gradient, threads < 1 ? 1 : threads};
    odn_parallel(job.parts, gradient_part, &job);
}
