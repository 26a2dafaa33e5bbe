#include "digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static int fail(char *message, size_t capacity) {
    unsigned long code = ERR_get_error();
    if (message != NULL && capacity > 0) {
        if (code != 0) {
            ERR_error_string_n(code, message, capacity);
        } else {
            snprintf(message, capacity, "out of memory");
        }
    }
    ERR_clear_error();
    return 1;
}

static int new_digest(const EVP_MD *kind, ecdx_digest **out, char *message, size_t capacity) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    *out = NULL;
    if (context == NULL) return fail(message, capacity);
    if (EVP_DigestInit_ex(context, kind, NULL) != 1) {
        EVP_MD_CTX_free(context);
        return fail(message, capacity);
    }
    *out = (ecdx_digest *)context;
    return 0;
}

int ecdx_digest_new(ecdx_digest **out, char *message, size_t capacity) { return new_digest(EVP_sha256(), out, message, capacity); }

int ecdx_digest_new_md5(ecdx_digest **out, char *message, size_t capacity) { return new_digest(EVP_md5(), out, message, capacity); }

int ecdx_digest_new_sha1(ecdx_digest **out, char *message, size_t capacity) { return new_digest(EVP_sha1(), out, message, capacity); }

int ecdx_digest_add(ecdx_digest *digest, const void *bytes, size_t count, char *message, size_t capacity) {
    if (count == 0) return 0;
    return EVP_DigestUpdate((EVP_MD_CTX *)digest, bytes, count) == 1 ? 0 : fail(message, capacity);
}

static int finish(ecdx_digest *digest, unsigned int size, uint8_t *out, char *message, size_t capacity) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_DigestFinal_ex((EVP_MD_CTX *)digest, bytes, &length) != 1 || length != size) return fail(message, capacity);
    memcpy(out, bytes, size);
    return 0;
}

int ecdx_digest_finish(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity) { return finish(digest, 32, out, message, capacity); }

int ecdx_digest_finish_md5(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity) { return finish(digest, 16, out, message, capacity); }

int ecdx_digest_finish_sha1(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity) { return finish(digest, 20, out, message, capacity); }

void ecdx_digest_free(ecdx_digest *digest) { EVP_MD_CTX_free((EVP_MD_CTX *)digest); }
