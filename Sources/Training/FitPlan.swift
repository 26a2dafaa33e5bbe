import Datasets
import Diagnostics
import Engine
import Tensors

/// The complete specification of one training stage: network, data, loss, optimizer and settings. Two equal plans give the
/// same bits on the same machine and threads.
public struct FitPlan: Sendable {
    /// The network; its first output is compared with the targets.
    public var graph: Graph
    /// The training items.
    public var train: Samples
    /// The validation items. There may be none; then no monitor may watch them.
    public var validation: Samples
    /// The loss that is minimised.
    public var loss: Loss
    /// The optimizer, with its learning rate.
    public var optimizer: Optimizer
    /// The batch size: items per step. The last step of an epoch takes what is left.
    public var batch: Int
    /// The number of epochs, unless early stopping ends the training before.
    public var epochs: Int
    /// The seed of all random numbers of the training.
    public var seed: UInt64
    /// The index of this stage in the schedule, from 0: a key of its random numbers.
    public var stage: UInt8
    /// The index of this cross-validation fold, from 0: a key of its random numbers.
    public var fold: UInt16
    /// The early stopping rule; nil trains all epochs.
    public var stop: Stop?
    /// The choice of the weights that are kept.
    public var keep: Keep
    /// The names of the trainable parameters; nil trains all of them.
    public var trainable: Set<String>?
    /// The initial parameters; nil draws them by the seed.
    public var initial: ParameterStore?
    /// The names of the moving statistics of batch normalisations that are updated from the batches.
    public var moving: Set<String>
    /// Learning rates other than the optimizer's, each for some of the parameters.
    public var groups: [RateGroup]
    /// Random changes of the training items, drawn anew in each epoch.
    public var augmentation: [Augmentation]
    /// The frozen network that runs before this one. With it the training items are those that the trunk reads, and the
    /// validation items those that it has read already.
    public var trunk: Trunk?
    /// The parameters of a frozen network whose features were computed beforehand, for the summary at the head of a
    /// training.
    public var frozenBefore: [ParameterSpec] = []
    /// Whether the weights that the training begins with count as those of an epoch 0, for `keep` and for `stop`: they were
    /// learned, not drawn.
    public var startCounts = false
    /// The conversion of predictions and targets to the unit in which monitors other than the loss are reported.
    public var report: ReportSpace

    /// Creates a plan; only the network, the items and the seed have no default.
    public init(
        graph: Graph, train: Samples, validation: Samples, loss: Loss = .mse, optimizer: Optimizer = .adam(), batch: Int = 32,
        epochs: Int = 100, seed: UInt64, stage: UInt8 = 0, fold: UInt16 = 0, stop: Stop? = nil,
        keep: Keep = .best(on: .validationLoss), trainable: Set<String>? = nil, initial: ParameterStore? = nil,
        moving: Set<String> = [], groups: [RateGroup] = [], augmentation: [Augmentation] = [], trunk: Trunk? = nil,
        report: ReportSpace = .same
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

    /// The batch size of the program: a batch is never larger than the training part.
    var programBatch: Int { max(1, min(batch, train.count)) }
    /// The number of steps per epoch.
    var steps: Int { (train.count + programBatch - 1) / programBatch }
    /// The number of output values of the network per item.
    var outputWidth: Int { graph.outputs.first.flatMap { graph.nodes.indices.contains($0) ? graph.nodes[$0].shape.count : nil } ?? 0 }
    /// The names of the trainable parameters.
    var trainableNames: Set<String> { trainable ?? Set(graph.parameters.filter { !$0.isStatistic }.map(\.name)) }
    /// The parameters that the training changes, in the order of the network.
    var changing: [ParameterSpec] {
        let names = trainableNames
        return graph.parameters.filter { names.contains($0.name) && !$0.isStatistic || moving.contains($0.name) }
    }

    /// Checks that the plan can be run. Throws `fit` where it cannot: no items, no steps, shapes that do not meet, a
    /// monitor without its part.
    func check() throws {
        guard batch > 0, epochs > 0 else {
            throw Diagnostic("fit", "expected a batch and epochs of 1 or more, found \(batch) and \(epochs)")
        }
        guard train.count > 0 else { throw Diagnostic("fit", "expected items to train on, found none") }
        guard outputWidth > 0 else { throw Diagnostic("fit", "the network has no output") }
        try BatchReader(graph: trunk?.graph ?? graph, samples: train).check(
            outputWidth: outputWidth, also: trunk == nil ? [] : graph.inputs, except: trunk?.features ?? [])
        if validation.count > 0 { try BatchReader(graph: graph, samples: validation).check(outputWidth: outputWidth) }
        let rates = [optimizer.rate] + groups.map(\.rate)
        for monitor in ([stop?.monitor, keep.monitor] + rates.map(\.monitor)).compactMap({ $0 })
        where monitor.part == .validation && validation.count == 0 {
            throw Diagnostic(
                "fit", "`\(monitor)` is watched, but the validation part is empty",
                hint: "give `validation` a share of the split, or watch `train.loss`")
        }
        if case .early(_, let patience, let minDelta)? = stop {
            guard patience >= 0, minDelta >= 0 else { throw Diagnostic("fit", "expected a patience and a `minDelta` of 0 or more") }
        }
    }
}

/// A learning rate for some of the parameters.
public struct RateGroup: Sendable, Hashable {
    /// The names of the parameters.
    public var names: Set<String>
    /// The learning rate of these parameters.
    public var rate: RateSchedule
    /// Creates a group of parameters with a learning rate.
    public init(names: Set<String>, rate: RateSchedule) {
        self.names = names
        self.rate = rate
    }
}

/// A frozen feature extractor: a network that runs before the trained one and does not learn.
public struct Trunk: Sendable {
    /// The network.
    public var graph: Graph
    /// The parameters of the network.
    public var parameters: ParameterStore
    /// The names of the trained network's inputs that take the outputs of this one, in the order of the outputs.
    public var features: [String]
    /// Creates a feature extractor from a network and its parameters.
    public init(graph: Graph, parameters: ParameterStore, features: [String]) {
        self.graph = graph
        self.parameters = parameters
        self.features = features
    }
}
