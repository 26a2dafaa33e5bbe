import Diagnostics
import Engine
import Models
import Tensors

/// The training loop: from an initial or checkpointed state until the last epoch or an interruption.
final class TrainingLoop {
    private let plan: FitPlan
    private let program: Program
    /// A smaller program for the last batch of an epoch, where statistics follow the batches: what fills a batch up would
    /// be among them.
    private let remainder: Program?
    private let predictor: Predictor?
    private let reader: BatchReader
    private let feed: TrunkFeed?
    private let augmenter: ItemAugmenter?
    private let saving: (PendingState) throws -> Void
    private let policy: CheckpointPolicy
    private let clock: () -> Double
    private let observer: (any FitObserver)?

    private var progress: TrainingProgress
    private var kept: ParameterStore?
    private let resumed: FitPlace?
    private var lastSave: Double
    /// The time the last checkpoint took to write, in seconds.
    private var savingTook = 0.0
    /// The clock reading when the current epoch was last entered.
    private var entered: Double

    init(
        _ plan: FitPlan, from state: TrainingState?, saving: @escaping (PendingState) throws -> Void, policy: CheckpointPolicy,
        clock: @escaping () -> Double, observer: (any FitObserver)?
    ) throws {
        self.plan = plan
        self.saving = saving
        self.policy = policy
        self.clock = clock
        self.observer = observer
        reader = BatchReader(graph: plan.graph, samples: plan.train)
        let purpose = Program.Purpose.training(trainable: plan.trainableNames, moving: plan.moving)
        program = try Program(plan.graph, batch: plan.programBatch, purpose: purpose)
        let left = plan.train.count % plan.programBatch
        remainder = plan.moving.isEmpty || left == 0 ? nil : try Program(plan.graph, batch: left, purpose: purpose)
        // A program whose normalisations follow the batches would see the statistics of what it is to predict.
        let shared = plan.moving.isEmpty ? program : nil
        predictor = plan.validation.count == 0 ? nil : try Predictor(graph: plan.graph, batch: plan.programBatch, program: shared)
        augmenter = try ItemAugmenter(plan)
        feed = try plan.trunk.map { try TrunkFeed($0, samples: plan.train, batch: plan.programBatch) }
        let base = try plan.initial ?? ParameterStore(initializing: plan.graph, seed: plan.seed)
        try program.load(base)
        if let predictor, predictor.program !== program { try predictor.program.load(base) }
        try remainder?.load(base)
        if let state {
            try program.load(changes: state.parameters)
            try program.loadOptimizerState(state.optimizer)
        }
        progress = state?.progress ?? TrainingProgress(threads: Program.threads)
        kept = state?.kept
        resumed = state.map { FitPlace(epoch: $0.progress.epoch, step: $0.progress.step) }
        lastSave = clock()
        entered = lastSave
    }

    func run(_ interrupted: () -> Bool) throws -> FitResult {
        observer?.began(header)
        if resumed == nil { try countStart() }
        while progress.ended == nil {
            let order = order(of: progress.epoch)
            while progress.step < plan.steps {
                if interrupted() {
                    try save()
                    observer?.interrupted(at: place)
                    return .interrupted(place)
                }
                if clock() - lastSave >= policy.step { try save() }
                try step(order)
            }
            try endEpoch()
        }
        try save()
        if let reason = progress.ended { observer?.ended(reason) }
        return .finished(try FitOutcome(last: program.changedParameters(), kept: kept, progress, plan: plan))
    }

    private var place: FitPlace { FitPlace(epoch: progress.epoch, step: progress.step) }

    private func order(of epoch: Int) -> [Int] {
        var stream = Philox(key(.shuffle, epoch: epoch))
        return stream.permutation(plan.train.count)
    }

    private func key(_ purpose: RandomPurpose, epoch: Int, item: Int = 0) -> RandomKey {
        RandomKey(
            seed: plan.seed, purpose: purpose, stage: plan.stage, fold: plan.fold,
            epoch: UInt32(truncatingIfNeeded: epoch), item: UInt32(truncatingIfNeeded: item))
    }

    private func rate(step: Int) -> Double {
        rate(plan.optimizer.rate, step: step)
    }

    private func rate(_ schedule: RateSchedule, step: Int) -> Double {
        schedule.rate(epoch: progress.epoch, step: step, steps: plan.steps, epochs: plan.epochs, history: progress.history)
    }

    /// The current learning rate of each parameter that is in a group, by name.
    private func groupRates(step: Int) -> [String: Double] {
        var rates: [String: Double] = [:]
        for group in plan.groups {
            let value = rate(group.rate, step: step)
            for name in group.names { rates[name] = value }
        }
        return rates
    }

