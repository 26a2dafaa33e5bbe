"""Times the training of the reference CNN (Table 1 of arXiv:2401.09301; 1,746,433 parameters, 73 x 196 x 3, batch 8) on the
stacking-fault images: ecdx against Keras on TensorFlow, in turn, round by round, on two threads each.

    python3 Benchmarks/cnn/run.py ECDX --sfe FOLDER [--rounds N] [--epochs N] [--python KERAS_PYTHON]

An epoch is 109 images of training and 14 of validation. The first epoch of every process is left out (both set up then).
Prints the median of each, their ratio, the peak of each one's memory, and the share of the speed of a measured sgemm that
each reaches. Makes a virtual environment beside this file unless told of a Python that has Keras.
"""
import argparse
import csv
import glob
import os
import resource
import shutil
import statistics
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("ecdx")
arguments.add_argument("--sfe", default=os.environ.get("ECDX_SFE"), help="the folder of sfe.csv and images; default ECDX_SFE")
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--epochs", type=int, default=4)
arguments.add_argument("--python", help="a Python that has tensorflow-cpu and keras")
options = arguments.parse_args()
if not options.sfe:
    sys.exit("say where the stacking-fault images are: --sfe FOLDER, or ECDX_SFE")
ecdx = os.path.abspath(options.ecdx)
work = os.path.join(here, "work")
shutil.rmtree(work, ignore_errors=True)

python = options.python
if not python:
    venv = os.path.join(here, ".venv")
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(os.path.join(venv, "ready")):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "tensorflow-cpu", "keras"], check=True)
        open(os.path.join(venv, "ready"), "w").close()


def multiplications():
    """Of one image forward, layer by layer: output positions x kernel x channels in and out."""
    convolutions = [(72 * 195, 3, 32), (71 * 194, 32, 64), (34 * 96, 64, 96), (33 * 95, 96, 192), (15 * 46, 192, 192), (14 * 45, 192, 256), (6 * 21, 256, 256)]
    return [places * 4 * inputs * outputs for places, inputs, outputs in convolutions] + [32256 * 32, 32]


def run(command, environment):
    """Standard output and the peak of memory in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment}, cwd=here)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command} failed")
    return output, usage.ru_maxrss / 1024


def with_ecdx(turn):
    _, memory = run(
        [ecdx, "run", "bench.ecdx", "--threads", "2", "--force", "--store", "work/store", "--set", f"sfe_folder={os.path.abspath(options.sfe)}",
         "--set", f"epochs={options.epochs}", "--set", f"seed={turn + 1}"], {})
    newest = max(glob.glob(work + "/store/runs/*/metrics.csv"), key=os.path.getmtime)
    return [float(row["seconds"]) for row in csv.DictReader(open(newest))], memory


def with_keras(turn):
    output, memory = run([python, "train_keras.py", work, str(options.epochs), str(turn + 1)], {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    return [float(line.split()[1]) for line in output.splitlines() if line.startswith("epoch")], memory


seconds, memory = {"ecdx": [], "keras": []}, {"ecdx": [], "keras": []}
for turn in range(options.rounds):
    for name, measure in [("ecdx", with_ecdx), ("keras", with_keras)]:
        epochs, peak = measure(turn)
        seconds[name] += epochs[1:]
        memory[name].append(peak)
gemm, _ = run([python, "sgemm.py"], {"OPENBLAS_NUM_THREADS": "2"})
peak = float(gemm)
forward = sum(multiplications())
# Backward twice as much again; nobody needs the gradient of the images.
work_of_epoch = 2 * (109 * (3 * forward - multiplications()[0]) + 14 * forward) / 1e9
print(f"{options.rounds} rounds of {options.epochs} epochs, 2 threads, batch 8; an epoch is {work_of_epoch:.0f} GFLOP; sgemm peak {peak:.0f} GFLOP/s")
for name in seconds:
    median = statistics.median(seconds[name])
    print(f"{name:6} epoch median {median:.3f} s   (min {min(seconds[name]):.3f}, max {max(seconds[name]):.3f}), {100 * work_of_epoch / median / peak:.0f} % of sgemm peak, peak memory {max(memory[name]):.0f} MiB")
print(f"ecdx takes {statistics.median(seconds['ecdx']) / statistics.median(seconds['keras']):.2f} of Keras's time")
