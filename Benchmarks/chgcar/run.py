"""Times the project's CHGCAR reader against pymatgen's Chgcar.from_file on all densities of the embedded data set.

    python3 Benchmarks/chgcar/run.py [--rounds N] [--pymatgen VERSION]

The two read in turn, round by round, on one thread each, with the files in the page cache; start-up and imports are not
counted. Prints the median of each and their ratio. Makes a virtual environment beside this file on the first run.
"""
import argparse
import glob
import os
import statistics
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--rounds", type=int, default=7)
arguments.add_argument("--pymatgen", default="2026.10.24", help="the release to compare with")
options = arguments.parse_args()

venv = os.path.join(here, ".venv", options.pymatgen)
python = os.path.join(venv, "bin", "python")
if not os.path.exists(os.path.join(venv, "ready")):
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "pymatgen==" + options.pymatgen], check=True)
    open(os.path.join(venv, "ready"), "w").close()
subprocess.run(["swift", "build", "-c", "release", "--package-path", here], check=True, stdout=sys.stderr)

files = sorted(glob.glob(os.path.join(here, "../../experiments/data/fcc-dft/densities/*.CHGCAR.gz")))
readers = {"ecdx": [os.path.join(here, ".build/release/chgcar-bench")], "pymatgen": [python, os.path.join(here, "read_pymatgen.py")]}
times = {name: [] for name in readers}
for turn in range(options.rounds):
    seen = []
    for name, command in readers.items():
        count, electrons, seconds = subprocess.run(command + files, check=True, capture_output=True, text=True).stdout.split()
        times[name].append(float(seconds))
        seen.append((int(count), float(electrons)))
    (a, x), (b, y) = seen
    if a != b or abs(x - y) > 1e-9 * abs(y):
        sys.exit(f"the readers disagree: {seen}")
print(f"{len(files)} files, {a} values, {options.rounds} rounds, pymatgen {options.pymatgen}")
for name, values in times.items():
    print(f"{name:9} median {statistics.median(values):.3f} s   (min {min(values):.3f}, max {max(values):.3f})")
print(f"ratio of medians {statistics.median(times['pymatgen']) / statistics.median(times['ecdx']):.1f}")
