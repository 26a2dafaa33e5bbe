#include "packing.h"

#include <string.h>
#include <zstd_errors.h>

// One input or output handed to a library whose counters have 32 bits.
#define PIECE ((size_t)1 << 30)
// The most memory that xz data may ask for; `xz -9` takes 65 MiB. The bound of zstd is its own, 128 MiB.
#define XZ_MEMORY ((uint64_t)256 << 20)

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static int begins(const unsigned char *first, size_t count, const char *signature, size_t size) {
    return count >= 2 && memcmp(first, signature, least(count, size)) == 0;
}

ecdx_packing ecdx_packing_of(const unsigned char *first, size_t count) {
    if (begins(first, count, "\x1f\x8b", 2)) return ECDX_GZIP;
    if (begins(first, count, "\xfd" "7zXZ\0", 6)) return ECDX_XZ;
    if (begins(first, count, "\x28\xb5\x2f\xfd", 4)) return ECDX_ZSTD;
    // A frame to be passed over, which some programs put first.
    if (count >= 4 && first[0] >> 4 == 5 && memcmp(first + 1, "\x2a\x4d\x18", 3) == 0) return ECDX_ZSTD;
    // Letters and a digit alone may begin a text: the number behind them is that of a block, or of the end.
    if (count >= 4 && memcmp(first, "BZh", 3) == 0 && first[3] >= '1' && first[3] <= '9') {
        if (memcmp(first + 4, "\x31\x41\x59\x26\x53\x59", least(count - 4, 6)) == 0) return ECDX_BZIP2;
        if (memcmp(first + 4, "\x17\x72\x45\x38\x50\x90", least(count - 4, 6)) == 0) return ECDX_BZIP2;
    }
    return ECDX_PLAIN;
}

const char *ecdx_packing_name(ecdx_packing packing) {
    switch (packing) {
    case ECDX_GZIP: return "gzip";
    case ECDX_BZIP2: return "bzip2";
    case ECDX_XZ: return "xz";
    case ECDX_ZSTD: return "zstd";
    default: return "plain";
    }
}

int ecdx_unpacker_begin(ecdx_unpacker *u, ecdx_packing packing) {
    memset(u, 0, sizeof *u);
    int sound = 1;
    switch (packing) {
    case ECDX_GZIP: sound = inflateInit2(&u->state.gzip, 15 + 16) == Z_OK; break;
    case ECDX_BZIP2: sound = BZ2_bzDecompressInit(&u->state.bzip2, 0, 0) == BZ_OK; break;
    case ECDX_XZ:
        sound = lzma_stream_decoder(&u->state.xz, XZ_MEMORY, LZMA_TELL_UNSUPPORTED_CHECK | LZMA_CONCATENATED) == LZMA_OK;
        break;
    case ECDX_ZSTD:
        u->state.zstd = ZSTD_createDStream();
        sound = u->state.zstd != NULL;
        break;
    default: break;
    }
    // What was not begun is not to be ended.
    u->packing = sound ? packing : ECDX_PLAIN;
    return sound ? 0 : 1;
}

void ecdx_unpacker_end(ecdx_unpacker *u) {
    switch (u->packing) {
    case ECDX_GZIP: inflateEnd(&u->state.gzip); break;
    case ECDX_BZIP2: BZ2_bzDecompressEnd(&u->state.bzip2); break;
    case ECDX_XZ: lzma_end(&u->state.xz); break;
    case ECDX_ZSTD: ZSTD_freeDStream(u->state.zstd); break;
    default: break;
    }
    u->packing = ECDX_PLAIN;
}

static void moved(ecdx_unpacker *u, size_t taken, size_t made) {
    u->in += taken;
    u->left -= taken;
    u->out += made;
    u->room -= made;
}

static ecdx_unpack_status damaged(ecdx_unpacker *u, const char *reason) {
    u->reason = reason;
    return ECDX_UNPACK_DAMAGED;
}

