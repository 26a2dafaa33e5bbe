"""Describes crystals in the words of robocrystallographer, for `variant` and for text encoders, and keeps the texts.

    python3 scripts/describe.py OUT.csv FILE...           (needs robocrys; tried with 0.2.13)

FILE is anything that pymatgen reads a structure from: POSCAR, CIF, CHGCAR (also packed). OUT.csv gets `id` (the file's name up to
its first dot), `description`, `robocrys` (its version) and `file`. A crystal that OUT.csv has is never described again: the words of
robocrystallographer come in an order that changes from process to process, so this script fixes PYTHONHASHSEED, and a text that was
used is kept. Crystals that cannot be described are named, and stop nothing.
"""
import csv
import os
import sys
import warnings


def main(out, files):
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, "PYTHONHASHSEED": "0"})
    warnings.simplefilter("ignore")
    from importlib.metadata import version
    from pymatgen.core import Structure
    from pymatgen.io.vasp import Chgcar
    from robocrys import StructureCondenser, StructureDescriber

    known = {}
    if os.path.exists(out):
        with open(out, newline="") as table:
            known = {row["id"]: row["file"] for row in csv.DictReader(table)}
    failed = 0
    with open(out, "a", newline="") as table:
        writer = csv.writer(table)
        if table.tell() == 0:
            writer.writerow(["id", "description", "robocrys", "file"])
        for file in files:
            name = os.path.basename(file).split(".")[0]
            if name in known:
                if os.path.realpath(known[name]) != os.path.realpath(file):
                    failed += 1
                    print(f"{file}: `{name}` is the id of {known[name]} already: give the file another name", file=sys.stderr)
                continue
            try:
                is_density = any(word in os.path.basename(file).upper() for word in ("CHGCAR", "CHG", "LOCPOT"))
                structure = Chgcar.from_file(file).structure if is_density else Structure.from_file(file)
                text = StructureDescriber().describe(StructureCondenser().condense_structure(structure))
            except Exception as fault:
                failed += 1
                print(f"{file}: {type(fault).__name__}: {fault}", file=sys.stderr)
                continue
            known[name] = file
            writer.writerow([name, text, version("robocrys"), file])
            table.flush()
    print(f"{len(known)} descriptions in {out}; {failed} files could not be described")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
