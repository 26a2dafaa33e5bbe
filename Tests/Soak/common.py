"""What the campaigns share: starting the program and watching it, faults, the results of a run."""
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import threading
import time

root = pathlib.Path(__file__).resolve().parents[2]
corpus = root / "Tests" / "Corpus"

# What any one command may take. Processor time, since others may keep it waiting; by the clock, three times as much.
most_seconds = 20
most_memory = 2 << 30


class Fault(Exception):
    """The program did what it must not do."""


class Outcome:
    """How a command ended: `status` is negative for a signal, as `subprocess` has it."""

    def __init__(self, arguments, status, out, err, seconds, processor, memory):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err
        self.seconds, self.processor, self.memory = seconds, processor, memory

    def __str__(self):
        said = self.err.strip() or self.out.strip()
        return f"{' '.join(map(str, self.arguments))}: status {self.status} after {self.seconds:.1f} s, {said[-1500:]}"


class Running:
    """A command that was started; its outputs are read all the time, so that it never waits for a reader."""

    def __init__(self, arguments, folder, environment):
        self.arguments = arguments
        self.began = time.monotonic()
        self.memory = 0
        self.texts = {"out": bytearray(), "err": bytearray()}
        self.process = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
        self.readers = []
        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr)):
            self.readers.append(threading.Thread(target=self._drain, args=(name, stream), daemon=True))
            self.readers[-1].start()

    def _drain(self, name, stream):
        with stream:
            while piece := stream.read1(1 << 16):
                # The end of what was said is where it says why.
                self.texts[name] += piece
                if len(self.texts[name]) > 1 << 21:
                    del self.texts[name][: 1 << 20]

    def kill(self, number=signal.SIGKILL):
        """Sends a signal, unless the command has ended and was waited for."""
        if self.process.returncode is None:
            try:
                os.kill(self.process.pid, number)
            except ProcessLookupError:
                pass

    def wait(self, seconds=3 * most_seconds):
        """Waits for the end. A command that takes too long, or too much memory, is killed, which is a fault."""
        why, pause = None, 0.001
        while True:
            process, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if process:
                break
            self.memory = max(self.memory, resident(self.process.pid))
            if why is None and time.monotonic() - self.began > seconds:
                why = f"took more than {seconds} s"
            elif why is None and self.memory > most_memory:
                why = f"took {self.memory >> 20} MiB of memory"
            if why:
                self.kill()
            time.sleep(pause)
            pause = min(0.02, pause * 1.3)
        code = os.waitstatus_to_exitcode(status)
        self.process.returncode = code
        for reader in self.readers:
            reader.join(5)
        text = {name: bytes(found).decode("utf-8", "replace") for name, found in self.texts.items()}
        outcome = Outcome(
            self.arguments, code, text["out"], text["err"], time.monotonic() - self.began, usage.ru_utime + usage.ru_stime,
            max(self.memory, usage.ru_maxrss << 10))
        if why:
            raise Fault(f"{why}; {outcome}")
        return outcome


def resident(process):
    """Bytes of memory of a process; 0 for one that is gone."""
    try:
        return int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


class Program:
    """The program under test, in an environment of its own: no settings, caches or history of the user."""

    def __init__(self, path, home):
        self.path = str(path)
        home.mkdir(parents=True, exist_ok=True)
        path = os.environ.get("PATH", "/usr/bin:/bin")
        self.environment = {"PATH": path, "HOME": str(home), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        for name in ("LD_LIBRARY_PATH", "ECDX_STDLIB"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def start(self, *arguments, folder, environment=None, within=()):
        """Starts `ecdx` with arguments in a folder; `within` is a command that starts it."""
        return Running([*within, self.path, *map(str, arguments)], folder, {**self.environment, **(environment or {})})

    def run(self, *arguments, folder, environment=None, within=(), seconds=3 * most_seconds):
        """Runs `ecdx` to its end."""
        return self.start(*arguments, folder=folder, environment=environment, within=within).wait(seconds)


def judge(outcome, statuses=(0, 1, 3)):
    """The rule for any input: an end with one of the statuses, no crash, no mistake of ours, no excess. Raises `Fault`."""
    if outcome.status < 0:
        raise Fault(f"ended by signal {-outcome.status}; {outcome}")
    if outcome.status not in statuses:
        raise Fault(f"expected a status of {statuses}; {outcome}")
    if re.search(r"\[internal\]|Fatal error|Sanitizer", outcome.err + outcome.out):
        raise Fault(f"a mistake of ours; {outcome}")
    if outcome.processor > most_seconds:
        raise Fault(f"took {outcome.processor:.0f} s of the processor; {outcome}")
    if outcome.memory > most_memory:
        raise Fault(f"took {outcome.memory >> 20} MiB of memory; {outcome}")
    if outcome.status != 0 and "error" not in outcome.err + outcome.out:
        raise Fault(f"failed without an error; {outcome}")
    return outcome


def expect(condition, message):
    """Raises `Fault` where the condition does not hold."""
    if not condition:
        raise Fault(str(message))


def without_seconds(value):
    """A JSON value without the durations, which no two runs share."""
    if isinstance(value, dict):
        return {key: without_seconds(inner) for key, inner in value.items() if key != "seconds"}
    if isinstance(value, list):
        return [without_seconds(inner) for inner in value]
    return value


def results(folder):
    """All that the runs in a folder came to, by path: what was written to `out`, and the records in the store, without durations."""
    found = {}
    for path in sorted((folder / "out").rglob("*")):
        if path.is_file():
            found[str(path.relative_to(folder))] = path.read_bytes()
    for run in sorted((folder / ".ecdx" / "runs").glob("*")):
        for name in ("weights.safetensors", "predictions.csv", "resolved.json"):
            found[f"{run.name}/{name}"] = (run / name).read_bytes() if (run / name).exists() else None
        if (run / "result.json").exists():
            found[f"{run.name}/result.json"] = json.dumps(without_seconds(json.loads((run / "result.json").read_bytes())), sort_keys=True)
        if (run / "metrics.csv").exists():
            found[f"{run.name}/metrics.csv"] = [line.rsplit(b",", 1)[0] for line in (run / "metrics.csv").read_bytes().split(b"\n")]
    return found


def differences(found, expected):
    """The names of what differs."""
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def damage(folder):
    """What a reader of the store would stumble over: JSON that is not whole. Files in the making carry a name that says so."""
    found = []
    for path in (folder / ".ecdx").rglob("*.json"):
        if ".ecdx-tmp-" in str(path):
            continue
        try:
            json.loads(path.read_bytes())
        except FileNotFoundError:
            pass
        except ValueError as error:
            found.append(f"{path.relative_to(folder)}: {error}")
    return found


def leftovers(folder):
    """What a finished run should not leave: checkpoints, leases, files in the making."""
    return [
        str(path.relative_to(folder)) for path in (folder / ".ecdx").rglob("*")
        if ".ecdx-tmp-" in path.name or path.name in ("checkpoints", "lease")
    ] + [str(path.relative_to(folder)) for path in (folder / "out").rglob("*.ecdx-tmp-*")]
