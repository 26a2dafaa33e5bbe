"""Writes skew.CHGCAR and planes.txt: planes of densities, sampled by scipy (needs numpy and scipy 1.17).

The in-plane vectors are found by looking at all whole-number vectors of a box, and the samples by scipy's
map_coordinates(order=1, mode="grid-wrap"): both independent of the program. One line a plane: file, Miller indices, rows,
columns, u, v, then the samples as hexadecimal float32 values of density divided by volume.
"""
import itertools
import os

import gzip
import numpy as np
from scipy.ndimage import map_coordinates

rng = np.random.default_rng(11)
skew = np.array([[3.1, 0.2, -0.1], [0.4, 2.7, 0.3], [-0.6, 0.5, 4.2]])
grid = (4, 5, 6)
values = rng.normal(2, 1, grid)
atoms = np.array([[0.13, -0.27, 1.41], [0.5, 0.5, 0.5]])
with open("skew.CHGCAR", "w") as file:
    file.write("skew\n1.0\n")
    for row in skew:
        file.write(" ".join("%.6f" % x for x in row) + "\n")
    file.write("Cu O\n1 1\nDirect\n")
    for row in atoms:
        file.write(" ".join("%.6f" % x for x in row) + "\n")
    file.write("\n%d %d %d\n" % grid)
    numbers = ["%.11E" % x for x in values.ravel(order="F")]
    for start in range(0, len(numbers), 5):
        file.write(" " + " ".join(numbers[start:start + 5]) + "\n")


def read(path):
    text = (gzip.open(path, "rt") if path.endswith(".gz") else open(path)).read().split("\n")
    cell = float(text[1]) * np.array([[float(x) for x in line.split()] for line in text[2:5]])
    count = sum(int(x) for x in text[6].split())
    first = np.array([float(x) for x in text[8].split()[:3]])
    shape = tuple(int(x) for x in text[9 + count].split())
    numbers = np.array(" ".join(text[10 + count:]).split()[:shape[0] * shape[1] * shape[2]], dtype=float)
    return cell, first, numbers.reshape(shape, order="F")


def basis(cell, miller):
    box = [np.array(n) for n in itertools.product(range(-7, 8), repeat=3) if any(n) and np.dot(n, miller) == 0]
    length = lambda n: np.linalg.norm(n @ cell)
    least = min(map(length, box))
    u = max((n for n in box if length(n) < least * 1.001), key=tuple)
    turning = [n for n in box if (np.cross(u, n) == miller).all()]
    least = min(map(length, turning))
    second = [n for n in turning if length(n) < least * 1.001]
    acute = [n for n in second if (u @ cell) @ (n @ cell) > -1e-3 * length(u) * length(n)]
    return u, max(acute or second, key=tuple)


densities = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../experiments/data/fcc-dft/densities")
cases = [("skew.CHGCAR", h, size) for h, size in [((1, 1, 1), (7, 5)), ((1, 0, 0), (3, 4)), ((0, 1, 0), (4, 4)), ((0, 0, 1), (5, 3)),
         ((1, -1, 0), (6, 4)), ((2, 1, -3), (5, 9)), ((0, 2, -3), (4, 3)), ((-1, 2, 2), (1, 1))]]
cases += [("Al-fcc.CHGCAR.gz", (1, 1, 1), (9, 7)), ("C-diamond.atoms.CHGCAR.gz", (1, 1, 0), (5, 8)), ("MgO-rocksalt.CHGCAR.gz", (3, -1, 1), (4, 6))]
with open("planes.txt", "w") as file:
    for name, miller, (rows, columns) in cases:
        cell, first, data = read(name if name == "skew.CHGCAR" else os.path.join(densities, name))
        u, v = basis(cell, np.array(miller))
        i, j = np.meshgrid(np.arange(rows) / rows, np.arange(columns) / columns, indexing="ij")
        points = first[:, None, None] + u[:, None, None] * i + v[:, None, None] * j
        places = points * np.array(data.shape)[:, None, None]
        samples = map_coordinates(data, places, order=1, mode="grid-wrap") / abs(np.linalg.det(cell))
        numbers = " ".join(float(np.float32(x)).hex() for x in samples.ravel())
        integers = [*miller, rows, columns, *(int(x) for x in u), *(int(x) for x in v)]
        file.write(f"{name} {' '.join(map(str, integers))} {numbers}\n")
