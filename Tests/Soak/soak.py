"""Carries out the campaigns of `make soak` and prints one table: campaign, count, failures, seconds.

Each case is made from the seed, the name of its campaign and its number, so it can be repeated. The folder of a case that failed is
kept and named. Standard library alone.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import common

names = ["kills", "mutants", "extremes", "prompts", "races", "disk", "tampering"]


class Campaign:
    """A campaign: a module with `count`, `about`, `prepare(program, folder)` and `case(program, ground, random, folder, number)`."""

    def __init__(self, name, options):
        self.name, self.options = name, options
        self.module = __import__(name)
        self.failures, self.notes = [], {}

    def carry_out(self, program, work):
        began = time.monotonic()
        self.folder = work / self.name
        self.folder.mkdir()
        ground = self.module.prepare(program, self.folder / "ground")
        # Where the ground tells how many there are, all of them.
        most = len(ground) if self.module.count is None else self.module.count
        wanted = self.options.count or most - self.options.first
        numbers = range(self.options.first, self.options.first + wanted)
        if self.module.count is None:
            numbers = [number for number in numbers if number < most]
        done, told = 0, began
        with concurrent.futures.ThreadPoolExecutor(self.options.workers) as pool:
            for _ in pool.map(lambda number: self.attempt(program, ground, number), numbers):
                done += 1
                if time.monotonic() - told > 30:
                    told = time.monotonic()
                    print(f"{self.name}: {done} of {len(numbers)}, {len(self.failures)} failures, {told - began:.0f} s", flush=True)
        notes = "".join(f", {number} {what}" for what, number in sorted(self.notes.items()))
        print(f"{self.name}: {self.module.about}{notes}", flush=True)
        return len(numbers), len(self.failures), time.monotonic() - began

    def attempt(self, program, ground, number):
        folder = self.folder / str(number)
        try:
            notes = self.module.case(program, ground, random.Random(f"{self.options.seed} {self.name} {number}"), folder, number)
            for what, amount in (notes or {}).items():
                self.notes[what] = self.notes.get(what, 0) + amount
        except common.Fault as fault:
            self.fail(number, folder, str(fault))
        except Exception:
            self.fail(number, folder, traceback.format_exc())
        else:
            shutil.rmtree(folder, ignore_errors=True)

    def fail(self, number, folder, message):
        repeat = f"scripts/soak.sh {self.options.program} --only {self.name} --seed {self.options.seed} --first {number} --count 1"
        self.failures.append(number)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fault.txt").write_text(f"{message}\n\nrepeat: {repeat}\n")
        if len(self.failures) <= 10:
            print(f"FAILED {self.name} {number}: {message[:1000]}\n  kept: {folder}\n  repeat: {repeat}", flush=True)
        elif len(self.failures) == 11:
            print(f"FAILED {self.name}: further failures stand in {self.folder}/*/fault.txt", flush=True)


def tests():
    """The tests in their long form, as a row of the table."""
    began = time.monotonic()
    run = subprocess.Popen(
        [common.root / "scripts" / "test.sh"], env={**os.environ, "ECDX_SOAK": "1"}, stdout=subprocess.PIPE, text=True, errors="replace")
    count, issues = 0, 0
    for line in run.stdout:
        print(line, end="", flush=True)
        if found := re.search(r"Test run with (\d+) test", line):
            count = int(found[1])
        if found := re.search(r"Test run with .* failed after .* with (\d+) issue", line):
            issues = int(found[1])
    return count, max(issues, int(run.wait() != 0)), time.monotonic() - began


def table(rows):
    """The rows as aligned text, numbers to the right."""
    lines = [("campaign", "count", "failures", "seconds")] + [(name, str(n), str(bad), f"{s:.0f}") for name, n, bad, s in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0])] + [line[i].rjust(widths[i]) for i in (1, 2, 3)]) for line in lines)


def main():
    parser = argparse.ArgumentParser(description="The campaigns of `make soak`.", epilog=f"Campaigns: {', '.join(names)}.")
    parser.add_argument("program", type=pathlib.Path, help="the built program")
    parser.add_argument("--only", action="append", choices=names, help="this campaign; may be given several times")
    parser.add_argument("--count", type=int, help="cases of each campaign, in place of its own number")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=1, help="what all cases are made from")
    parser.add_argument("--workers", type=int, default=2, help="cases at a time")
    parser.add_argument("--tests", action="store_true", help="the tests in their long form first")
    options = parser.parse_args()
    options.program = options.program.resolve()
    if not os.access(options.program, os.X_OK):
        parser.error(f"expected the built program, found `{options.program}`")
    rows = [("tests", *tests())] if options.tests else []
    work = pathlib.Path(tempfile.mkdtemp(prefix="ecdx-soak-"))
    program = common.Program(options.program, work / "home")
    for name in options.only or names:
        campaign = Campaign(name, options)
        try:
            rows.append((name, *campaign.carry_out(program, work)))
        except Exception as error:
            print(f"FAILED {name}: {'' if isinstance(error, common.Fault) else traceback.format_exc()}{error}", flush=True)
            rows.append((name, 0, 1, 0))
        if not campaign.failures:
            shutil.rmtree(work / name, ignore_errors=True)
    failures = sum(row[2] for row in rows)
    if not failures:
        shutil.rmtree(work, ignore_errors=True)
    print(f"\nseed {options.seed}" + (f", what failed is kept in {work}" if failures else ""))
    print(table(rows))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
