"""Makes the data of the corpus from those of the project: the densities of 24 crystals at every fourth point of their
grid (which is a coarser grid of the same cell), their properties, and the same things with something wrong with them."""
import csv
import datetime
import gzip
import pathlib
import random
import re

import openpyxl

here = pathlib.Path(__file__).resolve().parent
source = here.parents[2] / "experiments" / "data" / "fcc-dft"
columns = ["material_id", "formula", "nelements", "volume", "k_vrh", "band_gap"]
ids = ["Ag-fcc", "Al-fcc", "Au-fcc", "Ca-fcc", "BN-zincblende", "BP-zincblende", "BaO-rocksalt", "BaS-rocksalt", "BeO-zincblende",
       "BeS-zincblende", "C-diamond", "CaO-rocksalt", "CaS-rocksalt", "CdO-rocksalt", "AlP-zincblende", "AlSb-zincblende",
       "AgCl-rocksalt", "AgBr-rocksalt", "BaF2-fluorite", "CaF2-fluorite", "CdF2-fluorite", "AuAl2-fluorite", "AuGa2-fluorite",
       "CBe2-fluorite"]


def every_fourth(text):
    lines = text.splitlines()
    at = next(i for i in range(8, len(lines)) if not lines[i].strip()) + 1
    nx, ny, nz = (int(n) for n in lines[at].split())
    values = " ".join(lines[at + 1:]).split()[: nx * ny * nz]
    kept = [values[x + nx * (y + ny * z)] for z in range(0, nz, 4) for y in range(0, ny, 4) for x in range(0, nx, 4)]
    head = lines[:at] + [f"   {-(-nx // 4)}   {-(-ny // 4)}   {-(-nz // 4)}"]
    rows = [" " + " ".join(kept[i:i + 5]) for i in range(0, len(kept), 5)]
    return "\n".join(head + rows) + "\n"


