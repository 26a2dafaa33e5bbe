"""Times the project's CHGCAR reader against pymatgen's Chgcar.from_file: on all densities of the embedded data set, and on one large file.
Times regridding against mp-pyrho.

    python3 Benchmarks/chgcar/run.py [--rounds N] [--pymatgen VERSION] [--side N] [--bench PROGRAM] [--python PROGRAM] [--only NAME]

The readers take turns, round by round, with the files in the page cache; start-up and imports are not counted, nor the first two of the
three times that each reads them. pymatgen reads on one thread. ecdx reads the files of the data set on one thread, and on as many as
there are processors, as the rows of a data set are read; the large file, of N x N x N points in VASP's own layout, with whatever threads
it makes itself. Prints the medians, and the median of the ratios of the rounds, each of readings that followed one another. Makes a
virtual environment beside this file on the first run, unless `--python` names one that has pymatgen, and builds the reader, unless
`--bench` names it. `regrid` brings a density of 96 x 96 x 96 points to 60 x 60 x 60, reading not counted: trilinear against
`get_transformed`, Fourier against `interpolate_fourier`. `--only` runs one of `files`, `large`, `regrid`.
"""
import argparse
import glob
import os
import random
import statistics
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--rounds", type=int, default=7)
arguments.add_argument("--pymatgen", default="2026.10.24", help="the release to compare with")
arguments.add_argument("--side", type=int, default=160, help="the points of the large file along each side")
arguments.add_argument("--bench")
arguments.add_argument("--python")
arguments.add_argument("--only", choices=["files", "large", "regrid"])
options = arguments.parse_args()

python = options.python
if not python:
    venv = os.path.join(here, ".venv", options.pymatgen)
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(os.path.join(venv, "ready")):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "pymatgen==" + options.pymatgen, "mp-pyrho==0.5.2", "scipy"], check=True)
        open(os.path.join(venv, "ready"), "w").close()
bench = options.bench
if not bench:
    subprocess.run(["swift", "build", "-c", "release", "--package-path", here], check=True, stdout=sys.stderr)
    bench = os.path.join(here, ".build/release/chgcar-bench")
processors = len(os.sched_getaffinity(0))


def write_large(path, side):
    """A CHGCAR in the layout of VASP, five numbers of eleven digits a line."""
    source = random.Random(1)

    def number():
        return f" 0.{source.randrange(10 ** 10, 10 ** 11)}E{source.randrange(-1, 4):+03d}"

    lines = ["".join(number() for _ in range(5)) + "\n" for _ in range(20000)]
    left = side ** 3
    with open(path, "w") as file:
        file.write(f"made\n   1.0\n 3 0 0\n 0 3 0\n 0 0 3\n   Cu\n   1\nDirect\n 0 0 0\n\n {side} {side} {side}\n")
        while left >= 100_000:
            file.write("".join(lines))
            left -= 100_000
        file.write("".join(lines[:left // 5]) + "".join(number() for _ in range(left % 5)) + "\n")


def compare(title, files, readers):
    """Times readers, the last of which is the peer."""
    times = {name: [] for name in readers}
    for turn in range(options.rounds):
        seen = []
        for name, command in readers.items():
            count, electrons, seconds = subprocess.run(command + files, check=True, capture_output=True, text=True).stdout.split()
            times[name].append(float(seconds))
            seen.append((int(count), float(electrons)))
        for a, x in seen:
            b, y = seen[-1]
            if a != b or abs(x - y) > 1e-9 * abs(y):
                sys.exit(f"the readers disagree: {seen}")
    *_, peer = readers
    print(f"{title}, {seen[0][0]} values, {options.rounds} rounds, load of the machine {os.getloadavg()[0]:.1f}")
    for name, values in times.items():
        ratio = statistics.median(a / b for a, b in zip(values, times[peer]))
        print(f"  {name:18} median {statistics.median(values):.4f} s   (min {min(values):.4f}, max {max(values):.4f})   {ratio:.3f} of {peer}")


def wanted(name):
    return options.only in (None, name)


peer = {"pymatgen": [python, os.path.join(here, "read_pymatgen.py")]}
files = sorted(glob.glob(os.path.join(here, "../../experiments/data/fcc-dft/densities/*.CHGCAR.gz")))
if wanted("files"):
    compare(f"{len(files)} files", files, {f"ecdx, {n} thread{'s' * (n > 1)}": [bench, str(n)] for n in sorted({1, processors})} | peer)
with tempfile.TemporaryDirectory(prefix="ecdx-chgcar-") as scratch:
    large = os.path.join(scratch, "CHGCAR")
    if wanted("large"):
        write_large(large, options.side)
        single = ["taskset", "-c", str(min(os.sched_getaffinity(0)))]
        compare(f"{options.side}^3 points", [large], {"ecdx, 1 processor": single + [bench, "1"], "ecdx": [bench, "1"]} | peer)
    if wanted("regrid"):
        write_large(large, 96)
        for method in ["trilinear", "fourier"]:
            pyrho = {"pyrho": [python, os.path.join(here, "regrid_pyrho.py"), method]}
            compare(f"{method} from 96^3 to 60^3 points", [large], {"ecdx": [bench, method]} | pyrho)
