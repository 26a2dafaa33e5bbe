#include "internal.h"

#include <stdlib.h>
#include <string.h>

int ecdx_h5_has_attribute(ecdx_h5 *file, const char *path, const char *name, int *out, char *message, size_t message_size) {
    hid_t id;
    *out = 0;
    if (ecdx_h5_reach(file, path, &id, message, message_size) != 0) return 1;
    htri_t exists = H5Aexists(id, name);
    H5Oclose(id);
    if (exists < 0) return ecdx_h5_fail_library(message, message_size, "an attribute cannot be read");
    *out = exists > 0;
    return 0;
}

// What is open of an attribute; negative where it is not.
typedef struct {
    hid_t id, type, space;
} attribute;

static void close_attribute(attribute *a) {
    if (a->space >= 0) H5Sclose(a->space);
    if (a->type >= 0) H5Tclose(a->type);
    if (a->id >= 0) H5Aclose(a->id);
}

static int read_variable(const attribute *a, size_t count, ecdx_h5_texts *out, char *message, size_t message_size) {
    char **texts = calloc(count, sizeof *texts);
    if (texts == NULL) return ecdx_h5_fail(message, message_size, "not enough memory");
    if (H5Aread(a->id, a->type, texts) < 0) {
        free(texts);
        return ecdx_h5_fail_library(message, message_size, "an attribute cannot be read");
    }
    size_t room = 0;
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        const char *text = texts[i] == NULL ? "" : texts[i];
        status = ecdx_h5_append(out, &room, text, strlen(text), message, message_size);
    }
    H5Dvlen_reclaim(a->type, a->space, H5P_DEFAULT, texts);
    free(texts);
    return status;
}

static int read_fixed(const attribute *a, size_t count, size_t width, ecdx_h5_texts *out, char *message, size_t message_size) {
    char *bytes = calloc(count, width);
    if (bytes == NULL) return ecdx_h5_fail(message, message_size, "not enough memory");
    int status = H5Aread(a->id, a->type, bytes) < 0 ? ecdx_h5_fail_library(message, message_size, "an attribute cannot be read") : 0;
    int spaces = H5Tget_strpad(a->type) == H5T_STR_SPACEPAD;
    size_t room = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        const char *text = bytes + i * width;
        size_t length = strnlen(text, width);
        while (spaces && length > 0 && text[length - 1] == ' ') length--;
        status = ecdx_h5_append(out, &room, text, length, message, message_size);
    }
    free(bytes);
    return status;
}

static int read_texts(const attribute *a, const char *name, uint64_t file_size, ecdx_h5_texts *out, char *message, size_t message_size) {
    hssize_t points = H5Sget_simple_extent_npoints(a->space);
    if (points < 0) return ecdx_h5_fail_library(message, message_size, "an attribute cannot be read");
    if (points == 0) return 0;
    if (H5Tget_class(a->type) != H5T_STRING) return ecdx_h5_fail(message, message_size, "expected texts in the attribute `%s`, found values of another type", name);
    htri_t variable = H5Tis_variable_str(a->type);
    // A text of variable length is at least 16 bytes in the file: its length and where it is.
    size_t width = variable > 0 ? 16 : H5Tget_size(a->type), count = (size_t)points;
    if (variable < 0 || width == 0) return ecdx_h5_fail_library(message, message_size, "an attribute cannot be read");
    if (count > MOST_TEXT / width || count * width > file_size)
        return ecdx_h5_fail(message, message_size, "expected the attribute `%s` to fit in the file, found one said to have %zu texts of %zu bytes", name, count, width);
    return variable ? read_variable(a, count, out, message, message_size) : read_fixed(a, count, width, out, message, message_size);
}

int ecdx_h5_texts_of(ecdx_h5 *file, const char *path, const char *name, ecdx_h5_texts *out, char *message, size_t message_size) {
    hid_t id;
    memset(out, 0, sizeof *out);
    if (ecdx_h5_reach(file, path, &id, message, message_size) != 0) return 1;
    attribute a = {H5Aopen(id, name, H5P_DEFAULT), -1, -1};
    if (a.id >= 0) {
        a.type = H5Aget_type(a.id);
        a.space = H5Aget_space(a.id);
    }
    int status = a.type < 0 || a.space < 0 ? ecdx_h5_fail_library(message, message_size, "an attribute cannot be read")
                                           : read_texts(&a, name, file->size, out, message, message_size);
    close_attribute(&a);
    H5Oclose(id);
    if (status != 0) ecdx_h5_texts_free(out);
    return status;
}
