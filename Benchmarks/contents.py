"""Times what checking contents where they are read costs: trainings and predictions that rest on what the store keeps, in two
builds of the program, side by side.

    ECDX_SFE=FOLDER python3 Benchmarks/contents.py NEW_ECDX OLD_ECDX [--rounds N]

Both begin each round from the same copy of their own store, and run in turn, new, old, old, new, so that what else the machine
does falls on both. Printed are the medians of the seconds of whole runs (wall clock, and processor seconds, user and system) and
the median of the ratios within a round, with the quartiles.

- quickstart: the training on 144 densities, whose planes the store keeps, a seed a round
- head: a new head on InceptionV3, whose features of 137 pictures the store keeps, a seed a round
- predict: all 137 pictures through a fine-tuned InceptionV3, the 87 MB of its weights read from its run
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("new")
arguments.add_argument("old")
arguments.add_argument("--rounds", type=int, default=7)
options = arguments.parse_args()
sfe = os.environ.get("ECDX_SFE", "")
if not os.path.exists(os.path.join(sfe, "sfe.csv")):
    sys.exit("say where the stacking-fault images are: ECDX_SFE")
builds = {"new": os.path.abspath(options.new), "old": os.path.abspath(options.old)}

PICTURES = """dataset sfe {
    rows:   csv("SFE/sfe.csv")
    id:     "image"
    inputs: { image: picture("SFE/{image}") |> resize([75, 75], method: area) }
    target: { column: "sfe_mJ_per_m2", unit: "mJ/m^2", scale: standard }
    split:  random(train: 70%, validation: 15%, holdout: 15%, seed: 1)
}
backbone inception { architecture: InceptionV3, weights: none }
model regressor {
    input image: [75, 75, 3]
    image >> inception >> globalAveragePool >> dropout(0.2) >> dense(1)
}
schedule one { stage only { train: WHAT, rate: 1e-3 } }
experiment e {
    data: sfe, model: regressor, loss: mse, batch: 8, epochs: EPOCHS, seed: 1, keep: last
    schedule: one
}
"""


def run(build, words, folder):
    """Seconds of a run, by the clock and of the processor."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "LC_ALL": "C.UTF-8"}
    began, before = time.perf_counter(), os.times()
    done = subprocess.run([builds[build], *words], cwd=folder, env=environment, capture_output=True, text=True)
    after = os.times()
    if done.returncode:
        sys.exit(f"{build}: `ecdx {' '.join(words)}` ended with status {done.returncode}\n{done.stderr[-2000:]}")
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, processor


def place(name):
    """The folders of a case, one a build, with the data; the caller fills them."""
    folders = {build: os.path.join(scratch, name, build) for build in builds}
    for folder in folders.values():
        os.makedirs(folder)
    return folders


def pictures(name, what, epochs, last):
    folders = place(name)
    for folder in folders.values():
        with open(os.path.join(folder, "s.ecdx"), "w") as file:
            file.write(PICTURES.replace("SFE", sfe).replace("WHAT", what).replace("EPOCHS", str(epochs)) + last)
    return folders, lambda seed: ["run", "s.ecdx", "--set", f"e.seed={seed}"]


def quickstart():
    folders = place("quickstart")
    for folder in folders.values():
        shutil.copytree(os.path.join(root, "experiments"), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("out", ".ecdx", "paper"))
    return folders, lambda seed: ["run", "quickstart.ecdx", "--set", f"bulk.seed={seed}", "--set", "bulk.epochs=40"]


def head():
    return pictures("head", "head", 100, 'table metrics(e) to "m.csv"\n')


def predict():
    folders, words = pictures("predict", "all", 1, 'predict e on sfe to "p.csv"\n')
    # The first run trains; after it only the run is kept, so that each later one predicts anew.
    return folders, lambda seed: words(1)


def clean(name, folder):
    if name == "predict":
        shutil.rmtree(os.path.join(folder, ".ecdx", "cache"), ignore_errors=True)
        if os.path.exists(os.path.join(folder, "p.csv")):
            os.remove(os.path.join(folder, "p.csv"))


def measure(case):
    name = case.__name__
    folders, words = case()
    for build, folder in folders.items():
        run(build, words(1), folder)
        clean(name, folder)
    time.sleep(2.5)  # a file younger than two seconds is read again
    seen = {build: [] for build in builds}
    for turn in range(options.rounds):
        both = {build: [] for build in builds}
        for build in ("new", "old", "old", "new"):
            folder = folders[build] + "-round"
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run(["cp", "-a", folders[build], folder], check=True)
            both[build].append(run(build, words(turn + 2), folder))
            shutil.rmtree(folder)
        for build, runs in both.items():
            seen[build].append([statistics.mean(run[place] for run in runs) for place in (0, 1)])
    for place, clock in enumerate(("wall", "processor")):
        ratios = sorted(new[place] / old[place] for new, old in zip(seen["new"], seen["old"]))
        quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else [ratios[0]] * 3
        medians = [statistics.median(run[place] for run in seen[build]) for build in ("new", "old")]
        print(f"{name:<11}{clock:<10}new {medians[0]:.3f} s  old {medians[1]:.3f} s  new / old {statistics.median(ratios):.3f}"
              f"  (quartiles {quartiles[0]:.3f}, {quartiles[2]:.3f}; {options.rounds} rounds of two)", flush=True)


with tempfile.TemporaryDirectory(prefix="ecdx-contents-") as scratch:
    for case in (quickstart, head, predict):
        measure(case)
