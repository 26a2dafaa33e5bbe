"""Regrids the density of a file to 60 x 60 x 60 points with mp-pyrho, three times, and prints of the median one what chgcar-bench prints."""
import sys
import time
import warnings

import numpy as np
from pyrho.charge_density import ChargeDensity
from pyrho.utils import interpolate_fourier

warnings.filterwarnings("ignore")
method, path = sys.argv[1:]
density = ChargeDensity.from_file(path)
grid = density.pgrids["total"]
times = []
for turn in range(3):
    start = time.perf_counter()
    if method == "trilinear":
        found = grid.get_transformed(np.eye(3, dtype=int), [60, 60, 60]).grid_data
    else:
        found = interpolate_fourier(grid.grid_data, [60, 60, 60])
    times.append(time.perf_counter() - start)
print(found.size, np.real(found).mean(), sorted(times)[1])
