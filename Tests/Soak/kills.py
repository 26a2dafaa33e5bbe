"""SIGKILL at random times. What is gone on with must come to the bytes of a run that was never killed."""
import shutil
import time

import trainings
from common import expect

count = 300
about = "kills of folds, stages, searches and augmentation"


def prepare(program, folder):
    return trainings.undisturbed(program, folder)


def case(program, references, random, folder, number):
    kind = trainings.kinds[number % len(trainings.kinds)]
    reference = references[kind]
    trainings.make(folder, kind)
    landed, latest = 0, 0.95
    # Most are killed once, some again while they go on. A kill that came after the end is tried anew, sooner, in a new folder.
    for _ in range(random.choice([1, 1, 2, 3])):
        while True:
            running = program.start(*trainings.command, folder=folder, environment=trainings.often)
            time.sleep(random.uniform(0, latest) * reference.seconds)
            running.kill()
            outcome = running.wait()
            if outcome.status == -9:
                landed += 1
                break
            expect(outcome.status == 0, f"killed too late, and not well; {outcome}")
            if landed:
                break
            latest *= 0.7
            shutil.rmtree(folder)
            trainings.make(folder, kind)
    trainings.ends_well(program, folder, reference)
    return {"kills": landed}
