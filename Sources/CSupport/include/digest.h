#ifndef ECDX_DIGEST_H
#define ECDX_DIGEST_H

#include <stddef.h>
#include <stdint.h>

// SHA-256 by OpenSSL's libcrypto. Every call returns 0, or 1 with a text in `message`.

typedef struct ecdx_digest ecdx_digest;

int ecdx_digest_new(ecdx_digest **out, char *message, size_t capacity);
int ecdx_digest_add(ecdx_digest *digest, const void *bytes, size_t count, char *message, size_t capacity);
// Writes the 32 bytes of the result; the digest can only be freed after.
int ecdx_digest_finish(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity);
// The same for MD5, which says whether a file arrived as its publisher has it, and nothing of who published it: 16 bytes.
int ecdx_digest_new_md5(ecdx_digest **out, char *message, size_t capacity);
int ecdx_digest_finish_md5(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity);
// The same for SHA-1, by which Git names what it keeps: 20 bytes.
int ecdx_digest_new_sha1(ecdx_digest **out, char *message, size_t capacity);
int ecdx_digest_finish_sha1(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity);
void ecdx_digest_free(ecdx_digest *digest);

#endif
