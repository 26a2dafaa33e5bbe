import Language

private let baselines = Parameter(
    "baselines", .list(.either([.word(["mean"]), .sort("baseline")]), count: nil), .fallback(.list([])),
    "what to stand beside them, fitted on the same training part")
private let units = Parameter(
    "units", .word(["target", "scaled"]), .fallback(.word("target")), "`target`: in the target's unit; `scaled`: in the space of training, after transform and scale")
private let results: ValueType = .either([.object("experiment"), .list(.object("experiment"), count: nil)])

/// Tables and baselines.
let resultBuiltins: [Builtin] = [
    Builtin(
        "metrics", family: "Results",
        [
            Parameter("of", results, "an experiment, or a list of them"),
            baselines, units,
            Parameter("resamples", .number(.count(100)), .fallback(.number(2000)), "bootstrap resamples behind each interval"),
        ],
        gives: .sort("table"), "RMSE, MAE and R2 of each part in the target's unit, each with a bootstrap 95 % interval."),
    Builtin(
        "repeats", family: "Results",
        [Parameter("of", .list(.object("experiment"), count: nil), "experiments that repeat one another on other splits or seeds"), baselines, units],
        gives: .sort("table"), "Mean and standard deviation of RMSE, MAE and R2 over repeated experiments, each baseline fitted anew on each, and in how many the experiment has the smaller RMSE."),
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
