"""Times what ecdx does beside computing - checking, planning, finding results in the store, laying scripts out - in two
builds of the program, side by side.

    python3 Benchmarks/checking.py NEW_ECDX OLD_ECDX [--rounds N] [--only NAME] [--experiments N]

The two run in turn, new, old, new, old. Seconds are processor seconds, user and system, of the program and what it started,
medians, with those of `ecdx help` taken off; memory is the most that was resident at once, medians as well, nothing taken
off. Whatever is made lies in a temporary folder, where each build has its own store and its own copy of the data. Nothing is
written elsewhere.
"""
import argparse
import contextlib
import csv
import hashlib
import json
import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

LONGEST = 150.0  # seconds of a run before it is stopped
ENOUGH = 45.0  # seconds after which a case gets no further round

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Build:
    """One build of the program."""

    def __init__(self, name, program):
        self.name = name
        self.program = os.path.abspath(program)

    def __repr__(self):
        return self.name


class Run:
    """What one run took. `seconds` is None where it was stopped."""

    def __init__(self, seconds, memory, digest):
        self.seconds, self.memory, self.digest = seconds, memory, digest


def run(build, arguments, folder, store=None, text=None, before=(), longest=LONGEST, statuses=(0,)):
    """Runs a build in `folder`; `text`: a file for its standard input, `before`: a command that runs it."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "LC_ALL": "C.UTF-8"}
    if store:
        environment["ECDX_STORE"] = store
    with tempfile.TemporaryFile(dir=scratch) as out, tempfile.TemporaryFile(dir=scratch) as errors, open(text or os.devnull, "rb") as given:
        # A group of its own, so that what it started ends with it.
        child = subprocess.Popen(
            [*before, build.program, *arguments], cwd=folder, env=environment, stdin=given, stdout=out, stderr=errors, start_new_session=True)
        stopped = threading.Event()

        def stop():
            stopped.set()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(longest, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            stop()
            raise
        finally:
            timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        if stopped.is_set():
            return Run(None, usage.ru_maxrss / 1024, None)
        if child.returncode not in statuses:
            errors.seek(0)
            print(errors.read().decode(errors="replace")[-2000:], file=sys.stderr)
            raise SystemExit(f"{build}: `ecdx {' '.join(arguments)}` ended with status {child.returncode}")
        out.seek(0)
        digest = hashlib.sha256()
        for piece in iter(lambda: out.read(1 << 16), b""):
            digest.update(piece)
        return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, digest.hexdigest())


class Result:
    """The runs of one case."""

    def __init__(self, case, size, aim, runs, differs=False):
        self.case, self.size, self.aim, self.runs, self.differs = case, size, aim, runs, differs

    def seconds(self, build):
        """Seconds without those of starting up; infinite where a run was stopped, None where there was none."""
        runs = self.runs.get(build)
        if not runs:
            return None
        if any(run.seconds is None for run in runs):
            return float("inf")
        return max(statistics.median(run.seconds for run in runs) - startup[build], 1e-4)

    def memory(self, build):
        runs = self.runs.get(build)
        return statistics.median(run.memory for run in runs) if runs else None


def measure(case, size, aim, command, of=None, same=True):
    """Runs `command(build)`, the arguments of `run` as a record, in turn. `same`: both are to print the same."""
    runs = {build: [] for build in of or builds}
    begun = time.monotonic()
    for turn in range(rounds):
        if time.monotonic() - begun > ENOUGH:
            break
        for build, seen in runs.items():
            if not any(run.seconds is None for run in seen):
                seen.append(run(build, **command(build)))
    digests = {run.digest for seen in runs.values() for run in seen if run.digest}
    result = Result(case, size, aim, runs, differs=same and len(digests) > 1)
    results.append(result)
    print(f"{case}, {size}: " + ", ".join(f"{build} {readable(result.seconds(build))} s" for build in runs), file=sys.stderr)


@contextlib.contextmanager
def workplace():
    """A folder for each build, removed afterwards; the first is made."""
    # Not deeper than need be: a path is asked about folder by folder.
    folders = {build: os.path.join(scratch, build.name) for build in builds}
    os.makedirs(next(iter(folders.values())))
    try:
        yield folders
    finally:
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)


def copied(folders):
    """Gives the other builds what was made for the first, then waits: a file younger than two seconds is read again."""
    first, *others = folders.values()
    for other in others:
        shutil.copytree(first, other)
    time.sleep(2.5)


def store(folder):
    return os.path.join(folder, ".ecdx")


def script(folder, text, name="script.ecdx"):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w") as file:
        file.writelines([text] if isinstance(text, str) else text)


# Cases


def quickstart():
    with workplace() as folders:
        first, *_ = folders.values()
        ignored = shutil.ignore_patterns("out", ".ecdx", "paper")
        shutil.copytree(os.path.join(root, "experiments"), first, ignore=ignored, dirs_exist_ok=True)
        copied(folders)

        def command(build):
            return {"arguments": ["run", "quickstart.ecdx"], "folder": folders[build], "store": store(folders[build])}

        for build in builds:
            run(build, **command(build))
        measure("run of the quickstart, second", "144 rows", "0.35", command)
        count_calls(command)


def count_calls(command):
    """How often the system is asked about files, starting up included."""
    tracer = shutil.which("strace")
    if not tracer:
        print("SKIPPED: the calls of the quickstart are not counted, strace is not installed (apt-get install strace)", file=sys.stderr)
        return
    for build in builds:
        summary = os.path.join(scratch, "calls")
        run(build, **command(build), before=[tracer, "-f", "-c", "-e", "trace=%file,readlink", "-o", summary])
        with open(summary) as file:
            for line in file:
                words = line.split()
                # % time, seconds, microseconds a call, calls, perhaps errors, name
                if len(words) >= 5 and words[3].isdigit() and words[-1] != "total":
                    calls[build][words[-1]] = int(words[3])
        os.remove(summary)


def picture(number):
    """A PNG of 2 x 2 pixels of red, green and blue."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    seed = number * 2654435761
    rows = b"".join(b"\0" + bytes((seed >> shift) % 251 for shift in range(row, row + 6)) for row in (0, 7))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURES = """dataset pictures {
    rows:   csv("rows.csv")
    id:     "name"
    inputs: { image: picture("pictures/{name}.png") }
    target: { column: "y" }
    split:  random(train: 80%, validation: 10%, holdout: 10%, seed: 1)
}
model net {
    input image: [2, 2, 3]
    image >> flatten >> dense(1)
}
experiment fit { data: pictures, model: net, loss: mse, seed: 1, epochs: 1, batch: 1000 }
table metrics(fit) to "out/metrics.csv"
"""


