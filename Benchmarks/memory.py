"""The most memory that single large files take, and the seconds, in two builds of the program side by side.

    python3 Benchmarks/memory.py NEW_ECDX OLD_ECDX [--side N] [--gigabytes G] [--rounds N] [--only NAME]

The files are made in a temporary folder: pictures of N x N of 8 bits a channel, 6324 by default (120 MB of values), one of noise,
whose file is as large as that, and one that packs well, straight and interlaced; a CHGCAR of G gigabytes of text, 2.7 by default,
plain, and a quarter of it gzipped. `--side 600 --gigabytes 0.05` takes seconds. The builds run in turn, new, old, new, old; printed are
the peak of the resident memory, the median of the seconds, and the aim where there is one. It is said where the two do not print the
same.

- resize: `show picture(...) |> resize([75, 196]) |> mean`
- resize-well, resize-interlaced: the same of the picture that packs well
- mean: `show picture(...) |> mean`
- picture: `show picture(...)`
- chgcar: `show electrons(chgcar(...))`
- chgcar-gz: the same of the gzipped one
"""
import argparse
import gzip
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import zlib

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("new")
arguments.add_argument("old")
arguments.add_argument("--side", type=int, default=6324)
arguments.add_argument("--gigabytes", type=float, default=2.7)
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--only", default="")
options = arguments.parse_args()
builds = {"new": os.path.abspath(options.new), "old": os.path.abspath(options.old)}
source = random.Random(1)

# Where the passes of an interlaced PNG begin, and their steps: x, y, step of x, step of y.
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(path, rows, side, interlaced=False):
    """A PNG of RGB rows of bytes."""
    packer = zlib.compressobj(1)
    if interlaced:
        parts = []
        for x, y, right, down in PASSES:
            for row in range(y, side, down):
                channels = [rows[row][3 * x + channel::3 * right] for channel in range(3)]
                line = bytearray(3 * len(channels[0]))
                for channel in range(3):
                    line[channel::3] = channels[channel]
                # A pass without columns has no rows either.
                if line:
                    parts.append(packer.compress(b"\0" + bytes(line)))
    else:
        parts = [packer.compress(b"\0" + row) for row in rows]
    data = b"".join(parts) + packer.flush()
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, int(interlaced))))
        for start in range(0, len(data), 1 << 16):
            file.write(chunk(b"IDAT", data[start:start + (1 << 16)]))
        file.write(chunk(b"IEND", b""))


def smooth(side):
    """Rows that pack well."""
    base = bytes((place >> 4) % 251 for place in range(6 * side))
    return [base[row:row + 3 * side] for row in range(side)]


