import Datasets
import Diagnostics
import Language
import Tensors
import Training

private let number: ValueType = .tensor(TensorType(shape: [], unit: nil))
private let of = Parameter("of", .object("experiment"), "an experiment")
private let part = Parameter("part", .word(partChoices), "a part of the rows")

/// Numbers of data sets and experiments. Their names cannot be written: members such as `bulk.holdout.rmse` are calls of them.
let experimentNumbers = Vocabulary([
    Word(
        "datasetInput", family: "Members",
        [Parameter("dataset", .object("dataset"), "a data set"), Parameter("name", .text, "an input of it")],
        gives: anyTensor, "All items of an input, before `standardize`.",
        computes: { call, context in
            guard let (data, name) = call.datasetInput else { throw Diagnostic("type", "expected an input of a data set") }
            return .array(
                NumericArray(try context.results.raw(name, of: data)), unit: try context.results.plan(of: data).input(name)?.type?.unit)
        }),
    Word(
        "score", family: "Members", [of, part, Parameter("metric", .word(.each(of: PartMetric.self, \.summary)), "a metric")],
        gives: number,
        "A metric of a part of the rows.",
        check: { call, context in
            let arguments = Arguments(call, library: context.library)
            if try arguments.choice("metric", PartMetric.self) == .r2, let experiment = call["of"].object {
                try context.checkR2(of: arguments.word("part"), in: experiment, at: call.origin.span)
            }
            return .call(call)
        }, computes: { call, context in try context.score(call) }),
    Word(
        "tried", family: "Members", [of, Parameter("name", .text, "a search space of it")], gives: number,
        "The number that the best trial of a search tried.",
        computes: { call, context in
            let experiment = try context.experiment(call, "of")
            let name = try context.arguments(of: call).text("name")
            let records = try context.results.trials(of: experiment).filter { $0.score != nil }
            guard let best = records.min(by: { ($0.score ?? 0) < ($1.score ?? 0) }),
                let place = try experiment.searching().spaces.firstIndex(where: { $0.name == name }),
                best.values.indices.contains(place), let number = best.values[place].number
            else {
                throw Diagnostic("search", "no trial of this search came to its end", at: call.origin.span)
            }
            return .quantity(number, unit: nil)
        }),
    Word(
        "outcome", family: "Members",
        [of, part, Parameter("values", .word(["truth": "true values", "predicted": "predicted values"]), "true or predicted values")],
        gives: anyTensor,
        "True or predicted values of a part of the rows.",
        knows: { call, context in
            let arguments = Arguments(call, library: context.library)
            guard try arguments.word("values") == "truth", let object = call["of"].object else { return nil }
            let experiment = try context.experiment(object)
            return try experiment.rows(of: arguments.word("part"))?.map { experiment.plan.targets[$0] }
        },
        computes: { call, context in
            let experiment = try context.experiment(call, "of")
            let arguments = context.arguments(of: call)
            let run = try context.results.result(of: experiment)
            let name = try arguments.word("part")
            guard let part = run.parts[name] else { throw Diagnostic("metrics", "the run has no part `\(name)`") }
            let values = try arguments.word("values") == "truth" ? part.truth : part.predicted
            let unit = experiment.plan.unit
            return .array(try NumericArray(shape: [values.count], values: values, precision: .double), unit: unit)
        }),
])

extension Call {
    /// The data set and the name of the input that this call is all items of; nil for another call.
    var datasetInput: (data: Object, name: String)? {
        guard let data = self["dataset"].object, let name = self["name"].string else { return nil }
        return (data, name)
    }
}

extension ComputeContext {
    /// The metric of a part of the rows, as in `bulk.holdout.r2`. Throws `metrics` where the run has no such part or its R2 is
    /// undefined.
    fileprivate func score(_ call: Call) throws -> Computed {
        let experiment = try experiment(call, "of")
        let arguments = arguments(of: call)
        let metric = try arguments.choice("metric", PartMetric.self)
        let value = try metric.value(of: arguments.word("part"), in: results.result(of: experiment))
        return .quantity(value, unit: metric.hasUnit ? experiment.plan.unit : nil)
    }
}
