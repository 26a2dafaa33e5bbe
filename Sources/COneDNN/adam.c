#include "internal.h"

// Adam is done eight values at a time; how many the processor's registers hold changes no bit of the result.
typedef float lanes __attribute__((ext_vector_type(8), aligned(4), may_alias));

// No fused multiply-add among the targets: every processor then rounds alike.
#if defined(__x86_64__) && defined(__linux__)
__attribute__((target_clones("avx2", "default")))
#endif
static void adam_step(
    float *w, const float *g, float *m, float *v, size_t count,
    float alpha, float one_minus_beta1, float one_minus_beta2, float epsilon) {
#pragma clang fp contract(off)
    for (size_t i = 0; i < count; i += 8) {
        lanes gi = *(const lanes *)(g + i), mi = *(lanes *)(m + i), vi = *(lanes *)(v + i);
        mi += (gi - mi) * one_minus_beta1;
        vi += (gi * gi - vi) * one_minus_beta2;
        *(lanes *)(m + i) = mi;
        *(lanes *)(v + i) = vi;
        *(lanes *)(w + i) -= alpha * mi / (__builtin_elementwise_sqrt(vi) + epsilon);
    }
}

void odn_adam(
    float *weights, const float *gradient, float *m, float *v, size_t count,
    float alpha, float one_minus_beta1, float one_minus_beta2, float epsilon) {
    odn_mode mode = odn_enter(0);
    adam_step(weights, gradient, m, v, count, alpha, one_minus_beta1, one_minus_beta2, epsilon);
    odn_leave(mode);
}
