#include "numbers.h"

#if defined(__x86_64__)
#include <string.h>
#include <tmmintrin.h>

int ecdx_numbers_there(void) { return __builtin_cpu_supports("ssse3") != 0; }

static int is_blank(uint8_t byte) { return byte == 32 || (byte >= 9 && byte <= 13); }

__attribute__((target("ssse3"))) size_t
ecdx_numbers_read(const uint8_t **place, const uint8_t *end, double *out, size_t most, int fraction, uint8_t letter) {
    static const double powers[23] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (fraction < 1 || fraction > ECDX_NUMBERS_FRACTION || most == 0) return 0;
    // What is taken from each byte behind the point, and the most that may be left: of a digit 9, of the letter nothing, of the sign 2
    // (a minus) or nothing, which `odd` sees to.
    uint8_t base[16] = {0}, limit[16], odd[16] = {0}, order[16];
    memset(limit, 255, sizeof limit);
    memset(order, 128, sizeof order);
    for (int i = 0; i < fraction + 4; i++) {
        base[i] = '0';
        limit[i] = 9;
    }
    base[fraction] = letter;
    limit[fraction] = 0;
    base[fraction + 1] = '+';
    limit[fraction + 1] = 2;
    odd[fraction + 1] = 1;
    // The digits end in byte 11, those of the exponent in 15; the sign counts 50, and so a minus 100.
    for (int i = 0; i < fraction; i++) order[12 - fraction + i] = (uint8_t)i;
    order[12] = (uint8_t)(fraction + 1);
    order[14] = (uint8_t)(fraction + 2);
    order[15] = (uint8_t)(fraction + 3);
    const __m128i bases = _mm_loadu_si128((const __m128i *)base), limits = _mm_loadu_si128((const __m128i *)limit);
    const __m128i odds = _mm_loadu_si128((const __m128i *)odd), orders = _mm_loadu_si128((const __m128i *)order);
    const __m128i tens = _mm_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 50, 0, 10, 1);
    const __m128i hundreds = _mm_setr_epi16(100, 1, 100, 1, 100, 1, 1, 1);
    const __m128i thousands = _mm_setr_epi16(10000, 1, 1, 0, 0, 0, 0, 0);
    // What a number is divided by, for each exponent; 0 where a division alone does not give it exactly rounded.
    union { uint64_t bits; double number; } divisors[200];
    memset(divisors, 0, sizeof divisors);
    for (int power = 0; power <= 22; power++) {
        int exponent = fraction - power;
        if (exponent >= 0) divisors[exponent].number = powers[power];
        if (exponent <= 0) divisors[100 - exponent].number = powers[power];
    }
    // What a digit before the point is worth.
    double wholes[10];
    for (int i = 0; i < 10; i++) wholes[i] = i * powers[fraction];
    const uint8_t *p = *place;
    size_t count = 0;
    for (;;) {
        const uint8_t *point = p + 1;
        uint64_t minus = p[0] == '-';
        // The minus itself, in place of a digit, counts as 0. No branch depends on that sign, which may be anything.
        uint32_t whole = minus ? 0 : (uint32_t)p[0] - '0';
        if (p[1] != '.') {
            if (!minus || p[2] != '.') break;
            point++;
            whole = (uint32_t)p[1] - '0';
        }
        __m128i bytes = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(point + 1)), bases);
        __m128i bad = _mm_or_si128(_mm_subs_epu8(bytes, limits), _mm_and_si128(bytes, odds));
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(bad, _mm_setzero_si128())) != 0xffff || whole > 9) break;
        __m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(_mm_shuffle_epi8(bytes, orders), tens), hundreds);
        __m128i words = _mm_packs_epi32(fours, fours);
        uint32_t exponent = (uint32_t)_mm_extract_epi16(words, 3);
        if (divisors[exponent].bits == 0) break;
        // All of these are whole numbers below 2^53, and so exact.
        __m128d parts = _mm_cvtepi32_pd(_mm_madd_epi16(words, thousands));
        __m128d digits = _mm_add_sd(_mm_mul_sd(parts, _mm_set_sd(1e4)), _mm_unpackhi_pd(parts, parts));
        __m128d number = _mm_div_sd(_mm_add_sd(digits, _mm_load_sd(&wholes[whole])), _mm_load_sd(&divisors[exponent].number));
        const uint8_t *next = point + fraction + 5;
        if (!is_blank(next[0])) break;
        _mm_store_sd(&out[count++], _mm_or_pd(number, _mm_castsi128_pd(_mm_cvtsi64_si128((long long)(minus << 63)))));
        if (count == most) {
            p = next;
            break;
        }
        p = next + 1;
        // Mostly there is one blank.
        while (p[0] <= 32 && is_blank(p[0])) p++;
        if (p >= end) break;
    }
    *place = p;
    return count;
}

#else

int ecdx_numbers_there(void) { return 0; }

size_t ecdx_numbers_read(const uint8_t **place, const uint8_t *end, double *out, size_t most, int fraction, uint8_t letter) {
    (void)place, (void)end, (void)out, (void)most, (void)fraction, (void)letter;
    return 0;
}

#endif
