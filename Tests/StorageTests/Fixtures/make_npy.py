"""Writes npy.json: files as numpy writes them, in hexadecimal, and what they hold.

    python make_npy.py
"""
import io
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent


def entry(array, version=None):
    buffer = io.BytesIO()
    if version is None:
        np.save(buffer, array)
    else:
        np.lib.format.write_array(buffer, array, version=version)
    result = {"file": buffer.getvalue().hex()}
    if array.dtype.kind in "fiub" and array.dtype.itemsize <= 8:
        single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
        values = [float(x) for x in array.ravel()]
        result |= {"shape": list(array.shape), "values": [x.hex() for x in values], "precision": "single" if single else "double"}
    return result


files = {}
grid = np.array([[-3, 1, 2], [4, -5, 6]])
for kind, sizes in {"f": (2, 4, 8), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8)}.items():
    for size in sizes:
        array = np.abs(grid) * 25 if kind == "u" else grid * 0.7 if kind == "f" else grid * 20
        for order in "<>" if size > 1 else "|":
            dtype = np.dtype(f"{order}{kind}{size}")
            files[f"{kind}{size}{order}"] = entry(array.astype(dtype))
            files[f"{kind}{size}{order} Fortran"] = entry(np.asfortranarray(array.astype(dtype)))
files["bool"] = entry(np.array([True, False, True]))
files["half extremes"] = entry(np.array([0, -0.0, 65504, 6e-8, 6.1e-5, np.inf, -np.inf, np.nan, 1 / 3], np.float16))
files["single extremes"] = entry(np.array([0, -0.0, 3.4e38, 1e-45, np.inf, -np.inf, np.nan, 1 / 3], np.float32))
files["double extremes"] = entry(np.array([0, -0.0, 1.7e308, 5e-324, np.inf, -np.inf, np.nan, 1 / 3]))
files["whole limits"] = entry(np.array([2**53, -(2**53)], np.int64))
files["version 2"] = entry(grid * 0.5, (2, 0))
files["version 3"] = entry(grid * 0.5, (3, 0))
for name, shape in {"scalar": (), "empty": (0,), "empty axes": (3, 0, 2), "one": (1,), "vector": (7,), "deep": (1, 2, 1, 3, 1, 2), "wide": (2, 100)}.items():
    files[name] = entry(np.arange(np.prod(shape, dtype=int)).reshape(shape) / 8)
    files[name + " single"] = entry((np.arange(np.prod(shape, dtype=int)).reshape(shape) / 8).astype(np.float32))
cube = np.arange(24.0).reshape(2, 3, 4)
files["cube Fortran"] = entry(np.asfortranarray(cube))
# Headers of each length that matters to the padding.
for rank in range(1, 13):
    files[f"rank {rank}"] = entry(np.zeros((1,) * rank))

refused = {
    "complex": entry(np.array([1j])), "structured": entry(np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")])),
    "text": entry(np.array(["ab"])), "bytes": entry(np.array([b"ab"])), "time": entry(np.array(["2020-01-01"], dtype="datetime64[D]")),
    "object": entry(np.array([None, "x"], dtype=object)), "long double": entry(np.array([1.0], dtype=np.longdouble)),
    "beyond": {**entry(np.array([1, 2**53 + 1], np.int64)), "shape": None}, "below": {**entry(np.array([-(2**63)], np.int64)), "shape": None},
    "unsigned beyond": {**entry(np.array([2**64 - 1], np.uint64)), "shape": None},
}
refused = {name: {"file": value["file"]} for name, value in refused.items()}
with open(here / "npy.json", "w") as file:
    parts = [f'"{k}": {{\n' + ",\n".join(f'"{n}": ' + json.dumps(e) for n, e in v.items()) + "\n}" for k, v in {"files": files, "refused": refused}.items()]
    file.write("{\n" + ",\n".join(parts) + "\n}\n")