    private func step(_ order: [Int]) throws {
        let (epoch, step, width) = (progress.epoch, progress.step, plan.outputWidth)
        let (program, items) = batch(step, of: order)
        let truth = reader.targets(of: items, width: width)
        if program !== self.program { try copyState(from: self.program, to: program) }
        try fill(program, with: items, epoch: epoch)
        try program.forward(dropout: key(.dropout, epoch: epoch, item: step))
        try program.withOutput(0) { predicted in
            let loss = plan.loss.sum(predicted, truth, count: items.count, width: width)
            guard loss.isFinite else { throw diverged("the loss", loss, step: step) }
            progress.sums.add(loss: loss, predicted: predicted, truth: truth, count: items.count, width: width, reporting: plan.report)
            try program.withOutputGradient(0) {
                plan.loss.writeGradient(predicted, truth, count: items.count, width: width, to: $0)
            }
        }
        try program.backward()
        switch plan.optimizer {
        case .adam(_, let beta1, let beta2, let epsilon):
            try program.adam(
                rate: rate(step: step), beta1: beta1, beta2: beta2, epsilon: epsilon, step: progress.stepsDone + 1,
                rates: groupRates(step: step))
        }
        if program !== self.program { try copyState(from: program, to: self.program) }
        progress.step += 1
        progress.stepsDone += 1
        observer?.stepped(FitProgress(place: place, steps: plan.steps, epochs: plan.epochs, loss: progress.sums.scores.loss))
    }

    /// Fills the inputs of the network with items, augmented at random and run through the frozen trunk.
    private func fill(_ program: Program, with items: ArraySlice<Int>, epoch: Int) throws {
        let change = augmenter.map { augmenter in
            { (input: String, item: Int, from: UnsafeBufferPointer<Float>, into: UnsafeMutableBufferPointer<Float>) throws -> Bool in
                try augmenter.apply(input, from, into, self.key(.augmentation, epoch: epoch, item: item))
            }
        }
        try reader.fill(program, with: items, augmented: change)
        try feed?.fill(program, with: items, augmented: change)
    }

    private func copyState(from: Program, to: Program) throws {
        try to.load(changes: from.changedParameters())
        try to.loadOptimizerState(from.optimizerState())
    }

    /// Counts the weights that the training begins with as those of an epoch 0, where they were learned and something watches
    /// what comes of them.
    private func countStart() throws {
        let monitors = [plan.keep.monitor, plan.stop?.monitor].compactMap { $0 }
        guard plan.startCounts, !monitors.isEmpty else { return }
        let scores = StartScores(
            train: monitors.contains { $0.part == .train } ? try rehearsal() : nil, validation: try validate())
        entered = clock()
        guard scores.isFinite else { return }
        progress.start = scores
        if let value = plan.keep.monitor?.value(in: scores) {
            (progress.keptValue, progress.keptEpoch) = (value, 0)
            kept = try program.changedParameters()
        }
        if let stop = plan.stop, let value = stop.monitor.value(in: scores) { _ = progress.patience.take(value, stop: stop) }
        observer?.scoredStart(scores)
    }

    /// The training scores of an epoch that changes no weights: with dropout and augmentation, so that those of the epochs after
    /// it can be compared with them.
    private func rehearsal() throws -> EpochScores {
        let before = plan.moving.isEmpty ? nil : try program.changedParameters()
        var sums = RunningSums()
        let order = order(of: 0)
        let width = plan.outputWidth
        for step in 0..<plan.steps {
            let (program, items) = batch(step, of: order)
            try fill(program, with: items, epoch: 0)
            try program.forward(dropout: key(.dropout, epoch: 0, item: step))
            let truth = reader.targets(of: items, width: width)
            program.withOutput(0) { predicted in
                let loss = plan.loss.sum(predicted, truth, count: items.count, width: width)
                sums.add(loss: loss, predicted: predicted, truth: truth, count: items.count, width: width, reporting: plan.report)
            }
        }
        // Statistics that follow the batches have followed these.
        if let before {
            try program.load(changes: before)
            try remainder?.load(changes: before)
        }
        return sums.scores
    }

    /// The items of a step, and the program that takes as many.
    private func batch(_ step: Int, of order: [Int]) -> (program: Program, items: ArraySlice<Int>) {
        let start = step * plan.programBatch
        let items = order[start..<min(start + plan.programBatch, order.count)]
        return (items.count < plan.programBatch ? remainder ?? program : program, items)
    }

