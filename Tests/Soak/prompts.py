"""Sessions of the prompt behind a pseudo-terminal: random keys, then the end. It must come, with status 0 and a sane terminal."""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from common import Fault, corpus, expect, most_memory, resident

count = 300
about = "sessions of the prompt with random keys"

# Nothing that a hand could not type by mistake. Lines stay below 2,000 characters: longer ones in small windows are tests of the guard.
longest = 2000
letters = "abcdefghijklmnopqrstuvwxyz0123456789.,:=+-*/%<>|#\"'_ "
brackets = "()[]{}"
keys = {
    "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "delete": "\x1b[3~", "back": "\x7f", "ctrl-r": "\x12", "ctrl-c": "\x03", "ctrl-a": "\x01", "ctrl-e": "\x05", "ctrl-k": "\x0b",
    "ctrl-u": "\x15", "ctrl-w": "\x17", "ctrl-l": "\x0c", "escape": "\x1b", "wide": "\u4e2d", "combining": "e\u0301",
}
lines = [
    "1 + 2", "let a = [1, 2, 3]", "a", "show a", "let t = tensor([[1, 2], [3, 4]])", "t |> mean", "|> max", "nothing_of_this_name",
    ":help", ":names", ":type a", ":plan", ":help conv", "model m {", "input x: [8, 8, 1]", "}", "show m", "for i in 1..3 { show i }",
    'show csv("data/few.csv")', 'chgcar("data/densities/Al-fcc.CHGCAR") |> plane([1, 1, 1], size: [6, 6])',
]


def prepare(program, folder):
    return None


class Session:
    """A program behind a terminal of a size of its own; what it writes is read while keys are sent."""

    def __init__(self, program, folder, rows, columns):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        self.said = bytearray()

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [program.path], cwd=folder, env={**program.environment, "HOME": str(folder / "home")}, stdin=self.slave, stdout=self.slave,
            stderr=self.slave, preexec_fn=own_terminal)

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Reads what is said within some seconds; False where nothing was."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            self.said += os.read(self.master, 1 << 16)
        except OSError:
            return False
        return True

    def send(self, text):
        data = text.encode()
        deadline = time.monotonic() + 20
        while data and self.process.poll() is None:
            if time.monotonic() > deadline:
                raise Fault(f"takes no keys for 20 s; {self.end()}")
            # What is echoed must be read, or both sides wait for each other.
            _, ready, _ = select.select([], [self.master], [], 0.05)
            if ready:
                data = data[os.write(self.master, data[:256]) :]
            while self.read(0):
                pass

    def wait(self, seconds):
        """Waits for the end; False where it does not come in time."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.02)
        while self.read(0):
            pass
        return self.process.poll() is not None

    def end(self):
        return f"status {self.process.poll()}, the last it said: {bytes(self.said[-300:])!r}"

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


def typed(random):
    """Some keys; a line that is made of them is short enough."""
    kind = random.randrange(10)
    if kind < 3:
        return random.choice(lines) + random.choice(["\r", "\r", ""])
    if kind < 5:
        return "".join(random.choice(letters) for _ in range(random.choice([1, 3, 20, 80])))
    if kind == 5:
        return "".join(random.choice(brackets) for _ in range(random.randint(1, 6)))
    if kind == 6:
        return "\r" * random.randint(1, 3)
    if kind == 7 and random.random() < 0.2:
        return "\x1b[200~" + "\n".join(random.choice(lines) for _ in range(3)) + "\x1b[201~"
    return random.choice(list(keys.values())) * random.choice([1, 1, 2, 5])


def case(program, ground, random, folder, number):
    (folder / "home").mkdir(parents=True)
    (folder / "data").symlink_to(corpus / "data")
    session = Session(program, folder, random.randint(5, 60), random.randint(20, 200))
    log = []
    try:
        session.read(5)
        line = 0
        for _ in range(random.randint(5, 60)):
            keystrokes = typed(random)
            line = 0 if "\r" in keystrokes or "\x03" in keystrokes else line + len(keystrokes)
            if line > longest:
                keystrokes, line = "\x03", 0
            log.append(keystrokes)
            session.send(keystrokes)
            if random.random() < 0.3:
                session.read(random.choice([0.01, 0.05]))
            if random.random() < 0.05:
                session.resize(random.randint(5, 60), random.randint(20, 200))
            if session.process.poll() is not None:
                break
            expect(resident(session.process.pid) < most_memory, f"took more than 2 GiB; {session.end()}")
        # Whatever was begun is given up, and the session ended in one of its two ways; a command at work is waited for.
        farewell = random.choice([":quit\r", "\x04"])
        for _ in range(10):
            if session.process.poll() is not None:
                break
            session.send("\x03")
            session.wait(0.2)
            session.send(farewell)
            if session.wait(2):
                break
        expect(session.wait(1), f"does not end; {session.end()}")
        # A second ctrl-c before the first has taken effect ends the program at once: the manual says so.
        hurried = session.process.returncode == 130 and session.said.count(b"^C") >= 2
        expect(session.process.returncode == 0 or hurried, f"ended badly; {session.end()}")
        expect(termios.tcgetattr(session.slave)[:4] == session.before[:4], f"left the terminal in another mode; {session.end()}")
        for on, off, what in ((b"\x1b[?2004h", b"\x1b[?2004l", "pastes in brackets"), (b"\x1b[?25l", b"\x1b[?25h", "the cursor hidden")):
            expect(session.said.rfind(on) <= session.said.rfind(off), f"left {what}; {session.end()}")
        expect(b"[internal]" not in session.said, f"a mistake of ours; {session.end()}")
    except Exception:
        (folder / "keys.txt").write_text("\n".join(map(repr, log)) + "\n")
        (folder / "said.bin").write_bytes(session.said)
        raise
    finally:
        session.close()
    return {"keys": sum(map(len, log)), "ended by a second ctrl-c": int(hurried)}
