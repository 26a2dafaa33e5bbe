#include "internal.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef float lanes __attribute__((ext_vector_type(8), aligned(4), may_alias));
typedef int32_t whole_lanes __attribute__((ext_vector_type(8)));

#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

#define SUM(v) (((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])))

// exp of eight numbers that are 0 or less: 2^n times the Taylor polynomial of degree 6 of what is left, at most ln 2 / 2 in size
// (its error is one unit in the last place); 0 below -87.
#define EXP(out, in)                                                                                                        \
    do {                                                                                                                    \
        lanes exp_in = (in), exp_x = __builtin_elementwise_max(exp_in, (lanes)-87.0f);                                      \
        lanes exp_n = __builtin_elementwise_rint(exp_x * 1.44269504f);                                                      \
        lanes exp_r = exp_x - exp_n * 0.693359375f + exp_n * 2.12194440e-4f;                                                \
        lanes exp_p = exp_r * (1.0f / 720) + 1.0f / 120;                                                                    \
        exp_p = exp_p * exp_r + 1.0f / 24;                                                                                  \
        exp_p = exp_p * exp_r + 1.0f / 6;                                                                                   \
        exp_p = exp_p * exp_r + 0.5f;                                                                                       \
        exp_p = exp_p * exp_r + 1;                                                                                          \
        exp_p = exp_p * exp_r + 1;                                                                                          \
        exp_p *= (lanes)((__builtin_convertvector(exp_n, whole_lanes) + 127) << 23);                                        \
        out = (lanes)((whole_lanes)exp_p & ~(whole_lanes)(exp_in < -87.0f));                                                \
    } while (0)

// The weights of one row of scores, with the mask of the keys, in place. The row has room up to a multiple of 8.
CLONES static void softmax_row(float *row, const float *mask, int64_t length) {
#pragma clang fp contract(off)
    int64_t end = (length + 7) / 8 * 8, inner = length / 8 * 8;
    float most = -INFINITY;
    lanes mosts = most;
    for (int64_t i = 0; i < inner; i += 8) {
        lanes hidden = (lanes)((whole_lanes)(lanes)-FLT_MAX & (whole_lanes)(*(const lanes *)(mask + i) == 0));
        lanes v = *(lanes *)(row + i) + hidden;
        *(lanes *)(row + i) = v;
        mosts = __builtin_elementwise_max(mosts, v);
    }
    for (int64_t i = inner; i < length; i++) {
        row[i] += mask[i] == 0 ? -FLT_MAX : 0;
        most = row[i] > most ? row[i] : most;
    }
    for (int lane = 0; lane < 8; lane++) most = mosts[lane] > most ? mosts[lane] : most;
    for (int64_t i = length; i < end; i++) row[i] = -INFINITY;
    lanes sums = 0;
    for (int64_t i = 0; i < end; i += 8) {
        lanes e;
        EXP(e, *(const lanes *)(row + i) - most);
        *(lanes *)(row + i) = e;
        sums += e;
    }
    float scale = 1 / SUM(sums);
    for (int64_t i = 0; i < end; i += 8) *(lanes *)(row + i) *= scale;
}

CLONES static void multiply(float *restrict out, const float *a, const float *b, int64_t count) {
    for (int64_t i = 0; i < count; i++) out[i] = a[i] * b[i];
}

// The gradient of the scores of one row from weights and the gradient of the weights, in place of the latter.
CLONES static void softmax_gradient_row(const float *weights, float *gradient, int64_t length) {
#pragma clang fp contract(off)
    int64_t whole = length / 8 * 8;
    lanes sums = 0;
    float sum = 0;
    for (int64_t i = 0; i < whole; i += 8) sums += *(const lanes *)(weights + i) * *(const lanes *)(gradient + i);
    for (int64_t i = whole; i < length; i++) sum += weights[i] * gradient[i];
    sum += SUM(sums);
    for (int64_t i = 0; i < length; i++) gradient[i] = weights[i] * (gradient[i] - sum);
}

typedef struct {
    const odn_attention *a;
    const float *query, *key, *value, *texts, *factors, *gradient;
    float *destination, *query_gradient, *key_gradient, *value_gradient, *scratch;
    int parts;
    atomic_int status;
} attention_job;

static int64_t stride(const odn_attention *a) { return (a->length + 15) / 16 * 16; }

size_t odn_attention_scratch(const odn_attention *a, int gradient, int threads) {
    return (size_t)(threads < 1 ? 1 : threads) * (size_t)(a->length * stride(a)) * (gradient ? 3 : 2);
}

static void product(
    attention_job *job, char ta, char tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda, const float *b,
    int64_t ldb, float *c, int64_t ldc) {
    dnnl_status_t status = dnnl_sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, 0, c, ldc);
    if (status != dnnl_success) atomic_store(&job->status, (int)status);
}

