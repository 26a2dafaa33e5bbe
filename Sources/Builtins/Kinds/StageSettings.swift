import Datasets
import Diagnostics
import Language
import Training

/// The settings that hold in one stage of an experiment: the stage's own, and the experiment's where it has none.
public struct StageSettings: Sendable {
    /// Stage that the settings belong to; nil where the experiment has no schedule.
    public var stage: Object?
    /// Learning rate: a number, or a schedule such as `cosine(0.01)`.
    public var rate: Value
    /// Early-stopping rule, such as `early(...)`; `none` for all epochs.
    public var stop: Value
    /// Rule for the epoch whose weights are kept: `last`, or a call such as `best(...)`.
    public var keep: Value
    /// Number of epochs at most: a whole number, or the search space in its place.
    public var epochs: Value
    /// Batch size in rows: a whole number, or the search space in its place.
    public var batch: Value

    /// Creates the settings of a stage; nil is the one stage of an experiment without a schedule.
    public init(_ experiment: Object, _ stage: Object?) {
        self.stage = stage
        func own(_ name: String) -> Value? { stage.map { $0[name] }.flatMap { $0.isNone ? nil : $0 } }
        rate = own("rate") ?? experiment["optimizer"].call?["rate"] ?? .none
        epochs = own("epochs") ?? experiment["epochs"]
        batch = own("batch") ?? experiment["batch"]
        let stop = own("stop") ?? experiment["stop"]
        self.stop = stop.word == "never" ? .none : stop
        keep = own("keep") ?? experiment["keep"]
    }

    /// The settings of the last stage, which is the one that a training carries out.
    public init(last experiment: Object) { self.init(experiment, experiment.stages.last) }

    /// The number of epochs at most. Throws `internal` while it is still searched for.
    public func epochCount() throws -> Int { try count(epochs, "epochs") }

    /// The batch size, in rows. Throws `internal` while it is still searched for.
    public func batchSize() throws -> Int { try count(batch, "batch") }

    /// Whether something watches how the training goes: `keep` or `stop`.
    public var watches: Bool { keep.call != nil || stop.call != nil }

    private func count(_ value: Value, _ name: String) throws -> Int {
        guard let count = value.integer else { throw Diagnostic("internal", "`\(name)` is no number, but \(value.phrase)") }
        return count
    }
}

extension Library {
    /// The optimizer of a training with the learning rate that holds in its stage.
    public func optimizer(of experiment: Object, _ settings: StageSettings) throws -> Optimizer {
        guard var call = experiment["optimizer"].call else { throw Diagnostic("internal", "an experiment expected an optimizer") }
        call.arguments["rate"] = Field(settings.rate, call.arguments["rate"]?.origin ?? Origin())
        return try meaning(of: call)
    }

    /// The early-stopping rule of a stage; nil for all epochs.
    public func stop(_ settings: StageSettings) throws -> Stop? { try settings.stop.call.map { try meaning(of: $0) } }

    /// The rule for the epoch whose weights a stage keeps.
    public func keep(_ settings: StageSettings) throws -> Keep { try settings.keep.call.map { try meaning(of: $0) } ?? .last }

    /// The learning rates of the groups of parameters in what a stage trains.
    public func rateGroups(_ training: StageTraining) throws -> [RateGroup] {
        try training.groups.map { RateGroup(names: $0.names, rate: try rate($0.rate)) }
    }
}
