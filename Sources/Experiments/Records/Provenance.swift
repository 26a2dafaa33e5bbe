import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Storage

/// How the results of a script came about, as the store tells it: the trainings behind them, the files that they rest on.
public struct Provenance: Sendable {
    /// A training.
    public struct Training: Sendable, Hashable {
        /// Name of the experiment, with fold, trial and stage.
        public var name: String
        /// Id of the run.
        public var run: String
        /// Seed, as it is written; empty where the record does not say.
        public var seed: String
        /// Number of epochs, and the one whose weights were kept.
        public var epochs: (done: Int, kept: Int)?
        /// Seconds that the epochs took together.
        public var seconds: Double?
        /// When it began, by the clock of this machine; empty where the record does not say.
        public var began: String
        /// Machine, threads and library.
        public var machine: String
        /// The key of the data set: a hash of its rows, parts and inputs.
        public var data: String
        /// SHA-256 of the weights.
        public var weights: String
        /// Whether it was trained now; otherwise it was in the store.
        public var isNew: Bool

        /// Whether two descriptions are of one run.
        public static func == (a: Training, b: Training) -> Bool { a.run == b.run && a.isNew == b.isNew }
        /// Hashes the id of the run.
        public func hash(into hasher: inout Hasher) { hasher.combine(run) }
    }

    /// Trainings in the order in which the script asks for them.
    public var trainings: [Training] = []
    /// Files of rows with their SHA-256, by the paths that the script has.
    public var files: [(path: String, hash: String)] = []
    /// Data sets with the number of their rows and of the files that the rows name.
    public var datasets: [(name: String, rows: Int, files: Int)] = []
    /// Processor and library of this machine.
    public var machine: String
}

extension Runner {
    /// How the results of a script came about. Trains nothing. Throws what reading the store does.
    public func provenance(of script: CheckedScript) throws -> Provenance {
        var found = Provenance(machine: "\(processorName()), \(Program.libraryVersion)")
        var seen: Set<Digest> = []
        var data: Set<String> = []
        for action in script.actions {
            for object in action.value.experiments {
                guard try seen.insert(keys.key(of: object)).inserted else { continue }
                let experiment = try experiment(object)
                let plan = experiment.plan
                if data.insert(plan.label).inserted {
                    let files = Set(try plan.inputs.flatMap { try keys.contents($0.name, of: plan).joined() })
                    found.datasets.append((plan.label, plan.ids.count, files.count))
                }
                try describe(experiment, in: &found, seen: &seen)
            }
        }
        var looked: Set<Object> = []
        var paths: Set<String> = []
        for path in script.actions.flatMap({ tablePaths(of: $0.value, &looked) + ($0.on.map { tablePaths(of: $0, &looked) } ?? []) })
        where paths.insert(path).inserted {
            // A file that is gone since was told of where it was read.
            guard let digest = try? store.hashes.digest(of: resolve(path)) else { continue }
            found.files.append((path, digest.hex))
        }
        return found
    }

    /// The files of rows that a value rests on, in what it names too, each object once.
    private func tablePaths(of value: Value, _ looked: inout Set<Object>) -> [String] {
        var paths = library.tablePaths(of: value)
        for object in value.collect({ $0.object }) where looked.insert(object).inserted {
            for field in object.fields.values { paths += tablePaths(of: field.value, &looked) }
        }
        return paths
    }

    /// Adds the trainings of an experiment: of its folds, trials and stages, as far as they are there.
    private func describe(_ experiment: Experiment, in found: inout Provenance, seen: inout Set<Digest>) throws {
        switch experiment.form {
        case .search:
            for trial in try knownTrials(of: experiment) { try describe(self.experiment(trial.experiment), in: &found, seen: &seen) }
        case .folds(let folds):
            let parts = try context.folds(of: experiment)
            for part in parts { try describe(part, in: &found, seen: &seen) }
            guard folds.report == .refit, try parts.allSatisfy({ try status(of: $0).isDone }) else { return }
            try describe(refitted(experiment), in: &found, seen: &seen)
        case .single:
            for stage in experiment.stages.indices {
                let key = try keys.key(of: context.experiment(experiment, throughStage: stage).declared)
                if stage < experiment.stages.count - 1, !seen.insert(key).inserted { continue }
                if let training = try training(key), !found.trainings.contains(training) { found.trainings.append(training) }
            }
        }
    }

    /// What is recorded of the run of a key; nil where there is none that is finished.
    private func training(_ key: Digest) throws -> Provenance.Training? {
        let folder = try runFolder(key)
        let run = RecordedRun(folder)
        guard let result = run.result else { return nil }
        return Provenance.Training(
            name: run.name, run: run.id, seed: run.resolved?["seed"].map(written) ?? "", epochs: (result.history.count, result.keptEpoch),
            seconds: result.history.reduce(0) { $0 + $1.seconds }, began: run.sessions.first.map { Experiments.clock($0.time) } ?? "",
            machine: run.machine?.text ?? "", data: run.resolved?["data"]?.stringValue ?? "", weights: run.weights?.hex ?? "",
            isNew: trained.contains(run.id))
    }
}

extension RunStatus {
    fileprivate var isDone: Bool { if case .done = self { true } else { false } }
}