// The weights of one head of one item in `weights`, before dropout.
static void weights_of(attention_job *job, int64_t item, int64_t head, float *weights) {
    const odn_attention *a = job->a;
    int64_t length = a->length, size = a->width / a->heads, start = item * length * a->width + head * size;
    const float *mask = job->texts + (2 * item + 1) * length;
    product(
        job, 'N', 'T', length, length, size, 1 / sqrtf((float)size), job->query + start, a->width, job->key + start, a->width, weights,
        stride(a));
    for (int64_t i = 0; i < length; i++) softmax_row(weights + i * stride(a), mask, length);
}

// Weights times the factors of their dropout, in `out`.
static const float *dropped(const attention_job *job, int64_t item, int64_t head, const float *weights, float *out) {
    const odn_attention *a = job->a;
    if (!job->factors) return weights;
    const float *factors = job->factors + (item * a->heads + head) * a->length * a->length;
    for (int64_t i = 0; i < a->length; i++)
        multiply(out + i * stride(a), weights + i * stride(a), factors + i * a->length, a->length);
    return out;
}

static void attend_part(void *data, int part) {
    attention_job *job = data;
    const odn_attention *a = job->a;
    int64_t length = a->length, size = a->width / a->heads, jobs = a->batch * a->heads;
    float *weights = job->scratch + 2 * part * length * stride(a), *other = weights + length * stride(a);
    for (int64_t j = jobs * part / job->parts; j < jobs * (part + 1) / job->parts; j++) {
        int64_t item = j / a->heads, head = j % a->heads, start = item * length * a->width + head * size;
        weights_of(job, item, head, weights);
        const float *w = dropped(job, item, head, weights, other);
        product(
            job, 'N', 'N', length, size, length, 1, w, stride(a), job->value + start, a->width, job->destination + start, a->width);
    }
}

static int run(attention_job *job, void (*body)(void *, int), char *message) {
    odn_parallel(job->parts, body, job);
    int status = atomic_load(&job->status);
    return status == 0 ? 0 : odn_fail(message, "attention", (dnnl_status_t)status);
}

int odn_attend(
    const odn_attention *attention, const float *query, const float *key, const float *value, const float *texts,
    const float *factors, float *destination, float *scratch, int threads, char *message) {
    attention_job job = {
        .a = attention, .query = query, .key = key, .value = value, .texts = texts, .factors = factors, .destination = destination,
        .scratch = scratch, .parts = threads < 1 ? 1 : threads};
    return run(&job, attend_part, message);
}

static void gradient_part(void *data, int part) {
    attention_job *job = data;
    const odn_attention *a = job->a;
    int64_t length = a->length, width = a->width, size = width / a->heads, jobs = a->batch * a->heads, s = stride(a);
    float *weights = job->scratch + 3 * part * length * s, *other = weights + length * s, *gradient = other + length * s;
    float scale = 1 / sqrtf((float)size);
    for (int64_t j = jobs * part / job->parts; j < jobs * (part + 1) / job->parts; j++) {
        int64_t item = j / a->heads, head = j % a->heads, start = item * length * width + head * size;
        const float *out = job->gradient + start;
        weights_of(job, item, head, weights);
        if (job->value_gradient) {
            const float *w = dropped(job, item, head, weights, other);
            product(job, 'T', 'N', length, size, length, 1, w, s, out, width, job->value_gradient + start, width);
        }
        if (!job->query_gradient && !job->key_gradient) continue;
        product(job, 'N', 'T', length, length, size, 1, out, width, job->value + start, width, gradient, s);
        float *g = gradient;
        if (job->factors) dropped(job, item, head, gradient, other), g = other;
        for (int64_t i = 0; i < length; i++) softmax_gradient_row(weights + i * s, g + i * s, length);
        if (job->query_gradient)
            product(job, 'N', 'N', length, size, length, scale, g, s, job->key + start, width, job->query_gradient + start, width);
        if (job->key_gradient)
            product(job, 'T', 'N', length, size, length, scale, g, s, job->query + start, width, job->key_gradient + start, width);
    }
}

int odn_attend_gradient(
    const odn_attention *attention, const float *query, const float *key, const float *value, const float *texts,
    const float *factors, const float *gradient, float *query_gradient, float *key_gradient, float *value_gradient, float *scratch,
    int threads, char *message) {
    attention_job job = {
        .a = attention, .query = query, .key = key, .value = value, .texts = texts, .factors = factors, .gradient = gradient,
        .query_gradient = query_gradient, .key_gradient = key_gradient, .value_gradient = value_gradient, .scratch = scratch,
        .parts = threads < 1 ? 1 : threads};
    return run(&job, gradient_part, message);
}
