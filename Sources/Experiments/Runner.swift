import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Models
import Storage
import Tensors
import Training

/// Computes what is asked for and is not in the store, and keeps it there.
public final class Runner: ResultSource {
    public let context: CheckContext
    public let store: Store
    let reporter: any Reporter
    let keys: Keys
    /// The script as it was, for the record of runs.
    public var script = ""
    let policy: CheckpointPolicy
    let interrupted: () -> Bool
    private var inputs: [Digest: Tensor] = [:]
    private var results: [Digest: RunResult] = [:]
    /// What weight files held, what networks started with, what trainings left and what trunks put out, as far as it is likely to
    /// be asked for again.
    var weightFiles: [String: ParameterStore] = [:]
    var started: (specs: [ParameterSpec], parameters: Parameters)?
    var finished: [Digest: Parameters] = [:]
    var featureMemory: [Digest: [Tensor]] = [:]
    /// Whether what frozen layers give is kept in the cache. Without it everything is computed anew, to the same bits.
    public var usesFeatureCache = true

    public init(
        context: CheckContext, store: Store, reporter: any Reporter, verify: Bool = false, checkpoints: CheckpointPolicy = CheckpointPolicy(),
        interrupted: @escaping () -> Bool = { Interrupt.requested != nil }
    ) {
        policy = checkpoints
        self.context = context
        self.store = store
        self.reporter = reporter
        self.interrupted = interrupted
        keys = Keys(store: store, context: context, verify: verify)
    }

    public var library: Library { context.library }
    public func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }
    public func search(of experiment: Object) throws -> ExperimentSearch { try library.search(of: experiment) }
    public func resolve(_ path: String) -> String { context.resolve(path) }
    public func table(_ call: Call) throws -> Table { try context.table(call) }
    public func column(_ call: Call) throws -> (values: [Double], unit: String?) { try context.column(call) }

    /// The items of an input stacked, read from its files once and then from the cache.
    public func raw(_ name: String, of data: Object) throws -> Tensor {
        let plan = try plan(of: data)
        let key = try keys.input(name, of: plan)
        if let known = inputs[key] { return known }
        if let folder = store.cache.path(key), let tensor = try? Self.readTensor(joined(folder, "input.safetensors")) {
            inputs[key] = tensor
            return tensor
        }
        guard let pipeline = plan.inputs[name]?.value, let files = plan.files[name] else {
            throw Diagnostic("no-input", "`\(plan.label)` has no input `\(name)`", at: data.span(of: "inputs"))
        }
        reporter.note("reading \(files.paths.count * files.sources.count) files for `\(plan.label).inputs.\(name)`")
        var items: [Tensor] = []
        items.reserveCapacity(plan.count)
        for row in 0..<plan.count {
            try stopIfAsked("reading")
            switch try ComputeContext(source: self, files: files.choice(row: row)).compute(pipeline) {
            case .array(let array, _): items.append(try array.tensor())
            case .picture(let picture): items.append(try picture.tensor(rescaled: false))
            case .density(let density):
                items.append(try Tensor(shape: Shape(density.grid + [1]), values: density.values.map { Float($0) }))
            default: throw Diagnostic("type", "an input expected a tensor", at: plan.inputs[name]?.origin.span)
            }
        }
        let tensor = try Tensor.stacking(items)
        try store.cache.insert(key) { folder in
            try writeSafetensors(
                Safetensors(tensors: [NamedTensor(name: "input", shape: tensor.shape.extents, values: tensor.values)]), to: joined(folder, "input.safetensors"))
        }
        inputs[key] = tensor
        return tensor
    }

    private static func readTensor(_ path: String) throws -> Tensor {
        let contents = try readSafetensors(path)
        guard let found = contents["input"], case .float(let values) = found.values else { throw Diagnostic("bad-data", "no input in the cache", data: DataPlace(file: path)) }
        return try Tensor(shape: Shape(found.shape), values: values)
    }

    func stopIfAsked(_ what: String) throws {
        if interrupted() { throw Interrupted(name: what, place: nil) }
    }

    /// Samples of all rows, inputs scaled and targets in the space of training.
    func samples(of data: Object, inputs names: [String], training: [Int]) throws -> (Samples, TargetSpace) {
        let plan = try plan(of: data)
        let space = try targetSpace(of: plan, training: training)
        var tensors: [String: Tensor] = [:]
        for name in names {
            var tensor = try raw(name, of: data)
            if let input = plan.inputs[name]?.value, library.isFitted(input) {
                tensor = try InputScaler(fitting: tensor, training: training).apply(to: tensor)
            }
            tensors[name] = tensor
        }
        let targets = try Tensor(shape: [plan.count, 1], values: plan.targets.map { Float(space.forward($0)) })
        return (try Samples(ids: plan.ids, inputs: tensors, targets: targets), space)
    }

    /// The result of an experiment: from the store, or trained now, from its last checkpoint if it has one.
    public func result(of experiment: Object) throws -> RunResult { try result(of: experiment, extending: nil) }

    /// `extending`: a run of the same training with fewer epochs, which is gone on with.
    func result(of experiment: Object, extending shorter: Object?) throws -> RunResult {
        let (key, resolved) = try keys.experiment(experiment)
        if let known = results[key] { return known }
        if !experiment["search"].isNone || experiment.foldCount != nil {
            let combined = try combinedResult(of: experiment)
            results[key] = combined
            return combined
        }
        let run = try runFolder(key)
        if let result = try? RunRecord.read(run) {
            results[key] = result
            if !experiment.isContinued { tidy(run) }
            return result
        }
        let result = try train(experiment, run: run, key: key, resolved: resolved, extending: shorter)
        results[key] = result
        return result
    }

    /// Removes the states and the lease of a finished training that a kill at its very end left behind, unless somebody is still at it.
    private func tidy(_ run: RunFolder) {
        guard ["checkpoints", "lease"].contains(where: { fileStatus(run.file($0)) != nil }), let lease = try? run.lease() else { return }
        defer { lease.release() }
        // What cannot be removed only takes room.
        try? removeTree(run.file("checkpoints"))
    }

    /// Whether an experiment has been computed, and how far it is if not.
    public func status(of experiment: Object) throws -> RunStatus {
        if !experiment["search"].isNone || experiment.foldCount != nil { return try combinedStatus(of: experiment) }
        let key = try keys.key(of: experiment)
        let run = try runFolder(key)
        if (try? RunRecord.read(run)) != nil { return .done(run.id) }
        if fileStatus(run.file("checkpoints")) != nil { return .begun(run.id) }
        return .absent(run.id)
    }

    func runFolder(_ key: Digest) throws -> RunFolder {
        try store.folder(String(key.hex.prefix(16)))
    }
}

/// How far an experiment is.
public enum RunStatus: Sendable, Hashable {
    case done(String), begun(String), absent(String)
}
