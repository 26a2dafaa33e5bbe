"""Writes pictures/ and resize.txt: small PNG and JPEG files of every kind, and what OpenCV makes of them.

python3 with numpy, opencv-python-headless and pillow; run here. pictures/expected.txt: one line a file, its channels, height,
width and the values of cv2.imread in hexadecimal (BGR; grey files as grey). resize.txt: one line a case, the method, the size
of the source, the channels, the size of the result, and the CRC-32 and the sum of cv2.resize of the pattern below; then the same of
float32 with the mean and the values at four places. Made with OpenCV 4.14.0; 5.0.0 gives the same files.
"""
import io
import os
import random
import struct
import zlib

import cv2
import numpy as np
from PIL import Image

rng = np.random.default_rng(11)
os.makedirs("pictures", exist_ok=True)
lines = []


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(samples, depth):
    """Rows of samples (height x width x channels) as the bytes of scan lines, filter 0."""
    out = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            out += b"\0" + row.astype(">u2").tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            out += b"\0" + bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
    return out


def png(samples, depth, colour, before=b"", interlaced=False, behind=b""):
    height, width = samples.shape[:2]
    if interlaced:
        raw = b""
        for y, x, dy, dx in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
            part = samples[y::dy, x::dx]
            if part.size:
                raw += packed(part, depth)
    else:
        raw = packed(samples, depth)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + chunk(b"IDAT", zlib.compress(raw, 9)) + behind + chunk(b"IEND", b"")


def exif(orientation, order="<"):
    return (b"II" if order == "<" else b"MM") + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x112, 3, 1, orientation, 0, 0)


def add(name, data, grey, pillow=True):
    with open("pictures/" + name, "wb") as file:
        file.write(data)
    values = cv2.imread("pictures/" + name, cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR)
    if grey:
        colour = cv2.imread("pictures/" + name, cv2.IMREAD_COLOR)
        assert all((colour[..., c] == values).all() for c in range(3)), name
    if pillow:
        assert (np.array(Image.open(io.BytesIO(data)).convert("L" if grey else "RGB")) == (values if grey else values[..., ::-1])).all(), name
    lines.append(f"{name} {'grey' if grey else 'bgr'} {values.shape[0]} {values.shape[1]} {values.tobytes().hex()}")


height, width = 9, 11
palette = {depth: rng.integers(0, 256, (1 << depth, 3), dtype=np.uint8) for depth in (1, 2, 4)}
palette[8] = rng.integers(0, 256, (37, 3), dtype=np.uint8)
for interlaced in (False, True):
    end = "-interlaced.png" if interlaced else ".png"
    for depth in (1, 2, 4, 8, 16):
        # Pillow clips 16-bit grey to 255 instead of taking the high byte.
        add(f"grey{depth}{end}", png(rng.integers(0, 1 << depth, (height, width, 1)), depth, 0, interlaced=interlaced), True, pillow=depth < 16)
    for depth in (1, 2, 4, 8):
        samples = rng.integers(0, len(palette[depth]), (height, width, 1))
        add(f"palette{depth}{end}", png(samples, depth, 3, chunk(b"PLTE", palette[depth].tobytes()), interlaced), False)
    for depth in (8, 16):
        add(f"rgb{depth}{end}", png(rng.integers(0, 1 << depth, (height, width, 3)), depth, 2, interlaced=interlaced), False)
        # Alpha is dropped, the colours below are kept. Pillow rounds the 16-bit ones otherwise.
        add(f"rgba{depth}{end}", png(rng.integers(0, 1 << depth, (height, width, 4)), depth, 6, interlaced=interlaced), False, pillow=depth == 8)
        add(f"greyalpha{depth}{end}", png(rng.integers(0, 1 << depth, (height, width, 2)), depth, 4, interlaced=interlaced), True, pillow=depth == 8)