static ecdx_unpack_status step_gzip(ecdx_unpacker *u) {
    z_stream *s = &u->state.gzip;
    size_t give = least(u->left, PIECE), place = least(u->room, PIECE);
    s->next_in = (unsigned char *)u->in;
    s->avail_in = (uInt)give;
    s->next_out = u->out;
    s->avail_out = (uInt)place;
    int status = inflate(s, Z_NO_FLUSH);
    moved(u, give - s->avail_in, place - s->avail_out);
    switch (status) {
    case Z_STREAM_END: return inflateReset2(s, 15 + 16) == Z_OK ? ECDX_UNPACK_END : ECDX_UNPACK_MEMORY;
    case Z_OK:
    // Nothing to read or no room, which its caller sees.
    case Z_BUF_ERROR: return ECDX_UNPACK_ON;
    case Z_MEM_ERROR: return ECDX_UNPACK_MEMORY;
    default: return damaged(u, s->msg != NULL ? s->msg : "unknown fault");
    }
}

static ecdx_unpack_status step_bzip2(ecdx_unpacker *u) {
    bz_stream *s = &u->state.bzip2;
    size_t give = least(u->left, PIECE), place = least(u->room, PIECE);
    s->next_in = (char *)u->in;
    s->avail_in = (unsigned)give;
    s->next_out = (char *)u->out;
    s->avail_out = (unsigned)place;
    int status = BZ2_bzDecompress(s);
    moved(u, give - s->avail_in, place - s->avail_out);
    switch (status) {
    case BZ_STREAM_END:
        BZ2_bzDecompressEnd(s);
        memset(s, 0, sizeof *s);
        if (BZ2_bzDecompressInit(s, 0, 0) == BZ_OK) return ECDX_UNPACK_END;
        u->packing = ECDX_PLAIN;
        return ECDX_UNPACK_MEMORY;
    case BZ_OK: return ECDX_UNPACK_ON;
    case BZ_MEM_ERROR: return ECDX_UNPACK_MEMORY;
    case BZ_DATA_ERROR_MAGIC: return damaged(u, "incorrect header");
    default: return damaged(u, "incorrect checksum or block");
    }
}

static ecdx_unpack_status step_xz(ecdx_unpacker *u, int last) {
    lzma_stream *s = &u->state.xz;
    size_t give = u->left, place = u->room;
    s->next_in = u->in;
    s->avail_in = give;
    s->next_out = u->out;
    s->avail_out = place;
    lzma_ret status = lzma_code(s, last ? LZMA_FINISH : LZMA_RUN);
    moved(u, give - s->avail_in, place - s->avail_out);
    switch (status) {
    // Several streams are one to the library: this is the end of the last.
    case LZMA_STREAM_END: return ECDX_UNPACK_END;
    case LZMA_OK:
    case LZMA_BUF_ERROR: return ECDX_UNPACK_ON;
    case LZMA_MEM_ERROR: return ECDX_UNPACK_MEMORY;
    case LZMA_MEMLIMIT_ERROR: return ECDX_UNPACK_GREEDY;
    case LZMA_FORMAT_ERROR: return damaged(u, "incorrect header");
    case LZMA_OPTIONS_ERROR: return damaged(u, "unknown options");
    case LZMA_UNSUPPORTED_CHECK: return damaged(u, "unknown kind of checksum");
    default: return damaged(u, "incorrect checksum or block");
    }
}

static ecdx_unpack_status step_zstd(ecdx_unpacker *u) {
    ZSTD_inBuffer in = {u->in, u->left, 0};
    ZSTD_outBuffer out = {u->out, u->room, 0};
    size_t status = ZSTD_decompressStream(u->state.zstd, &out, &in);
    moved(u, in.pos, out.pos);
    if (!ZSTD_isError(status)) return status == 0 ? ECDX_UNPACK_END : ECDX_UNPACK_ON;
    switch (ZSTD_getErrorCode(status)) {
    case ZSTD_error_memory_allocation: return ECDX_UNPACK_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge: return ECDX_UNPACK_GREEDY;
    case ZSTD_error_prefix_unknown: return damaged(u, "incorrect header");
    case ZSTD_error_checksum_wrong: return damaged(u, "incorrect checksum");
    case ZSTD_error_dictionary_wrong: return damaged(u, "packed with a dictionary that is not there");
    default: return damaged(u, "incorrect block");
    }
}

ecdx_unpack_status ecdx_unpacker_step(ecdx_unpacker *u, int last) {
    switch (u->packing) {
    case ECDX_GZIP: return step_gzip(u);
    case ECDX_BZIP2: return step_bzip2(u);
    case ECDX_XZ: return step_xz(u, last);
    case ECDX_ZSTD: return step_zstd(u);
    default: return damaged(u, "unknown packing");
    }
}
