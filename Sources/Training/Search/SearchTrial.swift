/// A proposal of a search: one training with one value for each dimension.
public struct SearchProposal: Sendable, Hashable, Codable {
    /// The proposed values, in the order of the dimensions.
    public var values: [SearchValue]
    /// The position in a Hyperband schedule; nil in other searches, whose trainings are as long as the experiment says.
    public var rung: HyperbandRung?

    /// Creates a proposal.
    public init(values: [SearchValue], rung: HyperbandRung? = nil) {
        self.values = values
        self.rung = rung
    }
}

/// A trial of a search: a proposal and its result. Its number is its position among the trials of its search, in the order
/// they were proposed: random numbers are drawn by that number, so a trial that failed stays in its place.
public struct SearchTrial: Sendable, Hashable, Codable {
    /// The state of a trial.
    public enum State: Sendable, Hashable, Codable {
        /// The trial finished with a score, to be minimised. One that is not finite makes the trial a failed one.
        case finished(score: Double)
        /// The trial ended without a score.
        case failed
        /// The trial has not ended yet.
        case running
    }
    /// The values tried.
    public var proposal: SearchProposal
    /// The result so far.
    public var state: State

    /// Creates a trial of a proposal.
    public init(_ proposal: SearchProposal, _ state: State) {
        self.proposal = proposal
        self.state = state
    }

    /// The score of a trial that finished with a finite one; nil otherwise.
    public var score: Double? { if case .finished(let score) = state, score.isFinite { score } else { nil } }
    /// Whether the trial has not ended yet.
    public var isRunning: Bool { state == .running }
}

extension [SearchTrial] {
    /// The number of the trial with the lowest score, the first of equals; nil where none has a score. In a Hyperband
    /// search trials of all lengths compete, as in Keras Tuner.
    public var best: Int? {
        var found: (index: Int, score: Double)?
        for (index, trial) in enumerated() {
            guard let score = trial.score, found.map({ score < $0.score }) ?? true else { continue }
            found = (index, score)
        }
        return found?.index
    }
}
