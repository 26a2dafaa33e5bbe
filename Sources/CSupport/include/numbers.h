#ifndef ECDX_NUMBERS_H
#define ECDX_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

// A kernel that reads numbers printed alike, `d.ddEsdd`, by vectors of bytes. It is there on x86 alone, and takes whatever it is sure
// of; anything else is left to its caller.

// The most digits behind the point.
#define ECDX_NUMBERS_FRACTION 11

// 1 where the processor has what the kernel needs.
int ecdx_numbers_there(void);

// Reads numbers from `*place` on, up to `most` of them, which is at least one, and writes them to `out`. Each has `fraction` digits
// behind the point, 1 to ECDX_NUMBERS_FRACTION, one before it or a minus in its place, perhaps a minus before that, `letter`, a sign,
// two digits, and a blank behind it. Returns how many there were, and moves `*place` to the end of the last, or, where it is not the
// `most`th, behind the blanks that follow; there stands what is no such number, or one that no single division gives, or `end`.
//
// At `*place` is a byte that is not blank. Numbers start before `end`, behind which 32 bytes may be read, whatever they are.
size_t ecdx_numbers_read(const uint8_t **place, const uint8_t *end, double *out, size_t most, int fraction, uint8_t letter);

#endif
