"""Two commands run one script on one store at once. Each ends well, or says that the other is at it; the results are those of one alone."""
import time

import trainings
from common import expect

count = 20
about = "races of two commands on one store"


def prepare(program, folder):
    return trainings.undisturbed(program, folder)


def case(program, references, random, folder, number):
    kind = trainings.kinds[number % len(trainings.kinds)]
    reference = references[kind]
    trainings.make(folder, kind)
    first = program.start(*trainings.command, folder=folder, environment=trainings.often)
    # A third start at once; the others while the first is at it.
    time.sleep(0 if number % 3 == 0 else random.uniform(0, 1) * reference.seconds)
    second = program.start(*trainings.command, folder=folder, environment=trainings.often)
    outcomes = [running.wait() for running in (first, second)]
    for outcome in outcomes:
        expect(outcome.status == 0 or outcome.status == 1 and "error[in-use]" in outcome.err, outcome)
    expect(any(outcome.status == 0 for outcome in outcomes), f"both gave up: {outcomes[0]}; {outcomes[1]}")
    trainings.ends_well(program, folder, reference)
    return {"waited for the other": sum(outcome.status == 1 for outcome in outcomes)}
