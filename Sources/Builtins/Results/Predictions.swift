import Diagnostics
import Language
import Tensors

/// The word `predictions`: what a trained model gives for the rows of a data set, as numbers.
let predictionWords = Vocabulary([
    Word(
        "predictions", family: "Results",
        [
            Parameter("of", .object("experiment"), "the experiment whose model predicts"),
            Parameter("on", .object("dataset"), "a data set with the model's inputs, prepared as they were"),
        ],
        gives: anyTensor,
        "What the model of an experiment predicts for every row of a data set, in its order and in the unit of the target.",
        examples: [Example("show predictions(bulk, on: crystals).mean", with: .crystals)],
        check: { call, context in
            guard let experiment = call["of"].object, let data = call["on"].object else { return .call(call) }
            let unit = try context.experiment(experiment).plan.unit
            return call.typed(TensorType(shape: [try context.plan(of: data).count], unit: unit))
        },
        label: { call in call["of"].object?.label.map { "predicted by \($0)" } },
        predicts: { call in call["of"].object.flatMap { experiment in call["on"].object.map { (experiment, $0) } } },
        computes: { call, context in
            let experiment = try context.experiment(call, "of")
            let values = try context.results.predictions(of: experiment, on: context.object(call, "on"))
            let array = try NumericArray(shape: [values.count], values: values, precision: .double)
            return .array(array, unit: experiment.plan.unit)
        })
])
