import Datasets
import Diagnostics
import Language
import Tensors
import Training

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
        guard let wanted = input.shape.integers, let found = plan.input(input.name)?.type?.shape else { continue }
        if wanted != found {
            throw Diagnostic(
                "shape",
                """
                the model's input `\(input.name)` is \(wanted.map(String.init).joined(separator: "x")), \
                the data set gives \(found.map(String.init).joined(separator: "x"))
                """,
                at: experiment.span(of: "model"),
                hint: [1, 3].contains(found.count)
                    ? "write `input \(input.name): [\(found.map(String.init).joined(separator: ", "))]`"
                    : "a network reads items of [length] or [height, width, channels]: write files that have one channel as a last axis")
        }
    }
    let built = try context.builtNetwork(of: model)
    let graph = built.graph
    try checkTraining(experiment, of: model, built, plan, context)
    try checkMemory(experiment, of: model, built, context)
    if let output = graph.outputs.first, graph.nodes[output].shape.extents != [1] {
        throw Diagnostic(
            "shape", "the model gives \(graph.nodes[output].shape), the target is one number", at: experiment.span(of: "model"),
            hint: "end the model in `dense(1)`")
    }
    if let warning = rawTarget(plan, data), !context.isSmoke, !context.hasSaid("raw-target", about: data) {
        context.reported.append(warning)
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

/// The warning about a target that is learned as it is, though its mean is far from 0 beside its deviation; nil where it is not.
/// An output begins near 0, and its bias has to climb the whole way at the learning rate.
private func rawTarget(_ plan: DatasetPlan, _ data: Object) -> Diagnostic? {
    guard plan.scale == .none else { return nil }
    let values = plan.parts.train.map { plan.transform == .log ? naturalLogarithm(plan.targets[$0]) : plan.targets[$0] }
    let (center, spread) = (mean(values), deviation(values))
    guard spread > 0, abs(center) > 5 * spread else { return nil }
    let what = plan.transform == .log ? "the logarithm of " : ""
    return Diagnostic(
        "raw-target",
        """
        the mean of \(what)`\(plan.column)` is \(threeDigits(center)), \(threeDigits(abs(center) / spread)) times its deviation, \
        and it is learned as it is
        """,
        severity: .warning, at: data.span(of: "target"), hint: "`scale: standard` in the target trains better and is undone in every metric"
    )
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
    try checkWatched(experiment, of: model, plan, context)
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

/// Refuses an experiment that watches its validation part where there is none. Throws `fit`.
private func checkWatched(_ experiment: Object, of model: Object, _ plan: DatasetPlan, _ context: CheckContext) throws {
    let isRefit = experiment.foldCount != nil && experiment["report"].word == "refit"
    guard isRefit || plan.parts.validation.isEmpty && experiment.foldCount == nil else { return }
    let library = context.library
    func refuse(_ monitor: Training.Monitor?, _ span: SourceSpan?) throws {
        guard let monitor, monitor.part == .validation else { return }
        throw Diagnostic(
            "fit",
            "`\(monitor)` is watched, but \(isRefit ? "the refit on all folds has no validation part" : "the validation part is empty")",
            at: span,
            hint: isRefit ? "watch `train.loss`, or say `report: best`" : "give `validation` a share of the split, or watch `train.loss`")
    }
    let stages = experiment.stages
    for stage in stages.isEmpty ? [nil] : stages.map(Optional.some) {
        let settings = StageSettings(experiment, stage)
        let place = stage?.origin.span ?? experiment.span(of: "optimizer")
        try refuse(library.rate(withoutSpaces(settings.rate)).monitor, place)
        if let stage {
            for group in try context.training(of: model, stage: stage).groups {
                try refuse(library.rate(withoutSpaces(group.rate)).monitor, place)
            }
        }
        // A refit goes on to the mean of the epochs that the folds kept.
        if isRefit { continue }
        try refuse(
            settings.stop.call.map { try library.meaning(of: withoutSpaces($0), as: Stop.self).monitor },
            stage?.origin.span ?? experiment.span(of: "stop"))
        try refuse(
            settings.keep.call.map { try library.meaning(of: withoutSpaces($0), as: Keep.self) }?.monitor,
            stage?.origin.span ?? experiment.span(of: "keep"))
    }
    guard !isRefit, !experiment["search"].isNone else { return }
    try refuse(library.search(of: experiment).monitor, experiment.span(of: "search"))
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
