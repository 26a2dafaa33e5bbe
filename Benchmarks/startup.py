"""Wall time of `ecdx help` from start to end, interleaved with /bin/true and an empty Python.

    python3 startup.py PATH_OF_ECDX [ROUNDS]
"""
import statistics
import subprocess
import sys
import time

program = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 40
commands = {
    "ecdx help": [program, "help"],
    "ecdx help conv": [program, "help", "conv"],
    "ecdx help loss": [program, "help", "loss"],
    "ecdx --version": [program, "--version"],
    "/bin/true": ["/bin/true"],
    "python3 -c pass": ["python3", "-c", "pass"],
}
times = {name: [] for name in commands}
for _ in range(rounds + 1):
    for name, command in commands.items():
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times[name].append((time.perf_counter() - start) * 1000)
for name, values in times.items():
    values = values[1:]  # the first round fills the caches
    print(f"{name:16} median {statistics.median(values):6.1f} ms, least {min(values):6.1f} ms, {len(values)} rounds")
