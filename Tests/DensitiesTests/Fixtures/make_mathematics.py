"""Writes mathematics.json: what mp-pyrho 0.5.2, numpy 2.4, scipy 1.17 and spglib 2.8.0 make of the densities beside it.

Run in this folder. Values are e/A^3. Everything here goes another way than the program: direct sums over waves instead of
transforms, map_coordinates instead of its interpolation, brute force over images instead of its ranges.
"""
import itertools
import json

import numpy as np
import spglib
from pyrho.charge_density import ChargeDensity
from pyrho.utils import interpolate_fourier
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import map_coordinates


def read(name):
    lines = open("field/" + name).read().split("\n")
    scale = float(lines[1])
    cell = np.array([[float(x) for x in line.split()] for line in lines[2:5]])
    cell *= scale if scale > 0 else (-scale / abs(np.linalg.det(cell))) ** (1 / 3)
    at = 5 if lines[5].split()[0].isdigit() else 6
    counts = [int(x) for x in lines[at].split()]
    symbols = ["X"] * len(counts) if at == 5 else [s.split("_")[0].split("/")[0] for s in lines[5].split()]
    kinds = [i for i, n in enumerate(counts) for _ in range(n)]
    elements = [symbols[i] for i in kinds]
    atoms = np.array([[float(x) for x in line.split()[:3]] for line in lines[at + 2:at + 2 + len(kinds)]])
    at += 3 + len(kinds)
    grid = [int(x) for x in lines[at].split()]
    numbers = []
    for line in lines[at + 1:]:
        numbers += line.split()
        if len(numbers) >= np.prod(grid):
            break
    values = np.array(numbers[:np.prod(grid)], dtype=float).reshape(grid, order="F")
    return cell, elements, atoms, values / abs(np.linalg.det(cell))


def digest(array):
    """A few numbers that tell arrays apart: mean, extremes, and values at scattered places (flat index, value)."""
    flat = array.ravel()
    places = sorted({(7919 * k + 13) % flat.size for k in range(40)})
    return {"shape": list(array.shape), "mean": flat.mean(), "min": flat.min(), "max": flat.max(),
            "places": places, "values": [flat[p] for p in places]}


