/// Explanations of diagnostics about training, what it is resumed from, and the tables made of it.
let trainingExplanations: [Explanation] = [
    Explanation(
        "diverged", "a training whose loss or predictions are no longer finite",
        """
        The steps were so large that the loss became infinite or not a number; nothing that follows could be used. Where the target has
        `transform: log`, the loss may be finite and what the model predicts not, since an exponential brings it back to the target's
        unit: that is the same fault. Lower the rate of the optimizer, to a tenth at first. Look at the target too: with values in the
        thousands, `transform` or `scale` helps.
        """,
        wrong: "optimizer: adam(rate: 1)", right: "optimizer: adam(rate: 1e-3)"),
    Explanation(
        "fit", "a training that cannot begin",
        """
        The data, the network and the settings of the training do not go together: an empty part that is watched, an input of another
        shape. Most of these are found when the script is checked; the message says which it was here.
        """),
    Explanation(
        "engine", "the engine cannot run this network",
        """
        The network could not be turned into computations, or one of them failed, mostly for want of memory. A smaller `batch` needs less
        memory. Where the message speaks of oneDNN, it comes from that library.
        """),
    Explanation(
        "missing-parameter", "weights that are not there",
        """
        The network has a parameter, and what was to give it its values has none of that name. Weights belong to the network they were
        trained with.
        """),
    Explanation(
        "parameter-shape", "weights of another shape",
        """
        A parameter of the network and the values for it have different extents. Weights belong to the network they were trained with.
        """),
    Explanation(
        "bad-checkpoint", "a saved state that is not of this training",
        """
        A run goes on from the state it saved. What was found is a whole file, but not the state of this training, so going on from it would
        give numbers that mean nothing. Remove the folder of the run below `.ecdx/runs` to begin again.
        """),
    Explanation(
        "features", "features that cannot be computed",
        """
        Ridge regression stands on a few numbers of each item, such as the logarithm of its mean. For one item they are missing or not
        finite, so there is nothing to fit. Look at that item with `show` or in a `gallery`.
        """),
    Explanation(
        "ridge", "a ridge regression that cannot be fitted",
        """
        The regression needs at least two items, finite features and targets, and a penalty that is not negative. The message says what is
        lacking.
        """),
    Explanation(
        "metrics", "a metric that does not exist for these data",
        """
        R2 compares the errors with the spread of the targets, so it needs at least two items that differ. Over one item it is not defined,
        and a table leaves it out. Give the part a larger share of the split.
        """),
    Explanation(
        "empty-table", "a table of no experiments",
        """
        `metrics` and `repeats` make a table of experiments, and the list they were given is empty. A `for` over an empty range gives such a
        list.
        """,
        wrong: "table metrics([])", right: "table metrics([bulk])"),
    Explanation(
        "ambiguous-match", "several reported rows for one experiment",
        """
        `beside` puts one row of a reported table beside each experiment. More than one row fits what `match` says, or nothing was said and
        the table has several rows. Name columns of the reported table that tell its rows apart, each with the loop variable it equals.
        """,
        in: .crystals,
        wrong: "let runs = for seed in 1..2 { bulk with { seed: seed } }\ntable metrics(runs) |> beside(reported(\"data/reported.csv\"))",
        right:
            """
            let runs = for seed in 1..2 { bulk with { seed: seed } }
            table metrics(runs) |> beside(reported("data/reported.csv"), match: { trial: "seed" })
            """
    ),
    Explanation(
        "one-machine", "a training that one machine alone carried out",
        """
        `machines` compares what several machines came to with one training, and there is one run of it. \
        Run the script on another machine and
        bring its runs into this store with `ecdx runs import FOLDER`; \
        the folder may be the store `.ecdx` of that machine, or what `ecdx runs
        export` made of it. The training is the same only if all that it rests on is: data, seed, weights of backbones, version of ecdx.
        """,
        wrong: "table machines(bulk)"),
]
