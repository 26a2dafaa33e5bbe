import Language

private let results: ValueType = .either([.object("experiment"), .list(.object("experiment"), count: nil)])

/// Tables and baselines.
let resultBuiltins: [Builtin] = [
    Builtin(
        "metrics", family: "Results",
        [
            Parameter("of", results, "an experiment, or a list of them"),
            Parameter(
                "baselines", .list(.either([.word(["mean"]), .sort("baseline")]), count: nil), .fallback(.list([])),
                "what to stand beside them, fitted on the same training part"),
            Parameter("resamples", .number(.count(100)), .fallback(.number(2000)), "bootstrap resamples behind each interval"),
        ],
        gives: .sort("table"), "RMSE, MAE and R2 of each part in the target's unit, each with a bootstrap 95 % interval."),
    Builtin(
        "ridge", family: "Results",
        [
            Parameter("features", .word(["statistics"]), "`statistics`: logarithms of the mean, deviation, minimum and maximum of each input"),
            Parameter("penalty", .optional(.number(.positive)), .fallback(.none), "of the squared weights; chosen by leave-one-out on the training part where not given"),
        ],
        gives: .sort("baseline"), "Ridge regression on standardised features, fitted on the training part, in the space of training."),
    Builtin(
        "history", family: "Results", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("table"),
        "Losses of every epoch of a run."),
]
