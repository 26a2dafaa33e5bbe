import Language

/// Parameters that several tables of results share.
let baselinesParameter = Parameter(
    "baselines", .list(.either([.word(["mean"]), .sort("baseline")]), count: nil), .fallback(.list([])),
    "what to stand beside them, fitted on the same training part")
let unitsParameter = Parameter(
    "units", .word(["target", "scaled"]), .fallback(.word("target")), "`target`: in the target's unit; `scaled`: in the space of training, after transform and scale")
let experimentsType: ValueType = .either([.object("experiment"), .list(.object("experiment"), count: nil)])
