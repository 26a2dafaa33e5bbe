import Language
import Training

/// What an experiment came to.
public struct RunResult: Sendable {
    public struct Part: Sendable {
        public var ids: [String]
        /// In the target's unit.
        public var truth: [Double]
        public var predicted: [Double]
        public init(ids: [String], truth: [Double], predicted: [Double]) {
            self.ids = ids
            self.truth = truth
            self.predicted = predicted
        }
    }
    public var parts: [String: Part]
    public var history: [EpochRecord]
    public var keptEpoch: Int
    public var stoppedEarly: Bool

    public init(parts: [String: Part], history: [EpochRecord], keptEpoch: Int, stoppedEarly: Bool) {
        self.parts = parts
        self.history = history
        self.keptEpoch = keptEpoch
        self.stoppedEarly = stoppedEarly
    }
}

/// One trial of a search: what it tried and what came of it.
public struct TrialRecord: Sendable {
    public var experiment: Object
    /// In the order of the experiment's spaces.
    public var values: [Value]
    /// What is made small; nil for a trial that failed.
    public var score: Double?
    /// The most epochs that one of its trainings ran.
    public var epochs: Int
    /// Why it failed.
    public var message: String?

    public init(experiment: Object, values: [Value], score: Double?, epochs: Int, message: String? = nil) {
        self.experiment = experiment
        self.values = values
        self.score = score
        self.epochs = epochs
        self.message = message
    }
}

/// One training as one machine carried it out.
public struct MachineRun: Sendable {
    /// The id of the run.
    public var run: String
    /// Names of the machines that had a part in it; empty where the record does not say.
    public var host: String
    public var processor: String
    public var threads: Int
    /// The library behind the engine, with its version.
    public var library: String
    public var result: RunResult

    public init(run: String, host: String, processor: String, threads: Int, library: String, result: RunResult) {
        self.run = run
        self.host = host
        self.processor = processor
        self.threads = threads
        self.library = library
        self.result = result
    }
}
