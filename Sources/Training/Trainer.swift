import Diagnostics
import Engine
import Tensors

/// The result of a finished training.
public struct FitOutcome: Sendable, Equatable {
    /// The parameters that the training changed, as the plan asked to keep them.
    public var kept: ParameterStore
    /// The epoch, from 1, that the kept parameters are from; 0 for those that the training began with.
    public var keptEpoch: Int
    /// The parameters that the training changed, after the last epoch.
    public var last: ParameterStore
    /// The scores with the parameters that the training began with, where they count.
    public var start: StartScores?
    /// The scores of each epoch, in order.
    public var history: [EpochRecord]
    /// The reason why the training ended.
    public var reason: StopReason
    /// The number of engine threads that the training ran with.
    public var threads: Int

    /// Whether early stopping ended the training.
    public var stoppedEarly: Bool { reason == .stoppedEarly }
}

/// The result of running a training: finished or interrupted.
public enum FitResult: Sendable, Equatable {
    /// The training is over.
    case finished(FitOutcome)
    /// The training was interrupted on request; its state is in the checkpoint store.
    case interrupted(FitPlace)
}

/// The intervals at which a training saves its state, in seconds since it last did.
public struct CheckpointPolicy: Sendable, Hashable {
    /// The least interval between saves at the end of an epoch: short epochs do not wait for the disk each time.
    public var epochEnd: Double
    /// The interval after which the state is saved between two steps.
    public var step: Double

    /// Creates a policy from its two intervals, in seconds.
    public init(epochEnd: Double = 1, step: Double = 60) {
        self.epochEnd = epochEnd
        self.step = step
    }
}

/// A trainer that runs one training, which may be interrupted between any two steps and gone on with later, by another
/// trainer of the same plan, to the same bits.
///
/// The state is saved at the end of an epoch and between two steps as `CheckpointPolicy` says, when it is interrupted, and
/// when it is over. All randomness is keyed by (seed, stage, fold, epoch, item), so nothing of it is in the state. A
/// trainer belongs to the engine's thread.
public final class Trainer {
    /// The plan that is trained.
    public let plan: FitPlan
    private let checkpoints: (any CheckpointStore)?
    private let policy: CheckpointPolicy
    private let clock: () -> Double

    /// Creates a trainer of a plan. Without `checkpoints` nothing is saved; `clock` gives seconds that never go back.
    public init(
        _ plan: FitPlan, checkpoints: (any CheckpointStore)? = nil, policy: CheckpointPolicy = CheckpointPolicy(),
        clock: (() -> Double)? = nil
    ) {
        self.plan = plan
        self.checkpoints = checkpoints
        self.policy = policy
        self.clock = clock ?? monotonicSeconds
    }

    /// Trains from the last checkpoint, or from the start. `interrupted` is asked before each step.
    ///
    /// Throws `fit` where the plan cannot be run, `bad-checkpoint` where the state found is not the plan's, `diverged`
    /// where a loss or a watched value is no longer finite.
    ///
    /// `extending`: a state of the same training with fewer epochs, which is gone on with where there is no checkpoint.
    public func run(
        observer: (any FitObserver)? = nil, extending: TrainingState? = nil, interrupted: () -> Bool = { false }
    ) throws -> FitResult {
        try plan.check()
        var found = try checkpoints?.load()?.checked(against: plan)
        if found == nil, var state = extending, state.progress.history.count < plan.epochs {
            if state.progress.ended == .allEpochs { state.progress.ended = nil }
            found = try state.checked(against: plan)
        }
        // The number of threads decides the order of sums: the one a training began with is the one it ends with.
        if let found, found.progress.threads != Program.threads { Program.setThreads(found.progress.threads) }
        if let found, found.progress.ended != nil {
            return .finished(try FitOutcome(last: found.parameters, kept: found.kept, found.progress, plan: plan))
        }
        let loop = try TrainingLoop(
            plan, from: found, saving: { try self.checkpoints?.save($0) }, policy: policy, clock: clock, observer: observer)
        return try loop.run(interrupted)
    }
}

extension FitOutcome {
    init(last: ParameterStore, kept: ParameterStore?, _ progress: TrainingProgress, plan: FitPlan) throws {
        guard let reason = progress.ended else { throw Diagnostic("bad-checkpoint", "the training is not over") }
        let epochs = progress.history.count
        self.kept = plan.keep == .last ? last : kept ?? last
        keptEpoch = plan.keep == .last ? epochs : progress.keptEpoch ?? epochs
        self.last = last
        start = progress.start
        history = progress.history
        self.reason = reason
        threads = progress.threads
    }
}
