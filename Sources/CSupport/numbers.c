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
    double divisors[200];
    for (int i = 0; i < 200; i++) {
        int power = fraction - (i < 100 ? i : 100 - i);
        divisors[i] = power >= 0 && power <= 22 ? powers[power] : 0;
    }
    const uint64_t unit = (uint64_t)powers[fraction];
    const uint8_t *p = *place;
    size_t count = 0;
    for (;;) {
        uint64_t minus = p[0] == '-', second = p[1] == '.';
        const uint8_t *point = p + 2 - second;
        // The minus itself, in place of a digit, counts as 0. No branch depends on the sign, which may be anything.
        uint64_t whole = (uint64_t)(uint8_t)(point[-1] - '0') & ((minus & second) - 1);
        __m128i bytes = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(point + 1)), bases);
        __m128i bad = _mm_or_si128(_mm_subs_epu8(bytes, limits), _mm_and_si128(bytes, odds));
        int good = _mm_movemask_epi8(_mm_cmpeq_epi8(bad, _mm_setzero_si128()));
        const uint8_t *next = point + fraction + 5;
        if (good != 0xffff || point[0] != '.' || whole > 9 || (minus | second) == 0) break;
        __m128i digits = _mm_shuffle_epi8(bytes, orders);
        __m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(digits, tens), hundreds);
        __m128i words = _mm_packs_epi32(fours, fours);
        double divisor = divisors[_mm_extract_epi16(words, 3)];
        uint64_t parts = (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(words, thousands));
        uint64_t mantissa = (uint32_t)parts * (uint64_t)10000 + (parts >> 32) + whole * unit;
        if (divisor == 0 || !is_blank(next[0])) break;
        // A whole number below 2^52 is the last bits of 2^52 plus itself. The instruction that converts one would wait for the division
        // before it, whose register it shares.
        union { uint64_t bits; double number; } value = {.bits = mantissa | 0x4330000000000000};
        value.number = (value.number - 0x1p52) / divisor;
        value.bits |= minus << 63;
        out[count++] = value.number;
        p = next;
        if (count == most) break;
        p++;
        while (is_blank(p[0])) p++;
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
