"""Times the encoders of texts: ecdx against PyTorch, ONNX Runtime, sentence-transformers and tokenizers, in turn, round by round.

    python3 Benchmarks/encoders/run.py [ECDX] [--minilm FOLDER] [--mp-fcc FOLDER] [--rounds N] [--what forward,step,texts,tokens]
        [--kinds NAME,...] [--python PROGRAM] [--quick] [--report]

- forward: RoBERTa-base of random parameters, 8 items of 100 tokens, full and padded (5 to 100 tokens), to the hidden states of the last
  layer, in single precision: PyTorch (sdpa), torch.compile, ONNX Runtime on the exported file, and on that file after its optimiser for
  transformers (`fused`). The states are compared.
- step: of training the last two layers and a linear head on the masked mean, Adam, no dropout; the frozen layers computed in each step
  (`torch`), or once before (`cached`), as a training of ecdx does.
- texts: all-MiniLM-L6-v2 from a file of the 781 descriptions to a file of vectors: the whole script, imports and loading counted, and
  once loaded (the first time, since a script does it once).
- tokens: of those descriptions and of 20,000 strings, on one processor, for BERT, RoBERTa and ALBERT: `encode_batch` and
  `encode_batch_fast`, which leaves out offsets.

Each side is a process, two threads; what is made once (work/, 1.3 GB) stays. Printed are medians over the rounds and repetitions, least and
most, the peak of memory, and the share of the fastest peer that ecdx takes, by the ratios of the medians in each round. `--minilm` is what
scripts/minilm.py makes (made where it is not); `--mp-fcc`, or ECDX_MP_FCC, the folder of FCC_descriptions.csv: without it generated
descriptions are taken, and it is said. The virtual environment is made beside this file (2 GB) unless `--python` names a Python.

The side of ecdx is `OURS` below: a command for each case, which prints `round SECONDS` as peers.py does, or nothing, where the whole
process is what counts. A case without a command is said to be SKIPPED.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("ecdx", nargs="?", default=os.path.join(root, ".build", "release", "ecdx"))
arguments.add_argument("--minilm", default=os.path.join(here, "work", "minilm"))
arguments.add_argument("--mp-fcc", default=os.environ.get("ECDX_MP_FCC", os.path.join(root, "../shared/data/mp-fcc")))
arguments.add_argument("--work", default=os.path.join(here, "work"))
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--what", default="forward,step,texts,tokens")
arguments.add_argument("--kinds", default="ecdx,torch,compiled,onnx,fused,cached,fast")
arguments.add_argument("--python")
arguments.add_argument("--quick", action="store_true", help="one round, few repetitions")
arguments.add_argument("--report", action="store_true", help="measure nothing, print the samples there are")
options = arguments.parse_args()
work, kinds = os.path.abspath(options.work), options.kinds.split(",")
if options.quick:
    options.rounds = 1
samples_file = os.path.join(work, "samples.jsonl")
PACKAGES = ["torch==2.13.0", "transformers==5.24.0", "sentence-transformers==6.2.0", "tokenizers==0.23.3", "sentencepiece==0.2.3",
            "protobuf", "onnx==1.23.2", "onnxruntime==1.32.0", "numpy", "sympy"]
# None of these may tie threads to processors or choose kernels for the peers.
environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "OPENBLAS_", "GOMP_", "KMP_", "MKL_"))}
environment |= {"OMP_NUM_THREADS": "2", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "RAYON_NUM_THREADS": "1"}

# The case, the aim for ecdx's share of the fastest peer, and the peers with what they are asked.
repetitions = "2" if options.quick else "5"
CASES = {}
for which in ("full", "padded"):
    CASES[f"forward {which}"] = (0.8, {kind: ["forward", kind, work, which, repetitions, os.path.join(work, f"{kind}-{which}.npy")]
                                       for kind in ("torch", "compiled", "onnx", "fused")})
    CASES[f"step {which}"] = (0.7, {kind: ["step", kind, work, which, repetitions] for kind in ("torch", "cached")})
CASES["texts whole"] = (0.35, {"torch": ["texts", "torch", options.minilm, os.path.join(work, "descriptions.txt"),
                                         os.path.join(work, "torch-texts.npy"), "1"]})
CASES["texts loaded"] = (0.7, {})
for name, folder in (("BERT", options.minilm), ("RoBERTa", os.path.join(work, "roberta")), ("ALBERT", os.path.join(work, "albert"))):
    for texts in ("descriptions", "strings"):
        CASES[f"tokens {name} {texts}"] = (1.0, {kind: ["tokens", kind, folder, os.path.join(work, texts + ".txt"), repetitions]
                                                 for kind in ("torch", "fast")})
# What ecdx is asked for each case: words of a command, in which {ecdx}, {work}, {minilm} and {repetitions} are filled in.
OURS = {}
bench = os.path.join(here, ".build", "release", "encoders-bench")
for which in ("full", "padded"):
    OURS[f"forward {which}"] = [bench, "forward", "{work}", which, "{repetitions}", f"{{work}}/ecdx-{which}.npy"]
    OURS[f"step {which}"] = [bench, "step", "{work}", which, "{repetitions}"]
# With an empty store: each text is encoded.
OURS["texts whole"] = [
    "sh", "-c", "rm -rf .ecdx ecdx.ecdx out/ecdx-texts.npy; cp " + os.path.join(here, "texts.ecdx") + " ecdx.ecdx; "
    "{ecdx} run ecdx.ecdx --set 'model=\"{minilm}\"' --set 'texts=\"" + os.path.join(os.path.abspath(options.mp_fcc), "FCC_descriptions.csv")
    + "\"' > /dev/null 2>&1 && cp out/ecdx-texts.npy ecdx-texts.npy"]
for name, folder in (("BERT", "{minilm}"), ("RoBERTa", "{work}/roberta"), ("ALBERT", "{work}/albert")):
    for texts in ("descriptions", "strings"):
        OURS[f"tokens {name} {texts}"] = [bench, "tokens", folder, f"{{work}}/{texts}.txt", "{repetitions}"]


def venv():
    folder = os.path.join(here, ".venv")
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(os.path.join(folder, "ready")):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        open(os.path.join(folder, "ready"), "w").close()
    return python


def busy():
    """Seconds of all processors that were not idle."""
    with open("/proc/stat") as file:
        ticks = [int(value) for value in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def run(command):
    """One process: its own rounds, its whole time, the peak of its memory in MiB, the share of the machine that others took."""
    began, first = time.perf_counter(), busy()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE if options.quick else subprocess.DEVNULL,
                               text=True, env=environment, cwd=work)
    text, faults = process.stdout.read(), process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}\n{text[-2000:]}{faults[-3000:]}")
    others = (busy() - first - usage.ru_utime - usage.ru_stime) / seconds / os.cpu_count()
    return {"rounds": [float(value) for value in re.findall(r"^round ([\d.e-]+)", text, re.M)], "whole": seconds,
            "memory": usage.ru_maxrss / 1024, "others": max(0, others)}


def measure(python):
    subprocess.run(["swift", "build", "-c", "release", "--package-path", here], check=True, stdout=subprocess.DEVNULL)
    os.makedirs(work, exist_ok=True)
    table = os.path.join(options.mp_fcc, "FCC_descriptions.csv")
    if not os.path.exists(table):
        print("SKIPPED: the published descriptions: ECDX_MP_FCC does not say where they are; generated ones are taken")
        table = ""
    subprocess.run([python, os.path.join(here, "files.py"), work, table], check=True, env=environment, stderr=subprocess.DEVNULL)
    if not os.path.exists(os.path.join(options.minilm, "config.json")):
        subprocess.run([sys.executable, os.path.join(root, "scripts/minilm.py"), options.minilm], check=True)
    with open(samples_file, "w"):
        pass
    for turn in range(options.rounds):
        for case, (_, peers) in CASES.items():
            if case.split()[0] not in options.what.split(","):
                continue
            commands = {kind: [python, os.path.join(here, "peers.py"), *words] for kind, words in peers.items() if kind in kinds}
            if "ecdx" in kinds and case in OURS:
                commands["ecdx"] = [word.format(ecdx=os.path.abspath(options.ecdx), work=work, minilm=options.minilm,
                                                repetitions=repetitions) for word in OURS[case]]
            elif "ecdx" in kinds and turn == 0:
                print(f"SKIPPED: ecdx has no command for `{case}`")
            for kind, command in commands.items():
                sample = run(command)
                print(f"{kind:9}{case:28}{' '.join(f'{value:.3f}' for value in sample['rounds'] or [sample['whole']])} s, "
                      f"others took {100 * sample['others']:.0f} %", file=sys.stderr, flush=True)
                with open(samples_file, "a") as file:
                    if case == "texts whole":
                        if sample["rounds"]:
                            loaded = {"case": "texts loaded", "kind": kind, "turn": turn, **sample, "values": sample["rounds"]}
                            file.write(json.dumps(loaded) + "\n")
                        sample["rounds"] = []
                    values = sample["rounds"] or [sample["whole"]]
                    file.write(json.dumps({"case": case, "kind": kind, "turn": turn, **sample, "values": values}) + "\n")


def model_name():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "an unknown processor")


def report(python):
    samples = [json.loads(line) for line in open(samples_file)]
    print(f"{os.cpu_count()} processors, {model_name()}, load {os.getloadavg()[0]:.1f}; others took "
          f"{100 * statistics.median(sample['others'] for sample in samples):.0f} % of the machine (median)\n")
    print("| case | side | seconds, median (least, most) | peak memory | ecdx's share, aim |\n| --- | --- | --- | --- | --- |")
    for case, (aim, _) in CASES.items():
        of = {}
        for sample in samples:
            if sample["case"] == case:
                of.setdefault(sample["kind"], []).append(sample)
        medians = {kind: statistics.median(value for sample in found for value in sample["values"]) for kind, found in of.items()}
        # Cached states are no peer: PyTorch has to be told to keep them.
        peers = [kind for kind in medians if kind not in ("ecdx", "cached")]
        for kind, found in of.items():
            values, share = [value for sample in found for value in sample["values"]], ""
            if kind == "ecdx" and peers:
                fastest = min(peers, key=medians.get)
                pairs = {sample["turn"]: statistics.median(sample["values"]) for sample in of[fastest]}
                ratio = statistics.median(statistics.median(sample["values"]) / pairs[sample["turn"]] for sample in found)
                memory = max(sample["memory"] for sample in found) / min(sample["memory"] for kind in peers for sample in of[kind])
                share = f"{ratio:.2f} of {fastest}, {aim}; memory {memory:.2f}, 0.5"
            peak = max(sample["memory"] for sample in found)
            print(f"| {case} | {kind} | {medians[kind]:.3f} ({min(values):.3f}, {max(values):.3f}) of {len(values)} | {peak:.0f} MiB | {share} |")
    compared = """
import glob, numpy, os, sys
for which in ("full", "padded", "texts"):
    found = {os.path.basename(name): numpy.load(name) for name in sorted(glob.glob(os.path.join(sys.argv[1], f"*-{which}.npy")))}
    base = found.get(f"torch-{which}.npy")
    mask = None if which == "texts" else numpy.load(os.path.join(sys.argv[1], which + ".npy"))[:, 1, :, None]
    for name, values in found.items():
        if base is not None and values is not base:
            apart = abs(values.reshape(base.shape) - base)
            tokens = "" if mask is None else f", at tokens alone {(apart * mask).max():.1e}"
            print(f"{name}: {apart.max():.1e} from PyTorch's, the largest of which is {abs(base).max():.2f}{tokens}")
"""
    subprocess.run([python, "-c", compared, work], check=True)


program = options.python or venv()
if not options.report:
    measure(program)
report(program)
