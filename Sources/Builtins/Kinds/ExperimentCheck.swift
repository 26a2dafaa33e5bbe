import Datasets
import Diagnostics
import Language
import Training

/// Checks that an experiment can be made, that what is asked of it makes sense, and warns of what will disappoint.
@Sendable func checkExperiment(_ object: Object, _ context: CheckContext) throws {
    let experiment = try context.experiment(object)
    let (plan, data) = (experiment.plan, experiment.data)
    try checkAugmentation(experiment)
    try checkWatched(experiment)
    try checkFolds(experiment)
    try checkTexts(experiment, context)
    try checkMemory(experiment, context)
    let graph = experiment.built.graph
    if let output = graph.outputs.first, graph.nodes[output].shape.extents != [1] {
        throw Diagnostic(
            "shape", "the model gives \(graph.nodes[output].shape), the target is one number", at: object.span(of: "model"),
            hint: "end the model in `dense(1)`")
    }
    if let warning = rawTarget(plan, data), !context.isSmoke, !context.hasSaid("raw-target", about: data) {
        context.reported.append(warning)
    }
    if !context.isSmoke, !context.hasSaid("odd-rows", about: data) { context.reported += try oddRows(plan, data) }
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

/// Checks that there are images where some are to be changed, of shapes that can be. Throws `type`, and as `Augmenter`.
private func checkAugmentation(_ experiment: Experiment) throws {
    guard !experiment.augmentation.isEmpty else { return }
    let span = experiment.declared.span(of: "augment")
    let images = experiment.built.graph.inputs.filter { $0.shape.rank == 3 }
    guard !images.isEmpty else {
        throw Diagnostic("type", "`augment` changes images, and the model has none among its inputs", at: span)
    }
    for image in images { _ = try located(span) { try Augmenter(experiment.augmentation, shape: image.shape) } }
}

/// Checks that each encoder of the model reads tokens that its own tokenizer made: ids of another stand for other words. Throws `type`
/// and `weights-mismatch`.
private func checkTexts(_ experiment: Experiment, _ context: CheckContext) throws {
    for (object, found, _, name) in experiment.built.encoders {
        let input = experiment.plan.input(name)
        guard let reader = input?.pipeline.call?["encoder"].object else {
            throw Diagnostic(
                "type", "the encoder `\(found.label)` expected tokens in the input `\(name)`, found other numbers",
                at: experiment.declared.span(of: "model"), hint: "write `\(name): tokens(\(found.label), row[...])` in the data set")
        }
        guard reader != object else { continue }
        let other = try context.encoder(reader)
        guard other.tokenizer.fingerprint != found.tokenizer.fingerprint else { continue }
        throw Diagnostic(
            "weights-mismatch",
            "the encoder `\(found.label)` expected its own tokens in the input `\(name)`, found those of `\(other.label)`",
            at: experiment.declared.span(of: "model"), hint: "write `tokens(\(found.label), ...)` in the data set")
    }
}

/// Checks that there are rows enough for the folds, and a seed that they can be drawn with. Throws `folds`.
private func checkFolds(_ experiment: Experiment) throws {
    guard let folds = experiment.folds?.count else { return }
    let pool = foldPool(experiment.plan).count
    guard folds <= pool else {
        throw Diagnostic(
            "folds", "`folds` expected at most the \(pool) rows of the train and validation parts, found \(folds)",
            at: experiment.declared.span(of: "folds"))
    }
    guard UInt32(exactly: experiment.seed) != nil else {
        throw Diagnostic(
            "folds", "folds are drawn as scikit-learn draws them, and expected a seed below 2^32", at: experiment.declared.span(of: "seed"))
    }
}

/// Refuses an experiment that watches its validation part where there is none. Throws `fit`.
private func checkWatched(_ experiment: Experiment) throws {
    let isRefit = experiment.folds?.report == .refit
    guard isRefit || experiment.parts.validation.isEmpty && experiment.folds == nil else { return }
    func refuse(_ monitor: Training.Monitor?, _ span: SourceSpan?) throws {
        guard let monitor, monitor.part == .validation else { return }
        throw Diagnostic(
            "fit",
            "`\(monitor)` is watched, but \(isRefit ? "the refit on all folds has no validation part" : "the validation part is empty")",
            at: span,
            hint: isRefit ? "watch `train.loss`, or say `report: best`" : "give `validation` a share of the split, or watch `train.loss`")
    }
    let declared = experiment.declared
    for stage in experiment.stages {
        let own = stage.declared?.origin.span
        let place = own ?? declared.span(of: "optimizer")
        try refuse(stage.rate.monitor, place)
        for group in stage.training.groups { try refuse(group.rate.monitor, place) }
        // A refit goes on to the mean of the epochs that the folds kept.
        if isRefit { continue }
        try refuse(stage.stop?.monitor, own ?? declared.span(of: "stop"))
        try refuse(stage.keep.monitor, own ?? declared.span(of: "keep"))
    }
    guard !isRefit else { return }
    try refuse(experiment.search?.monitor, declared.span(of: "search"))
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
