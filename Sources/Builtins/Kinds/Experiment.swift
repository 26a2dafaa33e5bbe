import Datasets
import Diagnostics
import Language
import Training

/// An experiment as it will run: everything that its check worked out of its object. `CheckContext.experiment(_:)` alone makes one.
/// In one with a search, which is checked and never trained itself, what the search draws stands with the first of its values.
public struct Experiment: Sendable {
    /// What is reported of folds: the mean of their predictions, the fold with the least validation loss, or one more training on
    /// all of their rows.
    public enum Report: String, Sendable, Hashable { case mean, best, refit }

    /// The folds of an experiment: how many, and what is reported of them.
    public struct Folds: Sendable, Hashable {
        /// Number of folds.
        public let count: Int
        /// What is reported of them.
        public let report: Report
    }

    /// The place of a training among those of a folded experiment: it leaves one fold out, or it is the refit on all rows.
    public enum FoldPlace: Sendable, Hashable {
        /// The training leaves out the fold of that index, from 0, of so many.
        case leftOut(Int, of: Int)
        /// The training is that on the rows of all folds.
        case refit
    }

    /// What an experiment is made of: one training, folds, or the trials of a search, each of which may have folds.
    public enum Form: Sendable {
        /// One training.
        case single
        /// A training for each fold.
        case folds(Folds)
        /// The trials of a search.
        case search(ExperimentSearch)
    }

    /// Object that declared the experiment: its key, its name and its places in the script are those of this.
    public private(set) var declared: Object
    /// Object that declared the data set.
    public private(set) var data: Object
    /// Data set, resolved to rows, files and parts.
    public let plan: DatasetPlan
    /// Object that declared the model.
    public private(set) var model: Object
    /// Layers of the model as they were written.
    public private(set) var network: Network
    /// Network as a graph, with its backbones.
    public let built: BuiltNetwork
    /// Rows of the parts that a training has: those of the data set, or of a fold.
    public let parts: Parts
    /// Stages in order: those of the schedule, or the one stage of an experiment without.
    public private(set) var stages: [Stage]
    /// Last stage, which is the one that a training carries out.
    public private(set) var last: Stage
    /// Random changes of the training images, in order.
    public let augmentation: [Augmentation]
    /// Seed of initial weights, shuffling and dropout.
    public let seed: UInt64
    /// Folds of the experiment, or of each of its trials; nil where there are none.
    public let folds: Folds?
    /// Search of the experiment; nil where nothing searches.
    public private(set) var search: ExperimentSearch?
    /// Place of a training among those of a folded experiment; nil for another.
    public let fold: FoldPlace?
    /// Whether the last state of a training is kept, since another goes on with it: a trial of Hyperband.
    public let isContinued: Bool

    /// Makes an experiment. Throws the first thing for which there cannot be one: what its object says does not fit together.
    fileprivate init(_ object: Object, _ plan: DatasetPlan, _ context: CheckContext) throws {
        let library = context.library
        let written = ExperimentObject(object)
        search = try library.checkedSearch(of: written)
        (data, model, network) = try written.dataAndModel()
        declared = object
        self.plan = plan
        try checkInputs(of: network, plan, data, object)
        built = try context.builtNetwork(of: model)
        if written.schedule != nil, written.stages.isEmpty {
            throw Diagnostic("missing-field", "a schedule expected at least one stage", at: object.span(of: "schedule"))
        }
        let optimizer = try written.demand(written.optimizer, "an optimizer")
        var stages: [Stage] = []
        for settings in written.settings {
            let training = try context.training(of: model, stage: settings.stage)
            stages.append(try Stage(settings, optimizer, training, library))
        }
        self.stages = stages
        last = try written.demand(stages.last, "a stage")
        augmentation = try written.augmentation.map { try library.meaning(of: withoutSpaces($0)) }
        seed = try written.demand(written.seed.integer.flatMap(UInt64.init(exactly:)), "a seed")
        let report = try written.demand(written.report.flatMap(Report.init(rawValue:)), "a report")
        folds = written.foldCount.map { Folds(count: $0, report: report) }
        fold = written.fold
        isContinued = written.isContinued
        parts = try plan.parts(of: fold, seed: seed)
    }

