#ifndef ECDX_PACKING_H
#define ECDX_PACKING_H

#include <bzlib.h>
#include <lzma.h>
#include <stddef.h>
#include <zlib.h>
#include <zstd.h>

// The ways of packing a file that are read, one unpacker for all of them. Not for use outside of this target.

typedef enum { ECDX_PLAIN, ECDX_GZIP, ECDX_BZIP2, ECDX_XZ, ECDX_ZSTD } ecdx_packing;

// What bytes of a file tell one packing from another.
#define ECDX_SIGNATURE 10

// The packing that the first bytes of a file tell, of which ECDX_SIGNATURE or all are given. Fewer bytes than a signature has,
// and those its beginning, are a file that was cut off.
ecdx_packing ecdx_packing_of(const unsigned char *first, size_t count);

const char *ecdx_packing_name(ecdx_packing packing);

typedef enum {
    ECDX_UNPACK_ON,
    // A member ends; what follows, if anything does, is another one.
    ECDX_UNPACK_END,
    ECDX_UNPACK_DAMAGED,
    // Not enough memory.
    ECDX_UNPACK_MEMORY,
    // The data ask for more memory than any file has a right to.
    ECDX_UNPACK_GREEDY
} ecdx_unpack_status;

typedef struct {
    ecdx_packing packing;
    // What was not unpacked yet, and where what is unpacked goes.
    const unsigned char *in;
    size_t left;
    unsigned char *out;
    size_t room;
    // What is wrong with damaged data.
    const char *reason;
    union {
        z_stream gzip;
        bz_stream bzip2;
        lzma_stream xz;
        ZSTD_DStream *zstd;
    } state;
} ecdx_unpacker;

// Returns 1 where there is not enough memory. `ecdx_unpacker_end` also after that.
int ecdx_unpacker_begin(ecdx_unpacker *unpacker, ecdx_packing packing);

// Unpacks until `left` or `room` is used up or a member ends, by which it moves them. `last`: nothing of the file follows `in`.
ecdx_unpack_status ecdx_unpacker_step(ecdx_unpacker *unpacker, int last);

void ecdx_unpacker_end(ecdx_unpacker *unpacker);

#endif
