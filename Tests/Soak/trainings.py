"""Small scripts that train, for the campaigns that disturb a training: folds, stages, search and augmentation."""
import shutil

from common import Fault, corpus, damage, differences, expect, judge, leftovers, results

head = """\
dataset crystals {
    rows:   csv("data/crystals.csv")
    id:     "material_id"
    inputs: { plane: chgcar("data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12], cell: file) |> standardize }
    target: { column: "k_vrh", unit: "GPa", scale: standard }
    split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
}
model net {
    input plane: [12, 12, 1]
    plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dropout(0.1) >> dense(1)
}
experiment bulk {
    data: crystals, model: net, loss: mse, optimizer: adam(rate: 0.01), seed: 1, batch: 4, epochs: 8
    keep: best(on: validation.loss)
}
"""

bodies = {
    "folds": """\
experiment folded like bulk { folds: 3, report: refit }
table folds(folded) to "out/folds.csv"
table metrics(folded, resamples: 100) to "out/metrics.csv"
plot parity(folded) to "out/parity.svg"
""",
    "stages": """\
schedule gradual {
    stage head  { train: matching("dense_1.*"), rate: 0.05, epochs: 8 }
    stage whole { train: all, rate: cosine(0.01), epochs: 16 }
}
experiment staged like bulk { schedule: gradual }
table metrics(staged, rows: stage, resamples: 100) to "out/metrics.csv"
plot curves(staged) to "out/curves.svg"
export staged to "out/staged.safetensors"
""",
    "search": """\
experiment found like bulk {
    optimizer: adam(rate: loguniform(1e-4, 0.3)), batch: choice([2, 4]), epochs: 4
    search: bayesian(trials: 5, initial: 3)
}
table trials(found) to "out/trials.csv"
table metrics(found, resamples: 100) to "out/metrics.csv"
predict found on crystals to "out/predictions.csv"
""",
    "augmentation": """\
experiment varied like bulk {
    epochs: 16
    augment: [flip(horizontal, vertical), rotate(turns: 0.2), translate(0.1, 0.1, fill: nearest), noise(0.01)]
}
table metrics(varied, baselines: [mean], resamples: 100) to "out/metrics.csv"
plot curves(varied) to "out/curves.svg"
""",
}
kinds = list(bodies)

# A checkpoint after each step, so that a run of a second has many places to go on from.
often = {"ECDX_CHECKPOINT_SECONDS": "0"}
command = ("run", "small.ecdx", "--threads", "1")


def make(folder, kind):
    """Makes the folder of a user: a script, and data that are read where they lie."""
    folder.mkdir(parents=True)
    (folder / "data").symlink_to(corpus / "data")
    (folder / "small.ecdx").write_text(head + bodies[kind])
    return folder


class Undisturbed:
    """What a training comes to where nothing disturbs it, and how long it takes."""

    def __init__(self, program, folder, kind):
        self.folder = make(folder, kind)
        outcome = program.run(*command, folder=folder, environment=often)
        if outcome.status != 0:
            raise Fault(f"the undisturbed run fails; {outcome}")
        self.seconds = outcome.seconds
        self.results = results(folder)

    def copy(self, folder):
        """A copy of the folder with all that was computed."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return folder


def undisturbed(program, folder, wanted=tuple(kinds)):
    """The undisturbed runs by their kinds."""
    return {kind: Undisturbed(program, folder / kind, kind) for kind in wanted}


def ends_well(program, folder, reference, environment=often):
    """Goes on with a run that was disturbed; what it comes to must be that of one that was not. Raises `Fault`."""
    expect(not damage(folder), f"the store is not whole: {damage(folder)}")
    outcome = judge(program.run(*command, folder=folder, environment=environment))
    expect(outcome.status == 0, f"it cannot be gone on with; {outcome}")
    found = differences(results(folder), reference.results)
    expect(not found, f"these differ from an undisturbed run: {found}; {outcome}")
    expect(not leftovers(folder), f"left behind: {leftovers(folder)}")
    return outcome