samples = rng.integers(0, 37, (height, width, 1))
add("palette8-transparent.png", png(samples, 8, 3, chunk(b"PLTE", palette[8].tobytes()) + chunk(b"tRNS", bytes(range(0, 185, 5)))), False)
add("grey4-transparent.png", png(rng.integers(0, 16, (height, width, 1)), 4, 0, chunk(b"tRNS", b"\0\3")), True)
samples = rng.integers(0, 256, (height, width, 3))
add("rgb8-transparent.png", png(samples, 8, 2, chunk(b"tRNS", struct.pack(">3H", *samples[0, 0]))), False)
add("gamma.png", png(samples, 8, 2, chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"tEXt", b"Title\0none")), False)
add("turned.png", png(samples, 8, 2, chunk(b"eXIf", exif(6))), False, pillow=False)
add("turned-behind.png", png(samples, 8, 2, behind=chunk(b"eXIf", exif(8, ">"))), False, pillow=False)
smooth = cv2.resize(rng.integers(0, 256, (4, 5, 3), dtype=np.uint8), (29, 23), interpolation=cv2.INTER_CUBIC)
add("filtered.png", cv2.imencode(".png", smooth)[1].tobytes(), False)


def jpeg(values, **options):
    out = io.BytesIO()
    Image.fromarray(values).save(out, "JPEG", **options)
    return out.getvalue()


add("grey.jpg", jpeg(smooth[..., 1], quality=80), True)
for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
    add(f"colour{name}.jpg", jpeg(smooth, quality=85, subsampling=sampling), False)
    add(f"progressive{name}.jpg", jpeg(smooth, quality=85, subsampling=sampling, progressive=True), False)
add("progressive-grey.jpg", jpeg(smooth[..., 1], quality=80, progressive=True), True)
add("rgb.jpg", jpeg(smooth, quality=85, keep_rgb=True), False)
add("restarts.jpg", cv2.imencode(".jpg", smooth, [cv2.IMWRITE_JPEG_RST_INTERVAL, 2])[1].tobytes(), False)
for orientation in range(1, 9):
    block = b"Exif\0\0" + exif(orientation, "<" if orientation % 2 else ">")
    add(f"exif{orientation}.jpg", jpeg(smooth[:9, :13, 0], quality=70, exif=block), True, pillow=orientation == 1)
with open("pictures/cmyk.jpg", "wb") as file:
    out = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (8, 8, 4), dtype=np.uint8), "CMYK").save(out, "JPEG")
    file.write(out.getvalue())
with open("pictures/expected.txt", "w") as file:
    file.write("\n".join(lines) + "\n")


def pattern(h, w, c):
    y, x, k = np.mgrid[0:h, 0:w, 0:c]
    return ((x * x * 7 + y * y * 3 + x * y * 5 + k * 83 + ((x * 31 + y * 17 + k * 13) ^ (x * y))) & 255).astype(np.uint8)


chance = random.Random(5)
sizes = [(49, 98, 1, 2), (49, 98, 7, 14), (103, 107, 1, 1), (24, 36, 12, 18), (24, 36, 8, 12), (24, 36, 24, 18), (24, 36, 12, 12), (24, 36, 48, 72),
         (24, 36, 12, 50), (24, 36, 30, 18), (24, 36, 23, 35), (24, 36, 1, 1), (1, 1, 5, 7), (1, 9, 3, 3), (2, 2, 1, 1), (60, 60, 75, 75), (146, 392, 73, 196)]
sizes += [tuple(chance.randint(1, 60) for _ in range(4)) for _ in range(60)]
sizes += [(h * chance.randint(1, 6), w * chance.randint(1, 6), h, w) for h, w in ((chance.randint(1, 20), chance.randint(1, 20)) for _ in range(30))]
with open("resize.txt", "w") as file:
    for h, w, to_h, to_w in sizes:
        for channels in (1, 3):
            source = pattern(h, w, channels)
            for method, flag in (("area", cv2.INTER_AREA), ("bilinear", cv2.INTER_LINEAR)):
                result = cv2.resize(source, (to_w, to_h), interpolation=flag)
                file.write(f"bytes {method} {h} {w} {channels} {to_h} {to_w} {zlib.crc32(result.tobytes())} {int(result.sum())}\n")
    for h, w, to_h, to_w in sizes[:17]:
        source = (pattern(h, w, 3) / np.float32(51)).astype(np.float32)
        for method, flag in (("area", cv2.INTER_AREA), ("bilinear", cv2.INTER_LINEAR)):
            result = cv2.resize(source, (to_w, to_h), interpolation=flag)
            places = [0, result.size // 3, result.size // 2, result.size - 1]
            numbers = [float(result.astype(np.float64).mean())] + [float(result.ravel()[p]) for p in places]
            file.write(f"floats {method} {h} {w} 3 {to_h} {to_w} {' '.join(map(repr, numbers))}\n")
