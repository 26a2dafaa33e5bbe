"""Writes checksums.txt: what pymatgen reads from some of the project's densities (needs numpy and pymatgen 2026.10.24).

One line a file: name, grid, the sum over all values of (position + 1) * (the value's bits) modulo 2^64, values in C order
as in the file (density times volume), and the volume as a hexadecimal float.
"""
import os
import warnings

import numpy as np
from pymatgen.io.vasp.outputs import Chgcar

warnings.filterwarnings("ignore")
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../experiments/data/fcc-dft/densities")
names = ["Ag-fcc", "Al-fcc.atoms", "C-diamond", "Fe2VAl-full-heusler", "MgO-rocksalt", "Ni-fcc", "TiNiSn-half-heusler.atoms"]
with open("checksums.txt", "w") as file:
    for name in names:
        crystal = Chgcar.from_file(os.path.join(folder, name + ".CHGCAR.gz"))
        data = np.ascontiguousarray(crystal.data["total"])
        weights = np.arange(1, data.size + 1, dtype=np.uint64)
        with np.errstate(over="ignore"):
            total = int((weights * data.ravel().view(np.uint64)).sum(dtype=np.uint64))
        grid = "x".join(str(n) for n in data.shape)
        file.write(f"{name}.CHGCAR.gz {grid} {total:016x} {float(crystal.structure.volume).hex()}\n")
