import Language

/// The kind `experiment`: a model trained on a data set.
let experimentKind = Kind(
    "experiment", "A model trained on a data set.",
    fields: [
        Parameter("data", .object("dataset"), "the data set"),
        Parameter("model", .object("model"), "the model; its inputs are matched to the data set's by name"),
        Parameter("loss", .word(["mse"]), "what training makes small, in the space of training"),
        Parameter("seed", .number(.count(0)), "of initial weights, shuffling and dropout"),
        Parameter("schedule", .optional(.object("schedule")), .fallback(.none), "what learns when; everything at once where not given"),
        Parameter("optimizer", .sort(.optimizer), .fallback(defaultOptimizer), "how weights move"),
        Parameter("batch", .varying(.number(.count())), .fallback(.number(32)), unit: "rows", "rows a step"),
        Parameter("epochs", .varying(.number(.count())), .fallback(.number(100)), "passes over the training part, at most"),
        Parameter(
            "augment", .either([.none, .list(.sort(.augmentation), count: nil)]), .fallback(.none),
            "random changes of the training images, in this order"),
        Parameter("stop", .either([.none, .sort(.stop)]), .fallback(.none), "when to stop before that"),
        Parameter("keep", .either([.word(["last"]), .sort(.keep)]), .fallback(defaultKeep), "which epoch's weights count"),
        Parameter(
            "folds", .either([.none, .number(.count(2))]), .fallback(.none),
            "how many folds of the train and validation parts together, each left out once; the holdout is untouched"),
        Parameter(
            "report", .word(["mean", "best", "refit"]), .fallback(.word("mean")),
            """
            of folds: the mean of their predictions (and out of fold, each row by the fold that left it out), \
            the fold with the least validation loss, or one more training on all of their rows
            """
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
        Member("train", "a record", "`rmse`, `mae`, `r2`, `truth` and `predicted` of the training part, its `count` and `ids`"),
        Member("validation", "a record", "the same of the validation part"), Member("holdout", "a record", "the same of the holdout"),
    ],
    adjust: adjustExperiment, check: checkExperiment,
    member: experimentMember)

private let defaultOptimizer = optimizers.call("adam")

private let defaultKeep = keeps.call("best", ["on": Field(.word("validation.loss"))])
