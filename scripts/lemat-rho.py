"""Makes a folder that ecdx reads of the Parquet files of LeMat-Rho: a CHGCAR for each density, and a table of their rows.

    python3 scripts/lemat-rho.py OUT FILE.parquet...      (needs pyarrow 21 or newer)
    python3 scripts/lemat-rho.py --try                    (makes a file of that schema, and checks what comes of it)

OUT gets `densities.csv` (material_id, formula, nsites, nelements, space_group, energy [eV], total_magnetization [mu_B], functional,
file) and `densities/ID.CHGCAR.gz`. What is there already is not written again, so that a broken run goes on. A script of ecdx reads them by

    rows: csv("OUT/densities.csv"), inputs: { plane: chgcar("OUT/{file}") |> plane([1, 1, 1]) }

The columns are those of the schema of lematerial-fetcher (github.com/LeMaterial/lematerial-fetcher, `lematrho`):
`compressed_charge_density` is the JSON of a nested list [x][y][z], times the volume of the cell as in a CHGCAR, which mp-pyrho made by
`lossy_smooth_compression`: brought to a small grid by Fourier, its absolute value, smeared by a Gaussian. It is no density to take
differences of.
"""
import csv
import gzip
import json
import os
import sys

COLUMNS = {
    "immutable_id": "material_id", "chemical_formula_reduced": "formula", "nsites": "nsites", "nelements": "nelements",
    "space_group_it_number": "space_group", "energy": "energy [eV]", "total_magnetization": "total_magnetization [mu_B]",
    "functional": "functional",
}
NEEDED = ["lattice_vectors", "cartesian_site_positions", "species_at_sites", "compressed_charge_density"]


def inverse(m):
    """The inverse of a 3 x 3 matrix by cofactors."""
    c = [[m[(j + 1) % 3][(i + 1) % 3] * m[(j + 2) % 3][(i + 2) % 3] - m[(j + 1) % 3][(i + 2) % 3] * m[(j + 2) % 3][(i + 1) % 3]
          for j in range(3)] for i in range(3)]
    determinant = sum(m[0][k] * c[k][0] for k in range(3))
    return [[value / determinant for value in line] for line in c]


def chgcar(name, cell, species, positions, grid):
    """The text of a CHGCAR: x runs fastest, five numbers a line."""
    to_fractional = inverse(cell)
    order = sorted(set(species), key=species.index)
    atoms = [place for element in order for kind, place in zip(species, positions) if kind == element]
    lines = [name, "   1.0"] + [" ".join(f"{value:.10f}" for value in row) for row in cell]
    lines += [" ".join(order), " ".join(str(species.count(element)) for element in order), "Direct"]
    for place in atoms:
        lines.append(" ".join(f"{sum(place[k] * to_fractional[k][axis] for k in range(3)):.10f}" for axis in range(3)))
    nx, ny, nz = len(grid), len(grid[0]), len(grid[0][0])
    lines += ["", f"{nx} {ny} {nz}"]
    numbers = [f"{grid[x][y][z]:18.11E}" for z in range(nz) for y in range(ny) for x in range(nx)]
    lines += ["".join(numbers[start:start + 5]) for start in range(0, len(numbers), 5)]
    return "\n".join(lines) + "\n"


def convert(out, files):
    import pyarrow.parquet as parquet
    os.makedirs(os.path.join(out, "densities"), exist_ok=True)
    rows, without = [], 0
    for file in files:
        source = parquet.ParquetFile(file)
        missing = [name for name in NEEDED + ["immutable_id"] if name not in source.schema_arrow.names]
        if missing:
            sys.exit(f"{file}: expected the columns of LeMat-Rho, found none of {', '.join(missing)}")
        known = [name for name in COLUMNS if name in source.schema_arrow.names]
        for batch in source.iter_batches(batch_size=64, columns=known + NEEDED):
            for row in batch.to_pylist():
                if row["compressed_charge_density"] is None:
                    without += 1
                    continue
                name = row["immutable_id"]
                if "/" in name or name.startswith("."):
                    sys.exit(f"{file}: `{name}` cannot be the name of a file")
                path = os.path.join("densities", name + ".CHGCAR.gz")
                if not os.path.exists(os.path.join(out, path)):
                    text = chgcar(name, row["lattice_vectors"], row["species_at_sites"], row["cartesian_site_positions"],
                                  json.loads(row["compressed_charge_density"]))
                    part = os.path.join(out, path + ".part")
                    with gzip.GzipFile(part, "wb", mtime=0) as packed:
                        packed.write(text.encode())
                    os.rename(part, os.path.join(out, path))
                rows.append(["" if row[column] is None else row[column] for column in known] + [path])
    with open(os.path.join(out, "densities.csv"), "w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow([COLUMNS[column] for column in known] + ["file"])
        writer.writerows(rows)
    print(f"{len(rows)} densities in {out}; {without} rows without one left out")


def attempt():
    """Makes a file of the schema and checks the folder that comes of it."""
    import tempfile
    import pyarrow
    import pyarrow.parquet as parquet
    cell = [[0.0, 2.0, 2.0], [2.1, 0.0, 2.0], [2.0, 2.0, 0.3]]
    grid = [[[100 * x + 10 * y + z + 0.5 for z in range(4)] for y in range(3)] for x in range(2)]
    floats = pyarrow.list_(pyarrow.list_(pyarrow.float64()))
    table = pyarrow.table({
        "immutable_id": ["agm000001", "agm000002"], "chemical_formula_reduced": ["AlO", "Cu"],
        "nsites": pyarrow.array([2, 1], pyarrow.int32()), "nelements": pyarrow.array([2, 1], pyarrow.int8()),
        "space_group_it_number": pyarrow.array([225, 225], pyarrow.int32()), "energy": [-3.5, None],
        "total_magnetization": [0.0, 0.0], "functional": ["r2SCAN", "r2SCAN"],
        "lattice_vectors": pyarrow.array([cell, cell], floats),
        "cartesian_site_positions": pyarrow.array([[[0.0, 0.0, 0.0], [2.05, 2.0, 2.15]], [[0.0, 0.0, 0.0]]], floats),
        "species_at_sites": [["Al", "O"], ["Cu"]], "compressed_charge_density": [json.dumps(grid), None],
    })
    with tempfile.TemporaryDirectory() as folder:
        parquet.write_table(table, os.path.join(folder, "chunk_0.parquet"))
        convert(os.path.join(folder, "out"), [os.path.join(folder, "chunk_0.parquet")])
        lines = gzip.open(os.path.join(folder, "out/densities/agm000001.CHGCAR.gz"), "rt").read().split("\n")
        assert lines[5] == "Al O" and lines[11] == "2 3 4", lines
        assert lines[9] == "0.5000000000 0.5000000000 0.5000000000", lines[9]
        values = [float(word) for line in lines[12:] for word in line.split()]
        assert values == [grid[x][y][z] for z in range(4) for y in range(3) for x in range(2)], values
        kept = list(csv.reader(open(os.path.join(folder, "out/densities.csv"))))
        assert kept[0][5] == "energy [eV]" and kept[1][-1] == "densities/agm000001.CHGCAR.gz" and len(kept) == 2, kept
        print("as it should be")


if __name__ == "__main__":
    if sys.argv[1:] == ["--try"]:
        attempt()
    elif len(sys.argv) < 3:
        sys.exit(__doc__)
    else:
        convert(sys.argv[1], sys.argv[2:])
