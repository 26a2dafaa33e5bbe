import Diagnostics
import Engine
import Storage
import Tensors

/// Where a training stands between two steps: all that is needed to go on as if nothing had happened.
public struct TrainingState: Sendable, Equatable {
    /// Those that the training changes.
    public var parameters: ParameterStore
    public var optimizer: ParameterStore
    /// The best parameters so far, where the best are kept and an epoch is done.
    public var kept: ParameterStore?
    public var progress: TrainingProgress

    public init(parameters: ParameterStore, optimizer: ParameterStore, kept: ParameterStore?, progress: TrainingProgress) {
        self.parameters = parameters
        self.optimizer = optimizer
        self.kept = kept
        self.progress = progress
    }
}

/// The numbers of a training that are not tensors. Losses and sums are doubles and are written so that they read back
/// to the same bits.
public struct TrainingProgress: Sendable, Hashable, Codable {
    /// The epoch under way, from 1; one more than the last where the training is over.
    public internal(set) var epoch = 1
    /// Steps done in it.
    public internal(set) var step = 0
    /// Steps done since the training began.
    public internal(set) var stepsDone = 0
    /// Time spent in it.
    public internal(set) var seconds = 0.0
    /// Engine threads, fixed when the training began.
    public internal(set) var threads: Int
    public internal(set) var history: [EpochRecord] = []
    /// The epoch whose parameters are kept.
    public internal(set) var keptEpoch: Int?
    /// Set once the training is over.
    public internal(set) var ended: StopReason?
    var keptValue: Double?
    var patience = Patience()
    var sums = RunningSums()

    init(threads: Int) { self.threads = threads }
}

/// Why a training ended.
public enum StopReason: String, Sendable, Hashable, Codable {
    case allEpochs, stoppedEarly
}

/// Where a training leaves and finds its state. What `load` returns must be what the last `save` was given.
public protocol CheckpointStore {
    /// The last state saved, or nil where there is none.
    func load() throws -> TrainingState?
    /// Replaces the last state as a whole or not at all.
    func save(_ state: PendingState) throws
}

/// A state whose tensors are read one by one while it is saved: a backbone with Adam's moments need not be in memory twice.
public struct PendingState {
    /// Under the names a file keeps them by: `parameters.`, `optimizer.` and `kept.` before their own.
    public let tensors: [PendingTensor]
    public let progress: TrainingProgress

    init(parameters: [PendingTensor], optimizer: [PendingTensor], kept: [PendingTensor], progress: TrainingProgress) {
        tensors = [("parameters.", parameters), ("optimizer.", optimizer), ("kept.", kept)].flatMap { group, tensors in
            tensors.map { PendingTensor(group + $0.name, $0.shape, read: $0.read) }
        }
        self.progress = progress
    }

    /// All of it.
    public func state() throws -> TrainingState {
        TrainingState(tensors: try tensors.map { ($0.name, try $0.read()) }, progress: progress)
    }
}

/// Checkpoints that last as long as the object.
public final class MemoryCheckpoints: CheckpointStore {
    public private(set) var state: TrainingState?
    public private(set) var saves = 0

    public init(_ state: TrainingState? = nil) { self.state = state }
    public func load() -> TrainingState? { state }
    public func save(_ state: PendingState) throws {
        self.state = try state.state()
        saves += 1
    }
}

extension TrainingState {
    /// The state from what a file held. Throws `bad-checkpoint` where it is none.
    public init(tensors: [(name: String, tensor: Tensor)], progress: JSONValue) throws {
        do { self.init(tensors: tensors, progress: try progress.decoded() as TrainingProgress) } catch {
            throw Diagnostic("bad-checkpoint", "expected a checkpoint of a training, found something else")
        }
    }

    /// The state of tensors under the names that `PendingState` gives them.
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

    /// The state with its parameters in the order of the plan's network (a file may have another). Throws
    /// `bad-checkpoint` where it is not one of the plan's.
    func checked(against plan: FitPlan) throws -> TrainingState {
        let changing = plan.changing
        let fits = [parameters, kept].compactMap { $0 }.allSatisfy { store in
            store.names.count == changing.count && changing.allSatisfy { store[$0.name]?.shape == $0.shape }
        }
        let over = progress.ended != nil
        let placed = progress.epoch == progress.history.count + 1
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
    /// The same tensors in the order in which they are named, without any that is not.
    func ordered(as parameters: [ParameterSpec]) -> ParameterStore {
        var ordered = ParameterStore()
        for parameter in parameters { ordered[parameter.name] = self[parameter.name] }
        return ordered
    }
}
