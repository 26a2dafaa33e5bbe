"""Makes crystals.xlsx for the examples of the reference: two sheets of ../fcc-dft (computed by us). `crystals` has some columns
of every fifth row of properties.csv, and a column that gives each row a part; `elements` the first rows of elements.csv."""
import csv
import datetime
import pathlib

import openpyxl

here = pathlib.Path(__file__).resolve().parent
columns = ["material_id", "formula", "prototype", "volume", "band_gap", "k_vrh"]


def rows(name):
    with open(here.parent / "fcc-dft" / name, newline="") as file:
        return list(csv.DictReader(file))


def cell(text):
    try:
        return float(text)
    except ValueError:
        return text


book = openpyxl.Workbook()
book.properties.created = book.properties.modified = datetime.datetime(2026, 1, 1)
sheet = book.active
sheet.title = "crystals"
sheet.append(columns + ["part"])
parts = ["train", "train", "validation", "holdout"]
for index, row in enumerate(rows("properties.csv")[::5]):
    sheet.append([cell(row[name]) for name in columns] + [parts[index % len(parts)]])
sheet = book.create_sheet("elements")
table = rows("elements.csv")[:6]
sheet.append(list(table[0]))
for row in table:
    sheet.append([cell(text) for text in row.values()])
book.save(here / "crystals.xlsx")
