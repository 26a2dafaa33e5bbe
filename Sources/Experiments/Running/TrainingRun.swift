import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Models
import Storage
import Tensors
import Training

/// A training with everything it rests on at hand.
private struct Preparation {
    var built: BuiltNetwork
    /// What the stage trains.
    var training: StageTraining
    var plan: DatasetPlan
    var parts: Parts
    /// All rows, as the whole network reads them.
    var rows: Samples
    /// All rows, as the trainable part reads them where the frozen part was computed beforehand.
    var learned: Samples
    var space: TargetSpace
    /// Parameters that the training starts with.
    var base: Parameters
    /// Cut between the frozen and the trainable part; nil where nothing is computed beforehand.
    var split: GraphSplit?

    /// The network that is trained: the trainable part, or the whole.
    var graph: Graph { split?.rest ?? built.graph }
}

extension Runner {
    /// Trains the last stage of an experiment, or all of one that has no schedule.
    func train(_ experiment: Object, run: RunFolder, key: Digest, extending shorter: Object?) throws -> RunRecord.Finished {
        let name = experiment.label ?? "experiment"
        // Before anything of the run is made: data that cannot be read leave no trace of it.
        let settings = StageSettings(last: experiment)
        let stage = settings.stage
        let preparation = try prepare(experiment, stage)
        let run = try store.run(run.id)
        let lease = try run.lease()
        defer { lease.release() }
        // Somebody else may have finished it before we got the lease.
        if let found = try record(of: experiment, key: key) { return found }
        // What cannot be used is out of the way before anything of the new training stands beside it.
        try RunRecord.withdraw(run)
        try clearOthers(in: run, key: key)
        let fit = try fitPlan(experiment, settings, preparation)
        // A line is on the disk's way as soon as it is written; only a power cut could lose the last ones.
        let journal = try run.journal(durable: false)
        try writeWhole(script, to: run.script)
        let resolved = try keys.experiment(experiment).resolved
        let values = resolved.pretty
        try writeWhole(values, to: run.resolved)
        if let data = resolved["data"]?.stringValue.flatMap(Digest.init(hex:)) {
            try DataRecord(store: store.path).write(data) { try description(of: experiment) }
        }
        let checkpoints = try run.checkpoints("training")
        let observer = TrainingObserver(name: name, key: key, reporter: reporter, journal: journal)
        let trainer = Trainer(fit, checkpoints: FileCheckpoints(checkpoints, warn: reporter.warn), policy: policy)
        let outcome: FitOutcome
        let result: RunResult
        do {
            switch try trainer.run(observer: observer, extending: try shorter.flatMap(lastState), interrupted: interrupted) {
            case .finished(let finished): outcome = finished
            case .interrupted(let place):
                try journal.append([
                    "event": "interrupted", "time": .number(wallSeconds()), "epoch": .integer(place.epoch), "step": .integer(place.step),
                ])
                throw Interrupted(name: name, place: place)
            }
            result = try evaluated(outcome, preparation, batch: fit.batch)
            try checkFinite(result, of: experiment)
        } catch var diagnostic as Diagnostic {
            // What it failed of counts, whatever comes of the look at the rows.
            if diagnostic.id == "diverged", let far = (try? preparation.rows.outlier()) ?? nil {
                // Where one row is to blame, no rate helps.
                diagnostic.hints = [
                    """
                    look at the row `\(far.id)` first: in `\(preparation.plan.label).inputs.\(far.input)` it has a number \
                    \(threeDigits(far.times)) times the largest of most rows
                    """
                ]
            }
            try? journal.append(["event": "failed", "time": .number(wallSeconds()), "message": .string(diagnostic.message)])
            throw diagnostic.at(experiment.origin.span)
        }
        let found = try RunRecord.write(
            result, parameters: outcome.kept, begunWith: preparation.base.run, values: sha256(values), to: run)
        if !experiment.isContinued { try removeTree(run.file("checkpoints")) }
        try journal.append([
            "event": "done", "time": .number(wallSeconds()), "epochs": .integer(outcome.history.count), "kept": .integer(outcome.keptEpoch),
        ])
        let reason = outcome.stoppedEarly ? "stopped early after \(outcome.history.count) epochs" : "ran \(outcome.history.count) epochs"
        let kept =
            outcome.keptEpoch == 0
            ? "kept the weights it began with (epoch 0): no epoch was better" : "kept epoch \(outcome.keptEpoch)"
        reporter.ended(name, "\(reason), \(kept)")
        return found
    }

