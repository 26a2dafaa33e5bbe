#ifndef ECDX_CHDF5_H
#define ECDX_CHDF5_H

// A thin layer over libhdf5 for reading: names, texts of attributes, and arrays of floating point numbers. Every call returns
// 0 when done; otherwise it returns another number and writes the reason, cut to fit and ended by a zero byte, to `message`.
//
// Paths are absolute, `/` between names. They are walked link by link: a soft or external link anywhere on the way is an
// error, so nothing outside the file is opened. No plugin is loaded, no filter is run, and nothing is allocated by a number
// of the file before that number was compared with the size of the file. The library itself has been made to crash by
// damaged files before now: call this in a process that may die (`ecdx_h5_confine`).

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ecdx_h5 ecdx_h5;

// What lies at a path.
enum { ECDX_H5_ABSENT = 0, ECDX_H5_GROUP = 1, ECDX_H5_ARRAY = 2 };
// What an array is made of: IEEE numbers of 2, 4 or 8 bytes, or integers of any size.
enum { ECDX_H5_FLOATS = 1, ECDX_H5_INTEGERS = 2 };

#define ECDX_H5_MAX_RANK 8

// `count` texts in a row, each ended by a zero byte; not checked to be UTF-8. Freed by `ecdx_h5_texts_free`.
typedef struct {
    char *bytes;
    size_t size, count;
} ecdx_h5_texts;

typedef struct {
    // Slowest axis first; rank 0 is a single number.
    int64_t extents[ECDX_H5_MAX_RANK];
    int rank;
    int kind;
    // Bytes of one number as stored.
    int width;
    // Their product.
    uint64_t count;
    // Bytes of all as stored; never more than the file has.
    uint64_t stored;
} ecdx_h5_array;

int ecdx_h5_open(const char *path, ecdx_h5 **out, char *message, size_t message_size);
void ecdx_h5_close(ecdx_h5 *file);
// Bytes of the file on the disk.
uint64_t ecdx_h5_size(const ecdx_h5 *file);

// One of ECDX_H5_ABSENT, _GROUP and _ARRAY; a named type is an error.
int ecdx_h5_kind(ecdx_h5 *file, const char *path, int *out, char *message, size_t message_size);

// The names in a group, in the order of their bytes.
int ecdx_h5_children(ecdx_h5 *file, const char *path, ecdx_h5_texts *out, char *message, size_t message_size);

// Whether the group or array at `path` has an attribute of that name.
int ecdx_h5_has_attribute(ecdx_h5 *file, const char *path, const char *name, int *out, char *message, size_t message_size);

// The texts of an attribute: a single one or an array, of fixed length (padded with zeros or spaces) or of variable length.
// An empty array of whatever type is no texts, as numpy gives a list of none the type of numbers.
int ecdx_h5_texts_of(ecdx_h5 *file, const char *path, const char *name, ecdx_h5_texts *out, char *message, size_t message_size);
void ecdx_h5_texts_free(ecdx_h5_texts *texts);

// What the array at `path` is. An error for what is no array of numbers stored plainly in this file: bfloat16, texts, null
// spaces, filters (compression), virtual arrays, arrays kept in other files, and more numbers than the file has bytes for.
int ecdx_h5_describe(ecdx_h5 *file, const char *path, ecdx_h5_array *out, char *message, size_t message_size);

// Reads the floats of the array at `path`, `count` of them as `ecdx_h5_describe` said, as single precision.
int ecdx_h5_read(ecdx_h5 *file, const char *path, float *values, size_t count, char *message, size_t message_size);

// Takes from this process, for good, all that reading a file does not need: memory beyond what it has now plus `memory`
// bytes, processor time beyond `seconds`, writing to files, core dumps, new processes, new rights.
int ecdx_h5_confine(uint64_t memory, uint64_t seconds, char *message, size_t message_size);

// Starts `program` with two arguments. Its standard output is a pipe, whose other end is `*output` (not inherited by later
// children); its standard input is empty, its standard error goes nowhere. It has no other open files, default signals, a
// process group of its own, and nothing of the environment but where libraries are.
int ecdx_h5_start(
    const char *program, const char *first, const char *second, int *process, int *output, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif

#endif
