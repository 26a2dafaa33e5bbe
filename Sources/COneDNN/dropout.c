#include "COneDNN.h"

#include <string.h>

// Eight blocks of Philox 4x32-10 side by side (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): integers
// alone, so every processor gives the same.
typedef uint32_t words __attribute__((ext_vector_type(8)));
typedef uint64_t products __attribute__((ext_vector_type(8)));

#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

// Not functions: vectors of 64 bytes as arguments have no one way to be passed.
#define HIGH(p) __builtin_convertvector((p) >> 32, words)
#define LOW(p) __builtin_convertvector(p, words)

CLONES void odn_dropout_factors(const uint32_t stream[4], uint32_t item, float rate, float kept, size_t count, float *factors) {
    const words steps = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t start = 0; start < count; start += 32) {
        words x = steps + (uint32_t)(start / 4), y = item, z = stream[2], w = stream[3];
        uint32_t k = stream[0], l = stream[1];
        for (int round = 0; round < 10; round++) {
            products a = __builtin_convertvector(x, products) * 0xD2511F53u, b = __builtin_convertvector(z, products) * 0xCD9E8D57u;
            words nx = HIGH(b) ^ y ^ k, nz = HIGH(a) ^ w ^ l;
            y = LOW(b), w = LOW(a), x = nx, z = nz;
            k += 0x9E3779B9u, l += 0xBB67AE85u;
        }
        float found[32];
        for (int block = 0; block < 8; block++) {
            const uint32_t four[4] = {x[block], y[block], z[block], w[block]};
            for (int i = 0; i < 4; i++) found[4 * block + i] = (float)(four[i] >> 8) * 0x1p-24f < rate ? 0 : kept;
        }
        memcpy(factors + start, found, (count - start < 32 ? count - start : 32) * sizeof *factors);
    }
}
