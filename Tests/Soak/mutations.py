"""Damage to bytes and texts, drawn from a generator of random numbers."""
import gzip
import io
import re
import struct
import zipfile
import zlib

# Numbers at the ends of what types hold, as bytes and as digits.
words = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF]
digits = [b"0", b"-1", b"1e308", b"1e-320", b"-0", b"nan", b"inf", b"1.5", b"", b"2147483647", b"9223372036854775807", b"9" * 20]


def damaged(data, random, most=4):
    """Bytes with one to `most` changes of any kind."""
    data = bytearray(data)
    # Most have one change: the more there are, the earlier a reader gives up.
    for _ in range(random.choice([1, 1, random.randint(1, most)])):
        if not data:
            return bytes([random.randrange(256)])
        place = random.randrange(len(data))
        span = random.randint(1, random.choice([1, 4, 64, 1024]))
        kind = random.randrange(10)
        if kind == 0:
            data[place] ^= 1 << random.randrange(8)
        elif kind == 1:
            data[place] = random.choice([0, 0xFF, 0x7F, 0x80, 0x20, 0x0A, random.randrange(256)])
        elif kind == 2:
            del data[place:]
        elif kind == 3:
            del data[place : place + span]
        elif kind == 4:
            data[place:place] = data[place : place + span] * random.choice([1, 1, 2, 50])
        elif kind == 5:
            data[place:place] = bytes(random.randrange(256) for _ in range(min(span, 64)))
        elif kind == 6:
            width, order = random.choice([2, 4, 8]), random.choice(["little", "big"])
            data[place : place + width] = (random.choice(words) & (1 << 8 * width) - 1).to_bytes(width, order)
        elif kind == 7:
            other = random.randrange(len(data))
            piece = bytes(data[other : other + span])
            data[place : place + len(piece)] = piece
        elif kind == 8 and (numbers := list(re.finditer(rb"-?\d+(\.\d+)?([eE][-+]?\d+)?", bytes(data[:1 << 16])))):
            number = random.choice(numbers)
            data[number.start() : number.end()] = random.choice(digits)
        else:
            data[place : place + span] = bytes([random.choice([0, 0xFF, 0x20])]) * span
    return bytes(data[: 1 << 22])


def zipped(data, random):
    """A `.gz` file: damaged itself, or whole with damaged contents."""
    if random.random() < 0.5:
        return damaged(data, random)
    return gzip.compress(damaged(gzip.decompress(data), random), mtime=0)


def workbook(data, random):
    """A workbook: damaged itself, or with one damaged part in a whole archive, or with a part that is gone."""
    if random.random() < 0.3:
        return damaged(data, random)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    chosen = random.randrange(len(parts))
    name, contents = parts[chosen]
    parts[chosen] = (name, damaged(contents, random)) if random.random() < 0.9 else ("other", contents)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for name, contents in parts:
            archive.writestr(zipfile.ZipInfo(name), contents)
    return made.getvalue()


def png(data, random):
    """A PNG: damaged itself, or with a damaged chunk whose check sum is right, so that what lies behind is reached."""
    if random.random() < 0.4:
        return damaged(data, random)
    chunks, place = [], 8
    while place + 8 <= len(data):
        length = struct.unpack(">I", data[place : place + 4])[0]
        chunks.append((data[place + 4 : place + 8], data[place + 8 : place + 8 + length]))
        place += 12 + length
    chosen = random.randrange(len(chunks))
    name, contents = chunks[chosen]
    if name == b"IDAT" and random.random() < 0.7:
        try:
            contents = zlib.compress(damaged(zlib.decompress(contents), random))
        except zlib.error:
            contents = damaged(contents, random)
    else:
        contents = damaged(contents, random, most=2)
    chunks[chosen] = (name, contents)
    if random.random() < 0.2:
        chunks.insert(random.randrange(len(chunks)), random.choice(chunks))
    return data[:8] + b"".join(
        struct.pack(">I", len(contents)) + name + contents + struct.pack(">I", zlib.crc32(name + contents)) for name, contents in chunks)


def script(text, random):
    """A script with tokens dropped, doubled, exchanged or put in; now and then any bytes."""
    if random.random() < 0.1:
        return damaged(text.encode(), random)
    tokens = re.findall(r"\s+|#[^\n]*|\"[^\"\n]*\"|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e-?\d+)?|\|>|>>|.", text)
    solid = [token for token in tokens if not token.isspace()]
    for _ in range(random.choice([1, 1, 2, 5])):
        place = random.randrange(len(tokens))
        kind = random.randrange(5)
        if kind == 0 and len(tokens) > 1:
            del tokens[place]
        elif kind == 1:
            tokens.insert(place, tokens[place])
        elif kind == 2:
            other = random.randrange(len(tokens))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        elif kind == 3:
            tokens.insert(place, random.choice(solid))
        else:
            tokens[place] = random.choice(solid)
    return "".join(tokens).encode()
