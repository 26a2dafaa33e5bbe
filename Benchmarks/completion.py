"""Time from the Tab key to the answer at the prompt, in hard places, behind a pseudo-terminal.

    python3 completion.py PATH_OF_ECDX [ROUNDS]

The session stands in a folder of 20,000 files and has loaded 2,000 declarations; one place is at the end of a pasted
script of 2,000 lines. Every answer should come within 20 ms.
"""
import os
import pty
import select
import shutil
import statistics
import sys
import tempfile
import time

program = os.path.abspath(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
folder = os.path.realpath(tempfile.mkdtemp(prefix="ecdx-completion-"))
for number in range(20_000):
    open(os.path.join(folder, f"mp-{number:05}.CHGCAR.gz"), "w").close()

declarations = [
    'dataset crystals {\n    rows: csv("properties.csv"), id: "material_id"\n'
    '    inputs: { plane: chgcar("DATA/densities/{material_id}.CHGCAR.gz") |> plane([1, 1, 1], size: [12, 12], cell: file) }\n'
    '    target: { column: "k_vrh", unit: "GPa", transform: log }\n'
    '    split: random(train: 70%, validation: 15%, holdout: 15%, seed: 7)\n}'.replace("DATA", root + "/experiments/data/fcc-dft"),
    "model cnn {\n    input plane: [12, 12, 1]\n    plane >> conv(4, kernel: 3) >> globalAveragePool >> dense(1)\n}",
    "experiment bulk { data: crystals, model: cnn, loss: mse, seed: 1 }",
]
declarations += [f"let value_{number} = {number} + 1" for number in range(1000)]
declarations += [f"let text_{number} = \"{{ ( [ text {number}\"   # a comment with a {{" for number in range(1000)]
shutil.copy(root + "/experiments/data/fcc-dft/properties.csv", folder)
with open(folder + "/session.ecdx", "w") as file:
    file.write("\n".join(declarations) + "\n")

child, terminal = pty.fork()
if child == 0:
    os.chdir(folder)
    environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "TERM": "xterm", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8", "ECDX_HISTORY": "", "ECDX_STDLIB": root + "/stdlib"}
    os.execve(program, [program], environment)


def read_until(wanted, seconds=60.0):
    """What comes up to `wanted`, and when it was there."""
    seen, end = b"", time.perf_counter() + seconds
    while wanted not in seen:
        left = end - time.perf_counter()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            raise SystemExit(f"expected {wanted!r}, found {seen[-400:]!r}")
        seen += os.read(terminal, 65536)
    return time.perf_counter()


def quiet():
    while select.select([terminal], [], [], 0.15)[0]:
        os.read(terminal, 65536)


def send(text):
    data = text.encode()
    while data:
        readable, writable, _ = select.select([terminal], [terminal], [])
        if readable:
            os.read(terminal, 65536)
        if writable:
            data = data[os.write(terminal, data[:1024]):]


def measure(name, typed, answer):
    """Types, waits, presses Tab `rounds` times; each time Ctrl-_ takes the answer back or the line is typed again."""
    times = []
    for _ in range(rounds + 1):
        send(typed)
        quiet()
        start = time.perf_counter()
        os.write(terminal, b"\t")
        times.append((read_until(answer.encode()) - start) * 1000)
        quiet()
        os.write(terminal, b"\x03")
        read_until(b"ecdx> ")
    times = times[1:]  # the first round fills the caches
    print(f"{name:44} median {statistics.median(times):6.1f} ms, most {max(times):6.1f} ms, {len(times)} rounds", flush=True)


read_until(b"ecdx> ")
send(":load session.ecdx\r")
read_until(b"ecdx> ")
quiet()
measure("member of a dataset", "crystals.inp", "uts")
measure("two levels of an experiment", "bulk.holdout.rm", "se")
measure("field in braces", "experiment quick like bulk { ep", "ochs: ")
measure("argument of a function", "conv(16, ker", "nel: ")
measure("word an argument takes", "conv(16, kernel: 3, activation: sig", "moid")
measure("one name of 2,000", "show value_77", "\a")
measure("a name of its own among 2,000", "show text_99", "\a")
measure("file among 20,000, one fits", 'chgcar("mp-12345', ".CHGCAR.gz")
measure("files, all 20,000 fit", 'chgcar("m', "p-")
script = "\n".join(f"# line {number} with a brace {{\nlet pasted_{number} = [{number}, \"({number}\"]" for number in range(1000))
measure("behind a pasted script of 2,000 lines", "\x1b[200~" + script.replace("\n", "\r") + "\rshow crystals.inp\x1b[201~", "uts")
inside = "\n".join(f"    let layer_{number} = plane >> flatten   # }}" for number in range(1000))
measure("inside an open body of 1,000 lines", "\x1b[200~model big {\r    input plane: [12, 12, 1]\r" + inside.replace("\n", "\r") + "\r    plane >> globalA\x1b[201~", "veragePool")
os.kill(child, 9)
os.waitpid(child, 0)
shutil.rmtree(folder)
