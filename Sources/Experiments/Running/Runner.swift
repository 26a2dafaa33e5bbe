import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Models
import Storage
import Tensors
import Training

/// The source of results that computes what is asked for and is not in the store, and keeps it there.
public final class Runner: ResultSource {
    /// Context of the script's check: data sets, networks and headers that it has read.
    public let context: CheckContext
    /// Store that results are kept in.
    public let store: Store
    let reporter: any Reporter
    let keys: Keys
    /// Text of the script as it was, for the record of runs.
    public var script = ""
    let policy: CheckpointPolicy
    /// The machine's speed, measured where it was asked for.
    var speed: Estimate?
    let interrupted: () -> Bool
    /// Inputs of data sets by key: held in memory where they are small, else open files.
    var inputs: [Digest: Items] = [:]
    /// The most bytes of an input that are held in memory. Beyond it items are read from the cache, batch by batch.
    let heldInput: Int
    /// Results by key, and what is recorded of those of single trainings.
    var results: [Digest: RunResult] = [:]
    var recorded: [Digest: RunRecord.Finished] = [:]
    /// The runs behind experiments as text for keys, where they are complete.
    var traces: [Digest: String] = [:]
    /// Results whose runs are damaged, by key; they are not used.
    var refused: [Digest: Digest] = [:]
    /// Damage that was told of.
    var said: Set<Diagnostic> = []
    /// Weights read from files, by backbone and hash; the latest alone.
    var weightFiles: [String: ParameterStore] = [:]
    /// Parameters that a network last started with.
    var started: (specs: [ParameterSpec], parameters: Parameters)?
    /// Parameters that trainings left, by key; the latest few.
    var finished: [Digest: Parameters] = [:]
    /// Features that a frozen part gave, by key; the latest alone.
    var featureMemory: [Digest: [Tensor]] = [:]
    /// Vectors of texts, by what they rest on; the latest few.
    var textVectors: [Digest: Tensor] = [:]
    /// Data sets, by name, that were warned of: rows of different parts have the same contents.
    var copied: Set<String> = []
    /// Rows that were compared, so that the trials of a search do not compare them again.
    var copiesLooked: Set<ComparedRows> = []
    /// Rows and parts whose inputs were compared, and labels of data sets in which some were found that are all but the same.
    var likeRowsTold: Set<ComparedRows> = []
    var likePlans: Set<String> = []
    /// The ids of the runs that this runner trained, in order.
    public private(set) var trained: [String] = []
    /// Whether the store may be written to, to mend records too; not by commands that only look.
    var mayWrite = true
    /// The clock of the run, and what it performs.
    let clock = RunClock()
    var work: CheckedScript?
    /// Whether features of frozen layers are kept in the cache. Without it everything is computed anew, to the same bits.
    public var usesFeatureCache = true

    /// Creates a runner. `verify`: hash files again; `interrupted`: whether somebody asked to stop.
    public init(
        context: CheckContext, store: Store, reporter: any Reporter, verify: Bool = false,
        checkpoints: CheckpointPolicy = CheckpointPolicy(),
        interrupted: @escaping () -> Bool = { Interrupt.requested != nil }
    ) {
        policy = checkpoints
        self.context = context
        self.store = store
        self.reporter = reporter
        self.interrupted = interrupted
        heldInput = mostHeldInput(of: context.memory)
        keys = Keys(store: store, context: context, verify: verify)
        clock.estimate = { [weak self] in self?.estimates(with: $0) }
        clock.further = { [weak self] in self?.estimate(of: $0) }
    }

