"""A disk that is full: from each write on that a run makes, and at growing limits of the size of files. The command ends with a message;
what is there is whole, and the same command with room again ends well, with the same bytes."""
import shutil
import subprocess

import trainings
from common import expect, judge, root

count = None
about = "runs on a full disk"


class Disks:
    """The undisturbed runs, and the ways in which a disk is full: (kind of training, a command around it, its environment, words)."""

    def __init__(self, program, folder):
        self.references = trainings.undisturbed(program, folder)
        self.ways = []
        for kind in trainings.kinds:
            for bytes in (0, 1, 64, 500, 1000, 2000, 4000, 6000, 8000, 12000, 16000, 24000, 32000, 64000):
                self.ways.append((kind, ("prlimit", f"--fsize={bytes}", "--"), {}, f"files of at most {bytes} bytes"))
        library = full_disk_library(folder)
        for kind in trainings.kinds if library else ():
            places = self.writes(program, folder, kind, library)
            for place in range(1, places + 1):
                environment = {"LD_PRELOAD": str(library), "SOAK_FULL_AT": str(place)}
                self.ways.append((kind, (), environment, f"full from call {place} of {places} on"))

    def __len__(self):
        return len(self.ways)

    @staticmethod
    def writes(program, folder, kind, library):
        """How many calls that need room an undisturbed run makes."""
        counted = folder / f"{kind}.calls"
        environment = {"LD_PRELOAD": str(library), "SOAK_FULL_COUNT": str(counted)}
        outcome = program.run(*trainings.command, folder=trainings.make(folder / f"{kind}-counted", kind), environment=environment)
        expect(outcome.status == 0, f"counting the writes failed; {outcome}")
        return int(counted.read_text())


def full_disk_library(folder):
    """The library that stands between the program and the system, if there is a compiler; None otherwise."""
    compiler = next(filter(None, map(shutil.which, ("cc", "clang", "gcc"))), None)
    if not compiler:
        print("disk: no compiler of C, so only the sizes of files are limited", flush=True)
        return None
    library = folder / "full-disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, root / "Tests" / "Soak" / "full-disk.c", "-ldl"], check=True)
    return library


def prepare(program, folder):
    return Disks(program, folder)


def case(program, disks, random, folder, number):
    kind, within, environment, words = disks.ways[number]
    trainings.make(folder, kind)
    outcome = judge(program.run(*trainings.command, folder=folder, environment=environment, within=within))
    # A run that needs less than there is ends well; one that loses only what is a help, such as a remembered hash, says so and goes on.
    expect(outcome.status in (0, 1), f"{words}; {outcome}")
    if outcome.status == 0 and environment:
        expect("warning" in outcome.err, f"{words}: nothing is said; {outcome}")
    trainings.ends_well(program, folder, disks.references[kind], environment=None)
    return {"failed with a message" if outcome.status else "ended well": 1}