    /// The experiment under the names and at the places of an object that equals its own.
    fileprivate func declared(as object: Object, _ library: Library) throws -> Experiment {
        let written = ExperimentObject(object)
        var result = self
        result.declared = object
        (result.data, result.model, result.network) = try written.dataAndModel()
        for (index, stage) in written.stages.enumerated() where stages.indices.contains(index) { result.stages[index].declared = stage }
        result.last.declared = written.stages.last
        // Spaces are named by the stages that they stand in.
        if search != nil { result.search = try library.checkedSearch(of: written) }
        return result
    }

    /// What the experiment is made of.
    public var form: Form { search.map { .search($0) } ?? folds.map { .folds($0) } ?? .single }

    /// Name of the experiment; nil for one that was declared without.
    public var label: String? { declared.label }

    /// Name of the experiment in tables, figures and messages; `experiment` where it was declared without one.
    public var name: String { declared.nameInTables }

    /// Whether the experiment has a schedule.
    public var isStaged: Bool { last.declared != nil }

    /// The search of an experiment that has one. Throws `search-space` for another.
    public func searching() throws -> ExperimentSearch {
        guard let search else { throw Diagnostic("search-space", "the experiment has no search", at: declared.origin.span) }
        return search
    }

    /// The number of the fold that a training leaves out, from 0; 0 for another training.
    public var foldIndex: Int { if case .leftOut(let index, _)? = fold { index } else { 0 } }
}

extension ExperimentObject {
    /// The data set and the model with its layers. Throws `type` for an object that is no experiment.
    fileprivate func dataAndModel() throws -> (data: Object, model: Object, network: Network) {
        guard let data, let model, let network = model.network else {
            throw Diagnostic("type", "an experiment expected data and a model", at: object.origin.span)
        }
        return (data, model, network)
    }

    /// What the check has made sure of. Throws `internal` where it is not there.
    fileprivate func demand<Found>(_ found: Found?, _ what: String) throws -> Found {
        if let found { return found }
        throw Diagnostic("internal", "an experiment expected \(what), found none", at: object.origin.span)
    }
}

/// Key of an experiment that is remembered: its object, and the rows that its data set was found to have.
struct ExperimentOnPlan: Hashable {
    var object: Object
    var plan: DatasetPlan.Identity
}

extension CheckContext {
    /// The experiment that an object declares, made once a session, and again where the file of its rows changed. The one place where
    /// an experiment is made. Throws the first thing for which there cannot be one.
    public func experiment(_ object: Object) throws -> Experiment {
        guard let data = ExperimentObject(object).data else {
            throw Diagnostic("type", "expected an experiment, found a `\(object.kind)`", at: object.origin.span)
        }
        let plan = try plan(of: data)
        return try remembered(ExperimentOnPlan(object: object, plan: plan.identity), most: 256) {
            try Experiment(object, plan, self)
        }.declared(as: object, library)
    }

    /// The training of each fold of an experiment; none where it has no folds.
    public func folds(of experiment: Experiment) throws -> [Experiment] {
        guard let count = experiment.folds?.count else { return [] }
        return try (0..<count).map { try self.experiment(experiment.declared.leavingOut(fold: $0, of: count)) }
    }

    /// The trainings of an experiment whose spaces are not searched: one for each fold, or itself.
    public func trainings(of experiment: Experiment) throws -> [Experiment] {
        experiment.folds == nil ? [experiment] : try folds(of: experiment)
    }

    /// The experiment up to a stage, counted from 0, and with it; itself where it has no schedule.
    public func experiment(_ experiment: Experiment, throughStage index: Int) throws -> Experiment {
        experiment.isStaged ? try self.experiment(experiment.declared.through(stage: index)) : experiment
    }
}
