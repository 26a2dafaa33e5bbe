import Language

/// The object of an experiment with its fields by name, as they were written: what its key is a hash of, and what an `Experiment`
/// is made from. They are read by name here; `Variants`, `ExperimentSpaces` and `SmokeCuts` replace some of them.
public struct ExperimentObject: Sendable {
    /// Object that the fields belong to.
    public let object: Object

    /// Creates the view of an experiment's object.
    public init(_ object: Object) { self.object = object }

    /// The data set; nil for an object that is no experiment.
    public var data: Object? { object[field: "data"].object }
    /// The model; nil for an object that is no experiment.
    public var model: Object? { object[field: "model"].object }
    /// The schedule; nil where everything is trained at once.
    var schedule: Object? { object[field: "schedule"].object }
    /// The stages of the schedule, in order; empty where there is none.
    public var stages: [Object] { schedule?.stagesOfSchedule ?? [] }
    /// The optimizer, with the learning rate that holds where a stage has none of its own.
    var optimizer: Call? { object[field: "optimizer"].call }
    /// The random changes of the training images, in order.
    var augmentation: [Call] { (object[field: "augment"].items ?? []).compactMap(\.call) }
    /// The number of epochs at most where a stage says nothing: a whole number, or the search space in its place.
    var epochs: Value { object[field: "epochs"] }
    /// The seed of initial weights, shuffling and dropout: a whole number.
    var seed: Value { object[field: "seed"] }
    /// The number of folds; nil where the experiment is trained once.
    var foldCount: Int? { object[field: "folds"].integer }
    /// What is reported of the folds: the word of an `Experiment.Report`.
    var report: String? { object[field: "report"].word }
    /// How the search spaces are searched; nil where nothing searches them.
    var search: Call? { object[field: "search"].call }
    /// Whether the last state of a training is kept, since another goes on with it: a trial of Hyperband.
    var isContinued: Bool { object[field: "continued"].bool == true }

    /// The fold that a training leaves out, or that it is the refit of all folds; nil where it is neither.
    var fold: FoldPlace? {
        guard let place = object[field: "fold"].record else { return nil }
        if place["refit"]?.value.bool == true { return .refit }
        guard let index = place["index"]?.value.integer, let count = place["of"]?.value.integer else { return nil }
        return .leftOut(index, of: count)
    }

    /// The settings of each stage; those of the one stage of an experiment without a schedule.
    public var settings: [StageSettings] {
        stages.isEmpty ? [StageSettings(self, nil)] : stages.map { StageSettings(self, $0) }
    }

    /// The fields that say what the experiment does, without its data and its model, and without those that its stages say in their
    /// place. What an experiment does not do is no part of what it is.
    public var meaning: Fields {
        var found = Fields()
        for (name, field) in object.fields {
            switch name {
            case "data", "model": continue
            case "schedule", "augment", "folds", "search", "fold": if field.value.isNone { continue }
            case "report": if foldCount == nil { continue }
            // Says what is done with its last state.
            case "continued": continue
            default: break
            }
            found[name] = field
        }
        guard !stages.isEmpty else { return found }
        for name in ["schedule", "epochs", "batch", "stop", "keep"] { found[name] = nil }
        if var optimizer {
            optimizer.arguments["rate"] = nil
            found["optimizer"] = Field(.call(optimizer))
        }
        return found
    }
}

/// The settings that hold in one stage of an experiment, as they were written: the stage's own, and the experiment's where it has
/// none.
public struct StageSettings: Sendable {
    /// Stage that the settings belong to; nil where the experiment has no schedule.
    public let stage: Object?
    /// Learning rate: a number, or a schedule such as `cosine(0.01)`.
    public let rate: Value
    /// Early-stopping rule, such as `early(...)`; `none` for all epochs.
    public let stop: Value
    /// Rule for the epoch whose weights are kept: `last`, or a call such as `best(...)`.
    public let keep: Value
    /// Number of epochs at most: a whole number, or the search space in its place.
    public let epochs: Value
    /// Batch size in rows: a whole number, or the search space in its place.
    public let batch: Value

    /// Creates the settings of a stage; nil is the one stage of an experiment without a schedule.
    init(_ experiment: ExperimentObject, _ stage: Object?) {
        self.stage = stage
        func own(_ name: String) -> Value? { stage.map { $0[field: name] }.flatMap { $0.isNone ? nil : $0 } }
        rate = own("rate") ?? experiment.optimizer?["rate"] ?? .none
        epochs = own("epochs") ?? experiment.epochs
        batch = own("batch") ?? experiment.object[field: "batch"]
        let stop = own("stop") ?? experiment.object[field: "stop"]
        self.stop = stop.word == "never" ? .none : stop
        keep = own("keep") ?? experiment.object[field: "keep"]
    }

    /// Whether something watches how the training goes: `keep` or `stop`.
    public var watches: Bool { keep.call != nil || stop.call != nil }
}

extension Object {
    /// The stages of an experiment's schedule; empty where it has none.
    public var stages: [Object] { ExperimentObject(self).stages }

    /// The name of an experiment in tables, figures and messages; `experiment` where it was declared without one.
    var nameInTables: String { label ?? "experiment" }

    /// The stages of a schedule, in order.
    public var stagesOfSchedule: [Object] { (self[field: "stages"].items ?? []).compactMap(\.object) }

    /// What a stage trains: a selector, or a list of them.
    public var trained: Value { self[field: "train"] }

    /// The other rates that a stage has for some of what learns in it: a list of calls of `group`.
    public var rateGroups: Value { self[field: "groups"] }

    /// What a stage says of the statistics of batch normalisations: `frozen` or `moving`; `none` where it says nothing.
    public var statistics: Value { self[field: "statistics"] }
}
