import Datasets
import Diagnostics
import Engine
import Tensors

/// All that one stage of one training rests on. Two equal plans give the same bits on the same machine and threads.
public struct FitPlan: Sendable {
    /// The network; its first output is compared with the targets.
    public var graph: Graph
    public var train: Samples
    /// May be empty; then nothing may watch it.
    public var validation: Samples
    public var loss: Loss
    public var optimizer: Optimizer
    /// Items a step. The last step of an epoch takes what is left.
    public var batch: Int
    public var epochs: Int
    public var seed: UInt64
    /// Which stage of the schedule this is, from 0: a key of its random numbers.
    public var stage: UInt8
    /// Which fold this is, from 0: a key of its random numbers.
    public var fold: UInt16
    public var stop: Stop?
    public var keep: Keep
    /// The names of the parameters that train; nil is all of them.
    public var trainable: Set<String>?
    /// Where the parameters start; nil draws them by the seed.
    public var initial: ParameterStore?
    /// The statistics of batch normalisations that follow the batches.
    public var moving: Set<String>
    /// Learning rates other than the optimizer's, each for some of the parameters.
    public var groups: [RateGroup]
    /// Random changes of the training items, drawn anew in each epoch.
    public var augmentation: [Augmentation]
    /// What comes before the network and does not learn. With it the training items are those that the trunk reads, and the
    /// validation items those that it has read already.
    public var trunk: Trunk?
    /// The parameters of what came before the network and was computed already: for the lines at the head of a training.
    public var frozenBefore: [ParameterSpec] = []
    /// How monitors other than the loss read predictions and targets.
    public var report: ReportSpace

    public init(
        graph: Graph, train: Samples, validation: Samples, loss: Loss = .mse, optimizer: Optimizer = .adam(), batch: Int = 32,
        epochs: Int = 100, seed: UInt64, stage: UInt8 = 0, fold: UInt16 = 0, stop: Stop? = nil,
        keep: Keep = .best(on: .validationLoss), trainable: Set<String>? = nil, initial: ParameterStore? = nil,
        moving: Set<String> = [], groups: [RateGroup] = [], augmentation: [Augmentation] = [], trunk: Trunk? = nil, report: ReportSpace = .same
    ) {
        self.graph = graph
        self.train = train
        self.validation = validation
        self.loss = loss
        self.optimizer = optimizer
        self.batch = batch
        self.epochs = epochs
        self.seed = seed
        self.stage = stage
        self.fold = fold
        self.stop = stop
        self.keep = keep
        self.trainable = trainable
        self.initial = initial
        self.moving = moving
        self.groups = groups
        self.augmentation = augmentation
        self.trunk = trunk
        self.report = report
    }

    /// Items in one batch of the program: a batch is never larger than the training part.
    var programBatch: Int { max(1, min(batch, train.count)) }
    /// Steps an epoch.
    var steps: Int { (train.count + programBatch - 1) / programBatch }
    /// Numbers an item the network puts out.
    var outputWidth: Int { graph.outputs.first.flatMap { graph.nodes.indices.contains($0) ? graph.nodes[$0].shape.count : nil } ?? 0 }
    /// The names of the parameters that train.
    var trainableNames: Set<String> { trainable ?? Set(graph.parameters.filter { !$0.isStatistic }.map(\.name)) }
    /// The parameters that the training changes, in the order of the network.
    var changing: [ParameterSpec] {
        let names = trainableNames
        return graph.parameters.filter { names.contains($0.name) && !$0.isStatistic || moving.contains($0.name) }
    }

    /// Throws `fit` where the plan cannot be run: no items, no steps, shapes that do not meet, a monitor without its part.
    func check() throws {
        guard batch > 0, epochs > 0 else { throw Diagnostic("fit", "expected a batch and epochs of 1 or more, found \(batch) and \(epochs)") }
        guard train.count > 0 else { throw Diagnostic("fit", "expected items to train on, found none") }
        guard outputWidth > 0 else { throw Diagnostic("fit", "the network has no output") }
        try BatchReader(graph: trunk?.graph ?? graph, samples: train).check(outputWidth: outputWidth, also: trunk == nil ? [] : graph.inputs, except: trunk?.features ?? [])
        if validation.count > 0 { try BatchReader(graph: graph, samples: validation).check(outputWidth: outputWidth) }
        let rates = [optimizer.rate] + groups.map(\.rate)
        for monitor in ([stop?.monitor, keep.monitor] + rates.map(\.monitor)).compactMap({ $0 }) where monitor.part == .validation && validation.count == 0 {
            throw Diagnostic("fit", "`\(monitor)` is watched, but the validation part is empty", hint: "give `validation` a share of the split, or watch `train.loss`")
        }
        if case .early(_, let patience, let minDelta)? = stop {
            guard patience >= 0, minDelta >= 0 else { throw Diagnostic("fit", "expected a patience and a `minDelta` of 0 or more") }
        }
    }
}

/// A learning rate of some of the parameters.
public struct RateGroup: Sendable, Hashable {
    public var names: Set<String>
    public var rate: RateSchedule
    public init(names: Set<String>, rate: RateSchedule) {
        self.names = names
        self.rate = rate
    }
}

/// A network that is run before the one that learns: what it puts out are the inputs `features` of that one, in order.
public struct Trunk: Sendable {
    public var graph: Graph
    public var parameters: ParameterStore
    public var features: [String]
    public init(graph: Graph, parameters: ParameterStore, features: [String]) {
        self.graph = graph
        self.parameters = parameters
        self.features = features
    }
}