def write(name, rows, head=columns):
    with open(here / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


with open(source / "properties.csv") as file:
    known = {row["material_id"]: row for row in csv.DictReader(file)}
rows = [[known[i][c] for c in columns] for i in sorted(ids)]
(here / "densities").mkdir(exist_ok=True)
texts = {}
for i in sorted(ids):
    texts[i] = every_fourth(gzip.open(source / "densities" / f"{i}.CHGCAR.gz", "rt").read())
    (here / "densities" / f"{i}.CHGCAR").write_text(texts[i])
(here / "Al-fcc.CHGCAR.gz").write_bytes(gzip.compress(texts["Al-fcc"].encode(), mtime=0))

write("crystals.csv", rows)
shuffled = rows[:]
random.Random(1).shuffle(shuffled)
write("shuffled.csv", shuffled)


def changed(line, column, value):
    copy = [row[:] for row in rows]
    copy[line - 2][columns.index(column)] = value
    return copy


write("nan.csv", changed(7, "k_vrh", "NaN"))
write("text.csv", changed(9, "k_vrh", "hard"))
write("gap.csv", changed(5, "k_vrh", ""))
write("twice.csv", rows + [rows[3]])
write("lost.csv", rows + [["Xx-fcc", "Xx", "1", "20", "100", "0"]])
write("nameless.csv", changed(6, "material_id", ""))
write("elsewhere.csv", changed(4, "material_id", "../crystals"))
write("header-only.csv", [])
write("no-targets.csv", [[*row[:4], "", row[5]] for row in rows])
write("few.csv", rows[:2])
write("some.csv", rows[:8])
write("constant.csv", [[*row[:4], "100", row[5]] for row in rows])
# A target far from 0 beside its deviation.
write("offset.csv", [[*row[:4], str(round(5000 + float(row[4]), 4)), row[5]] for row in rows])

# For splits: what kind of crystal each is, a part for each, and columns with something wrong with them. The same as a workbook.
extra = ["kind", "part", "slip", "gap", "misspelt", "early"]
parts = ["train", "train", "validation", "holdout"]


def with_parts(index, row):
    part = parts[index % 4]
    kind = row[0].split("-")[1]
    return row + [kind, part, "test" if index == 7 else part, "" if index == 7 else kind, "Xx" if index == 7 else row[1],
                  parts[index % 3]]


marked = [with_parts(index, row) for index, row in enumerate(rows)]
write("parts.csv", marked, columns + extra)
book = openpyxl.Workbook()
book.properties.created = book.properties.modified = datetime.datetime(2026, 1, 1)
sheet = book.active
sheet.title = "crystals"
sheet.append(columns + extra[:2])
for row in marked:
    sheet.append([float(cell) if 2 <= place < 6 else cell for place, cell in enumerate(row[:8])])
sheet = book.create_sheet("notes")
sheet.append(["sheet", "holds"])
sheet.append(["crystals", 24])
book.save(here / "crystals.xlsx")

(here / "ragged.csv").write_text("material_id,k_vrh\nAl-fcc,77\nAg-fcc\n")
(here / "quotes.csv").write_text('material_id,k_vrh\n"Al-fcc,77\nAg-fcc,90\n')
(here / "nothing.csv").write_text("")

lines = texts["Al-fcc"].splitlines()
(here / "truncated.CHGCAR").write_text("\n".join(lines[:-3]) + "\n")
(here / "words.CHGCAR").write_text("\n".join(lines[:14] + [lines[14].replace(lines[14].split()[1], "many")] + lines[15:]) + "\n")
(here / "flat.CHGCAR").write_text("\n".join(lines[:4] + [lines[3]] + lines[5:]) + "\n")
(here / "negative.CHGCAR").write_text("\n".join(lines[:11] + ["-" + lines[11].strip()] + lines[12:]) + "\n")
(here / "empty.CHGCAR").write_text("")
# Two rows whose files are those of rows in other parts, and one whose file is that of a row in its own.
rows = [line.split(",") for line in (here / "crystals.csv").read_text().splitlines()[1:]]
files = [row[0] for row in rows]
files[20], files[14], files[5] = files[1], files[2], files[4]
parts = ["train"] * 12 + ["validation"] * 6 + ["holdout"] * 6
(here / "copies.csv").write_text(
    "id,file,part,k_vrh\n" + "".join(f"m{i},{files[i]},{parts[i]},{row[4]}\n" for i, row in enumerate(rows)))
# A local potential, in the layout of a density: its mean is -3.25 eV.
potential = ["a potential, eV", "1.0", "0.0 2.0 2.0", "2.0 0.0 2.0", "2.0 2.0 0.0", "Al", "1", "Direct", "0.0 0.0 0.0", "", "2 2 2"]
for name in ("potential.LOCPOT", "potential.vasp"):
    (here / name).write_text("\n".join(potential) + "\n-9.0 -4.5 -3.0 2.5 -4.0 -3.5 -2.5 -2.0\n")
(here / "half.CHGCAR.gz").write_bytes((here / "Al-fcc.CHGCAR.gz").read_bytes()[:200])

# Tensors as numpy and safetensors write them; the last one is cut short.
import struct

import numpy

matrix = numpy.arange(6, dtype="<f8").reshape(2, 3) / 4
numpy.save(here / "matrix.npy", matrix)
numpy.savetxt(here / "matrix.csv", matrix, delimiter=",", fmt="%.17g")
(here / "cut.npy").write_bytes((here / "matrix.npy").read_bytes()[:-5])
a, b = numpy.arange(4, dtype="<f4"), numpy.arange(6, dtype="<f4").reshape(3, 2)
header = ('{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[3,2],"data_offsets":[16,40]}}').encode()
header += b" " * (-len(header) % 8)
(here / "two.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + a.tobytes() + b.tobytes())

# Pictures: a layer of each density in false colours, 16 x 12; a grey one, one cut short, one that says it is huge, one that is none.
from PIL import Image

pictures = here / "pictures"
pictures.mkdir(exist_ok=True)


def layer(text):
    lines = text.splitlines()
    at = next(i for i in range(8, len(lines)) if not lines[i].strip()) + 1
    nx, ny, nz = (int(n) for n in lines[at].split())
    values = numpy.array(" ".join(lines[at + 1:]).split()[: nx * ny * nz], dtype=float).reshape(nz, ny, nx)[0]
    scaled = (values - values.min()) / (values.max() - values.min())
    colours = numpy.stack([255 * scaled, 255 * (1 - abs(2 * scaled - 1)), 255 * (1 - scaled)], axis=-1)
    return Image.fromarray(colours.round().astype("uint8")).resize((16, 12), Image.Resampling.NEAREST)


for name in ids:
    layer(texts[name]).save(pictures / f"{name}.png", optimize=True)
layer(texts["Al-fcc"]).convert("L").save(here / "grey.png", optimize=True)
whole = (pictures / "Al-fcc.png").read_bytes()
(here / "cut.png").write_bytes(whole[: len(whole) // 2])
(here / "huge.png").write_bytes(whole[:16] + struct.pack(">II", 20000, 20000) + whole[24:29] + struct.pack(">I", __import__("zlib").crc32(whole[12:16] + struct.pack(">II", 20000, 20000) + whole[24:29])) + whole[33:100])
(here / "words.png").write_text("This is no picture.\n")

# Of a model that `export` wrote: one bit of a weight changed; and the file that older versions wrote, without a hash.
exported = (here / "exported.safetensors").read_bytes()
damaged = bytearray(exported)
damaged[-3] ^= 1
(here / "damaged.safetensors").write_bytes(damaged)
size = struct.unpack("<Q", exported[:8])[0]
header = re.sub(rb'"ecdx.sha256":"[0-9a-f]*",', b"", exported[8:8 + size]).rstrip()
header += b" " * (-len(header) % 8)
(here / "older.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + exported[8 + size:])
