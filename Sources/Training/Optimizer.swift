import Diagnostics

/// The learning rate schedule: a pure function of the progress of a training, with nothing to store and nothing to resume.
public enum RateSchedule: Sendable, Hashable, Codable {
    /// The same rate at every step.
    case constant(Double)
    /// Cosine decay from `start` to `end` over all declared epochs, step by step (Loshchilov and Hutter, "SGDR", 2017,
    /// without restarts).
    case cosine(start: Double, end: Double)
    /// Exponential decay: `start` times `factor` to the power of the epochs done, step by step.
    case exponential(start: Double, factor: Double)
    /// Reduction on a plateau: `start`, times `factor` each time the watched value has not improved by more than `minDelta`
    /// for `patience` epochs, but not below `least`. This is Keras's `ReduceLROnPlateau` without cooldown; it follows from
    /// the history of the training.
    case plateau(start: Double, factor: Double, patience: Int, on: Monitor, minDelta: Double, least: Double)

    /// The metric that the schedule watches, if any.
    public var monitor: Monitor? { if case .plateau(_, _, _, let monitor, _, _) = self { monitor } else { nil } }

    /// The learning rate of one step. `epoch` counts from 1 and `step` from 0, of `steps` an epoch and `epochs` in all;
    /// `history` is that of the epochs before it.
    public func rate(epoch: Int, step: Int, steps: Int, epochs: Int, history: [EpochRecord] = []) -> Double {
        let done = Double(epoch - 1) + Double(step) / Double(max(1, steps))
        switch self {
        case .constant(let rate): return rate
        case .cosine(let start, let end):
            let share = min(1, done / Double(max(1, epochs)))
            return end + (start - end) * (1 + cosineOf(.pi * share)) / 2
        case .exponential(let start, let factor): return start * power(factor, done)
        case .plateau(let start, let factor, let patience, let monitor, let minDelta, let least):
            var rate = start
            var best: Double?
            var wait = 0
            for record in history {
                let value = monitor.value(in: record) ?? .infinity
                if best.map({ monitor.isBetter(value, than: $0, by: minDelta) }) ?? true {
                    (best, wait) = (value, 0)
                    continue
                }
                wait += 1
                guard wait >= patience else { continue }
                if rate > least { rate = max(rate * factor, least) }
                wait = 0
            }
            return rate
        }
    }
}

/// The optimizer: the rule by which gradients change parameters.
public enum Optimizer: Sendable, Hashable, Codable {
    /// Adam as Keras computes it: epsilon is added to the square root of the uncorrected second moment (Kingma and Ba,
    /// "Adam", 2015, end of section 2).
    case adam(rate: RateSchedule, beta1: Double, beta2: Double, epsilon: Double)

    /// Adam with Keras's defaults: beta1 0.9, beta2 0.999, epsilon 1e-7.
    public static func adam(rate: RateSchedule = .constant(1e-3)) -> Optimizer {
        .adam(rate: rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7)
    }

    /// The learning rate schedule.
    public var rate: RateSchedule {
        switch self {
        case .adam(let rate, _, _, _): rate
        }
    }
}
