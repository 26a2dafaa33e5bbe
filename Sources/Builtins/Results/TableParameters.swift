import Language

/// The parameter `baselines`: simple models beside the experiments of a table.
let baselinesParameter = Parameter(
    "baselines", .list(.either([.word(["mean": "the mean of the training part's targets"]), .sort(.baseline)]), count: nil),
    .fallback(.list([])),
    "what to stand beside them, fitted on the same training part")
/// The parameter `units`: whether a table scores in the target's unit or in the space of training.
let unitsParameter = Parameter(
    "units",
    .word(["target": "in the target's unit", "scaled": "in the space of training, after transform and scale"]),
    .fallback(.word("target")), "of targets, predictions and errors")
/// The type of an experiment, or of a list of experiments.
let experimentsType: ValueType = .either([.object("experiment"), .list(.object("experiment"), count: nil)])
