"""Times an epoch of 137 images in batches of 6 through a backbone with a head: frozen, its last 50 layers training, all of it
training, and inference. ecdx's programs against Keras on TensorFlow, in turn, on as many threads as OMP_NUM_THREADS says or there
are.

    python3 Benchmarks/backbones/run.py [--python KERAS_PYTHON] [--rounds N] [--sizes 75x75,75x196] [ARCHITECTURE ...]

Prints the medians, their ratio, and the share of the speed of a measured sgemm that ecdx reaches. Makes a virtual environment
beside this file unless told of a Python that has Keras; `--python none` leaves Keras out.
"""
import argparse
import json
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("architectures", nargs="*", default=["InceptionV3"])
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--sizes", default="75x75")
arguments.add_argument("--purposes", default="frozen,inference,last50,all")
arguments.add_argument("--python", help="a Python that has tensorflow-cpu and keras")
options = arguments.parse_args()

python = options.python
if not python:
    venv = os.path.join(here, ".venv")
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(os.path.join(venv, "ready")):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "tensorflow-cpu", "keras"], check=True)
        open(os.path.join(venv, "ready"), "w").close()
subprocess.run(["swift", "build", "-c", "release", "--package-path", here], check=True, stdout=sys.stderr)
bench = os.path.join(here, ".build", "release", "backbones-bench")


def measure(command):
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return json.loads(output.splitlines()[-1])


peak = None
if python != "none":
    peak = float(subprocess.run([python, os.path.join(here, "..", "cnn", "sgemm.py")], check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"sgemm: {peak:.0f} GFLOP/s")
print("| backbone | size | epoch | ecdx, ms, median (least) | GFLOP/s | of sgemm | Keras, ms, median (least) | ratio |")
print("| --- | --- | --- | --- | --- | --- | --- | --- |")
for architecture in options.architectures:
    for size in options.sizes.split(","):
        for purpose in options.purposes.split(","):
            command = [architecture, *size.split("x"), str(options.rounds), purpose]
            ours = measure([bench, *command])
            speed = ours["gflop"] / ours["median"] * 1e3
            line = f"| {architecture} | {size} | {purpose} | {ours['median']:.0f} ({ours['least']:.0f}) | {speed:.0f} |"
            if peak:
                theirs = measure([python, os.path.join(here, "train_keras.py"), *command])
                line += f" {100 * speed / peak:.0f} % | {theirs['median']:.0f} ({theirs['least']:.0f}) | {ours['median'] / theirs['median']:.2f} |"
            else:
                line += " | | |"
            print(line, flush=True)
