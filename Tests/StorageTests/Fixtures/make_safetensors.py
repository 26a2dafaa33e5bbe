"""Writes reference.safetensors with the reference implementation (pip: safetensors, numpy).

With an argument, checks instead that the reference implementation reads the file named by it, and prints what it finds.
"""
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

if len(sys.argv) > 1:
    with safe_open(sys.argv[1], framework="np") as file:
        print(file.metadata())
        for name in file.keys():
            array = file.get_tensor(name)
            print(repr(name), array.dtype, array.shape, array.ravel()[:3])
else:
    save_file(
        {
            "conv_1.kernel": (np.arange(12, dtype=np.float32) / np.float32(7)).reshape(2, 2, 1, 3),
            "conv_1.bias": np.array([0.5, -0.25, 8], dtype=np.float32),
            "scalar": np.array(3.5, dtype=np.float32),
            "rate": np.array([0.1, 1e300]),
            "steps": np.array([1, -2, 1 << 60]),
        },
        "reference.safetensors",
        metadata={"format": "np"},
    )