    /// The state that a finished training was left in, where it was kept.
    private func lastState(of experiment: Object) throws -> TrainingState? {
        let run = try runFolder(keys.key(of: experiment))
        guard fileStatus(run.file("checkpoints")) != nil else { return nil }
        return try? FileCheckpoints(run.checkpoints("training")).load()
    }

    /// Prepares a training: its data, its network, what that starts with (`start`, where it is given), and the features of the
    /// frozen part.
    private func prepare(_ experiment: Object, _ stage: Object?, from start: Parameters? = nil) throws -> Preparation {
        guard let data = experiment["data"].object, let model = experiment["model"].object, let network = model.network else {
            throw Diagnostic("type", "an experiment expected data and a model", at: experiment.origin.span)
        }
        let plan = try plan(of: data)
        let parts = try parts(of: experiment, plan)
        let built = try context.builtNetwork(of: model)
        let training = try context.training(of: model, stage: stage)
        // Weights that cannot be used are found before the inputs of all rows are read.
        let base = try start ?? startingParameters(of: experiment)
        let (rows, space) = try samples(of: data, inputs: network.inputs.map(\.name), training: parts.train)
        var preparation = Preparation(
            built: built, training: training, plan: plan, parts: parts, rows: rows, learned: rows, space: space, base: base, split: nil)
        guard let split = try built.graph.split(trainable: training.trainable, moving: training.moving), fitsMemory(split, rows: plan.count)
        else { return preparation }
        preparation.split = split
        preparation.learned = try learned(split, rows, base, data: data, parts: parts)
        return preparation
    }

    /// The most bytes of features that are computed beforehand. Beyond it they are computed anew in each step, as a part of the
    /// whole network.
    private static let featureLimit = 1 << 31

    private func fitsMemory(_ split: GraphSplit, rows: Int) -> Bool {
        let numbers = split.trunk.outputs.reduce(0) { $0 + split.trunk.nodes[$1].shape.count }
        return numbers.multipliedReportingOverflow(by: rows * MemoryLayout<Float>.stride).overflow == false
            && numbers * rows * MemoryLayout<Float>.stride <= Self.featureLimit
    }

    /// The rows as the trainable part reads them: the features that the frozen part gives for them, from the cache where they
    /// are there, and the inputs that the trainable part reads itself.
    private func learned(_ split: GraphSplit, _ rows: Samples, _ base: Parameters, data: Object, parts: Parts) throws -> Samples {
        let plan = try plan(of: data)
        let key = try featureKey(split, base, plan, training: parts.train)
        let found: [Tensor]
        if let known = featureMemory[key] {
            found = known
        } else if usesFeatureCache, let contents = try cachedTensors("features.safetensors", of: key),
            let tensors = try Self.tensors(named: split.features, in: contents)
        {
            found = tensors
        } else {
            reporter.note("computing what the frozen layers give for \(rows.count) rows of `\(plan.label)`, once")
            let trunk = Trunk(graph: split.trunk, parameters: base.store, features: split.features)
            found = try features(of: trunk, samples: rows) { try self.stopIfAsked("computing features") }
            if usesFeatureCache {
                try store.cache.insert(key) { folder in
                    let tensors = zip(split.features, found).map { NamedTensor(name: $0, shape: $1.shape.extents, values: $1.values) }
                    try writeSafetensors(Safetensors(tensors: tensors), to: joined(folder, "features.safetensors"))
                }
            }
        }
        // One trunk is in use at a time; another takes its place.
        featureMemory = [key: found]
        var inputs = Dictionary(uniqueKeysWithValues: try zip(split.features, found).map { ($0, try Items($1)) })
        for (name, _) in split.rest.inputs where inputs[name] == nil { inputs[name] = rows.inputs[name] }
        return try Samples(ids: rows.ids, inputs: inputs, targets: rows.targets)
    }

    /// The key of the features of a frozen part: its network, the origins of its parameters, its inputs.
    private func featureKey(_ split: GraphSplit, _ base: Parameters, _ plan: DatasetPlan, training: [Int]) throws -> Digest {
        var described: [String: JSONValue] = [:]
        for (name, _) in split.trunk.inputs {
            var input: JSONValue = .string(try keys.input(name, of: plan).hex)
            // A scale rests on the rows it was fitted on.
            if plan.input(name)?.isFitted == true {
                input = .array([input, .array(training.map { .integer($0) })])
            }
            described[name] = input
        }
        return try keys.features(split.trunk, parameters: base.origin(of: split.trunk), inputs: .object(described))
    }

