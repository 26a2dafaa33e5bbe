"""Makes Al-100.png: a layer of the charge density of fcc aluminium (../fcc-dft, computed by us) in false colours, 40 x 40
pixels of 8-bit RGB, for the examples of the reference."""
import gzip
import pathlib

import numpy
from PIL import Image

here = pathlib.Path(__file__).resolve().parent
lines = gzip.open(here.parent / "fcc-dft" / "densities" / "Al-fcc.CHGCAR.gz", "rt").read().splitlines()
at = next(i for i in range(8, len(lines)) if not lines[i].strip()) + 1
nx, ny, nz = (int(n) for n in lines[at].split())
values = numpy.array(" ".join(lines[at + 1:]).split()[: nx * ny * nz], dtype=float).reshape(nz, ny, nx)[0]
scaled = (values - values.min()) / (values.max() - values.min())
colours = numpy.stack([255 * scaled, 255 * (1 - abs(2 * scaled - 1)), 255 * (1 - scaled)], axis=-1)
Image.fromarray(colours.round().astype("uint8")).resize((2 * nx, 2 * ny), Image.Resampling.NEAREST).save(here / "Al-100.png", optimize=True)
