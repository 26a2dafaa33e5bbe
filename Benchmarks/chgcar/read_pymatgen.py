"""Reads the files it is given three times with pymatgen and prints, of the last time, what chgcar-bench prints."""
import sys
import time
import warnings

from pymatgen.io.vasp.outputs import Chgcar

warnings.filterwarnings("ignore")
for turn in range(3):
    crystals = None
    start = time.perf_counter()
    crystals = [Chgcar.from_file(path) for path in sys.argv[1:]]
    taken = time.perf_counter() - start
print(sum(c.data["total"].size for c in crystals), sum(c.data["total"].mean() for c in crystals), taken)
