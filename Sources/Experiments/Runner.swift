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
public final class Runner: Supplies {
    public let context: CheckContext
    public let store: Store
    let reporter: any Reporter
    let keys: Keys
    /// The script as it was, for the record of runs.
    public var script = ""
    private let policy: CheckpointPolicy
    private let interrupted: () -> Bool
    private var inputs: [Digest: Tensor] = [:]
    private var results: [Digest: RunResult] = [:]

    public init(
        context: CheckContext, store: Store, reporter: any Reporter, verify: Bool = false, checkpoints: CheckpointPolicy = CheckpointPolicy(),
        interrupted: @escaping () -> Bool = { Interrupt.requested != nil }
    ) {
        policy = checkpoints
        self.context = context
        self.store = store
        self.reporter = reporter
        self.interrupted = interrupted
        keys = Keys(store: store, plan: { try context.plan(of: $0) }, verify: verify, resolve: { context.resolve($0) })
    }

    public func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }
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
            switch try Computer(supplies: self, files: files.choice(row: row)).compute(pipeline) {
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
    private func samples(of data: Object, inputs names: [String]) throws -> (Samples, TargetSpace) {
        let plan = try plan(of: data)
        let space = try targetSpace(of: plan)
        var tensors: [String: Tensor] = [:]
        for name in names {
            var tensor = try raw(name, of: data)
            if case .call(let call)? = plan.inputs[name]?.value, call.builtin == "standardize" {
                tensor = try InputScaler(fitting: tensor, training: plan.parts.train).apply(to: tensor)
            }
            tensors[name] = tensor
        }
        let targets = try Tensor(shape: [plan.count, 1], values: plan.targets.map { Float(space.forward($0)) })
        return (try Samples(ids: plan.ids, inputs: tensors, targets: targets), space)
    }

    /// The result of an experiment: from the store, or trained now, from its last checkpoint if it has one.
    public func result(of experiment: Object) throws -> RunResult {
        let (key, resolved) = try keys.experiment(experiment)
        if let known = results[key] { return known }
        let run = try runFolder(key)
        if let result = try? RunRecord.read(run) {
            results[key] = result
            tidy(run)
            return result
        }
        let result = try train(experiment, run: run, key: key, resolved: resolved)
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
        let key = try keys.experiment(experiment).key
        let run = try runFolder(key)
        if (try? RunRecord.read(run)) != nil { return .done(run.id) }
        if fileStatus(run.file("checkpoints")) != nil { return .begun(run.id) }
        return .absent(run.id)
    }

    private func runFolder(_ key: Digest) throws -> RunFolder {
        try store.folder(String(key.hex.prefix(16)))
    }

    private func train(_ experiment: Object, run: RunFolder, key: Digest, resolved: JSONValue) throws -> RunResult {
        guard let data = experiment["data"].object, let model = experiment["model"].object, let network = model.network else {
            throw Diagnostic("type", "an experiment expected data and a model", at: experiment.origin.span)
        }
        let name = experiment.label ?? "experiment"
        // Before anything of the run is made: data that cannot be read leave no trace of it.
        let (all, space) = try samples(of: data, inputs: network.inputs.map(\.name))
        let run = try store.run(run.id)
        let lease = try run.lease()
        defer { lease.release() }
        // Somebody else may have finished it before we got the lease.
        if let result = try? RunRecord.read(run) { return result }
        let graph = try graph(of: model)
        let plan = try plan(of: data)
        let fit = try fitPlan(experiment, graph: graph, train: all.gather(plan.parts.train), validation: all.gather(plan.parts.validation), space: space)
        // A line is on the disk's way as soon as it is written; only a power cut could lose the last ones.
        let journal = try run.journal(durable: false)
        try writeWhole(script, to: run.script)
        try writeWhole(resolved.pretty, to: run.resolved)
        let checkpoints = try run.checkpoints("training")
        let observer = TrainingObserver(name: name, key: key, reporter: reporter, journal: journal)
        let trainer = Trainer(fit, checkpoints: FileCheckpoints(checkpoints, warn: reporter.warn), policy: policy)
        let outcome: FitOutcome
        do {
            switch try trainer.run(observer: observer, interrupted: interrupted) {
            case .finished(let finished): outcome = finished
            case .interrupted(let place):
                try journal.append(["event": "interrupted", "time": .number(wallSeconds()), "epoch": .integer(place.epoch), "step": .integer(place.step)])
                throw Interrupted(name: name, place: place)
            }
        } catch let diagnostic as Diagnostic {
            try? journal.append(["event": "failed", "time": .number(wallSeconds()), "message": .string(diagnostic.message)])
            throw diagnostic.at(experiment.origin.span)
        }
        let predicted = try predict(graph: graph, parameters: outcome.kept, samples: all, batch: fit.batch).values.map { space.inverse(Double($0)) }
        let result = RunResult(
            parts: Dictionary(uniqueKeysWithValues: partNames.map { part in
                let rows = plan.rows(of: part)
                return (part, RunResult.Part(ids: rows.map { plan.ids[$0] }, truth: rows.map { plan.targets[$0] }, predicted: rows.map { predicted[$0] }))
            }),
            history: outcome.history, keptEpoch: outcome.keptEpoch, stoppedEarly: outcome.stoppedEarly)
        try RunRecord.write(result, parameters: outcome.kept, to: run)
        try removeTree(run.file("checkpoints"))
        try journal.append(["event": "done", "time": .number(wallSeconds()), "epochs": .integer(outcome.history.count), "kept": .integer(outcome.keptEpoch)])
        let reason = outcome.stoppedEarly ? "stopped early after \(outcome.history.count) epochs" : "ran \(outcome.history.count) epochs"
        reporter.ended(name, "\(reason), kept epoch \(outcome.keptEpoch)")
        return result
    }

    private func fitPlan(_ experiment: Object, graph: Graph, train: Samples, validation: Samples, space: TargetSpace) throws -> FitPlan {
        var optimizer = Optimizer.adam()
        if let call = experiment["optimizer"].call {
            optimizer = .adam(
                rate: .constant(call["rate"].number ?? 1e-3), beta1: call["beta1"].number ?? 0.9, beta2: call["beta2"].number ?? 0.999, epsilon: call["epsilon"].number ?? 1e-7)
        }
        var stop: Stop?
        if let call = experiment["stop"].call, let monitor = monitor(call["on"]) {
            stop = .early(on: monitor, patience: call["patience"].integer ?? 10, minDelta: call["minDelta"].number ?? 0)
        }
        var keep = Keep.last
        if let call = experiment["keep"].call, let monitor = monitor(call["on"]) { keep = .best(on: monitor) }
        return FitPlan(
            graph: graph, train: train, validation: validation, loss: .mse, optimizer: optimizer, batch: experiment["batch"].integer ?? 32,
            epochs: experiment["epochs"].integer ?? 100, seed: UInt64(experiment["seed"].integer ?? 0), stop: stop, keep: keep,
            report: ReportSpace { value, _ in space.inverse(value) })
    }

    private func monitor(_ value: Value) -> Training.Monitor? {
        let names = (value.word ?? "").split(separator: ".").map(String.init)
        guard names.count == 2, let part = Training.Monitor.Part(rawValue: names[0]), let quantity = Training.Monitor.Quantity(rawValue: names[1]) else { return nil }
        return Training.Monitor(part, quantity)
    }
}

/// How far an experiment is.
public enum RunStatus: Sendable, Hashable {
    case done(String), begun(String), absent(String)
}