    /// The key of the features of a first stage's frozen part. Reads no weights.
    func firstFeatureKey(_ split: GraphSplit, _ experiment: Object, _ plan: DatasetPlan, _ training: [Int]) throws -> Digest {
        guard let model = experiment["model"].object else {
            throw Diagnostic("type", "an experiment expected a model", at: experiment.origin.span)
        }
        let origins = try initialOrigins(context.builtNetwork(of: model), seed: experiment.seed())
        return try featureKey(split, Parameters(store: ParameterStore(), origins: origins), plan, training: training)
    }

    /// The features of those names; nil where one is missing.
    private static func tensors(named names: [String], in contents: Safetensors) throws -> [Tensor]? {
        var features: [Tensor] = []
        for name in names {
            guard let found = contents[name], case .float(let values) = found.values else { return nil }
            features.append(try Tensor(shape: Shape(found.shape), values: values))
        }
        return features
    }

    /// The plan of a training for the trainer.
    private func fitPlan(_ experiment: Object, _ settings: StageSettings, _ preparation: Preparation) throws -> FitPlan {
        let training = preparation.training
        let steps = try library.augmentation(of: experiment)
        let changes = steps.isRandom
        let isWhole = preparation.split == nil
        let train = changes ? preparation.rows : preparation.learned
        let space = preparation.space
        let fold = experiment["fold"].record?["index"]?.value.integer ?? 0
        var plan = FitPlan(
            graph: preparation.graph, train: try train.gather(preparation.parts.train),
            validation: try preparation.learned.gather(preparation.parts.validation),
            loss: .mse, optimizer: try library.optimizer(of: experiment, settings), batch: try settings.batchSize(),
            epochs: try settings.epochCount(), seed: try experiment.seed(),
            stage: UInt8(clamping: max(0, experiment.stages.count - 1)), fold: UInt16(clamping: fold), stop: try library.stop(settings),
            keep: try library.keep(settings),
            trainable: training.trainable, initial: preparation.base.store, moving: training.moving,
            groups: try library.rateGroups(training), augmentation: steps,
            trunk: changes && !isWhole
                ? preparation.split.map { Trunk(graph: $0.trunk, parameters: preparation.base.store, features: $0.features) } : nil,
            report: ReportSpace { value, _ in space.inverse(value) })
        // A first stage has drawn weights; those of a later one were learned by the stage before it.
        plan.startCounts = experiment.stages.count > 1 && settings.watches
        if !changes { plan.frozenBefore = preparation.split?.trunk.parameters ?? [] }
        return plan
    }

    /// The predictions for all rows of the data set that a training which began with `start` and came to these weights gives, in
    /// the target's unit.
    func predictions(of training: Object, with weights: ParameterStore, from start: Parameters) throws -> [Double] {
        let settings = StageSettings(last: training)
        return try predictions(prepare(training, settings.stage, from: start), weights, batch: settings.batchSize())
    }

    private func predictions(_ preparation: Preparation, _ weights: ParameterStore, batch: Int) throws -> [Double] {
        let parameters = preparation.base.replacing(weights, from: "").store
        return try predict(graph: preparation.graph, parameters: parameters, samples: preparation.learned, batch: batch)
            .values.map { preparation.space.inverse(Double($0)) }
    }

    /// The result of a training: predictions for all parts with the kept weights, and the course of the training.
    private func evaluated(_ outcome: FitOutcome, _ preparation: Preparation, batch: Int) throws -> RunResult {
        let predicted = try predictions(preparation, outcome.kept, batch: batch)
        let parts = preparation.parts
        let plan = preparation.plan
        return RunResult(
            parts: Dictionary(
                uniqueKeysWithValues: [("train", parts.train), ("validation", parts.validation), ("holdout", parts.holdout)].map {
                    part, rows in
                    (
                        part,
                        RunResult.Part(
                            ids: rows.map { plan.ids[$0] }, truth: rows.map { plan.targets[$0] }, predicted: rows.map { predicted[$0] })
                    )
                }),
            start: outcome.start, history: outcome.history, keptEpoch: outcome.keptEpoch, stoppedEarly: outcome.stoppedEarly)
    }
}

extension Object {
    /// Whether the last state of a training is kept, since another goes on with it: a trial of Hyperband.
    var isContinued: Bool { fields["continued"]?.value.bool == true }
}