    /// Ends an epoch: validates, keeps the best weights, decides whether to stop, and steps into the next one.
    private func endEpoch() throws {
        let epoch = progress.epoch
        if let (name, value) = program.notFinite() { throw diverged("a value of `\(name)`", Double(value), step: plan.steps - 1) }
        let record = EpochRecord(
            epoch: epoch, train: progress.sums.scores, validation: try validate(), rate: rate(step: plan.steps - 1),
            seconds: progress.seconds + clock() - entered)
        if case .best(let monitor) = plan.keep {
            let value = try watched(monitor, in: record)
            if progress.keptValue.map({ monitor.isBetter(value, than: $0) }) ?? true {
                (progress.keptValue, progress.keptEpoch) = (value, epoch)
                // Those of before go first: a backbone twice is much.
                kept = nil
                kept = try program.changedParameters()
            }
        }
        var stops = false
        if let stop = plan.stop {
            stops = progress.patience.take(try watched(stop.monitor, in: record), stop: stop)
        }
        progress.history.append(record)
        progress.epoch += 1
        progress.step = 0
        progress.seconds = 0
        progress.sums = RunningSums()
        entered = clock()
        progress.ended = stops ? .stoppedEarly : epoch == plan.epochs ? .allEpochs : nil
        observer?.finished(record)
        // Where saving takes long, as of a whole backbone, it shall not take more than a small share of the time.
        let patience = policy.epochEnd == 0 ? 0 : max(policy.epochEnd, min(policy.step, 15 * savingTook))
        if progress.ended == nil, clock() - lastSave >= patience { try save() }
    }

    private func validate() throws -> EpochScores? {
        guard let predictor else { return nil }
        let width = plan.outputWidth
        let reader = BatchReader(graph: plan.graph, samples: plan.validation)
        var sums = RunningSums()
        if predictor.program !== program { try predictor.program.load(changes: program.changedParameters()) }
        try predictor.forEachChunk(of: plan.validation) { predicted, items in
            let truth = reader.targets(of: items, width: width)
            let loss = plan.loss.sum(predicted, truth, count: items.count, width: width)
            sums.add(loss: loss, predicted: predicted, truth: truth, count: items.count, width: width, reporting: plan.report)
        }
        return sums.scores
    }

    private func watched(_ monitor: Monitor, in record: EpochRecord) throws -> Double {
        let value = monitor.value(in: record) ?? .nan
        guard value.isFinite else { throw diverged("`\(monitor)`", value, step: plan.steps - 1) }
        return value
    }

    private func diverged(_ what: String, _ value: Double, step: Int) -> Diagnostic {
        divergence(
            "\(what) is \(value.isNaN ? "not a number" : "infinite")", rate: rate(step: step),
            place: "in epoch \(progress.epoch), step \(step + 1)")
    }

    private func save() throws {
        var progress = progress
        if progress.step > 0 { progress.seconds += clock() - entered }
        // How long it takes is a matter of the disk, not of the clock that tests set.
        let began = monotonicSeconds()
        try saving(
            PendingState(parameters: program.changing(), optimizer: program.moments(), kept: kept?.pending ?? [], progress: progress))
        lastSave = clock()
        savingTook = monotonicSeconds() - began
        observer?.wroteCheckpoint(at: place)
    }

    private var header: FitHeader {
        let names = plan.trainableNames
        var header = FitHeader(
            trainingLayers: [], frozenLayers: [], trainingParameters: 0, frozenParameters: 0, trainItems: plan.train.count,
            validationItems: plan.validation.count, batch: plan.programBatch, steps: plan.steps, epochs: plan.epochs,
            threads: progress.threads, resumed: resumed)
        // What stands in the trunk is frozen, and comes first.
        for parameter in (plan.trunk?.graph.parameters ?? plan.frozenBefore) + plan.graph.parameters {
            let layer = String(parameter.name.prefix { $0 != "." })
            if plan.moving.contains(parameter.name) { continue }
            if names.contains(parameter.name), !parameter.isStatistic {
                header.trainingParameters += parameter.shape.count
                if !header.trainingLayers.contains(layer) { header.trainingLayers.append(layer) }
            } else {
                header.frozenParameters += parameter.shape.count
                if !header.frozenLayers.contains(layer) { header.frozenLayers.append(layer) }
            }
        }
        for node in plan.graph.nodes {
            guard case .batchNorm(let norm) = node.operation else { continue }
            let layer = String(norm.mean.prefix { $0 != "." })
            if plan.moving.contains(norm.mean) {
                if !header.movingLayers.contains(layer) { header.movingLayers.append(layer) }
            } else if [norm.gamma, norm.beta].compactMap({ $0 }).contains(where: names.contains), !header.steadyLayers.contains(layer) {
                header.steadyLayers.append(layer)
            }
        }
        return header
    }
}
