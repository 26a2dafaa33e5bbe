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
    /// How monitors other than the loss read predictions and targets.
    public var report: ReportSpace

    public init(
        graph: Graph, train: Samples, validation: Samples, loss: Loss = .mse, optimizer: Optimizer = .adam(), batch: Int = 32,
        epochs: Int = 100, seed: UInt64, stage: UInt8 = 0, fold: UInt16 = 0, stop: Stop? = nil,
        keep: Keep = .best(on: .validationLoss), trainable: Set<String>? = nil, initial: ParameterStore? = nil,
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
        self.report = report
    }

    /// Items in one batch of the program: a batch is never larger than the training part.
    var programBatch: Int { max(1, min(batch, train.count)) }
    /// Steps an epoch.
    var steps: Int { (train.count + programBatch - 1) / programBatch }
    /// Numbers an item the network puts out.
    var outputWidth: Int { graph.outputs.first.flatMap { graph.nodes.indices.contains($0) ? graph.nodes[$0].shape.count : nil } ?? 0 }
    /// The names of the parameters that train.
    var trainableNames: Set<String> { trainable ?? Set(graph.parameters.map(\.name)) }

    /// Throws `fit` where the plan cannot be run: no items, no steps, shapes that do not meet, a monitor without its part.
    func check() throws {
        guard batch > 0, epochs > 0 else { throw Diagnostic("fit", "expected a batch and epochs of 1 or more, found \(batch) and \(epochs)") }
        guard train.count > 0 else { throw Diagnostic("fit", "expected items to train on, found none") }
        guard outputWidth > 0 else { throw Diagnostic("fit", "the network has no output") }
        for part in [train, validation] where part.count > 0 { try BatchReader(graph: graph, samples: part).check(outputWidth: outputWidth) }
        for monitor in [stop?.monitor, keep.monitor].compactMap({ $0 }) where monitor.part == .validation && validation.count == 0 {
            throw Diagnostic("fit", "`\(monitor)` is watched, but the validation part is empty", hint: "give `validation` a share of the split, or watch `train.loss`")
        }
        if case .early(_, let patience, let minDelta)? = stop {
            guard patience >= 0, minDelta >= 0 else { throw Diagnostic("fit", "expected a patience and a `minDelta` of 0 or more") }
        }
    }
}
