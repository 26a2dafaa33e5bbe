#!/usr/bin/env bash
# ASE 3.29.0 writes the spanning vectors of an XSF data grid one step too long.
#
# The XSF format says that the vectors of a DATAGRID_3D reach from the first point to the last along each axis: n points stand
# |v| / (n - 1) apart. ase.io.xsf.write_xsf writes n points that do not repeat, of a cell of length a, and so the vector should be
# (n - 1) / n * a. It writes (n + 1) / n * a. A program that follows the format (XCrySDen, VESTA) takes the field for stretched by
# (n + 1) / (n - 1): here by 5/3 along x, while the atoms stay where they are. read_xsf gives the vectors back as they are written, so
# that a file written and read by ASE alone shows nothing.
#
# Bears on ecdx: the reader of XSF tells such a grid by the cell of the crystal (Sources/Densities/XSFGrid.swift).
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q ase==3.29.0
"$work/venv/bin/python" - <<'PYTHON'
import io
import ase
import numpy
from ase import Atoms
from ase.io.xsf import read_xsf, write_xsf

cell, points = numpy.array([2.0, 3.0, 4.0]), numpy.array([4, 5, 6])
file = io.StringIO()
write_xsf(file, [Atoms("Cu", cell=cell, pbc=True)], numpy.zeros(points))
file.seek(0)
data, origin, vectors, images = read_xsf(file, index=slice(None), read_data=True)
found, right = numpy.diag(vectors), cell * (points - 1) / points
print(f"ase {ase.__version__}: a cell of {cell} A with {points} points, none of which repeats")
print(f"spanning vectors in the file {found}, by the format {right}")
print(f"distance of points that a reader takes from them {found / (points - 1)}, in the cell {cell / points}")
assert numpy.allclose(found, cell * (points + 1) / points, atol=1e-5), "ASE writes other vectors than it did"
assert not numpy.allclose(found, right, atol=1e-5)
PYTHON
