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
    /// What is trained: the last stage of it.
    var training: Experiment
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
    var graph: Graph { split?.rest ?? training.built.graph }
}

extension Runner {
    /// Trains the last stage of an experiment, or all of one that has no schedule.
    func train(_ training: Experiment, run: RunFolder, key: Digest, extending shorter: Object?) throws -> RunRecord.Finished {
        let name = training.name
        // Before anything of the run is made: data that cannot be read leave no trace of it.
        let preparation = try prepare(training)
        let run = try store.run(run.id)
        let lease = try run.lease()
        defer { lease.release() }
        // Somebody else may have finished it before we got the lease.
        if let found = try record(of: training, key: key) { return found }
        // What cannot be used is out of the way before anything of the new training stands beside it.
        try RunRecord.withdraw(run)
        try clearOthers(in: run, key: key)
        let fit = try fitPlan(preparation)
        // A line is on the disk's way as soon as it is written; only a power cut could lose the last ones.
        let journal = try run.journal(durable: false)
        try writeWhole(script, to: run.script)
        let resolved = try keys.experiment(training.declared).resolved
        let values = resolved.pretty
        try writeWhole(values, to: run.resolved)
        if let data = resolved["data"]?.stringValue.flatMap(Digest.init(hex:)) {
            try DataRecord(store: store.path).write(data) { try description(of: training) }
        }
        let checkpoints = try run.checkpoints("training")
        let observer = TrainingObserver(training, key: key, reporter: reporter, journal: journal, clock: clock)
        defer { clock.end() }
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
            try checkFinite(result, of: training)
        } catch var diagnostic as Diagnostic {
            // What it failed of counts, whatever comes of the look at the rows.
            if diagnostic.id == "diverged", let far = (try? preparation.rows.outlier()) ?? nil {
                // Where one row is to blame, no rate helps.
                diagnostic.hints = [
                    """
                    look at the row `\(far.id)` first: in `\(training.plan.label).inputs.\(far.input)` it has a number \
                    \(threeDigits(far.times)) times the largest of most rows
                    """
                ]
            }
            try? journal.append(["event": "failed", "time": .number(wallSeconds()), "message": .string(diagnostic.message)])
            throw diagnostic.at(training.declared.origin.span)
        }
        let found = try RunRecord.write(
            result, parameters: outcome.kept, begunWith: preparation.base.run, values: sha256(values), to: run)
        if !training.isContinued { try removeTree(run.file("checkpoints")) }
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
    private func prepare(_ training: Experiment, from start: Parameters? = nil) throws -> Preparation {
        // Weights that cannot be used are found before the inputs of all rows are read.
        let base = try start ?? startingParameters(of: training)
        let (rows, space) = try samples(of: training)
        try warnOfLikeRows(in: training, computes: true)
        var preparation = Preparation(training: training, rows: rows, learned: rows, space: space, base: base, split: nil)
        guard let split = try training.split(), fitsMemory(split, rows: training.plan.count) else { return preparation }
        preparation.split = split
        preparation.learned = try learned(split, rows, base, of: training)
        return preparation
    }

    /// The plan of a training for the trainer.
    private func fitPlan(_ preparation: Preparation) throws -> FitPlan {
        let training = preparation.training
        let stage = training.last
        let learns = stage.training
        let changes = training.augmentation.isRandom
        let isWhole = preparation.split == nil
        let train = changes ? preparation.rows : preparation.learned
        let space = preparation.space
        var plan = FitPlan(
            graph: preparation.graph, train: try train.gather(training.parts.train),
            validation: try preparation.learned.gather(training.parts.validation),
            loss: .mse, optimizer: stage.optimizer, batch: try stage.batchSize(), epochs: try stage.epochCount(), seed: training.seed,
            stage: UInt8(clamping: training.stages.count - 1), fold: UInt16(clamping: training.foldIndex), stop: stage.stop,
            keep: stage.keep, trainable: learns.trainable, initial: preparation.base.store, moving: learns.moving,
            groups: learns.groups, augmentation: training.augmentation,
            trunk: changes && !isWhole
                ? preparation.split.map { Trunk(graph: $0.trunk, parameters: preparation.base.store, features: $0.features) } : nil,
            report: ReportSpace { value, _ in space.inverse(value) })
        // A first stage has drawn weights; those of a later one were learned by the stage before it.
        plan.startCounts = training.stages.count > 1 && stage.watches
        if !changes { plan.frozenBefore = preparation.split?.trunk.parameters ?? [] }
        return plan
    }

    /// The predictions for all rows of the data set that a training which began with `start` and came to these weights gives, in
    /// the target's unit.
    func predictions(of training: Experiment, with weights: ParameterStore, from start: Parameters) throws -> [Double] {
        try predictions(prepare(training, from: start), weights, batch: training.last.batchSize())
    }

    private func predictions(_ preparation: Preparation, _ weights: ParameterStore, batch: Int) throws -> [Double] {
        let parameters = preparation.base.replacing(weights, from: "").store
        return try predict(graph: preparation.graph, parameters: parameters, samples: preparation.learned, batch: batch)
            .values.map { preparation.space.inverse(Double($0)) }
    }

    /// The result of a training: predictions for all parts with the kept weights, and the course of the training.
    private func evaluated(_ outcome: FitOutcome, _ preparation: Preparation, batch: Int) throws -> RunResult {
        let predicted = try predictions(preparation, outcome.kept, batch: batch)
        let parts = preparation.training.parts
        let plan = preparation.training.plan
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
