"""Time from a save to the first byte of output of `ecdx run --watch`, for two scripts and two ways of saving.

    python3 watch.py PATH_OF_ECDX [ROUNDS]

The scripts are a short one with a table, and the quickstart with its results in the store. Each save changes one line that
shows a number, at the beginning or at the end of the script. The first output should come within 0.3 s of the save.
"""
import os
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

program = os.path.abspath(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
folder = os.path.realpath(tempfile.mkdtemp(prefix="ecdx-watch-"))
os.symlink(root + "/experiments/data", folder + "/data")
environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "ECDX_STDLIB": root + "/stdlib"}
if "LD_LIBRARY_PATH" in os.environ:
    environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]

short = 'let rows = csv("data/fcc-dft/properties.csv")\nshow mean(rows["k_vrh"])\n'
with open(root + "/experiments/quickstart.ecdx") as file:
    scripts = {"short": short, "quickstart": file.read()}


def in_place(path, text):
    with open(path, "w") as file:
        file.write(text)


def by_renaming(path, text):
    in_place(path + ".new", text)
    os.replace(path + ".new", path)


for name, text in scripts.items():
    path = f"{folder}/{name}.ecdx"
    in_place(path, text)
    subprocess.run([program, "run", path], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # What is remembered of files is kept once they are two seconds old.
    time.sleep(2.5)
    watch = subprocess.Popen([program, "run", "--watch", path], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    streams = [watch.stdout, watch.stderr]

    def read(wanted=None, stream=None, seconds=60.0):
        """Reads both streams until `wanted` comes on `stream`, or nothing for a quarter of a second."""
        seen, end = b"", time.perf_counter() + seconds
        while time.perf_counter() < end:
            ready = select.select(streams, [], [], 0.25 if wanted is None else 1)[0]
            if not ready and wanted is None:
                return None
            for one in ready:
                some = os.read(one.fileno(), 65536)
                if not some:
                    raise SystemExit(f"{name}: the watch ended")
                if one is stream:
                    seen += some
                    if wanted is not None and wanted in seen:
                        return time.perf_counter()
        raise SystemExit(f"{name}: {wanted!r} did not come")

    read(b"to be saved", watch.stderr)
    read()
    number = 1000
    for save in (in_place, by_renaming):
        for place in ("first", "last"):
            times = []
            for _ in range(rounds):
                number += 1
                line = f"show {number}\n"
                new = line + text if place == "first" else text + line
                begin = time.perf_counter()
                save(path, new)
                times.append(read(str(number).encode(), watch.stdout) - begin)
                read()
            times.sort()
            print(f"{name}, saved {save.__name__.replace('_', ' ')}, {place} line changed: median {1e3 * statistics.median(times):.0f} ms, largest {1e3 * times[-1]:.0f} ms")
    watch.send_signal(signal.SIGINT)
    watch.wait(timeout=30)
shutil.rmtree(folder)
