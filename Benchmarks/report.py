"""Time of a report of a script with 50 figures and 200 tables, beside `jupyter nbconvert` on the same content.

    python3 report.py PATH_OF_ECDX [--rounds N] [--jupyter PYTHON]

The script reads tables of 12 rows and 5 columns and draws scatter plots of them. The first report draws the figures; those after it find
everything in the store, and should take less than 1 s. With --jupyter, a Python that has nbconvert, the tables (as HTML) and the very
SVG files are put as outputs into a notebook, which `nbconvert --to html` then turns into a page: it runs no cell, so that both sides
lay out what is there already.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("ecdx")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--jupyter")
options = parser.parse_args()
program = os.path.abspath(options.ecdx)
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
folder = os.path.realpath(tempfile.mkdtemp(prefix="ecdx-report-"))
environment = {**os.environ, "ECDX_STDLIB": root + "/stdlib"}
environment.pop("ECDX_STORE", None)
TABLES, FIGURES = 200, 50

random.seed(1)
names = ["name", "k", "g", "density", "volume"]
contents = []
for number in range(TABLES):
    rows = [[f"crystal {row}"] + [f"{random.uniform(0, 400):.6f}" for _ in range(4)] for row in range(12)]
    contents.append(rows)
    with open(f"{folder}/t{number}.csv", "w") as file:
        file.write("\n".join(",".join(row) for row in [names] + rows) + "\n")
script = ["# %% [markdown]", "# # Many tables and figures", "# Made for a measurement."]
for number in range(TABLES):
    if number % 20 == 0:
        script += [f"# %% [markdown]", f"# ## Part {number // 20 + 1}", "# Some words about *it*, with `code`."]
    script += [f"# %% Table {number}", f'let t{number} = csv("t{number}.csv")', f"table t{number}"]
    if number % (TABLES // FIGURES) == 0:
        script.append(f'plot scatter(x: t{number}["k"], y: t{number}["g"], title: "figure {number}") to "out/f{number}.svg"')
with open(folder + "/many.ecdx", "w") as file:
    file.write("\n".join(script) + "\n")


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def say(name, seconds):
    print(f"{name:34} {statistics.median(seconds):8.3f} s   ({min(seconds):.3f} to {max(seconds):.3f}, {len(seconds)} rounds)")


print(f"{TABLES} tables, {FIGURES} figures")
print(f"{'ecdx report, nothing in the store':34} {timed([program, 'report', 'many.ecdx']):8.3f} s")
ours = [timed([program, "report", "many.ecdx"]) for _ in range(options.rounds)]
say("ecdx report, all in the store", ours)
print(f"{'  its file':34} {os.path.getsize(folder + '/many.html') / 1e6:8.3f} MB")

if options.jupyter:
    def cell(kind, source, outputs=None):
        found = {"cell_type": kind, "metadata": {}, "source": source, "id": f"c{random.randrange(1 << 40)}"}
        return {**found, "outputs": outputs, "execution_count": None} if kind == "code" else found

    def display(data):
        return {"output_type": "display_data", "metadata": {}, "data": data}

    cells = [cell("markdown", "# Many tables and figures\nMade for a measurement.")]
    for number in range(TABLES):
        if number % 20 == 0:
            cells.append(cell("markdown", f"## Part {number // 20 + 1}\nSome words about *it*, with `code`."))
        head = "".join(f"<th>{name}</th>" for name in names)
        body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in contents[number])
        outputs = [display({"text/html": f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"})]
        source = f't{number} = read_csv("t{number}.csv")\nt{number}'
        if number % (TABLES // FIGURES) == 0:
            outputs.append(display({"image/svg+xml": open(f"{folder}/out/f{number}.svg").read()}))
            source += f'\nscatter(t{number}["k"], t{number}["g"], title="figure {number}")'
        cells.append(cell("code", source, outputs))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "language_info": {"name": "python"}}
    with open(folder + "/many.ipynb", "w") as file:
        json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}, file)
    theirs = [timed([options.jupyter, "-m", "nbconvert", "--to", "html", "--output", "theirs", "many.ipynb"]) for _ in range(options.rounds)]
    say("jupyter nbconvert --to html", theirs)
    print(f"{'  its file':34} {os.path.getsize(folder + '/theirs.html') / 1e6:8.3f} MB")
    print(f"{'  their time / ours':34} {statistics.median(theirs) / statistics.median(ours):8.1f}")
shutil.rmtree(folder)
