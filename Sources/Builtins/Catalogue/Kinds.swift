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
        Parameter("target", .record(targetFields), "what a model is to predict"),
        Parameter("split", .sort("split"), "which rows train, validate and are held out"),
        Parameter("missing", .word(["error", "drop"]), .fallback(.word("error")), "what to do with a row whose target is empty"),
    ],
    memberNames: ["inputs", "count"],
    check: checkDataset,
    member: { object, name, origin in
        switch name {
        case "inputs":
            let fields = (object["inputs"].record ?? [:]).mapValues { field in
                Field(field.value, field.origin)
            }
            var inputs: [String: Field] = [:]
            for key in fields.keys {
                let arguments = ["dataset": Field(.object(object), origin), "name": Field(.text(Text(key)), origin)]
                inputs[key] = Field(.call(Call("datasetInput", arguments, type: .sort("datasetInput"), origin: origin)), origin)
            }
            return .record(inputs)
        case "count":
            return .call(Call("datasetCount", ["dataset": Field(.object(object), origin)], type: .sort("quantity"), origin: origin))
        default: return nil
        }
    })

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
        Parameter("optimizer", .sort("optimizer"), .fallback(defaultOptimizer), "how weights move"),
        Parameter("batch", .number(.count()), .fallback(.number(32)), "rows a step"),
        Parameter("epochs", .number(.count()), .fallback(.number(100)), "passes over the training part, at most"),
        Parameter("stop", .either([.none, .sort("stop")]), .fallback(.none), "when to stop before that"),
        Parameter("keep", .either([.word(["last"]), .sort("keep")]), .fallback(defaultKeep), "which epoch's weights count"),
    ],
    memberNames: ["history", "train", "validation", "holdout"],
    check: checkExperiment,
    member: { object, name, origin in
        let subject = Field(.object(object), origin)
        switch name {
        case "history": return .call(Call("history", ["of": subject], type: .sort("table"), origin: origin))
        case "train", "validation", "holdout":
            var scores: [String: Field] = [:]
            for metric in ["rmse", "mae", "r2"] {
                let arguments = ["of": subject, "part": Field(.word(name)), "metric": Field(.word(metric))]
                scores[metric] = Field(.call(Call("score", arguments, type: .sort("quantity"), origin: origin)), origin)
            }
            return .record(scores)
        default: return nil
        }
    })

private let defaultOptimizer: Value = .call(Call(
    "adam", ["rate": Field(.number(0.001)), "beta1": Field(.number(0.9)), "beta2": Field(.number(0.999)), "epsilon": Field(.number(1e-7))],
    type: .sort("optimizer"), origin: Origin()))

private let defaultKeep: Value = .call(Call("best", ["on": Field(.word("validation.loss"))], type: .sort("keep"), origin: Origin()))
