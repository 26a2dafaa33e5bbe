"""Times tables against pandas: a CSV of 10^6 rows and 20 columns read and filtered by two columns, printed, and written to another file,
and a join of 10^5 rows by their ids.

    python3 Benchmarks/tables.py PROGRAM [--rounds N] [--rows N] [--join-rows N] [--python PROGRAM]

PROGRAM is `ecdx`. It runs scripts that print how many rows are kept: of a table with `num_3` above 50 and `system` equal to `cubic`, and
of a join by `id` that keeps all rows of the first table; and one that prints a page, and one that writes the file anew. Both sides are whole processes, in turns, start-up counted; the time of pandas
without its import, and of its join without reading, is said too. `.ecdx` is removed before each run. What is printed is the median, the
best, the load of the machine before and after, and the peak memory in multiples of the file.

The peer is pandas 3.1.1 with its C engine, installed into a virtual environment beside this file unless `--python` names a Python that
has it.
"""
import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("program")
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--rows", type=int, default=1_000_000)
arguments.add_argument("--join-rows", type=int, default=100_000)
arguments.add_argument("--python")
options = arguments.parse_args()

python = options.python
if not python:
    venv = os.path.join(root, "Benchmarks/.venv/tables")
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(os.path.join(venv, "ready")):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "pandas==3.1.1"], check=True)
        open(os.path.join(venv, "ready"), "w").close()

PEER = """
import resource, sys, time
import pandas
start = time.perf_counter()
if sys.argv[1] == "read":
    table = pandas.read_csv(sys.argv[2], engine="c")
    result = table[(table["num_3"] > 50) & (table["system"] == "cubic")]
elif sys.argv[1] == "show":
    result = pandas.read_csv(sys.argv[2], engine="c")
    print(result)
elif sys.argv[1] == "write":
    result = pandas.read_csv(sys.argv[2], engine="c")
    result.to_csv("pandas.csv", index=False)
else:
    left, right = pandas.read_csv(sys.argv[2]), pandas.read_csv(sys.argv[3])
    start = time.perf_counter()
    result = left.merge(right, on="id", how="left")
taken = time.perf_counter() - start
print(f"total {taken} rows {len(result)} peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
"""


def write_table(path, rows):
    """12 columns of numbers of several shapes, one with gaps, and 8 of text, one quoted in places; about 200 bytes a row."""
    draw = random.Random(1)
    elements = "Al Si Fe Ni Cu Ti Co Mn Cr V Zr Nb Mo Pd Pt Au Ag Ga As In".split()
    groups = ["Fm-3m", "F-43m", "Fd-3m", "Pm-3m", "P6_3/mmc", "I4/mmm", "R-3m"]
    u, one = draw.random, draw.choice
    with open(path, "w", encoding="utf-8") as out:
        names = ["id", *(f"num_{i}" for i in range(12)), "formula", "space_group", "system", "family", "note", "source", "tag"]
        print(",".join(names), file=out)
        for row in range(rows):
            numbers = [
                f"{u() * 1000:.6f}", f"{u() * 400 - 200:.8f}", f"{u():.10f}", f"{u() * 100:.4f}", repr(u()), f"{u() * 1e-5:.6e}",
                str(int(u() * 1e6)), f"{-u() * 10:.7f}", f"{u() * 90:.5f}", f"{u() * 5:.9f}", f"{u() * 300:.3f}",
                "" if u() < 0.02 else f"{u() * 50:.8f}"]
            texts = [
                one(elements) + one(elements) + str(row % 9 + 1), one(groups), one(["cubic", "hexagonal", "tetragonal", "trigonal"]),
                one(["Heusler", "perovskite", "halite", "spinel"]), '"relaxed, then ""static"" run"' if row % 20 == 0 else "relaxed",
                f"pbe-{row % 17}", f"batch_{row // 200:05d}"]
            print(",".join([f"mp-{row + 1}", *numbers, *texts]), file=out)


def write_pair(left, right, rows):
    draw = random.Random(3)
    ids = list(range(rows))
    draw.shuffle(ids)
    with open(left, "w") as out:
        out.write("id,k\n" + "".join(f"mp-{i},{i * 0.5}\n" for i in ids))
    draw.shuffle(ids)
    with open(right, "w") as out:
        out.write("id,g,formula\n" + "".join(f"mp-{i + 1000},{i * 0.25},El{i % 100}\n" for i in ids))


SCRIPTS = {
    "read": """let kept = csv("table.csv") |> where(row["num_3"] > 50 and row["system"] == "cubic")
show kept.count
""",
    "show": """show csv("table.csv")
""",
    "write": """table csv("table.csv") to "ours.csv"
""",
    "join": """let both = csv("left.csv") |> join(csv("right.csv"), by: "id", how: left)
show both.count
""",
}


def asked(command, folder):
    """Seconds of the whole process, its output, and its peak in megabytes."""
    shutil.rmtree(os.path.join(folder, ".ecdx"), ignore_errors=True)
    for name in ("ours.csv", "pandas.csv"):
        if os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    assert status == 0, f"{command} ended with {status}"
    return taken, text, usage.ru_maxrss // 1024


with tempfile.TemporaryDirectory() as folder:
    table, left, right = (os.path.join(folder, name) for name in ("table.csv", "left.csv", "right.csv"))
    write_table(table, options.rows)
    write_pair(left, right, options.join_rows)
    size = os.path.getsize(table) / 2**20
    print(f"{options.rows} rows, {size:.0f} MB, {os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}")
    for what, files in (("read", [table]), ("show", [table]), ("write", [table]), ("join", [left, right])):
        script = os.path.join(folder, f"{what}.ecdx")
        with open(script, "w") as out:
            out.write(SCRIPTS[what])
        found = {"ours": [], "pandas": []}
        alone, rows = [], set()
        for _ in range(options.rounds):
            run = asked([os.path.abspath(options.program), "run", script], folder)
            found["ours"].append(run)
            rows.add(int((re.search(r"of (\d+) rows;", run[1]) or re.search(r"(\d+)", run[1]))[1]))
            run = asked([python, "-c", PEER, what, *files], folder)
            found["pandas"].append(run)
            rows.add(int(re.search(r"rows (\d+)", run[1])[1]))
            alone.append(float(re.search(r"total ([\d.e-]+)", run[1])[1]))
        assert len(rows) == 1, f"both keep as many rows: {rows}"
        middle = {name: statistics.median(run[0] for run in runs) for name, runs in found.items()}
        for name, runs in found.items():
            peak = max(run[2] for run in runs)
            memory = f", peak {peak} MB" + (f" = {peak / size:.2f} of the file" if what != "join" else "")
            print(f"{what} {name}: median {middle[name]:.3f} s, best {min(run[0] for run in runs):.3f} s{memory}, {min(rows)} rows")
        inner = statistics.median(alone)
        work = {"read": "reading and filtering", "show": "reading and printing", "write": "reading and writing", "join": "the join"}[what]
        print(f"{what}: {middle['ours'] / middle['pandas']:.2f} of the time of pandas; {work} alone takes pandas {inner:.3f} s")
    print(f"load after {os.getloadavg()[0]:.1f}")
