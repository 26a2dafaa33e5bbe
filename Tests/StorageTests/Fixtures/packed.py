"""Writes the files of `packed`: a text packed by gzip, bzip2, xz and zstd, and files that ask for much memory; and the zstd file of
DensitiesTests. Needs the shared library of zstd (libzstd.so.1)."""
import bz2
import ctypes
import gzip
import lzma
import os
import struct
import zlib

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "packed")
library = ctypes.CDLL("libzstd.so.1")
for name in ["ZSTD_createCCtx", "ZSTD_compressBound", "ZSTD_compress2", "ZSTD_CCtx_setParameter"]:
    getattr(library, name).restype = ctypes.c_void_p if name == "ZSTD_createCCtx" else ctypes.c_size_t


def zstd(text):
    """One frame with a checksum."""
    context = ctypes.c_void_p(library.ZSTD_createCCtx())
    library.ZSTD_CCtx_setParameter(context, 201, 1)
    room = library.ZSTD_compressBound(ctypes.c_size_t(len(text)))
    out = ctypes.create_string_buffer(room)
    size = library.ZSTD_compress2(context, out, ctypes.c_size_t(room), text, ctypes.c_size_t(len(text)))
    return out.raw[:size]


def write(name, data):
    with open(os.path.join(here, name), "wb") as file:
        file.write(data)


text = "".join(f"line {n}: {n * n * 37 % 1009}\n" for n in range(1, 2001)).encode()
write("text", text)
write("text.gz", gzip.compress(text, mtime=0))
write("text.bz2", bz2.compress(text))
write("text.xz", lzma.compress(text))
write("text.zst", zstd(text))

# A window of 1.5 GiB, told by one byte of the header of a block, whose checksum follows.
small = bytearray(lzma.compress(b"abc\n", check=lzma.CHECK_CRC32))
length = (small[12] + 1) * 4
assert small[14] == 0x21 and small[15] == 1
small[16] = 37
small[12 + length - 4:12 + length] = struct.pack("<I", zlib.crc32(bytes(small[12:12 + length - 4])))
write("greedy.xz", bytes(small))
# A window of 1 GiB, and one block of three bytes as they are.
write("greedy.zst", bytes([0x28, 0xB5, 0x2F, 0xFD, 0, (30 - 10) << 3, 25, 0, 0]) + b"abc")

field = os.path.join(here, "../../../DensitiesTests/Fixtures/field")
with open(os.path.join(field, "spin-aug.CHGCAR"), "rb") as file:
    spin = zstd(file.read())
with open(os.path.join(field, "spin-aug.CHGCAR.zst"), "wb") as file:
    file.write(spin)
