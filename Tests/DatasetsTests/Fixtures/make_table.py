"""Writes quoted.csv and quoted.txt: a table with every kind of quoting, as Python's csv module reads it back (python3).

quoted.txt: one line a cell, its row and column and its UTF-8 bytes in hexadecimal.
"""
import csv
import random

rng = random.Random(3)
pieces = ["a", "Al2O3", ",", '"', "\n", "\r\n", " ", "é", "–", "1.5", "{x}", "", "'", ";", "\t", "0"]
rows = [["id", "free text", "nümber"]]
for index in range(120):
    rows.append([f"row-{index}", "".join(rng.choice(pieces) for _ in range(rng.randrange(6))), repr(rng.uniform(-5, 5))])
with open("quoted.csv", "w", newline="", encoding="utf-8") as file:
    csv.writer(file).writerows(rows)
with open("quoted.csv", newline="", encoding="utf-8") as file:
    read = list(csv.reader(file))
assert read == rows
with open("quoted.txt", "w") as file:
    for i, row in enumerate(read):
        for j, cell in enumerate(row):
            file.write(f"{i} {j} {cell.encode().hex() or '-'}\n")