def write_chgcar(path, gigabytes):
    """A CHGCAR of about so many bytes of text, in the layout of VASP."""
    side = max(4, round((gigabytes * 1e9 / 18.2) ** (1 / 3)))
    count = side ** 3
    lines = ["".join(f" {source.uniform(0, 900):.11E}" for _ in range(5)) + "\n" for _ in range(2000)]
    block = "".join(lines)
    with open(path, "w") as file:
        file.write(f"made\n   1.0\n 3 0 0\n 0 3 0\n 0 0 3\n   Cu\n   1\nDirect\n 0 0 0\n\n {side} {side} {side}\n")
        while count >= 10_000:
            file.write(block)
            count -= 10_000
        file.write("".join(lines[:count // 5]))
        file.write("".join(" 0.10000000000E+01" for _ in range(count % 5)) + "\n")


def pack(path):
    with open(path, "rb") as plain, gzip.open(path + ".gz", "wb", compresslevel=1) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)
    os.remove(path)


def run(build, script, folder):
    """Seconds, peak of the resident memory in MB, and what a run prints."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "LC_ALL": "C.UTF-8"}
    with open(os.path.join(folder, "out"), "w+") as out, open(os.path.join(folder, "faults"), "w+") as faults:
        began = time.perf_counter()
        process = subprocess.Popen([builds[build], "run", script], cwd=folder, env=environment, stdout=out, stderr=faults)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        faults.seek(0)
        if process.returncode:
            sys.exit(f"{build}: `ecdx run {script}` ended with status {process.returncode}\n{faults.read()[-2000:]}")
        return seconds, usage.ru_maxrss / 1024, out.read()


noise = "noise.png"
well = "well.png"
interlaced = "interlaced.png"
values = 3 * options.side ** 2 / 1e6
text = options.gigabytes * 1e3
# The script, how its file is made, and the aim in MB.
CASES = {
    "resize": (f'show picture("{noise}") |> resize([75, 196]) |> mean\n', noise, 300 if options.side == 6324 else None),
    "resize-well": (f'show picture("{well}") |> resize([75, 196]) |> mean\n', well, 300 if options.side == 6324 else None),
    "resize-interlaced": (f'show picture("{interlaced}") |> resize([75, 196]) |> mean\n', interlaced, 300 if options.side == 6324 else None),
    "mean": (f'show picture("{noise}") |> mean\n', noise, 300 if options.side == 6324 else None),
    "picture": (f'show picture("{noise}")\n', noise, None),
    "chgcar": ('show electrons(chgcar("a.CHGCAR"))\n', "a.CHGCAR", 2900 if options.gigabytes == 2.7 else None),
    "chgcar-gz": ('show electrons(chgcar("b.CHGCAR.gz"))\n', "b.CHGCAR.gz", None),
}


def make(folder, name):
    """Makes a file in a process of its own: the peak of a program counts what the process that starts it had in memory."""
    path = os.path.join(folder, name)
    if os.path.exists(path):
        return
    child = os.fork()
    if child:
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{name} could not be made")
        return
    try:
        write(path, name)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def write(path, name):
    if name == noise:
        write_png(path, [source.randbytes(3 * options.side) for _ in range(options.side)], options.side)
    elif name == well:
        write_png(path, smooth(options.side), options.side)
    elif name == interlaced:
        write_png(path, smooth(options.side), options.side, interlaced=True)
    elif name == "a.CHGCAR":
        write_chgcar(path, options.gigabytes)
    else:
        write_chgcar(path.removesuffix(".gz"), options.gigabytes / 4)
        pack(path.removesuffix(".gz"))


with tempfile.TemporaryDirectory(prefix="ecdx-memory-") as scratch:
    print(f"pictures of {options.side} x {options.side}, {values:.0f} MB of values; a CHGCAR of {text:.0f} MB of text, gzipped {text / 4:.0f} MB", flush=True)
    for case, (script, file, aim) in CASES.items():
        if options.only and case != options.only:
            continue
        make(scratch, file)
        with open(os.path.join(scratch, case + ".ecdx"), "w") as out:
            out.write(script)
        seen = {build: [] for build in builds}
        for _ in range(options.rounds):
            for build in builds:
                # A store of an earlier run would answer for it.
                shutil.rmtree(os.path.join(scratch, ".ecdx"), ignore_errors=True)
                seen[build].append(run(build, case + ".ecdx", scratch))
        peaks = {build: max(peak for _, peak, _ in runs) for build, runs in seen.items()}
        seconds = {build: statistics.median(second for second, _, _ in runs) for build, runs in seen.items()}
        size = os.path.getsize(os.path.join(scratch, file)) / 1e6
        print(f"{case:<18} file {size:6.0f} MB   new {peaks['new']:6.0f} MiB {seconds['new']:6.2f} s   old {peaks['old']:6.0f} MiB"
              f" {seconds['old']:6.2f} s   ratio {peaks['new'] / peaks['old']:.2f} {seconds['new'] / seconds['old']:.2f}"
              + (f"   aim {aim} MB: {'met' if peaks['new'] * 1.048576 <= aim else 'MISSED'}" if aim else ""), flush=True)
        if len({printed for runs in seen.values() for _, _, printed in runs}) > 1:
            print(f"{case}: THE TWO DO NOT PRINT THE SAME")
