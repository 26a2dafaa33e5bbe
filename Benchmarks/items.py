"""Times the reading of the rows of a data set, in two builds of the program side by side.

    python3 Benchmarks/items.py NEW_ECDX OLD_ECDX [--pictures N] [--rounds N]

- quickstart: the planes of the 144 densities, read, cut and averaged
- pictures: N generated pictures of 400 x 400 (2,000 by default), resized to 75 x 196, with an epoch of a small network
- again: the same with another seed, from the store

The builds run in turn, new, old, new, old, each with a store of its own that is emptied before each run but those of `again`. Printed
are the medians of the seconds of whole runs, their ratio, and the peak of the resident memory. `--pictures 20000` takes minutes and
5 GB of disk.
"""
import argparse
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("new")
arguments.add_argument("old")
arguments.add_argument("--pictures", type=int, default=2000)
arguments.add_argument("--rounds", type=int, default=3)
options = arguments.parse_args()
builds = {"new": os.path.abspath(options.new), "old": os.path.abspath(options.old)}

PLANES = """dataset crystals {
    rows:   csv("data/fcc-dft/properties.csv")
    id:     "material_id"
    inputs: { plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [60, 60], cell: file) }
    target: { column: "k_vrh", unit: "GPa", scale: standard }
    split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 7)
}
show mean(crystals.inputs.plane)
"""
PICTURES = """dataset pictures {
    rows:   csv("rows.csv")
    id:     "name"
    inputs: { image: picture("p/{name}.png") |> resize([75, 196], method: area) }
    target: { column: "y", scale: standard }
    split:  random(train: 80%, validation: 10%, holdout: 10%, seed: 1)
}
model net {
    input image: [75, 196, 3]
    image >> conv(4, kernel: 3, strides: 4) >> globalAveragePool >> dense(1)
}
experiment fit { data: pictures, model: net, loss: mse, seed: 1, epochs: 1, batch: 16 }
table metrics(fit) to "out.csv"
"""


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make(folder):
    os.makedirs(os.path.join(folder, "p"))
    base = random.Random(1).randbytes(9600)
    with open(os.path.join(folder, "rows.csv"), "w") as table:
        table.write("name,y\n")
        for number in range(options.pictures):
            table.write(f"p{number:06},{number * 37 % 101}\n")
            rows = b"".join(b"\0" + base[(number * 7 + row * 13) % 1200:][:1200] for row in range(400))
            with open(os.path.join(folder, "p", f"p{number:06}.png"), "wb") as file:
                header = chunk(b"IHDR", struct.pack(">IIBBBBB", 400, 400, 8, 2, 0, 0, 0))
                file.write(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))
    with open(os.path.join(folder, "s.ecdx"), "w") as script:
        script.write(PICTURES)


def run(build, folder, words, fresh):
    store = os.path.join(scratch, "store-" + build)
    if fresh:
        shutil.rmtree(store, ignore_errors=True)
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": scratch, "LC_ALL": "C.UTF-8", "ECDX_STORE": store}
    began = time.perf_counter()
    child = subprocess.Popen(
        [builds[build], "run", "s.ecdx", "--force", *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{build}: ended with {child.returncode}\n{message.decode()[-2000:]}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def measure(name, folder, words=(lambda turn: []), fresh=True):
    seen = {build: [] for build in builds}
    for turn in range(options.rounds):
        for build in builds:
            seen[build].append(run(build, folder, words(turn), fresh))
    seconds = {build: statistics.median(run[0] for run in runs) for build, runs in seen.items()}
    memory = {build: max(run[1] for run in runs) for build, runs in seen.items()}
    print(f"{name:<11}new {seconds['new']:.3f} s, {memory['new']:.0f} MB   old {seconds['old']:.3f} s, {memory['old']:.0f} MB   "
          f"new / old {seconds['new'] / seconds['old']:.2f} of the time ({options.rounds} rounds)", flush=True)


with tempfile.TemporaryDirectory(prefix="ecdx-items-") as scratch:
    planes, pictures = os.path.join(scratch, "planes"), os.path.join(scratch, "pictures")
    os.makedirs(planes)
    shutil.copytree(os.path.join(root, "experiments", "data"), os.path.join(planes, "data"))
    with open(os.path.join(planes, "s.ecdx"), "w") as script:
        script.write(PLANES)
    make(pictures)
    time.sleep(2.5)  # a file younger than two seconds is read again
    measure("quickstart", planes)
    measure("pictures", pictures)
    measure("again", pictures, lambda turn: ["--set", f"fit.seed={turn + 2}"], fresh=False)
