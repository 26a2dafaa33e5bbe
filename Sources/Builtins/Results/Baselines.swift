import Datasets
import Diagnostics
import Language
import Tensors
import Training

/// A simple model that stands beside networks, fitted on the same training part.
struct BaselineModel: Sendable {
    /// Name of the model in tables.
    var name: String
    /// The check that a training part of so many rows, with so many numbers each, is enough to fit the model; throws where it
    /// is not.
    var check: @Sendable (_ rows: Int, _ numbers: Int) throws -> Void = { _, _ in }
    /// The least bytes that fitting takes at one time, for so many rows in all with so many numbers each. What reads row by row takes
    /// next to nothing.
    var bytes: @Sendable (_ rows: Int, _ numbers: Int) -> Double = { _, _ in 0 }
    /// Predictions for every row of the data set, in the target's unit.
    var predict: @Sendable (BaselineData) throws -> [Double]
}

/// The features that `ridge` is fitted on.
private enum RidgeFeatures: String, CaseIterable { case statistics, components, inputs }

/// The baselines that tables can hold beside experiments: `ridge`. The mean has no call, but the word `mean`.
let baselines = Vocabulary<BaselineModel>([
    Word(
        "ridge", family: "Results",
        [
            Parameter(
                "features",
                .word([
                    RidgeFeatures.statistics.rawValue:
                        "mean, deviation, minimum and maximum of each input, as logarithms where positive in all rows",
                    RidgeFeatures.components.rawValue: "principal components of the inputs, fitted on the training part",
                    RidgeFeatures.inputs.rawValue: "all numbers of the inputs, as for columns of a table and vectors of texts",
                ]), "what the ridge sees"
            ),
            Parameter(
                "penalty", .optional(.number(.positive)), .fallback(.none),
                "of the squared weights; chosen by leave-one-out on the training part where not given"),
            Parameter("count", .number(.count()), .fallback(.number(10)), "how many components"),
        ],
        gives: .sort(.baseline), "Ridge regression on standardised features, fitted on the training part, in the space of training.",
        examples: [Example("table metrics(bulk, baselines: [ridge(statistics, penalty: 1)])", with: .crystals)]
    ) { arguments in
        let penalty: Ridge.Penalty = try arguments.optional("penalty", arguments.number).map { .fixed($0) } ?? .automatic
        let count = try arguments.integer("count")
        // Two of one kind in a table are told apart by what was given.
        let given = try arguments.optional("penalty", arguments.number).map { ", penalty \(written($0))" } ?? ""
        switch try arguments.choice("features", RidgeFeatures.self) {
        case .statistics:
            return BaselineModel(name: "ridge" + given) { try $0.ridge(on: $0.statistics(), penalty) }
        case .inputs:
            return BaselineModel(
                name: "ridge of inputs" + given, bytes: { 2 * Double(MemoryLayout<Double>.stride) * Double($0) * Double($1) },
                predict: { try $0.ridge(on: $0.numbers(), penalty) })
        case .components:
            return BaselineModel(
                name: (count == 10 ? "ridge of components" : "ridge of \(count) component\(count == 1 ? "" : "s")") + given,
                check: { rows, numbers in
                    // Rows less their mean span one dimension less.
                    let most = min(rows - 1, numbers)
                    guard count <= most else {
                        throw Diagnostic(
                            "range",
                            """
                            `count` expected at most \(most) components of \(rows) training rows with \(numbers) numbers each, \
                            found \(count)
                            """,
                            at: arguments.call.span(of: "count"))
                    }
                },
                // All rows at once in double precision: as they are gathered, and as a matrix.
                bytes: { 2 * Double(MemoryLayout<Double>.stride) * Double($0) * Double($1) },
                predict: { try $0.ridge(on: $0.components(min(count, $0.mostComponents())), penalty) })
        }
    }
])

extension Library {
    /// The baseline that a word or a call names. Throws `type` for another value.
    func baseline(_ value: Value) throws -> BaselineModel {
        if let call = value.call { return try meaning(of: call) }
        guard value.word == "mean" else { throw Diagnostic("type", "expected a baseline, found \(value.phrase)") }
        // In the target's unit: the mean of logarithms would be another thing in GPa.
        return BaselineModel(name: "mean") { data in
            try MeanBaseline(targets: data.parts.train.map { data.plan.targets[$0] }).predict(count: data.plan.count)
        }
    }
}

/// Checks that the baselines of a table can be fitted on the training part of every experiment in it.
@Sendable func checkBaselines(_ call: Call, _ context: CheckContext) throws -> Value {
    let objects = experimentItems(call["of"]).compactMap(\.value.object)
    for value in try Arguments(call, library: context.library).items("baselines") {
        let baseline = try context.library.baseline(value)
        // A smoke run has fewer rows than anyone asks components of.
        if context.isSmoke { continue }
        for object in objects {
            let experiment = try context.experiment(object)
            let plan = experiment.plan
            if value.call != nil, let encoder = experiment.built.encoders.first {
                throw Diagnostic(
                    "type", "a ridge expected numbers, and the input `\(encoder.input)` holds ids of tokens, which are names",
                    at: call.span(of: "baselines"),
                    hint: "take `embed(\(encoder.found.label), row[...])` as an input in an experiment of its own")
            }
            let numbers = experiment.network.inputs.compactMap { plan.input($0.name)?.type?.shape?.reduce(1, *) }.reduce(0, +)
            try baseline.check(experiment.leastTraining, numbers)
            let bytes = baseline.bytes(plan.count, numbers)
            guard bytes > Double(context.memory) else { continue }
            throw Diagnostic(
                "memory",
                """
                the \(baseline.name) of \(plan.count) rows takes at least \(sizeInWords(bytes)), and \
                \(sizeInWords(Double(context.memory))) may be used
                """,
                at: call.span(of: "baselines"), hint: "leave it out, make the items smaller, or allow more with `--memory`")
        }
    }
    return .call(call)
}

extension ComputeContext {
    /// The names of baselines in a table, each of its own: one given twice is numbered, and one that is called as an experiment
    /// beside it is said to be a baseline.
    func namesOfBaselines(_ baselines: [Value], beside experiments: [String]) throws -> [String] {
        let taken = Set(experiments)
        let names = try baselines.map { try library.baseline($0).name }
        return namesApart(names.map { taken.contains($0) ? "\($0) (baseline)" : $0 }, of: baselines)
    }
}

extension Experiment {
    /// The number of rows that the smallest of an experiment's trainings learns from.
    fileprivate var leastTraining: Int {
        guard let folds = folds?.count else { return plan.parts.train.count }
        let pool = foldPool(plan).count
        return pool - (pool + folds - 1) / folds
    }
}
