"""Reads written.cube, which the tests write to the byte, with other programs, and compares it with the file that it was made of
(needs numpy, ase 3.29.0, pymatgen 2026.10.24). Prints the largest deviations; python3 check_written.py [FILE [TOLERANCE]].

The lengths of the source are in A with six decimals, and those of written.cube in bohr with six decimals.
"""
import os
import sys

import numpy as np
from ase.io.cube import read_cube
from pymatgen.io.common import VolumetricData

BOHR = 0.529177210903
folder = os.path.dirname(os.path.abspath(__file__))
path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(folder, "written.cube")
tolerance = float(sys.argv[2]) if len(sys.argv) > 2 else 1e-5

with open(os.path.join(folder, "field/negative-counts-angstrom.cube")) as file:
    lines = file.read().split("\n")
origin = np.array(lines[2].split()[1:], float)
steps = np.array([line.split() for line in lines[3:6]], float)
cell = steps[:, 1:] * abs(steps[:, :1])
atoms = np.array([line.split()[2:] for line in lines[6:8]], float) - origin
values = np.array(" ".join(lines[8:]).split(), float).reshape(6, 5, 7)

with open(path) as file:
    by_ase = read_cube(file)
by_pymatgen = VolumetricData.from_cube(path)
for name, data, rows, places, species in [
    ("ase", by_ase["data"], by_ase["atoms"].cell.array, by_ase["atoms"].positions, by_ase["atoms"].get_chemical_symbols()),
    ("pymatgen", by_pymatgen.data["total"], by_pymatgen.structure.lattice.matrix, by_pymatgen.structure.cart_coords,
     [site.specie.symbol for site in by_pymatgen.structure]),
]:
    assert species == ["Si", "Si"]
    worst = [abs(data / values - 1).max(), abs(rows - cell).max(), abs(places - atoms).max()]
    print(name, *("%.1e" % number for number in worst))
    assert max(worst) < tolerance
assert abs(by_ase["origin"]).max() == 0
