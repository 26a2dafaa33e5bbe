import Diagnostics
import Language

private let targetFields: [Parameter] = [
    Parameter("column", .text, "the column of the rows that is to be predicted"),
    Parameter("unit", .optional(.text), .fallback(.none), "of the column, such as `\"GPa\"`"),
    Parameter("transform", .either([.none, .word(["log"])]), .fallback(.none), "applied before training and undone in every metric"),
    Parameter("scale", .either([.none, .word(["minmax", "standard"])]), .fallback(.none), "after the transform; fitted on the training part alone"),
]

private let inputType: ValueType = .either([.tensor(TensorType(shape: nil, unit: nil)), .sort("density")])

/// The kinds of things that can be declared.
let datasetKind = Kind(
    "dataset", "Rows with an id, inputs and a target, split into train, validation and holdout.",
    fields: [
        Parameter("rows", .sort("table"), "where the rows come from, as in `csv(\"properties.csv\")`"),
        Parameter("id", .text, "the column that names a row; rows are put into the natural order of it"),
        Parameter("inputs", .map(inputType), "what a model sees, by name"),
        Parameter("target", .either([.none, .record(targetFields)]), .fallback(.none), "what a model is to predict; rows to predict for have none"),
        Parameter("split", .optional(.sort("split")), .fallback(.none), "which rows train, validate and are held out; needed with a target"),
        Parameter("missing", .word(["error", "drop"]), .fallback(.word("error")), "what to do with a row whose target is empty"),
    ],
    examples: [Example(Example.dataset + "show crystals")],
    members: [
        Member("inputs", "a record of tensors", "each input of all rows together, as it is before `standardize`"), Member("count", "a number", "rows that are used"),
        Member("ids", "a list of text", "the id of each row, in order"), Member("train", "a record", "`count` and `ids` of the training part"),
        Member("validation", "a record", "the same of the validation part"), Member("holdout", "a record", "the same of the holdout"),
    ],
    check: checkDataset,
    member: datasetMember)

let modelKind = Kind(
    "model", "Layers from named inputs to one output.", fields: [], hasNetwork: true,
    examples: [Example("model m {\n    input image: [12, 12, 3]\n    image >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)\n}\nshow m")],
    check: checkModel)

let experimentKind = Kind(
    "experiment", "A model trained on a data set.",
    fields: [
        Parameter("data", .object("dataset"), "the data set"),
        Parameter("model", .object("model"), "the model; its inputs are matched to the data set's by name"),
        Parameter("loss", .word(["mse"]), "what training makes small, in the space of training"),
        Parameter("seed", .number(.count(0)), "of initial weights, shuffling and dropout"),
        Parameter("schedule", .optional(.object("schedule")), .fallback(.none), "what learns when; everything at once where not given"),
        Parameter("optimizer", .sort("optimizer"), .fallback(defaultOptimizer), "how weights move"),
        Parameter("batch", .varying(.number(.count())), .fallback(.number(32)), unit: "rows", "rows a step"),
        Parameter("epochs", .varying(.number(.count())), .fallback(.number(100)), "passes over the training part, at most"),
        Parameter("augment", .either([.none, .list(.sort("augmentation"), count: nil)]), .fallback(.none), "random changes of the training images, in this order"),
        Parameter("stop", .either([.none, .sort("stop")]), .fallback(.none), "when to stop before that"),
        Parameter("keep", .either([.word(["last"]), .sort("keep")]), .fallback(defaultKeep), "which epoch's weights count"),
        Parameter("folds", .either([.none, .number(.count(2))]), .fallback(.none), "how many folds of the train and validation parts together, each left out once; the holdout is untouched"),
        Parameter(
            "report", .word(["mean", "best", "refit"]), .fallback(.word("mean")),
            "of folds: the mean of their predictions (of rows some fold left out, that fold's alone), the fold with the least validation loss, or one more training on all of their rows"),
        Parameter("search", .either([.none, .sort("search")]), .fallback(.none), "how its search spaces are searched"),
    ],
    examples: [Example(Example.crystals + "show bulk.validation.rmse")],
    members: [
        Member("history", "a table", "losses and rate by epoch"), Member("stages", "a record of experiments", "the training up to each stage of its schedule"),
        Member("train", "a record", "`rmse`, `mae`, `r2`, `truth` and `predicted` of the training part, its `count` and `ids`"),
        Member("validation", "a record", "the same of the validation part"), Member("holdout", "a record", "the same of the holdout"),
    ],
    settle: settleExperiment, check: checkExperiment,
    member: experimentMember)

private let defaultOptimizer: Value = .call(Call(
    "adam", ["rate": Field(.number(0.001)), "beta1": Field(.number(0.9)), "beta2": Field(.number(0.999)), "epsilon": Field(.number(1e-7))],
    type: .sort("optimizer"), origin: Origin()))

private let defaultKeep: Value = .call(Call("best", ["on": Field(.word("validation.loss"))], type: .sort("keep"), origin: Origin()))