def pictures():
    count = 10_000
    with workplace() as folders:
        first, *_ = folders.values()
        os.makedirs(os.path.join(first, "pictures"))
        with open(os.path.join(first, "rows.csv"), "w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["name", "y"])
            for number in range(count):
                rows.writerow([f"p{number:05}", number * 37 % 101])
                with open(os.path.join(first, "pictures", f"p{number:05}.png"), "wb") as image:
                    image.write(picture(number))
        script(first, PICTURES)
        copied(folders)

        def command(build):
            return {"arguments": ["run", "script.ecdx"], "folder": folders[build], "store": store(folders[build])}

        for build in builds:
            # The second writes the table over its own.
            run(build, **command(build))
            run(build, **command(build))
        measure("run, all in the store, pictures", f"{count:,} rows", "0.17", command)


TRAININGS = """dataset rows {
    rows:   csv("rows.csv")
    id:     "name"
    inputs: { x: tensor("rows/{name}.npy") }
    target: { column: "y" }
    split:  given(by: "part")
}
model net {
    input x: [2]
    x >> dense(1)
}
experiment base { data: rows, model: net, loss: mse, seed: 0, epochs: 1, batch: 8 }
let runs = for seed in 1..COUNT { base with { seed: seed } }
table metrics(runs) to "out/metrics.csv"
"""


def trainings(folder, count):
    """A script of `count` experiments on twelve rows."""
    os.makedirs(os.path.join(folder, "rows"))
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    with open(os.path.join(folder, "rows.csv"), "w") as file:
        file.write("name,y,part\n")
        for number in range(12):
            file.write(f"r{number},{number * 5 % 7},{['train', 'validation', 'holdout'][number % 3]}\n")
            with open(os.path.join(folder, "rows", f"r{number}.npy"), "wb") as array:
                array.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack("<ff", number * 3 % 5, number * 2 % 3))
    script(folder, TRAININGS.replace("COUNT", str(count)))


