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
    public internal(set) var declared: Object
    /// Object that declared the data set.
    public internal(set) var data: Object
    /// Data set, resolved to rows, files and parts.
    public let plan: DatasetPlan
    /// Object that declared the model.
    public internal(set) var model: Object
    /// Layers of the model as they were written.
    public internal(set) var network: Network
    /// Network as a graph, with its backbones.
    public let built: BuiltNetwork
    /// Rows of the parts that a training has: those of the data set, or of a fold.
    public let parts: Parts
    /// Stages in order: those of the schedule, or the one stage of an experiment without.
    public internal(set) var stages: [Stage]
    /// Last stage, which is the one that a training carries out.
    public internal(set) var last: Stage
    /// Random changes of the training images, in order.
    public let augmentation: [Augmentation]
    /// Seed of initial weights, shuffling and dropout.
    public let seed: UInt64
    /// Folds of the experiment, or of each of its trials; nil where there are none.
    public let folds: Folds?
    /// Search of the experiment; nil where nothing searches.
    public internal(set) var search: ExperimentSearch?
    /// Place of a training among those of a folded experiment; nil for another.
    public let fold: FoldPlace?
    /// Whether the last state of a training is kept, since another goes on with it: a trial of Hyperband.
    public let isContinued: Bool

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

    /// Whether the experiment has folds and tells of all of them.
    var reportsAllFolds: Bool { folds.map { $0.report != .best } ?? false }

    /// The number of the fold that a training leaves out, from 0; 0 for another training.
    public var foldIndex: Int { if case .leftOut(let index, _)? = fold { index } else { 0 } }
}