    /// The words of the language.
    public var library: Library { context.library }
    /// The plan of a data set: its rows, files and parts.
    public func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }
    /// The experiment that an object declares.
    public func experiment(_ object: Object) throws -> Experiment { try context.experiment(object) }
    /// The encoder that an object declares.
    public func encoder(_ object: Object) throws -> FoundEncoder { try context.encoder(object) }
    /// Number of threads that something may be computed on.
    public var threads: Int { Program.threads }
    /// The absolute form of a path of the script.
    public func resolve(_ path: String) -> String { context.resolve(path) }
    /// The table of a call that reads one, such as `csv`.
    public func table(_ call: Call) throws -> Table {
        let table = try context.table(call)
        try library.tablePaths(of: .call(call)).forEach { try confirm(resolve($0)) }
        return table
    }
    /// The numbers and the unit of the column that a `[name]` call names.
    public func column(_ call: Call) throws -> (values: [Double], unit: String?) {
        let column = try context.column(call)
        try library.tablePaths(of: call["x"]).forEach { try confirm(resolve($0)) }
        return column
    }

    /// The cells of the column of text that a `[name]` call names.
    public func texts(_ call: Call) throws -> [String] {
        let texts = try context.texts(call) ?? []
        try library.tablePaths(of: call["x"]).forEach { try confirm(resolve($0)) }
        return texts
    }

    /// Checks that a file which was read holds what it held when the keys of this action were made of it: what is read is kept
    /// under them. Throws `file-changed`.
    public func confirm(_ path: String) throws {
        if store.hashes.isUnchanged(path), context.isCurrent(path) { return }
        throw Diagnostic(
            "file-changed", "expected what the file held when the action began, found something else", data: DataPlace(file: path),
            hint: "run it again, which begins with what the files hold now")
    }

    /// Tells of what is odd about numbers that were computed, of each thing once.
    public func warn(_ diagnostic: Diagnostic) {
        if said.insert(diagnostic).inserted { reporter.warn(diagnostic) }
    }

    /// Checks whether somebody asked to stop. Throws `Interrupted`.
    func stopIfAsked(_ what: String) throws {
        if interrupted() { throw Interrupted(name: what, place: nil) }
    }

    /// The result of an experiment: from the store, or trained now, from its last checkpoint if it has one.
    public func result(of experiment: Experiment) throws -> RunResult { try result(of: experiment, extending: nil) }

    /// The result of an experiment. `extending`: a run of the same training with fewer epochs, which is gone on with.
    func result(of experiment: Experiment, extending shorter: Object?) throws -> RunResult {
        let key = try keys.key(of: experiment.declared)
        if let known = results[key] { return known }
        guard case .single = experiment.form else {
            let combined = try combinedResult(of: experiment)
            results[key] = combined
            return combined
        }
        try warnOfCopies(in: experiment)
        let run = try runFolder(key)
        if let found = try record(of: experiment, key: key, isUsed: true) {
            // Older versions kept what has no finite predictions.
            try checkFinite(found.result, of: experiment)
            keep(found, key)
            if !experiment.isContinued { tidy(run) }
            return found.result
        }
        let found = try train(experiment, run: run, key: key, extending: shorter)
        trained.append(run.id)
        keep(found, key)
        return found.result
    }

    /// Removes the states and the lease of a finished training that a kill at its very end left behind, unless somebody is still at it.
    private func tidy(_ run: RunFolder) {
        guard ["checkpoints", "lease"].contains(where: { fileStatus(run.file($0)) != nil }), let lease = try? run.lease() else { return }
        defer { lease.release() }
        // What cannot be removed only takes room.
        try? removeTree(run.file("checkpoints"))
    }

    /// The progress of an experiment: whether it has been computed, and how far it is if not.
    public func status(of experiment: Experiment) throws -> RunStatus {
        guard case .single = experiment.form else { return try combinedStatus(of: experiment) }
        let key = try keys.key(of: experiment.declared)
        let run = try runFolder(key)
        if try record(of: experiment, key: key) != nil { return .done(run.id) }
        if fileStatus(run.file("checkpoints")) != nil { return .begun(run.id) }
        return .absent(run.id)
    }

    /// The folder of the run of a key, named by the first 16 of its hexadecimal digits.
    func runFolder(_ key: Digest) throws -> RunFolder {
        try store.folder(String(key.hex.prefix(16)))
    }
}

/// The progress of an experiment, with the id of its run.
public enum RunStatus: Sendable, Hashable {
    /// The result is there.
    case done(String)
    /// The training has begun, and has no result yet.
    case begun(String)
    /// Nothing is there.
    case absent(String)
}
