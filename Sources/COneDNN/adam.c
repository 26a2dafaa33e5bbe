#include "internal.h"

// Adam is done eight values at a time; how many the processor's registers hold changes no bit of the result.
typedef float lanes __attribute__((ext_vector_type(8), aligned(4), may_alias));

// No fused multiply-add among the targets: every processor then rounds alike.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

CLONES static void adam_plain(
    float *restrict w, const float *restrict g, float *restrict m, float *restrict v, size_t count, odn_adam_rates r) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < count; i += 8) {
        lanes gi = *(const lanes *)(g + i), mi = *(lanes *)(m + i), vi = *(lanes *)(v + i);
        mi += (gi - mi) * r.one_minus_beta1;
        vi += (gi * gi - vi) * r.one_minus_beta2;
        *(lanes *)(m + i) = mi;
        *(lanes *)(v + i) = vi;
        *(lanes *)(w + i) -= r.alpha * mi / (__builtin_elementwise_sqrt(vi) + r.epsilon);
    }
}

// The same on weights into which a scale is folded: eight neighbours belong to eight rows.
CLONES static void adam_folded(
    float *restrict w, const float *restrict g, float *restrict m, float *restrict v, float *restrict folded, size_t count,
    size_t block, const float *restrict scale, const float *restrict new_scale, odn_adam_rates r) {
#pragma clang fp contract(off)
    for (size_t start = 0; start < count; start += block)
        for (size_t lane = 0; lane < block; lane += 8) {
            size_t i = start + lane;
            lanes gi = *(const lanes *)(g + i) * *(const lanes *)(scale + lane), mi = *(lanes *)(m + i), vi = *(lanes *)(v + i);
            mi += (gi - mi) * r.one_minus_beta1;
            vi += (gi * gi - vi) * r.one_minus_beta2;
            lanes wi = *(lanes *)(w + i) - r.alpha * mi / (__builtin_elementwise_sqrt(vi) + r.epsilon);
            *(lanes *)(m + i) = mi;
            *(lanes *)(v + i) = vi;
            *(lanes *)(w + i) = wi;
            *(lanes *)(folded + i) = wi * *(const lanes *)(new_scale + lane);
        }
}

CLONES static void descend_plain(float *restrict w, const float *restrict g, size_t count, float rate) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < count; i++) w[i] -= rate * g[i];
}

CLONES static void scale_rows(
    const float *w, float *folded, size_t count, size_t block, const float *scale) {
    for (size_t start = 0; start < count; start += block)
        for (size_t lane = 0; lane < block; lane++) folded[start + lane] = w[start + lane] * scale[lane];
}

void odn_fold(const odn_segment *s) {
    size_t block = (size_t)s->block, stride = (size_t)s->stride;
    for (size_t start = 0, row = 0; start < s->count; start += stride, row += block)
        scale_rows(s->weights + start, s->folded + start, stride, block, s->new_scale + row);
}

typedef double wide __attribute__((ext_vector_type(8), may_alias));

// Sums of eight rows side by side, each in the order in which its weights lie.
CLONES static void products_of_eight(
    const float *restrict w, const float *restrict g, size_t count, size_t block, float *restrict sums) {
#pragma clang fp contract(off)
    wide sum = 0;
    for (size_t i = 0; i < count; i += block)
        sum += __builtin_convertvector(*(const lanes *)(w + i), wide) * __builtin_convertvector(*(const lanes *)(g + i), wide);
    *(lanes *)sums = __builtin_convertvector(sum, lanes);
}

typedef struct {
    const odn_segment *segment;
    float *sums;
    int parts;
} products;

static void part_of_products(void *data, int part) {
    const products *job = data;
    const odn_segment *s = job->segment;
    size_t block = (size_t)s->block, stride = (size_t)s->stride, blocks = s->count / stride;
    size_t from = blocks * (size_t)part / (size_t)job->parts, to = blocks * ((size_t)part + 1) / (size_t)job->parts;
    for (size_t i = from; i < to; i++) {
        const float *w = s->weights + i * stride, *g = s->gradient + i * stride;
        float *sums = job->sums + i * block;
        size_t lane = 0;
        for (; lane + 8 <= block; lane += 8) products_of_eight(w + lane, g + lane, stride, block, sums + lane);
        for (; lane < block; lane++) {
            double sum = 0;
            for (size_t j = lane; j < stride; j += block) sum += (double)w[j] * g[j];
            sums[lane] = (float)sum;
        }
    }
}

void odn_row_products(const odn_segment *segment, float *sums, int threads) {
    products job = {segment, sums, threads < 1 ? 1 : threads};
    odn_parallel(job.parts, part_of_products, &job);
}

typedef struct {
    const odn_segment *segments;
    size_t count;
    odn_adam_rates rates;
    int parts, descends;
} step;

// A stretch of one segment: of a folded one from a block of rows to another, of another one any multiple of 8.
static void move(const odn_segment *s, size_t from, size_t to, const step *job) {
    if (s->block == 0) {
        if (job->descends) descend_plain(s->weights + from, s->gradient + from, to - from, job->rates.alpha);
        else adam_plain(s->weights + from, s->gradient + from, s->m + from, s->v + from, to - from, job->rates);
        return;
    }
    size_t block = (size_t)s->block, stride = (size_t)s->stride;
    for (size_t start = from; start < to; start += stride) {
        size_t row = start / stride * block;
        const float *scale = s->scale + row, *new_scale = s->new_scale + row;
        if (!job->descends && block % 8 == 0) {
            adam_folded(
                s->weights + start, s->gradient + start, s->m + start, s->v + start, s->folded + start, stride, block, scale,
                new_scale, job->rates);
            continue;
        }
        for (size_t i = start; i < start + stride; i++) {
#pragma clang fp contract(off)
            size_t lane = (i - start) % block;
            float g = s->gradient[i] * scale[lane];
            if (job->descends) {
                s->weights[i] -= job->rates.alpha * g;
            } else {
                s->m[i] += (g - s->m[i]) * job->rates.one_minus_beta1;
                s->v[i] += (g * g - s->v[i]) * job->rates.one_minus_beta2;
                s->weights[i] -= job->rates.alpha * s->m[i] / (__builtin_elementwise_sqrt(s->v[i]) + job->rates.epsilon);
            }
            s->folded[i] = s->weights[i] * new_scale[lane];
        }
    }
}

// The stretches of all segments that fall to one thread: each segment is cut into as many parts as there are threads.
static void part_of_step(void *data, int part) {
    const step *job = data;
    for (size_t i = 0; i < job->count; i++) {
        const odn_segment *s = &job->segments[i];
        size_t unit = s->block == 0 ? 8 : (size_t)s->stride;
        size_t units = s->count / unit, parts = (size_t)job->parts;
        size_t from = units * (size_t)part / parts * unit, to = units * ((size_t)part + 1) / parts * unit;
        if (from < to) move(s, from, to, job);
    }
}

void odn_adam(const odn_segment *segments, size_t count, odn_adam_rates rates, int threads) {
    step job = {segments, count, rates, threads < 1 ? 1 : threads, 0};
    odn_parallel(job.parts, part_of_step, &job);
}

void odn_descend(const odn_segment *segments, size_t count, float rate, int threads) {
    step job = {segments, count, {rate, 0, 0, 0}, threads < 1 ? 1 : threads, 1};
    odn_parallel(job.parts, part_of_step, &job);
}
