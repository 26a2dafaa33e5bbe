#ifndef ECDX_CUTF8PROC_H
#define ECDX_CUTF8PROC_H

// A thin layer over utf8proc 2. The call returns 0 when done; otherwise it returns another number and writes the reason, cut to fit and
// ended by a zero byte, to `message`.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bring `count` bytes of UTF-8 into a normal form of Unicode (UAX 15): `compatible` is 1 for NFKD and NFKC, `composed` is 1 for NFC and
// NFKC. `scratch` holds `capacity` numbers, and the text is written to it in place; `written` is its length in bytes. Status 2: there is
// not enough room, and `written` is the number of scalars that need some.
int ecdx_utf8proc_normalize(
    const uint8_t *text, int64_t count, int compatible, int composed, int32_t *scratch, int64_t capacity, int64_t *written, char *message,
    size_t message_size);

#ifdef __cplusplus
}
#endif

#endif
