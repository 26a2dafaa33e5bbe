import Language

/// The kind `experiment`: a model trained on a data set.
let experimentKind = Kind(
    "experiment", "A model trained on a data set.",
    fields: [
        Parameter("data", .object("dataset"), "the data set"),
        Parameter("model", .object("model"), "the model; its inputs are matched to the data set's by name"),
        Parameter("loss", .word(["mse": "the mean squared error"]), "what training makes small, in the space of training"),
        Parameter("seed", .number(.count(0)), "of initial weights, shuffling and dropout"),
        Parameter("schedule", .optional(.object("schedule")), .fallback(.none), "what learns when; everything at once where not given"),
        Parameter("optimizer", .sort(.optimizer), .fallback(defaultOptimizer), "how weights move"),
        Parameter("batch", .varying(.number(.count())), .fallback(.number(32)), unit: "rows", "rows a step"),
        Parameter("epochs", .varying(.number(.count())), .fallback(.number(100)), "passes over the training part, at most"),
        Parameter(
            "augment", .either([.none, .list(.sort(.augmentation), count: nil)]), .fallback(.none),
            "random changes of the training images, in this order"),
        Parameter("stop", .either([.none, .sort(.stop)]), .fallback(.none), "when to stop before that"),
        Parameter("keep", .either([.word(lastEpoch), .sort(.keep)]), .fallback(defaultKeep), "which epoch's weights count"),
        Parameter(
            "folds", .either([.none, .number(.count(2))]), .fallback(.none),
            "how many folds of the train and validation parts together, each left out once; the holdout is untouched"),
        Parameter(
            "report",
            .word([
                "mean": "the mean of their predictions, and out of fold each row by the fold that left it out",
                "best": "the fold with the least validation loss", "refit": "one more training on all of their rows",
            ]), .fallback(.word("mean")), "what of the folds is reported"
        ),
        Parameter("search", .either([.none, .sort(.search)]), .fallback(.none), "how its search spaces are searched"),
    ],
    isSearched: true,
    advice: [.table: "`metrics(...)` makes a table of it", .figure: "`parity(...)` or `curves(...)` draws it"],
    examples: [Example(Example.crystals + "show bulk.validation.rmse")],
    members: [
        Member("history", "a table", "losses and rate by epoch"),
        Member(
            "best", "a record", "of a search the numbers that its best trial tried, by the names of their fields: `.best.optimizer.rate`"),
        Member("stages", "a record of experiments", "the training up to each stage of its schedule"),
    ]
        + partChoices.all.map { part in
            Member(part.name, "a record", "how well it predicts \(part.summary)", members: scoreMembers + partMembers)
        },
    adjust: adjustExperiment, check: checkExperiment,
    member: experimentMember)

private let scoreMembers =
    PartMetric.allCases.map { Member($0.rawValue, "a number", $0.summary) } + [
        Member("truth", "a tensor", "the true values, in the target's unit"),
        Member("predicted", "a tensor", "the predicted values, in the target's unit"),
    ]

private let defaultOptimizer = optimizers.call("adam")

private let defaultKeep = keeps.call("best", ["on": Field(.word("validation.loss"))])
