import Builtins
import Glibc
import Language

/// The clock of a run: knows which trial and fold is at work, and how long the whole still takes.
final class RunClock {
    /// The trial and the fold at work.
    private(set) var parts: [WholeProgress.Part] = []
    /// Seconds that the plan estimates for all that is to be trained, and for one training; nil where there is no plan.
    var estimate: (_ training: Experiment) -> (all: Double, this: Double)? = { _ in nil }
    /// Seconds that it estimates for a further training.
    var further: (_ training: Experiment) -> Double? = { _ in nil }
    private let now: () -> Double
    private var left: TimeLeft?
    private var isPlanned = false
    private var training: (experiment: Experiment, state: TimeLeft.Training, since: Double)?
    private var toldAt = -Double.infinity

    /// Seconds that a training takes before the rest is planned: nobody asks how long a shorter run takes, and planning costs some
    /// hundredths of a second.
    private static let patience = 1.0

    init(now: @escaping () -> Double = { steadyTime() }) { self.now = now }

    /// Calls `body`, which is one of several parts of the run.
    func within<Result>(_ part: WholeProgress.Part, _ body: () throws -> Result) rethrows -> Result {
        parts.append(part)
        defer { parts.removeLast() }
        return try body()
    }

    /// Notes that a training began, of which a share was done before. Returns what is known of the whole.
    func begin(_ experiment: Experiment, share: Double) -> WholeProgress {
        let expected = isPlanned ? further(experiment) ?? 0 : 0
        training = (experiment, .init(estimate: expected, begun: share, share: share), now())
        toldAt = now()
        return whole
    }

    /// Notes how far the training is. Returns what is known of the whole, at most once a second.
    func step(share: Double) -> WholeProgress? {
        guard let at = training else { return nil }
        let time = now()
        training?.state.share = share
        training?.state.measured = time - at.since
        guard time - toldAt >= Self.patience else { return nil }
        toldAt = time
        if !isPlanned {
            isPlanned = true
            if let found = estimate(at.experiment) {
                left = TimeLeft(planned: found.all)
                training?.state.estimate = found.this
            }
            // Planning is no part of the training.
            training?.since += now() - time
        }
        return whole
    }

    /// Notes that the training is over.
    func end() {
        if let state = training?.state { left?.end(state) }
        training = nil
    }

    private var whole: WholeProgress { WholeProgress(parts: parts, left: left?.seconds(with: training?.state)) }
}

/// The time in seconds of a clock that never goes back.
private func steadyTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
