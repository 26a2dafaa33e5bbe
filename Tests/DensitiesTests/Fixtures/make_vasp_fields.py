"""Writes vasp_fields.txt: what pymatgen 2026.10.24 (core 2026.10.16) reads in the files of field/ and in exact.CHGCAR.

    pip install pymatgen==2026.10.24
    python make_vasp_fields.py

One line a file: its name, the volume (A^3), an atom a word (symbol, fractional coordinates), and a word for each block with
the sum of (n + 1) * (the 64 bits of value n as a whole number) modulo 2^64, values in C order (z fastest), as the file has them;
of exact.CHGCAR also of the occupancies of each block.
Left out are the files that it refuses (three scale factors, several images, cut ones) or reads wrongly: exponents without
a letter, cartesian positions under a negative scale, no line of symbols.
"""

import pathlib
import warnings

import numpy
from pymatgen.io.vasp.outputs import Chgcar, Elfcar, Locpot

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent
names = """vasp642-hash.CHGCAR spin-aug.CHGCAR spin-aug.CHGCAR.gz spin-ten-columns.CHG noncollinear.CHG aug-blank-lines.CHGCAR
spin-up-down.ELFCAR nospin.LOCPOT coarse-core.AECCAR0 last-row-filled.CHGCAR_sum cartesian-scaled-selective.CHGCAR
same-element-twice.CHGCAR crlf-tabs.CHGCAR hcp-six-decimals.CHGCAR fcc-primitive.CHGCAR""".split()


def checksum(array):
    bits = numpy.ascontiguousarray(array, dtype=numpy.float64).ravel().view(numpy.uint64)
    with numpy.errstate(over="ignore"):
        return format(int((bits * numpy.arange(1, bits.size + 1, dtype=numpy.uint64)).sum(dtype=numpy.uint64)), "x")


lines = []
for path in [here / "field" / name for name in names] + [here / "exact.CHGCAR"]:
    kind = Locpot if "LOCPOT" in path.name else Elfcar if "ELFCAR" in path.name else Chgcar
    data = kind.from_file(path)
    blocks = [checksum(data.data[key]) for key in data.data if key != "diff" or "diff_x" not in data.data]
    atoms = [",".join([site.specie.symbol, *(repr(float(x)) for x in site.frac_coords)]) for site in data.structure]
    if path.name == "exact.CHGCAR":
        blocks += [checksum(numpy.concatenate([aug[atom] for atom in sorted(aug)])) for aug in data.data_aug.values()]
    lines.append(" ".join([path.name, repr(float(data.structure.volume)), *atoms, *blocks]) + "\n")
(here / "vasp_fields.txt").write_text("".join(lines))
