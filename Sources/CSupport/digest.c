#include "digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>

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

int ecdx_digest_new(ecdx_digest **out, char *message, size_t capacity) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    *out = NULL;
    if (context == NULL) return fail(message, capacity);
    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return fail(message, capacity);
    }
    *out = (ecdx_digest *)context;
    return 0;
}

int ecdx_digest_add(ecdx_digest *digest, const void *bytes, size_t count, char *message, size_t capacity) {
    if (count == 0) return 0;
    return EVP_DigestUpdate((EVP_MD_CTX *)digest, bytes, count) == 1 ? 0 : fail(message, capacity);
}

int ecdx_digest_finish(ecdx_digest *digest, uint8_t *out, char *message, size_t capacity) {
    unsigned int length = 0;
    return EVP_DigestFinal_ex((EVP_MD_CTX *)digest, out, &length) == 1 && length == 32 ? 0 : fail(message, capacity);
}

void ecdx_digest_free(ecdx_digest *digest) { EVP_MD_CTX_free((EVP_MD_CTX *)digest); }
