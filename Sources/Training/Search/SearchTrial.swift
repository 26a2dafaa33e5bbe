/// What a search asks for: one training with one value for each dimension.
public struct SearchProposal: Sendable, Hashable, Codable {
    /// In the order of the dimensions.
    public var values: [SearchValue]
    /// The part of a Hyperband schedule this is; nil in other searches, whose trainings are as long as the experiment says.
    public var rung: HyperbandRung?

    public init(values: [SearchValue], rung: HyperbandRung? = nil) {
        self.values = values
        self.rung = rung
    }
}

/// A proposal and what came of it. Its number is its position among the trials of its search, in the order they were proposed:
/// random numbers are drawn by that number, so a trial that failed stays in its place.
public struct SearchTrial: Sendable, Hashable, Codable {
    public enum State: Sendable, Hashable, Codable {
        /// A score to be minimised. One that is not finite makes the trial a failed one.
        case finished(score: Double)
        case failed
        case running
    }
    public var proposal: SearchProposal
    public var state: State

    public init(_ proposal: SearchProposal, _ state: State) {
        self.proposal = proposal
        self.state = state
    }

    /// The score, where the trial has finished with a finite one.
    public var score: Double? { if case .finished(let score) = state, score.isFinite { score } else { nil } }
    public var isRunning: Bool { state == .running }
    /// Failed, or finished with a score that is not finite.
    public var hasFailed: Bool { !isRunning && score == nil }
}

extension [SearchTrial] {
    /// The number of the trial with the lowest score, the first of equals; nil where none has a score. In a Hyperband search
    /// trials of all lengths compete, as in Keras Tuner.
    public var best: Int? {
        var found: (index: Int, score: Double)?
        for (index, trial) in enumerated() {
            guard let score = trial.score, found.map({ score < $0.score }) ?? true else { continue }
            found = (index, score)
        }
        return found?.index
    }

    /// How many trials at the end failed one after another, running ones left out. Keras Tuner gives up at 3; whether to is
    /// for the caller to say, and no strategy looks at it.
    public var failuresAtEnd: Int {
        var count = 0
        for trial in reversed() where !trial.isRunning {
            guard trial.hasFailed else { break }
            count += 1
        }
        return count
    }
}
