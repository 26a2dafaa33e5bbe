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
            Parameter("of", .either([results, .sort("selection")]), "an experiment, a list of them, or what `select` chooses among them"),
            baselines, units,
            Parameter("rows", .word(["experiment", "stage"]), .fallback(.word("experiment")), "`stage`: one for each stage of a schedule"),
            Parameter("resamples", .number(.count(100)), .fallback(.number(2000)), "bootstrap resamples behind each interval"),
        ],
        gives: .sort("table"), "RMSE, MAE and R2 of each part in the target's unit, each with a bootstrap 95 % interval.",
        examples: [Example("table metrics(bulk, baselines: [mean, ridge(statistics)])", with: .crystals)], check: checkMetrics),
    Builtin(
        "repeats", family: "Results",
        [Parameter("of", .list(.object("experiment"), count: nil), "experiments that repeat one another on other splits or seeds"), baselines, units],
        gives: .sort("table"), "Mean and standard deviation of RMSE, MAE and R2 over repeated experiments, each baseline fitted anew on each, and in how many the experiment has the smaller RMSE.",
        examples: [Example("let runs = for seed in 1..2 { bulk with { data.split.seed: seed } }\ntable repeats(runs, baselines: [mean])", with: .crystals)], check: checkBaselines),
    Builtin(
        "ridge", family: "Results",
        [
            Parameter(
                "features", .word(["statistics", "components"]),
                "`statistics`: logarithms of the mean, deviation, minimum and maximum of each input; `components`: principal components of the inputs, fitted on the training part"),
            Parameter("penalty", .optional(.number(.positive)), .fallback(.none), "of the squared weights; chosen by leave-one-out on the training part where not given"),
            Parameter("count", .number(.count()), .fallback(.number(10)), "how many components"),
        ],
        gives: .sort("baseline"), "Ridge regression on standardised features, fitted on the training part, in the space of training.",
        examples: [Example("table metrics(bulk, baselines: [ridge(statistics, penalty: 1)])", with: .crystals)]),
    Builtin(
        "history", family: "Results", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("table"),
        "Losses of every epoch of a run.", examples: [Example("show history(bulk)", with: .crystals)]),
]