def experiments():
    count = options.experiments
    with workplace() as folders:
        first, *_ = folders.values()
        trainings(first, count)
        copied(folders)

        def command(build):
            return {"arguments": ["run", "script.ecdx"], "folder": folders[build], "store": store(folders[build])}

        # The old build trains. The other finds these runs where it gives them the same keys, and trains itself where not.
        new, old = builds
        for build in (old, new):
            begun = time.monotonic()
            if build is new:
                shutil.copytree(os.path.join(store(folders[old]), "runs"), os.path.join(store(folders[new]), "runs"))
            for _ in range(2):
                run(build, **command(build), longest=3600)
            print(f"{build} filled its store in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        measure("run, all in the store, experiments", f"{count:,}", "0.11", command)


def plan():
    count = options.experiments
    with workplace() as folders:
        first, *_ = folders.values()
        trainings(first, count)
        copied(folders)
        # What it prints holds estimates of times.
        measure("plan of new experiments", f"{count:,}", "0.11", lambda build: {
            "arguments": ["plan", "script.ecdx"], "folder": folders[build], "store": store(folders[build])}, same=False)


def statements(lines):
    """A script of so many lines of all sorts, not quite in the canonical layout."""
    block = [
        "# What number {0} is about: a comment, to be kept as it is.",
        "let value_{0} = {0} + 1   # behind a statement",
        "let other_{0}   = value_{0}*2 - (3 + {0})",
        "",
        "def f_{0}(x, y = 2) = x * y + {0}",
        "let record_{0} = {{",
        "  column: \"c{0}\",",
        "    unit:    \"GPa\"   # of the column",
        "    shares: [ 70%,15%, 15% ]",
        "}}",
        "let list_{0} = for i in 1..3 {{ f_{0}(i, y: {0}) }}",
        "let chosen_{0} = if value_{0} > 3 {{ \"text \\(value_{0})\" }} else {{ none }}",
        "let net_{0} = model {{",
        "    input image: [12, 12, 3]",
        "    image >> conv(8, kernel: 3, activation: relu)",
        "          >> maxPool(2)",
        "          >> flatten >> dense(1)",
        "}}",
        "let long_{0} = {{ first: value_{0}, second: other_{0}, third: [value_{0}, other_{0}], fourth: \"a text that makes the line long\", fifth: 5 }}",
        "show value_{0} + other_{0}",
    ]
    for line in range(lines):
        number, place = divmod(line, len(block))
        yield block[place].format(number) + "\n"


def remarked(lines):
    """Statements one under another, a comment behind each."""
    for line in range(lines):
        yield f"let a{line} = {line} # number {line}\n"


def fields(lines):
    """One record over so many lines."""
    yield "let r = {\n"
    for line in range(lines - 2):
        yield f"  a{line}: {line}\n"
    yield "}\n"


def fmt():
    for case, text in (("fmt", statements), ("fmt, comments", remarked), ("fmt, one record", fields)):
        for lines in (10_000, 100_000, 200_000):
            with workplace() as folders:
                first, *_ = folders.values()
                script(first, text(lines))
                measure(case, f"{lines:,} lines", "linear", lambda build: {
                    "arguments": ["fmt", "-"], "folder": first, "text": os.path.join(first, "script.ecdx")}, of=builds[:1] if lines > 100_000 else None)


def record():
    for count in (10_000, 50_000):
        with workplace() as folders:
            first, *_ = folders.values()
            script(first, ["let r = { ", *(f"{', ' if number else ''}a{number}: {number}" for number in range(count)), f" }}\nshow r.a{count - 1}\n"])
            measure("check of a record", f"{count:,} fields", "linear", lambda build: {
                "arguments": ["check", "script.ecdx"], "folder": first, "store": store(first)})


def safetensors():
    count = 100_000_000
    with workplace() as folders:
        first, *_ = folders.values()
        script(first, 'let t = tensor("big.safetensors")\nshow t.shape\nshow t.max\n')
        header = json.dumps({"t": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
        header += b" " * (-len(header) % 8)
        with open(os.path.join(first, "big.safetensors"), "wb") as file:
            file.write(struct.pack("<Q", len(header)) + header)
            file.truncate(8 + len(header) + 4 * count)
        measure("check of a big tensor", "400 MB", "0.01 s, 20 MB", lambda build: {
            "arguments": ["check", "script.ecdx"], "folder": first, "store": store(first)})


CASES = {case.__name__: case for case in (quickstart, pictures, experiments, plan, fmt, record, safetensors)}


# The table


def readable(number):
    if number is None:
        return "-"
    if number == float("inf"):
        return f"> {LONGEST:.0f}"
    return f"{number:.3f}" if number < 10 else f"{number:.1f}"


def report():
    new, old = builds
    rows = [("case", "size", "new s", "old s", "new / old", "aim", "new MB", "old MB", "rounds")]
    for result in results:
        seconds = {build: result.seconds(build) for build in builds}
        ratio = "-"
        if seconds[new] is not None and seconds[old] is not None:
            ratio = "?" if seconds[new] == float("inf") else "< " + readable(seconds[new] / LONGEST) if seconds[old] == float("inf") else readable(seconds[new] / seconds[old])
        memory = [f"{result.memory(build):.0f}" if result.memory(build) is not None else "-" for build in builds]
        most = max(len(runs) for runs in result.runs.values())
        rows.append((result.case, result.size, readable(seconds[new]), readable(seconds[old]), ratio, result.aim, *memory, str(most)))
    if calls[new] and calls[old]:
        both = [sum(calls[build].values()) for build in builds]
        rows.append(("run of the quickstart, second", "calls about files", f"{both[0]:,}", f"{both[1]:,}", readable(both[0] / both[1]), "1,500 (0.10)", "-", "-", "1"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    left = (0, 1)
    for index, row in enumerate(rows):
        print("  ".join(text.ljust(width) if column in left else text.rjust(width) for column, (text, width) in enumerate(zip(row, widths))).rstrip())
        if index == 0:
            print("─" * (sum(widths) + 2 * len(widths) - 2))
    print("taken off: " + ", ".join(f"{startup[build]:.3f} s of `help` of the {build} build" for build in builds)
          + "; not taken off: " + " and ".join(f"{startup_memory[build]:.0f}" for build in builds) + " MB")
    growth()
    for build in builds:
        if calls[build]:
            print(f"calls about files, {build}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(calls[build].items(), key=lambda item: -item[1])))
    for result in results:
        if result.differs:
            print(f"NOT THE SAME: {result.case}, {result.size}: what the builds print differs")


def growth():
    """Whether time grows as the size does."""
    for case in ("fmt", "fmt, comments", "fmt, one record", "check of a record"):
        seen = [result for result in results if result.case == case]
        for build in builds:
            parts = []
            for result in seen:
                seconds = result.seconds(build)
                if seconds is not None and seconds != float("inf"):
                    size = int(result.size.split()[0].replace(",", ""))
                    parts.append(f"{seconds / size * 1e6:.1f} µs at {size:,}")
            if parts:
                print(f"{case}, {build}: for each {seen[0].size.split()[1][:-1]} {', '.join(parts)}")


arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("new", metavar="NEW_ECDX")
arguments.add_argument("old", metavar="OLD_ECDX")
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--only", action="append", choices=list(CASES), help="this case alone; may be given several times")
arguments.add_argument("--experiments", type=int, default=10_000, metavar="N", help="how many the cases with many have; the old build has to train them once")
options = arguments.parse_args()
rounds = max(1, options.rounds)
builds = [Build("new", options.new), Build("old", options.old)]
results, calls = [], {build: {} for build in builds}
scratch = os.path.realpath(tempfile.mkdtemp(prefix="ecdx-checking-"))
try:
    starts = {build: [] for build in builds}
    for _ in range(21):
        for build in builds:
            starts[build].append(run(build, ["help"], scratch))
    startup = {build: statistics.median(run.seconds for run in starts[build][1:]) for build in builds}
    startup_memory = {build: statistics.median(run.memory for run in starts[build]) for build in builds}
    for name in options.only or CASES:
        CASES[name]()
    report()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
