"""Times the way from files of charge density to planes that a network takes, against pymatgen and mp-pyrho, and on many files.

    python3 Benchmarks/densities.py ECDX [--rounds N] [--files N] [--python PROGRAM]

- planes: the 144 crystals of `experiments/data/fcc-dft`, each read, regridded to 60 x 60 x 60 by trilinear interpolation, and cut along
  (111) of its cell to 75 x 75. ecdx is timed as a whole process with an empty store, on all processors; of the peer, pymatgen 2026.10.24
  and mp-pyrho 0.5.2 with SciPy, start-up and imports are not counted. Both planes are compared: the largest difference is printed.
- many: N generated files (2,000 by default), 95 of 100 of 24^3 points, 5 of 96^3 with spin, to the same planes; then 20 files more, which
  alone are read; ecdx only, seconds and peak memory, and what 122,690 files would take at that pace.

The peer is installed into a virtual environment beside this file, unless `--python` names a Python that has it.
"""
import argparse
import glob
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("ecdx")
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--files", type=int, default=2000)
arguments.add_argument("--python")
options = arguments.parse_args()
ecdx = os.path.abspath(options.ecdx)
densities = os.path.join(root, "experiments/data/fcc-dft/densities")

python = options.python
if not python:
    venv = os.path.join(root, "Benchmarks/.venv/densities")
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(os.path.join(venv, "ready")):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "pymatgen==2026.10.24", "mp-pyrho==0.5.2", "scipy"], check=True)
        open(os.path.join(venv, "ready"), "w").close()

PEER = """
import sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from pymatgen.io.vasp import Chgcar
from pyrho.charge_density import ChargeDensity
from scipy.ndimage import map_coordinates
names = open(sys.argv[1]).read().split()
def planes():
    result = []
    for name in names:
        density = ChargeDensity.from_file(name)
        grid = density.get_transformed(np.eye(3), [60, 60, 60])
        data = grid.pgrids["total"].grid_data
        origin = density.structure[0].frac_coords
        u, v = np.array([1, 0, -1]), np.array([0, 1, -1])
        at = origin[:, None, None] + (np.arange(75) / 75)[None, :, None] * u[:, None, None] + (np.arange(75) / 75)[None, None, :] * v[:, None, None]
        result.append(map_coordinates(data, at * 60, order=1, mode="grid-wrap") / grid.structure.volume)
    return np.array(result)
planes()
begun = time.perf_counter()
result = planes()
print(time.perf_counter() - begun)
np.save(sys.argv[2], result)
"""


def script(pattern):
    return f"""dataset crystals {{
    rows:   csv("rows.csv")
    id:     "id"
    inputs: {{ plane: chgcar("{pattern}") |> regrid([60, 60, 60]) |> plane([1, 1, 1], size: [75, 75], cell: file) }}
}}
export crystals.inputs.plane to "planes.npy"
"""


def run(folder, fresh=True):
    """Seconds and peak memory in MB of one run."""
    if fresh:
        shutil.rmtree(os.path.join(folder, ".ecdx"), ignore_errors=True)
    begun = time.perf_counter()
    process = subprocess.Popen([ecdx, "run", "s.ecdx", "--force"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(output)
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def write_rows(folder, ids):
    with open(os.path.join(folder, "rows.csv"), "w") as table:
        table.write("id\n" + "".join(f"{name}\n" for name in ids))


def planes():
    with tempfile.TemporaryDirectory() as folder:
        names = sorted(os.path.basename(name)[: -len(".CHGCAR.gz")] for name in glob.glob(densities + "/*.CHGCAR.gz"))
        names = [name for name in names if not name.endswith(".atoms")]
        write_rows(folder, names)
        with open(os.path.join(folder, "s.ecdx"), "w") as file:
            file.write(script(densities + "/{id}.CHGCAR.gz"))
        with open(os.path.join(folder, "names"), "w") as file:
            file.write("\n".join(f"{densities}/{name}.CHGCAR.gz" for name in names))
        peer_result = os.path.join(folder, "peer.npy")
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(run(folder)[0])
            theirs.append(float(subprocess.run(
                [python, "-c", PEER, os.path.join(folder, "names"), peer_result], check=True, capture_output=True).stdout))
        largest = subprocess.run(
            [python, "-c", "import numpy as np, sys; a = np.load(sys.argv[1]).reshape(-1, 75, 75); b = np.load(sys.argv[2]);"
             "print(abs(a - b).max(), abs(b).max())", os.path.join(folder, "planes.npy"), peer_result],
            check=True, capture_output=True).stdout.decode().split()
        ratio = statistics.median(mine / peer for mine, peer in zip(ours, theirs))
        print(f"planes of {len(names)} crystals: ecdx {statistics.median(ours):.3f} s, pymatgen and pyrho {statistics.median(theirs):.3f} s, "
              f"ratio {ratio:.3f} ({options.rounds} rounds); largest difference {largest[0]} of {largest[1]} e/A^3")


def write_density(path, side, spin, source):
    def number():
        return f" 0.{source.randrange(10 ** 10, 10 ** 11)}E{source.randrange(0, 3):+03d}"

    def block():
        lines = ["".join(number() for _ in range(5)) + "\n" for _ in range(200)]
        whole, left = divmod(side ** 3, 5)
        return "".join(lines * (whole // 200)) + "".join(lines[: whole % 200]) + "".join(number() for _ in range(left)) + "\n"

    with open(path, "w") as file:
        file.write(f"made\n   1.0\n 0 2 2\n 2 0 2\n 2 2 0\n   Cu\n   1\nDirect\n 0 0 0\n\n {side} {side} {side}\n{block()}")
        if spin:
            file.write(f" {side} {side} {side}\n{block()}")


def many():
    source = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        ids = [f"d{number:06}" for number in range(options.files + 20)]
        for number, name in enumerate(ids):
            large = number % 20 == 7
            write_density(os.path.join(folder, name + ".CHGCAR"), 96 if large else 24, large, source)
        with open(os.path.join(folder, "s.ecdx"), "w") as file:
            file.write(script("{id}.CHGCAR"))
        write_rows(folder, ids[: options.files])
        seconds, memory = run(folder)
        write_rows(folder, ids)
        more, memory_more = run(folder, fresh=False)
        print(f"{options.files} files: {seconds:.2f} s, {memory:.0f} MB; 20 more: {more:.2f} s, {memory_more:.0f} MB; "
              f"122,690 at that pace: {seconds / options.files * 122_690 / 60:.1f} min")


planes()
many()
