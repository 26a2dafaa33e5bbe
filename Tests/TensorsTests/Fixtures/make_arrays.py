"""Writes arrays.json: what numpy makes of small arrays. Numbers are hexadecimal texts, so that every bit is kept.

    python make_arrays.py
"""
import json
import pathlib
import re

import numpy as np

np.seterr(all="ignore")
rng = np.random.default_rng(3)
here = pathlib.Path(__file__).parent
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 2.0, 1e300, -1e-300, 3e38, 1e-45]
OPERATORS = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "power": np.power}


def text(number):
    """Its hexadecimal digits without the zeros behind them."""
    return re.sub(r"\.?0*p", "p", float(number).hex())


def plain(array):
    array = np.asarray(array)
    precision = "single" if array.dtype == np.float32 else "double"
    return {"shape": list(array.shape), "values": [text(x) for x in array.ravel()], "precision": precision}


def numbers(shape, dtype, special=False):
    array = np.asarray(rng.normal(size=shape) * 3)
    if special:
        chosen = rng.choice(SPECIAL, size=shape)
        array = np.where(rng.random(size=shape) < 0.5, chosen, array)
    return np.asarray(array, dtype)


pairs = [
    ((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 1), (1, 3)), ((4, 1, 3), (2, 1)), ((), (2, 3)), ((2, 3), ()),
    ((), ()), ((1,), (3,)), ((1, 1, 1), (2, 2)), ((2, 1, 3, 1), (1, 2, 1, 2)), ((0, 3), (1, 3)), ((2, 3, 4), (3, 1)), ((2, 3, 4), (2, 1, 4)),
    ((0,), ()), ((5, 1), (0,)),
]
combined = []
for name, operator in OPERATORS.items():
    for index, (a, b) in enumerate(pairs):
        for types in ((np.float64, np.float64), (np.float32, np.float32), (np.float32, np.float64)):
            x, y = numbers(a, types[0], index % 2 == 0), numbers(b, types[1], index % 2 == 0)
            # A number alone follows the other's precision: in numpy that is a Python float.
            left = float(x) if a == () and b != () and y.dtype == np.float32 else x
            right = float(y) if b == () and a != () and x.dtype == np.float32 else y
            combined.append({"operator": name, "a": plain(x), "b": plain(y), "result": plain(operator(left, right))})
exponents = []
for exponent in (2.0, 0.5, -1.0, 3.0, 0.0, 1.0):
    x = np.array(SPECIAL + [3.7, 0.3])
    exponents.append({"operator": "power", "a": plain(x), "b": plain(np.float64(exponent)), "result": plain(x ** exponent)})

reductions, reduced = [], []
for shape, special in [((5,), False), ((3, 4), False), ((2, 3, 4), False), ((140, 2), False), ((140,), False),
                       ((1, 1), False), ((), False), ((4, 5), True), ((9,), True)]:
    for dtype in (np.float64, np.float32):
        x = numbers(shape, dtype, special)
        if special:
            x = np.where(np.isinf(x), 2, x).astype(dtype)
            x = np.where(np.abs(x) > 1e30, 5, x).astype(dtype)
        for axis in [None] + list(range(len(shape))):
            results = {r: plain(np.asarray(getattr(x.astype(np.float64), r)(axis=axis)).astype(dtype)) for r in ("sum", "mean", "min", "max", "std")}
            reductions.append({"array": len(reduced), "axis": axis, "results": results})
        reduced.append(plain(x))

slices = []
for shape, keys in [
    ((6,), [[2], [[1, 4]], [[0, 6]], [[3, 3]]]), ((4, 5), [[1], [1, 2], [[1, 3]], [[0, 4], 2], [[1, 3], [2, 5]], [0, [1, 4]], [[0, 4], [1, 3]]]),
    ((3, 4, 2), [[[0, 2], 1], [1, [1, 3]], [[1, 3], [0, 4], 1], [[0, 3], [1, 2], [0, 2]], [2, 3, 1], [[0, 3], [0, 4], [0, 2]], []]), ((), [[]]), ((0, 3), [[[0, 0], 1]]),
]:
    x = np.arange(np.prod(shape, dtype=int), dtype=np.float64).reshape(shape)
    for key in keys:
        index = tuple(slice(*k) if isinstance(k, list) else k for k in key)
        slices.append({"array": plain(x), "slices": key, "result": plain(x[index])})

transposes = [{"array": plain(x), "result": plain(x.T)} for x in (np.arange(np.prod(s, dtype=int), dtype=np.float32).reshape(s) for s in
              [(), (4,), (3, 5), (40, 33), (2, 3, 4), (3, 1, 5), (2, 3, 1, 4), (0, 2), (1, 7)])]

norms = []
for x in (numbers((7,), np.float64), numbers((3, 4), np.float64), np.array([3.0, -4.0]), np.zeros(3), np.array([np.inf, 1.0]), np.array([1.0, np.nan])):
    for order in (1.0, 2.0, 3.0, 0.5, 7.25, np.inf):
        norms.append({"array": plain(x), "order": float(order).hex(), "result": float(np.linalg.norm(x.ravel(), order)).hex()})

# The same numbers are made in the test: whole numbers by a multiplication, and a large offset.
i = np.arange(1_000_000, dtype=np.uint64)
many = ((i * 2654435761) % 2**32).astype(np.float64) / 2**32 + 1e6
long = {r: float(getattr(many, r)()).hex() for r in ("sum", "mean", "min", "max", "std")}

broadcasts = []
for a, b in pairs + [((2, 3), (2,)), ((2, 3), (4, 3)), ((3,), (0,)), ((2, 0), (2, 3))]:
    try:
        broadcasts.append({"a": list(a), "b": list(b), "result": list(np.broadcast_shapes(a, b))})
    except ValueError:
        broadcasts.append({"a": list(a), "b": list(b), "result": None})

content = dict(combined=combined, exponents=exponents, reductions=reductions, reduced=reduced, slices=slices, transposes=transposes, norms=norms,
               long=long, broadcasts=broadcasts)
with open(here / "arrays.json", "w") as file:
    file.write("{\n" + ",\n".join(f'"{k}": ' + (json.dumps(v) if isinstance(v, dict) else "[\n" + ",\n".join(map(json.dumps, v)) + "\n]")
                                 for k, v in content.items()) + "\n}\n")
