import Language
import Training

/// The result of an experiment: predictions for each part, and the course of the training.
public struct RunResult: Sendable {
    /// The true and predicted targets of the rows of one part.
    public struct Part: Sendable {
        /// Ids of the rows.
        public var ids: [String]
        /// True targets, in the target's unit.
        public var truth: [Double]
        /// Predicted targets, in the target's unit.
        public var predicted: [Double]
        /// Creates a part from as many ids, true and predicted targets.
        public init(ids: [String], truth: [Double], predicted: [Double]) {
            self.ids = ids
            self.truth = truth
            self.predicted = predicted
        }
    }
    /// Predictions by part: `train`, `validation` and `holdout`.
    public var parts: [String: Part]
    /// Losses with the weights that the training began with, where these count: epoch 0.
    public var start: StartScores?
    /// Losses and learning rate of every epoch, from epoch 1 on.
    public var history: [EpochRecord]
    /// Epoch whose weights were kept, counted from 1; 0 for those that the training began with.
    public var keptEpoch: Int
    /// Whether the training ended before its last epoch.
    public var stoppedEarly: Bool

    /// Creates a result from its predictions and the course of the training.
    public init(
        parts: [String: Part], start: StartScores? = nil, history: [EpochRecord], keptEpoch: Int, stoppedEarly: Bool
    ) {
        self.parts = parts
        self.start = start
        self.history = history
        self.keptEpoch = keptEpoch
        self.stoppedEarly = stoppedEarly
    }

    /// Validation loss with the weights that were kept; nil where there is no validation part.
    public var keptValidationLoss: Double? {
        keptEpoch == 0 ? start?.validation?.loss : history.first { $0.epoch == keptEpoch }?.validationLoss
    }
}

/// The course of one of the trainings that an experiment is: of a fold, of the best trial, or the only one.
public struct TrainingCourse: Sendable {
    /// Name that tells the training from the others of the experiment, such as `fold 2`; empty where it is the only one.
    public var name: String
    /// Result up to each stage of a schedule, with the name of the stage; one without a name where there is no schedule.
    public var stages: [(name: String?, result: RunResult)]

    /// Creates the course of a training from the results up to each of its stages.
    public init(name: String, stages: [(name: String?, result: RunResult)]) {
        self.name = name
        self.stages = stages
    }
}

/// One trial of a search: the values it tried, and its score.
public struct TrialRecord: Sendable {
    /// Experiment of the trial: values in place of the search spaces.
    public var experiment: Object
    /// Values of the trial, in the order of the experiment's search spaces.
    public var values: [Value]
    /// Metric that the search minimizes; nil for a trial that failed.
    public var score: Double?
    /// The most epochs that one of the trial's trainings ran; 0 where one diverged.
    public var epochs: Int
    /// Reason why the trial failed; nil for one that came to its end.
    public var message: String?

    /// Creates the record of a trial.
    public init(experiment: Object, values: [Value], score: Double?, epochs: Int, message: String? = nil) {
        self.experiment = experiment
        self.values = values
        self.score = score
        self.epochs = epochs
        self.message = message
    }
}

/// The run of one training on one machine.
public struct MachineRun: Sendable {
    /// Id of the run.
    public var run: String
    /// Names of the machines that had a part in the run; empty where the record does not say.
    public var host: String
    /// Model of the processor; empty where the record does not say.
    public var processor: String
    /// Number of threads; 0 where the record does not say.
    public var threads: Int
    /// Library behind the engine, with its version.
    public var library: String
    /// Result of the run.
    public var result: RunResult

    /// Creates the run of a training on a machine.
    public init(run: String, host: String, processor: String, threads: Int, library: String, result: RunResult) {
        self.run = run
        self.host = host
        self.processor = processor
        self.threads = threads
        self.library = library
        self.result = result
    }
}
