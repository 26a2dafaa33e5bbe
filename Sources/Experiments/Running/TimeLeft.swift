/// How long a run still takes, from the estimate of its plan and what its trainings took so far.
///
/// The plan estimates each training from the size of its network. What was measured says how far that is off on this machine, and
/// how much sooner trainings end that stop early: the rest is taken to be off by the same factor.
public struct TimeLeft: Sendable, Hashable {
    /// The training at work.
    public struct Training: Sendable, Hashable {
        /// Seconds that the plan estimates for all of it.
        public var estimate: Double
        /// Share of it that was done when it began here, 0 to 1: what an earlier run did.
        public var begun: Double
        /// Share of it that is done, 0 to 1.
        public var share: Double
        /// Seconds since it began here.
        public var measured: Double

        /// Creates a training.
        public init(estimate: Double, begun: Double = 0, share: Double = 0, measured: Double = 0) {
            (self.estimate, self.begun, self.share, self.measured) = (estimate, begun, share, measured)
        }

        /// Seconds that it still takes if it goes on as it went, nil where nothing of it was done here.
        public var rest: Double? { share > begun && measured > 0 ? measured / (share - begun) * max(0, 1 - share) : nil }
    }

    /// Seconds that the plan estimates for all trainings, those that ended since among them.
    public var planned: Double
    private var ended = 0.0
    private var estimated = 0.0
    private var measured = 0.0

    /// Creates the time left of a plan.
    public init(planned: Double) { self.planned = planned }

    /// Counts a training that ended: whatever its share, nothing of it is left.
    public mutating func end(_ training: Training) {
        ended += training.estimate
        estimated += training.estimate * max(0, 1 - training.begun)
        measured += training.measured
    }

    /// Seconds left, with those of the training at work; nil where nothing was measured that tells.
    public func seconds(with training: Training?) -> Double? {
        let done = estimated + (training.map { $0.estimate * max(0, $0.share - $0.begun) } ?? 0)
        let took = measured + (training?.measured ?? 0)
        guard done > 0, took > 0 else { return nil }
        let factor = took / done
        let others = max(0, planned - ended - (training?.estimate ?? 0))
        let this = training.map { $0.rest ?? $0.estimate * max(0, 1 - $0.begun) * factor } ?? 0
        return this + others * factor
    }
}

/// The place of a training within the run that it is a part of, and how long that still takes.
public struct WholeProgress: Sendable, Hashable, Codable {
    /// One of several: a trial of a search, a fold.
    public struct Part: Sendable, Hashable, Codable {
        /// What it is: `trial`.
        public var name: String
        /// Its number, from 1.
        public var number: Int
        /// How many there are.
        public var count: Int

        /// Creates a part.
        public init(_ name: String, _ number: Int, of count: Int) { (self.name, self.number, self.count) = (name, number, count) }
    }
    /// The parts, from the largest to the smallest; none for a training that stands for itself.
    public var parts: [Part]
    /// Seconds left of the whole run; nil where they are not known.
    public var left: Double?

    /// Creates a place.
    public init(parts: [Part] = [], left: Double? = nil) { (self.parts, self.left) = (parts, left) }
}
