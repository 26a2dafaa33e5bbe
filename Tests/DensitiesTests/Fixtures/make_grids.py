"""Writes grids.txt: what other programs read from cube and XSF files, and the files beside it that other programs write
(needs numpy, ase 3.29.0, pymatgen 2026.10.24, emmet-core 0.87.3).

One line a file: name, who read it, extents, volume (A^3), smallest, largest and [1,2,3] value, sum over the points times the volume of
a voxel in bohr^3, sum over the points weighted with their place (from 1, z fastest), first atom (symbol, fractional position modulo 1
from the origin of the grid). Values as in the file. Numbers are hexadecimal floats. Readers: ase; pymatgen; own: split at blanks.
"""
import gzip
import json
import os
import warnings

import numpy as np
from ase.data import chemical_symbols
from ase.io.cube import read_cube
from ase.io.xsf import read_xsf, write_xsf
from emmet.core.vasp.models import ChgcarLike
from pymatgen.io.common import VolumetricData
from pymatgen.io.vasp.outputs import Chgcar

warnings.filterwarnings("ignore")
BOHR = 0.529177210903
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "field"))


def opened(name):
    return gzip.open(name, "rt") if name.endswith(".gz") else open(name)


def own_cube(name, dataset=0):
    """A reader of our own, for the dresses that ase gets wrong."""
    with opened(name) as file:
        lines = file.read().split("\n")
    words = lines[2].split()
    atoms, origin, fields = int(words[0]), np.array(words[1:4], float), int(words[4]) if len(words) > 4 else 1
    counts = [int(line.split()[0]) for line in lines[3:6]]
    steps = np.array([line.split()[1:] for line in lines[3:6]], float)
    unit = 1.0 if counts[0] < 0 else BOHR
    grid = [abs(n) for n in counts]
    cell = steps * np.array(grid)[:, None] * unit
    first = lines[6].split()
    position = (np.array(first[2:5], float) - origin) * unit @ np.linalg.inv(cell)
    values = np.array(" ".join(lines[6 + atoms:]).split(), float)
    return values.reshape(grid + [fields])[..., dataset], cell, chemical_symbols[int(first[0])], position


def ase_cube(name):
    # ase takes a bohr of its own (CODATA 2014), so lengths come from the steps of the file.
    with opened(name) as file:
        found = read_cube(file)
    data, atoms = found["data"], found["atoms"]
    own, cell, symbol, position = own_cube(name)
    assert np.array_equal(own, data) and symbol == atoms[0].symbol
    assert np.allclose(cell, atoms.cell.array, rtol=1e-8), name
    return data, cell, symbol, position


def pymatgen_cube(name):
    found = VolumetricData.from_cube(name)
    data, structure = found.data["total"], found.structure
    own, cell, symbol, position = own_cube(name)
    assert np.array_equal(own, data)
    assert np.allclose(cell, structure.lattice.matrix, rtol=1e-6)
    shift = position - structure[0].frac_coords
    assert np.allclose(shift, np.rint(shift), atol=1e-5), (name, shift)
    return data, cell, symbol, position


def own_xsf(name, cut):
    with opened(name) as file:
        words = file.read().split()
    at = words.index("PRIMVEC") + 1
    cell = np.array(words[at:at + 9], float).reshape(3, 3)
    at = words.index("PRIMCOORD") + 3
    symbol = words[at]
    position = np.array(words[at + 1:at + 4], float) @ np.linalg.inv(cell)
    at = next(i for i, word in enumerate(words) if "DATAGRID_3D" in word and "BLOCK" not in word) + 1
    grid = [int(n) for n in words[at:at + 3]]
    count = int(np.prod(grid))
    values = np.array(words[at + 15:at + 15 + count], float).reshape(grid, order="F")
    symbol = chemical_symbols[int(symbol)] if symbol.isdigit() else symbol
    return (values[:-1, :-1, :-1] if cut else values), cell, symbol, position


def ase_xsf(name):
    with opened(name) as file:
        data, origin, span, atoms = read_xsf(file, read_data=True)
    own, cell, symbol, position = own_xsf(name, True)
    assert np.array_equal(own, data[:-1, :-1, :-1]) and np.allclose(cell, span, atol=1e-5)
    assert np.allclose(position, atoms[0].position @ np.linalg.inv(cell), atol=1e-8)
    return own, cell, symbol, position


def write_others():
    """XSF of ase, which writes every point once, and emmet's flattened model."""
    if not os.path.exists("ase-once.xsf"):
        with open("codes/qe-al.cube") as file:
            found = read_cube(file)
        with open("ase-once.xsf", "w") as file:
            write_xsf(file, [found["atoms"]], data=found["data"])
    if not os.path.exists("emmet-flat.json.gz"):
        model = ChgcarLike.from_pmg(Chgcar.from_file("spin-aug.CHGCAR"), identifier="mp-1234567")
        with gzip.GzipFile("emmet-flat.json.gz", "wb", mtime=0) as file:
            file.write(model.model_dump_json().encode())


write_others()
lines = []
for name in sorted(os.listdir(".") + ["codes/" + name for name in os.listdir("codes")]):
    plain = name.removesuffix(".gz")
    reader, read = None, None
    if plain.endswith(".cube"):
        if name.startswith("atoms-announced"):
            continue
        if name.startswith(("origin", "psi4")):
            reader, read = "pymatgen", lambda: pymatgen_cube(name)
        elif name.startswith(("negative", "two-values")):
            reader, read = "own", lambda: own_cube(name)
        else:
            reader, read = "ase", lambda: ase_cube(name)
    elif plain.endswith(".xsf"):
        if "abinit" in name or "once" in name:
            reader, read = "own", lambda: own_xsf(name, "once" not in name)
        else:
            reader, read = "ase", lambda: ase_xsf(name)
    if read is None:
        continue
    data, cell, symbol, position = read()
    volume = abs(np.linalg.det(cell))
    flat = np.ascontiguousarray(data).ravel()
    numbers = [volume, flat.min(), flat.max(), data[1, 2, 3], flat.mean() * volume / BOHR**3, (flat * np.arange(1, flat.size + 1)).sum()]
    numbers += list(position % 1)
    extents = "x".join(str(n) for n in data.shape)
    words = [float(n).hex() for n in numbers]
    lines.append(" ".join([name, reader, extents] + words[:6] + [symbol] + words[6:]))
with open("../grids.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