def waves(values):
    """Wave vectors and coefficients of the polynomial, Nyquist split in equal halves along each axis."""
    coefficients = np.fft.fftn(values) / values.size
    ks = []
    for n in values.shape:
        axis = [(k, k % n, 1.0) for k in range(-((n - 1) // 2), (n - 1) // 2 + 1)]
        if n % 2 == 0:
            axis += [(-n // 2, n // 2, 0.5), (n // 2, n // 2, 0.5)]
        ks.append(axis)
    out = []
    for a, b, c in itertools.product(*ks):
        out.append((a[0], b[0], c[0], a[2] * b[2] * c[2] * coefficients[a[1], b[1], c[1]]))
    k = np.array([w[:3] for w in out])
    return k, np.array([w[3] for w in out])


def polynomial(values, points):
    k, c = waves(values)
    return np.concatenate([(np.exp(2j * np.pi * (part @ k.T)) @ c).real for part in np.array_split(points, max(1, len(points) // 200))])


def linear(values, points):
    return map_coordinates(values, (points * np.array(values.shape)).T, order=1, mode="grid-wrap")


result = {"regrid": [], "supercell": [], "shift": [], "window": [], "mean": [], "symmetry": [], "average": [], "atoms": []}
identity = np.eye(3, dtype=int)

for name, grids in [("spin-aug.CHGCAR", [(12, 12, 12), (60, 60, 60), (5, 6, 7), (24, 24, 24)]), ("hcp-six-decimals.CHGCAR", [(60, 60, 60), (24, 24, 24)])]:
    cell, _, _, values = read(name)
    charge = ChargeDensity.from_file("field/" + name)
    for grid in grids:
        data = charge.get_transformed(identity, list(grid)).pgrids["total"].grid_data / abs(np.linalg.det(cell))
        result["regrid"].append({"file": name, "method": "trilinear", **digest(data)})
        # pyrho's own convention for Nyquist differs where two axes are there at once: asked only for odd grids.
        if all(n % 2 for n in values.shape) and all(g >= n for g, n in zip(grid, values.shape)):
            result["regrid"].append({"file": name, "method": "cutOff", **digest(interpolate_fourier(values, list(grid)))})

for name, grids in [("hcp-six-decimals.CHGCAR", [(24, 24, 24), (5, 6, 7), (5, 7, 6), (6, 6, 6)]), ("spin-aug.CHGCAR", [(5, 6, 7), (9, 4, 20)])]:
    _, _, _, values = read(name)
    for grid in grids:
        points = np.array(list(itertools.product(*[np.arange(n) / n for n in grid])))
        result["regrid"].append({"file": name, "method": "sampled", **digest(polynomial(values, points).reshape(grid))})
        k, c = waves(values)
        keep = np.ones(len(k))
        for axis, n in enumerate(grid):
            if n < values.shape[axis]:
                keep *= np.where(2 * abs(k[:, axis]) < n, 1.0, np.where(2 * abs(k[:, axis]) == n, 0.5, 0.0))
        data = (np.exp(2j * np.pi * points @ k.T) @ (c * keep)).real.reshape(grid)
        result["regrid"].append({"file": name, "method": "cutOff", **digest(data)})

for name, matrix, grid in [
        ("fcc-primitive.CHGCAR", [[-1, 1, 1], [1, -1, 1], [1, 1, -1]], [20, 20, 20]),
        ("fcc-primitive.CHGCAR", [[2, 0, 0], [0, 1, 0], [0, 0, 3]], [20, 10, 30]),
        ("spin-aug.CHGCAR", [[1, 1, 0], [-1, 1, 0], [0, 0, 1]], [9, 12, 11]),
        ("spin-aug.CHGCAR", [[2, 1, -1], [0, 1, 2], [1, 0, 1]], [11, 9, 13])]:
    cell, _, atoms, values = read(name)
    u = np.array(list(itertools.product(*[np.arange(n) / n for n in grid])))
    points = u @ np.array(matrix)
    result["supercell"].append({"file": name, "matrix": matrix, "method": "trilinear", **digest(linear(values, points).reshape(grid))})
    result["supercell"].append({"file": name, "matrix": matrix, "method": "sampled", **digest(polynomial(values, points).reshape(grid))})

for name, by in [("hcp-six-decimals.CHGCAR", [0.25, -1 / 12, 7 / 18]), ("hcp-six-decimals.CHGCAR", [0.111, -1.37, 0.5]), ("spin-aug.CHGCAR", [0.3, 0.4, -0.25])]:
    _, _, _, values = read(name)
    points = np.array(list(itertools.product(*[np.arange(n) / n for n in values.shape]))) - np.array(by)
    result["shift"].append({"file": name, "by": by, "method": "trilinear", **digest(linear(values, points).reshape(values.shape))})
    result["shift"].append({"file": name, "by": by, "method": "sampled", **digest(polynomial(values, points).reshape(values.shape))})

# Rectangles of 17 x 13 points in planes through a point: along u of the plane, at right angles to it.
for name, point, along, towards, sides, anchor in [
        ("fcc-primitive.CHGCAR", [0.123456, 0.234567, 0.345678], [1, 0, -1], [0, 1, -1], (5.0, 4.0), "centre"),
        ("spin-aug.CHGCAR", [0.1, 0.2, 0.3], [0.4, 0.3, 0.1], [-0.2, 0.5, 0.6], (6.5, 3.25), "corner")]:
    cell, _, _, values = read(name)
    a, b = np.array(along) @ cell, np.array(towards) @ cell
    e1 = a / np.linalg.norm(a)
    e2 = b - (b @ e1) * e1
    e2 /= np.linalg.norm(e2)
    inverse = np.linalg.inv(cell)
    corner = np.array(point) @ cell - (0.5 * (sides[0] * e1 + sides[1] * e2) if anchor == "centre" else 0)
    points = np.array([(corner + i / 17 * sides[0] * e1 + j / 13 * sides[1] * e2) @ inverse for i in range(17) for j in range(13)])
    result["window"].append({"file": name, "point": point, "along": along, "towards": towards, "sides": sides, "anchor": anchor,
                             "trilinear": digest(linear(values, points)), "fourier": digest(polynomial(values, points))})

# Means over a plane, exactly: the waves along its normal.
for name, miller, point in [("fcc-primitive.CHGCAR", m, [0.123456, 0.234567, 0.345678]) for m in ([1, 1, 1], [0, 1, 1], [1, 1, 2], [1, 0, 0], [-3, 2, 0])] + [
        ("spin-aug.CHGCAR", [1, 1, 1], [0.1, 0.2, 0.3]), ("hcp-six-decimals.CHGCAR", [0, 0, -1], [0.1, 0.2, 0.3])]:
    _, _, _, values = read(name)
    k, c = waves(values)
    along = np.all(np.cross(k, miller) == 0, axis=1)
    result["mean"].append({"file": name, "miller": miller, "point": point, "value": (np.exp(2j * np.pi * k[along] @ np.array(point)) @ c[along]).real})

for name in ["fcc-primitive.CHGCAR", "hcp-six-decimals.CHGCAR", "spin-aug.CHGCAR", "same-element-twice.CHGCAR", "vasp642-hash.CHGCAR"]:
    cell, elements, atoms, _ = read(name)
    numbers = [sorted(set(elements)).index(e) + 1 for e in elements]
    for tolerance in [1e-6, 1e-5, 0.01, 0.1]:
        found = spglib.get_symmetry_dataset((cell, atoms, numbers), symprec=tolerance)
        result["symmetry"].append({"file": name, "tolerance": tolerance, "number": found.number, "symbol": found.international,
                                   "volume": abs(np.linalg.det(found.std_lattice)), "lengths": sorted(np.linalg.norm(found.std_lattice, axis=1).tolist()),
                                   "standardAtoms": len(found.std_types)})

for name, axis, window in [("hcp-six-decimals.CHGCAR", 2, 2.6054), ("spin-aug.CHGCAR", 0, 1.7), ("spin-aug.CHGCAR", 1, 0.9)]:
    cell, _, _, values = read(name)
    mean = values.mean(axis=tuple(i for i in range(3) if i != axis))
    others = [i for i in range(3) if i != axis]
    height = abs(np.linalg.det(cell)) / np.linalg.norm(np.cross(cell[others[0]], cell[others[1]]))
    # The polynomial averaged by a fine sum over the window (midpoints).
    fine = (np.arange(4000) + 0.5) / 4000 - 0.5
    n = len(mean)
    c = np.fft.fft(mean) / n
    def at(x):
        total = np.full_like(x, c[0].real)
        for k in range(1, n // 2 + 1):
            w = 1 if 2 * k == n else 2
            total += w * (c[k].real * np.cos(2 * np.pi * k * x) - (0 if 2 * k == n else c[k].imag * np.sin(2 * np.pi * k * x)))
        return total
    smooth = [at(i / n + fine * window / height).mean() for i in range(n)]
    result["average"].append({"file": name, "axis": axis, "height": height, "planar": mean.tolist(), "window": window, "macroscopic": smooth})

tables = {e: np.loadtxt(f"atoms/{e}.csv", delimiter=",", skiprows=1) for e in ["Mg", "Al", "Fe", "O"]}
for name, grid in [("hcp-six-decimals.CHGCAR", (8, 8, 12)), ("fcc-primitive.CHGCAR", (10, 10, 10)), ("same-element-twice.CHGCAR", (5, 5, 6))]:
    cell, elements, atoms, _ = read(name)
    points = np.array(list(itertools.product(*[np.arange(n) / n for n in grid])))
    total = np.zeros(len(points))
    for element, place in zip(elements, atoms):
        table = tables[element][1:]
        curve = PchipInterpolator(np.log(table[:, 0]), table[:, 2], extrapolate=False)
        heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
        reach = [int(np.ceil(12 / h)) + 1 for h in heights]
        for image in itertools.product(*[range(-r, r + 1) for r in reach]):
            r = np.linalg.norm((points - place - np.array(image)) @ cell, axis=1)
            value = curve(np.log(np.maximum(r, table[0, 0])))
            total += np.where(np.isnan(value), 0, value)
    result["atoms"].append({"file": name, "electrons": float(total.mean() * abs(np.linalg.det(cell))), **digest(total.reshape(grid))})
result["tables"] = []
for e, t in tables.items():
    curve = PchipInterpolator(np.log(t[1:, 0]), t[1:, 2])
    places = [2e-4, 0.0123, 0.4567, 1.2345, 3.3333, 11.9]
    fine = np.linspace(np.log(1e-4), np.log(12), 2000001)
    r = np.exp(fine)
    y = 4 * np.pi * r**3 * curve(fine)
    whole = 4 / 3 * np.pi * 1e-12 * t[1, 2] + float(((y[1:] + y[:-1]) / 2).sum() * (fine[1] - fine[0]))
    result["tables"].append({"element": e, "places": places, "values": [float(curve(np.log(p))) for p in places], "electrons": whole})

json.dump(result, open("mathematics.json", "w"), indent=0)
