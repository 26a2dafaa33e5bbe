#include "internal.h"

#include <string.h>

// What is open of an array; negative where it is not.
typedef struct {
    hid_t id, type, space, creation;
} array;

static void close_array(array *a) {
    if (a->creation >= 0) H5Pclose(a->creation);
    if (a->space >= 0) H5Sclose(a->space);
    if (a->type >= 0) H5Tclose(a->type);
    if (a->id >= 0) H5Oclose(a->id);
}

static int open_array(ecdx_h5 *file, const char *path, array *a, char *message, size_t message_size) {
    *a = (array){-1, -1, -1, -1};
    if (ecdx_h5_reach(file, path, &a->id, message, message_size) != 0) return 1;
    if (H5Iget_type(a->id) != H5I_DATASET) return ecdx_h5_fail(message, message_size, "expected an array at `%s`, found a group", path);
    a->type = H5Dget_type(a->id);
    a->space = H5Dget_space(a->id);
    a->creation = H5Dget_create_plist(a->id);
    if (a->type < 0 || a->space < 0 || a->creation < 0) return ecdx_h5_fail_library(message, message_size, "an array cannot be read");
    return 0;
}

static int is_half(hid_t type) {
    size_t sign, exponent, exponent_size, mantissa, mantissa_size;
    if (H5Tget_size(type) != 2 || H5Tget_fields(type, &sign, &exponent, &exponent_size, &mantissa, &mantissa_size) < 0) return 0;
    return sign == 15 && exponent == 10 && exponent_size == 5 && mantissa == 0 && mantissa_size == 10 && H5Tget_ebias(type) == 15;
}

static int is_plain_float(hid_t type) {
    return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0 || H5Tequal(type, H5T_IEEE_F64LE) > 0 ||
           H5Tequal(type, H5T_IEEE_F64BE) > 0 || is_half(type);
}

// Keras marks what h5py can only store as two bytes without a meaning.
static int is_bfloat(ecdx_h5 *file, const char *path, hid_t type) {
    ecdx_h5_texts texts;
    char ignored[2];
    int has = 0;
    if (H5Tget_size(type) != 2 || ecdx_h5_has_attribute(file, path, "dtype", &has, ignored, sizeof ignored) != 0 || !has) return 0;
    if (ecdx_h5_texts_of(file, path, "dtype", &texts, ignored, sizeof ignored) != 0) return 0;
    int found = texts.count == 1 && strcmp(texts.bytes, "bfloat16") == 0;
    ecdx_h5_texts_free(&texts);
    return found;
}

static int describe_type(ecdx_h5 *file, const char *path, const array *a, ecdx_h5_array *out, char *message, size_t message_size) {
    if (is_bfloat(file, path, a->type)) return ecdx_h5_fail(message, message_size, "expected numbers of type float16, float32 or float64 in `%s`, found bfloat16", path);
    H5T_class_t class = H5Tget_class(a->type);
    size_t width = H5Tget_size(a->type);
    out->kind = class == H5T_INTEGER ? ECDX_H5_INTEGERS : class == H5T_FLOAT && is_plain_float(a->type) ? ECDX_H5_FLOATS : 0;
    if (out->kind == 0 || width == 0 || width > 64)
        return ecdx_h5_fail(message, message_size, "expected numbers of type float16, float32 or float64 in `%s`, found values of another type", path);
    out->width = (int)width;
    return 0;
}

static int describe_space(const char *path, const array *a, ecdx_h5_array *out, char *message, size_t message_size) {
    hsize_t extents[H5S_MAX_RANK];
    H5S_class_t class = H5Sget_simple_extent_type(a->space);
    if (class != H5S_SIMPLE && class != H5S_SCALAR) return ecdx_h5_fail(message, message_size, "expected an array of numbers in `%s`, found one without any extents", path);
    int rank = H5Sget_simple_extent_dims(a->space, extents, NULL);
    if (rank < 0) return ecdx_h5_fail_library(message, message_size, "an array cannot be read");
    if (rank > ECDX_H5_MAX_RANK) return ecdx_h5_fail(message, message_size, "expected at most %d axes in `%s`, found %d", ECDX_H5_MAX_RANK, path, rank);
    out->rank = rank;
    out->count = 1;
    for (int i = 0; i < rank; i++) {
        if (extents[i] > INT64_MAX || (extents[i] > 0 && out->count > INT64_MAX / extents[i]))
            return ecdx_h5_fail(message, message_size, "expected a shape of `%s` that fits in memory, found a larger one", path);
        out->extents[i] = (int64_t)extents[i];
        out->count *= extents[i];
    }
    return 0;
}

static int check_storage(ecdx_h5 *file, const char *path, const array *a, ecdx_h5_array *out, char *message, size_t message_size) {
    H5D_layout_t layout = H5Pget_layout(a->creation);
    int outside = H5Pget_external_count(a->creation), filters = H5Pget_nfilters(a->creation);
    if (layout < 0 || outside < 0 || filters < 0) return ecdx_h5_fail_library(message, message_size, "an array cannot be read");
    if (outside > 0 || layout == H5D_VIRTUAL) return ecdx_h5_fail(message, message_size, "expected the numbers of `%s` in the file itself, found them kept in another", path);
    if (filters > 0) return ecdx_h5_fail(message, message_size, "expected the numbers of `%s` as Keras stores them, found them compressed", path);
    // What was never written has no storage: without this an empty array of any size would be read as zeros.
    if (out->count > file->size / (uint64_t)out->width || out->count * (uint64_t)out->width > H5Dget_storage_size(a->id))
        return ecdx_h5_fail(
            message, message_size, "expected at most the bytes of the file in `%s`, found an array said to have %llu numbers", path, (unsigned long long)out->count);
    out->stored = out->count * (uint64_t)out->width;
    return 0;
}

int ecdx_h5_describe(ecdx_h5 *file, const char *path, ecdx_h5_array *out, char *message, size_t message_size) {
    array a;
    memset(out, 0, sizeof *out);
    int status = open_array(file, path, &a, message, message_size);
    if (status == 0) status = describe_type(file, path, &a, out, message, message_size);
    if (status == 0) status = describe_space(path, &a, out, message, message_size);
    if (status == 0) status = check_storage(file, path, &a, out, message, message_size);
    close_array(&a);
    return status;
}

int ecdx_h5_read(ecdx_h5 *file, const char *path, float *values, size_t count, char *message, size_t message_size) {
    array a;
    int status = open_array(file, path, &a, message, message_size);
    if (status == 0) {
        hssize_t points = H5Sget_simple_extent_npoints(a.space);
        if (points < 0 || (uint64_t)points != count) status = ecdx_h5_fail(message, message_size, "expected %zu numbers in `%s`, found another count", count, path);
        else if (count > 0 && H5Dread(a.id, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
            status = ecdx_h5_fail_library(message, message_size, "an array cannot be read");
    }
    close_array(&a);
    return status;
}
