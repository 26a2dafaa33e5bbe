"""Times transfer learning with InceptionV3 (75 x 75 and 75 x 196 x 3, batch 6, single precision) on the stacking-fault images:
ecdx against Keras on TensorFlow and PyTorch, in turn, round by round, on two threads each.

    python3 Benchmarks/backbones/run.py [ECDX] [--sfe FOLDER] [--rounds N] [--epochs N] [--quick] [--add]
        [--widths 75,196] [--what head,last50,last50augmented,all,predict,folds] [--tools ecdx,keras,torch]
        [--python KERAS_PYTHON] [--torch-python TORCH_PYTHON]

An epoch is 132 images of training and 4 of validation. The first epoch of every process is left out (all set up then, and
Keras compiles). Prints for each the median, the least and the most, the share of the speed of a measured sgemm, the peak of
memory, ecdx's share of the faster one's time and what was aimed at. Ten folds are whole scripts, from start to end.

Processes beside it spoil the figures: the share of the machine that they took is printed too, and `--busiest 0.1` leaves
out epochs beside which they took more than a tenth. `--add` adds to the samples that are there (work/samples.jsonl) rather
than starting anew. `--quick`: one round at 75 x 75, two folds of five epochs. Makes a virtual environment beside this file
(6 GB, most of it PyTorch's) unless told of Pythons; `--torch-python none` leaves PyTorch out.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("ecdx", nargs="?", default=os.path.join(here, "..", "..", ".build", "release", "ecdx"))
beside = os.path.join(here, "..", "..", "..", "shared", "data", "sfe")
arguments.add_argument("--sfe", default=os.environ.get("ECDX_SFE", beside), help="the folder of sfe.csv and images; default ECDX_SFE")
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--epochs", type=int, default=4)
arguments.add_argument("--quick", action="store_true")
arguments.add_argument("--add", action="store_true")
arguments.add_argument("--report", action="store_true", help="measure nothing, print the samples there are")
arguments.add_argument("--busiest", type=float, default=1.0)
arguments.add_argument("--widths", default="75,196")
arguments.add_argument("--what", default="head,last50,last50augmented,all,predict,folds")
arguments.add_argument("--tools", default="ecdx,keras,torch")
arguments.add_argument("--python", help="a Python that has tensorflow-cpu and keras")
arguments.add_argument("--torch-python", help="a Python that has torch")
options = arguments.parse_args()
if options.quick:
    options.rounds, options.epochs, options.widths = 1, 3, "75"
options.sfe = os.path.abspath(options.sfe)
if not os.path.exists(os.path.join(options.sfe, "sfe.csv")):
    sys.exit("say where the stacking-fault images are: --sfe FOLDER, or ECDX_SFE")
ecdx, work = os.path.abspath(options.ecdx), os.path.join(here, "work")
samples_file = os.path.join(work, "samples.jsonl")
widths, tools = [int(width) for width in options.widths.split(",")], options.tools.split(",")
wanted = options.what.split(",")
fold_epochs, fold_count = (5, 2) if options.quick else (20, 10)

# What runs: the stage and the augmentation, in the words of the three scripts; ecdx's own share of the faster one's time
# that is aimed at. Prediction in ecdx is an epoch of a frozen network whose images are mirrored: one pass of each image, and
# next to nothing for the head.
jobs = {
    "head": ("head", "both", 0.65, "head, augmented"),
    "last50": ("last50", "none", 0.4, "last 50 layers"),
    "last50augmented": ("last50", "both", 0.4, "last 50 layers, augmented"),
    "all": ("all", "none", 0.6, "all layers"),
    "predict": ("predict", "none", 0.75, "inference of 137 images"),
}
# None of these may tie threads to processors or choose kernels for the peers.
environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "OPENBLAS_", "GOMP_", "KMP_", "MKL_"))}
environment |= {"OMP_NUM_THREADS": "2", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def venv():
    folder = os.path.join(here, ".venv")
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(os.path.join(folder, "ready")):
        packages = ["tensorflow-cpu", "keras", "h5py"] + (["torch"] if options.torch_python != "none" else [])
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        open(os.path.join(folder, "ready"), "w").close()
    return python


python = options.python or venv()
torch_python = options.torch_python or (python if not options.python else "none")
if torch_python == "none":
    tools = [tool for tool in tools if tool != "torch"]


def busy():
    """Seconds of all processors that were not idle."""
    with open("/proc/stat") as file:
        ticks = [int(value) for value in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def run(command):
    """Runs to the end. Lines of output with the seconds at which they came; peak of memory in MiB, seconds, and the share of
    the machine that others took meanwhile, for each stretch between lines that tell of an epoch too."""
    began, marks = time.perf_counter(), []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=here)
    first, lines, tick = busy(), [], os.sysconf("SC_CLK_TCK")

    def mark():
        with open(f"/proc/{process.pid}/stat") as file:
            own = sum(int(value) for value in file.read().rsplit(")", 1)[1].split()[11:13]) / tick
        marks.append((time.perf_counter(), busy() - own))

    mark()
    for line in process.stdout:
        lines.append((time.perf_counter() - began, line.rstrip()))
        if re.match(r"epoch \d|.*  epoch \d+/", line):
            mark()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status != 0:
        sys.exit(f"{command} failed\n" + "\n".join(line for _, line in lines[-20:]))
    others = (busy() - first - usage.ru_utime - usage.ru_stime) / seconds / os.cpu_count()
    beside = [max(0, (b - a) / (to - at) / os.cpu_count()) for (at, a), (to, b) in zip(marks, marks[1:])]
    return lines, {"memory": usage.ru_maxrss / 1024, "whole": seconds, "others": max(0, others), "beside": beside}


def with_ecdx(stage, augmented, width, seed):
    if stage == "predict":
        stage, augmented = "head", "flip"
    store = os.path.join(work, "store")
    shutil.rmtree(store, ignore_errors=True)
    sets = {"sfe_folder": options.sfe, "width": width, "stage": stage, "augmented": augmented, "epochs": options.epochs, "seed": seed}
    command = [ecdx, "run", "train.ecdx", "--threads", "2", "--force", "--store", store]
    lines, sample = run(command + [word for name, value in sets.items() for word in ("--set", f"{name}={value}")])
    run_folder = os.path.join(store, "runs", os.listdir(os.path.join(store, "runs"))[0])
    rows = [line.split(",") for line in open(os.path.join(run_folder, "metrics.csv")).read().split("\n") if line]
    sample["epochs"] = [float(row[rows[0].index("seconds")]) for row in rows[1:]]
    times = {name: at for at, line in lines for name in ("what the frozen layers give", "parameters train") if name in line}
    if len(times) == 2:
        sample["features"] = times["parameters train"] - times["what the frozen layers give"]
    return sample


def with_peer(program, script, stage, augmented, width, seed):
    lines, sample = run([program, script, work, str(width), stage, augmented, str(options.epochs), str(seed)])
    sample["epochs"] = [float(line.split()[1]) for _, line in lines if line.startswith("epoch ")]
    return sample


def fold_script(tool, width):
    if tool == "ecdx":
        store = os.path.join(work, "store")
        shutil.rmtree(store, ignore_errors=True)
        sets = {"sfe_folder": options.sfe, "width": width, "epochs": fold_epochs, "count": fold_count}
        command = [ecdx, "run", "folds.ecdx", "--threads", "2", "--force", "--store", store]
        command += [word for name, value in sets.items() for word in ("--set", f"{name}={value}")]
    else:
        command = [python, "folds_keras.py", work, str(width), str(fold_epochs), str(fold_count)]
    return run(command)[1] | {"folds": f"{fold_count} folds of {fold_epochs} epochs"}


def measure():
    if not options.add:
        shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work, exist_ok=True)
    if not os.path.exists(os.path.join(work, "cost.json")):
        run([ecdx, "run", "images.ecdx", "--force", "--store", os.path.join(work, "store"), "--set", f"sfe_folder={options.sfe}"])
        run([python, "weights.py", work])
    for turn in range(options.rounds):
        seed = int(time.time()) % 100000
        for width in widths:
            for what in wanted:
                for tool in tools:
                    if what == "folds":
                        # Keras takes minutes: once is enough.
                        if tool == "torch" or turn > 0:
                            continue
                        sample = fold_script(tool, width)
                    elif tool == "ecdx":
                        sample = with_ecdx(*jobs[what][:2], width, seed)
                    else:
                        program, script = (python, "train_keras.py") if tool == "keras" else (torch_python, "train_torch.py")
                        sample = with_peer(program, script, *jobs[what][:2], width, seed)
                    with open(samples_file, "a") as file:
                        file.write(json.dumps({"tool": tool, "what": what, "width": width, **sample}) + "\n")
                    seconds = " ".join(f"{value:.3f}" for value in sample.get("epochs", [sample["whole"]]))
                    others = " ".join(f"{100 * value:.0f}" for value in (sample["beside"] if "epochs" in sample else []) or [sample["others"]])
                    print(f"{tool:5} {what:15} {width:3}  {seconds} s, others took {others} %", file=sys.stderr, flush=True)
        lines, sample = run([python, os.path.join("..", "cnn", "sgemm.py")])
        with open(samples_file, "a") as file:
            file.write(json.dumps({"tool": "sgemm", "peak": float(lines[-1][1]), **sample}) + "\n")


def gflop(cost, what, width, tool):
    """Of what is timed: two for a multiplication, backward twice as much again for what learns, once for what lies behind it.
    Everything is counted as if computed in full: pixels that are padding, and what ecdx knows from before."""
    forward = cost[str(width)]
    if what == "predict":
        return 2 * 137 * sum(forward) / 1e9
    learns = {"head": [False] * 94, "all": [True] * 94}.get(what, cost["last50"]["kernels"])
    backward = sum(2 * value for value, flag in zip(forward, learns) if flag) - (forward[0] if what == "all" else 0)
    # Without random changes ecdx runs the frozen part once, before the epochs.
    once = tool == "ecdx" and what == "last50"
    trained = sum(value for value, flag in zip(forward, learns) if flag) if once else sum(forward)
    return 2 * (132 * (trained + backward) + 4 * trained) / 1e9


def report():
    samples = [json.loads(line) for line in open(samples_file)]
    cost = json.load(open(os.path.join(work, "cost.json")))
    peak = max((sample["peak"] for sample in samples if sample["tool"] == "sgemm"), default=None)
    if peak:
        print(f"sgemm peak {peak:.0f} GFLOP/s on 2 threads\n")
    print("| 75 x | what | | seconds, median (least, most) | of sgemm | peak memory | beside others |\n| --- | --- | --- | --- | --- | --- | --- |")
    verdicts = []

    def of(tool, what, width):
        return [sample for sample in samples if (sample["tool"], sample.get("what"), sample.get("width")) == (tool, what, width)]

    def line(tool, width, label, pairs, memory, speed=""):
        values, others = zip(*pairs)
        spread = f"{statistics.median(values):.3f} ({min(values):.3f}, {max(values):.3f}) of {len(values)}"
        print(f"| {width} | {label} | {tool} | {spread} | {speed} | {memory:.0f} MiB | {100 * statistics.median(others):.0f} % |")

    for width in widths:
        for what, (_, _, aim, label) in jobs.items():
            medians, least, memory = {}, {}, {}
            for tool in ("ecdx", "keras", "torch"):
                found = of(tool, what, width)
                pairs = [pair for sample in found for pair in list(zip(sample["epochs"], sample["beside"]))[1:] if pair[1] <= options.busiest]
                if not pairs:
                    continue
                if what == "predict" and tool == "ecdx":
                    pairs = [(seconds * 137 / 132, others) for seconds, others in pairs]
                values, memory[tool] = [seconds for seconds, _ in pairs], max(sample["memory"] for sample in found)
                medians[tool], least[tool] = statistics.median(values), min(values)
                share = f"{100 * gflop(cost, what, width, tool) / medians[tool] / peak:.0f} %" if peak else ""
                line(tool, width, label, pairs, memory[tool], share)
                features = [(sample["features"], sample["others"]) for sample in found if "features" in sample and sample["others"] <= options.busiest]
                if what == "last50" and features:
                    line(tool, width, "frozen part once, before such epochs", features, memory[tool])
            peers = [tool for tool in medians if tool != "ecdx"]
            if "ecdx" in medians and peers:
                faster = min(peers, key=medians.get)
                text = f"75 x {width}, {label}: {medians['ecdx'] / medians[faster]:.2f} of {faster}'s time (least of each: {least['ecdx'] / min(least[p] for p in peers):.2f}), aim {aim}"
                if "keras" in medians:
                    text += f"; memory {memory['ecdx'] / memory['keras']:.2f} of Keras's, aim 0.5"
                verdicts.append(text)
        for name in sorted({sample["folds"] for sample in samples if "folds" in sample}):
            whole = {}
            for tool in ("ecdx", "keras"):
                found = [sample for sample in of(tool, "folds", width) if sample["folds"] == name and sample["others"] <= options.busiest]
                if found:
                    whole[tool] = statistics.median(sample["whole"] for sample in found)
                    line(tool, width, name, [(sample["whole"], sample["others"]) for sample in found], max(sample["memory"] for sample in found))
            if len(whole) == 2:
                verdicts.append(f"75 x {width}, {name}: {whole['keras'] / whole['ecdx']:.1f} times faster than Keras, aim 20")
    print("\n" + "\n".join(verdicts))


if not options.report:
    measure()
report()
