import Datasets
import Diagnostics
import Language
import Tensors

/// Checks that a model and a data set fit one another, and that what is asked of them makes sense.
@Sendable func checkExperiment(_ experiment: Object, _ context: CheckContext) throws {
    try checkSpaces(in: experiment, context.library)
    guard let data = experiment["data"].object, let model = experiment["model"].object, let network = model.network else { return }
    let inputs = data["inputs"].record ?? [:]
    guard !data["target"].isNone else {
        throw Diagnostic(
            "missing-field", "`\(data.label ?? "the data set")` has no target that a model could learn", at: experiment.span(of: "data"),
            hint: "give it a `target` and a `split`")
    }
    let plan = try context.plan(of: data)
    for input in network.inputs {
        guard inputs[input.name] != nil else {
            let near = nearMiss(input.name, among: inputs.keys.sorted())
            throw Diagnostic(
                "no-input", "the model's input `\(input.name)` is no input of `\(data.label ?? "the data set")`",
                at: experiment.span(of: "model"),
                label: near.map { "did you mean `\($0)`?" },
                hint: "it has \(inputs.keys.sorted().map { "`\($0)`" }.joined(separator: ", "))")
        }
        guard let wanted = input.shape.integers, let found = plan.types[input.name]?.shape else { continue }
        if wanted != found {
            throw Diagnostic(
                "shape",
                """
                the model's input `\(input.name)` is \(wanted.map(String.init).joined(separator: "x")), \
                the data set gives \(found.map(String.init).joined(separator: "x"))
                """,
                at: experiment.span(of: "model"), hint: "write `input \(input.name): [\(found.map(String.init).joined(separator: ", "))]`")
        }
    }
    let built = try context.builtNetwork(of: model)
    let graph = built.graph
    try checkTraining(experiment, of: model, built, plan, context)
    if let output = graph.outputs.first, graph.nodes[output].shape.extents != [1] {
        throw Diagnostic(
            "shape", "the model gives \(graph.nodes[output].shape), the target is one number", at: experiment.span(of: "model"),
            hint: "end the model in `dense(1)`")
    }
    let parts = plan.parts
    if parts.holdout.count < 20, !context.isSmoke, !context.hasSaid("small-holdout", about: data) {
        context.reported.append(
            Diagnostic(
                "small-holdout",
                "R2 over \(parts.holdout.count) sample\(parts.holdout.count == 1 ? "" : "s"); tables print its 95 % interval",
                severity: .warning, at: data.span(of: "split")))
    }
}

/// Checks what learns, what changes the images, and how the rows are folded.
private func checkTraining(
    _ experiment: Object, of model: Object, _ built: BuiltNetwork, _ plan: DatasetPlan, _ context: CheckContext
) throws {
    for stage in experiment.stages { _ = try context.training(of: model, stage: stage) }
    if experiment["schedule"].object != nil, experiment.stages.isEmpty {
        throw Diagnostic("missing-field", "a schedule expected at least one stage", at: experiment.span(of: "schedule"))
    }
    let images = built.graph.inputs.filter { $0.shape.rank == 3 }
    if let steps = experiment["augment"].items, !steps.isEmpty {
        guard !images.isEmpty else {
            throw Diagnostic(
                "type", "`augment` changes images, and the model has none among its inputs", at: experiment.span(of: "augment"))
        }
        for image in images {
            _ = try located(experiment.span(of: "augment")) {
                try Augmenter(context.library.augmentation(of: experiment), shape: image.shape)
            }
        }
    }
    if let folds = experiment.foldCount {
        let pool = foldPool(plan).count
        guard folds <= pool else {
            throw Diagnostic(
                "folds", "`folds` expected at most the \(pool) rows of the train and validation parts, found \(folds)",
                at: experiment.span(of: "folds"))
        }
        guard try UInt32(exactly: experiment.seed()) != nil else {
            throw Diagnostic(
                "folds", "folds are drawn as scikit-learn draws them, and expected a seed below 2^32", at: experiment.span(of: "seed"))
        }
    }
}

extension CheckContext {
    /// Whether a warning about an object was given before: it is given once, however many experiments use the object.
    func hasSaid(_ id: String, about object: Object) -> Bool {
        !isFirst(Said(id: id, object: object))
    }
}

/// Key of a warning about an object.
private struct Said: Hashable {
    var id: String
    var object: Object
}
