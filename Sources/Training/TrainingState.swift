import Diagnostics
import Engine
import Storage
import Tensors

/// The complete state of a training between two steps: all that is needed to go on as if nothing had happened.
public struct TrainingState: Sendable, Equatable {
    /// The parameters that the training changes.
    public var parameters: ParameterStore
    /// The state of the optimizer, such as Adam's moments.
    public var optimizer: ParameterStore
    /// The best parameters so far, where the best are kept and an epoch is done.
    public var kept: ParameterStore?
    /// The counters and history of the training.
    public var progress: TrainingProgress

    /// Creates a state from its parts.
    public init(parameters: ParameterStore, optimizer: ParameterStore, kept: ParameterStore?, progress: TrainingProgress) {
        self.parameters = parameters
        self.optimizer = optimizer
        self.kept = kept
        self.progress = progress
    }
}

/// The part of a training's state that is not tensors. Losses and sums are doubles and are written so that they read back
/// to the same bits.
public struct TrainingProgress: Sendable, Hashable, Codable {
    /// The current epoch, from 1; one more than the last where the training is over.
    public internal(set) var epoch = 1
    /// The number of steps done in the current epoch.
    public internal(set) var step = 0
    /// The number of steps done since the training began.
    public internal(set) var stepsDone = 0
    /// The time spent in the current epoch, in seconds.
    public internal(set) var seconds = 0.0
    /// The number of engine threads, fixed when the training began.
    public internal(set) var threads: Int
    /// The scores of each finished epoch, in order.
    public internal(set) var history: [EpochRecord] = []
    /// The scores with the weights that the training began with, where they count as an epoch 0.
    public internal(set) var start: StartScores?
    /// The epoch whose parameters are kept; 0 for those that the training began with.
    public internal(set) var keptEpoch: Int?
    /// The reason why the training ended; nil until it is over.
    public internal(set) var ended: StopReason?
    var keptValue: Double?
    var patience = Patience()
    var sums = RunningSums()

    init(threads: Int) { self.threads = threads }
}

/// The reason why a training ended.
public enum StopReason: String, Sendable, Hashable, Codable {
    /// All declared epochs were trained, or early stopping ended the training.
    case allEpochs, stoppedEarly
}

/// A store of checkpoints, where a training leaves and finds its state. What `load` returns must be what the last `save`
/// was given.
public protocol CheckpointStore {
    /// The last state saved, or nil where there is none.
    func load() throws -> TrainingState?
    /// Replaces the last state as a whole or not at all.
    func save(_ state: PendingState) throws
}

/// A state whose tensors are read one by one while it is saved: a backbone with Adam's moments need not be in memory twice.
public struct PendingState {
    /// The tensors of the state, under the names a file keeps them by: `parameters.`, `optimizer.` and `kept.` before their
    /// own.
    public let tensors: [PendingTensor]
    /// The counters and history of the training.
    public let progress: TrainingProgress

    init(parameters: [PendingTensor], optimizer: [PendingTensor], kept: [PendingTensor], progress: TrainingProgress) {
        tensors = [("parameters.", parameters), ("optimizer.", optimizer), ("kept.", kept)].flatMap { group, tensors in
            tensors.map { PendingTensor(group + $0.name, $0.shape, read: $0.read) }
        }
        self.progress = progress
    }

    /// Reads all tensors and returns the complete state.
    public func state() throws -> TrainingState {
        TrainingState(tensors: try tensors.map { ($0.name, try $0.read()) }, progress: progress)
    }
}

/// A checkpoint store in memory, which lasts as long as the object.
public final class MemoryCheckpoints: CheckpointStore {
    /// The last state saved.
    public private(set) var state: TrainingState?
    /// The number of saves so far.
    public private(set) var saves = 0

    /// Creates a store that holds a state, or none.
    public init(_ state: TrainingState? = nil) { self.state = state }
    /// The last state saved, or nil where there is none.
    public func load() -> TrainingState? { state }
    /// Replaces the last state.
    public func save(_ state: PendingState) throws {
        self.state = try state.state()
        saves += 1
    }
}

extension TrainingState {
    /// Reads the state from the tensors and the metadata of a file. Throws `bad-checkpoint` where it is none.
    public init(tensors: [(name: String, tensor: Tensor)], progress: JSONValue) throws {
        do { self.init(tensors: tensors, progress: try progress.decoded() as TrainingProgress) } catch {
            throw Diagnostic("bad-checkpoint", "expected a checkpoint of a training, found something else")
        }
    }

    /// Creates the state from tensors under the names that `PendingState` gives them.
    init(tensors: [(name: String, tensor: Tensor)], progress: TrainingProgress) {
        self.progress = progress
        parameters = ParameterStore()
        optimizer = ParameterStore()
        var kept = ParameterStore()
        for (name, tensor) in tensors {
            guard let dot = name.firstIndex(of: ".") else { continue }
            let rest = String(name[name.index(after: dot)...])
            switch name[..<dot] {
            case "parameters": parameters[rest] = tensor
            case "optimizer": optimizer[rest] = tensor
            case "kept": kept[rest] = tensor
            default: continue
            }
        }
        self.kept = kept.names.isEmpty ? nil : kept
    }

    /// Checks the state against a plan and returns it with its parameters in the order of the plan's network (a file may
    /// have another). Throws `bad-checkpoint` where it is not one of the plan's.
    func checked(against plan: FitPlan) throws -> TrainingState {
        let changing = plan.changing
        let fits = [parameters, kept].compactMap { $0 }.allSatisfy { store in
            store.names.count == changing.count && changing.allSatisfy { store[$0.name]?.shape == $0.shape }
        }
        let over = progress.ended != nil
        let placed =
            progress.epoch == progress.history.count + 1
            && (over ? progress.step == 0 && progress.epoch > 1 : progress.epoch <= plan.epochs && (0..<plan.steps).contains(progress.step))
            && progress.stepsDone == (progress.epoch - 1) * plan.steps + progress.step
            && (1...1024).contains(progress.threads)
            && (plan.keep == .last || progress.history.isEmpty || kept != nil && progress.keptEpoch != nil)
        guard fits, placed else {
            throw Diagnostic("bad-checkpoint", "the checkpoint is not one of this training", hint: "remove the run to begin again")
        }
        var state = self
        state.parameters = parameters.ordered(as: changing)
        state.kept = kept?.ordered(as: changing)
        return state
    }
}

extension ParameterStore {
    /// Returns the tensors in the order in which they are named, without any that is not.
    func ordered(as parameters: [ParameterSpec]) -> ParameterStore {
        var ordered = ParameterStore()
        for parameter in parameters { ordered[parameter.name] = self[parameter.name] }
        return ordered
    }
}
