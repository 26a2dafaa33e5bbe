#include "CUTF8proc.h"

#include <stdio.h>

#include <utf8proc.h>

static int fail(int status, char *message, size_t size, const char *text) {
    if (message && size > 0) snprintf(message, size, "%s", text);
    return status;
}

int ecdx_utf8proc_normalize(
    const uint8_t *text, int64_t count, int compatible, int composed, int32_t *scratch, int64_t capacity, int64_t *written, char *message,
    size_t message_size) {
    if (!text || !scratch || !written || count < 0 || capacity < 1) return fail(1, message, message_size, "a part of the call is missing");
    utf8proc_option_t options = UTF8PROC_STABLE | (composed ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE) | (compatible ? UTF8PROC_COMPAT : 0);
    // One place is kept for the zero byte that the library writes behind the text.
    utf8proc_ssize_t scalars = utf8proc_decompose(text, count, scratch, capacity - 1, options);
    if (scalars < 0) return fail(3, message, message_size, utf8proc_errmsg(scalars));
    *written = scalars;
    if (scalars > capacity - 1) return fail(2, message, message_size, "the normal form of a text does not fit");
    utf8proc_ssize_t bytes = utf8proc_reencode(scratch, scalars, options);
    if (bytes < 0) return fail(3, message, message_size, utf8proc_errmsg(bytes));
    *written = bytes;
    return 0;
}
