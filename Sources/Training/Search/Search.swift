import Diagnostics
import Tensors

/// The next step of a search: a training to run, a wait, or the end.
public enum SearchStep: Sendable, Hashable {
    /// Run this proposal.
    case run(SearchProposal)
    /// Ask again when one of the running trials has ended.
    case wait
    /// Nothing is left to run, though trials may still be running.
    case done(SearchEnd)
}

/// The reason why a search is over.
public enum SearchEnd: Sendable, Hashable {
    /// All trials that were asked for have been proposed.
    case complete
    /// The search space is used up, or nearly: more than 20 draws running gave values that were tried before.
    case exhausted
}

/// A hyper-parameter search for the values that give the lowest score, as a pure function of the trials so far. It holds no
/// state and draws by a generator addressed by the seed and the number of the trial, so a search that was killed goes on as
/// if it had not been.
public struct Search: Sendable, Hashable {
    /// The parameters that the search varies.
    public let dimensions: [SearchDimension]
    /// The strategy that chooses the values to try.
    public let strategy: SearchStrategy
    /// The seed of all random draws of the search.
    public let seed: UInt64
    /// The number of trials there will be, where no space of few values runs out first.
    public let trials: Int

    /// Creates a search. Throws `search-space` where there is no dimension, two have one name, or the strategy's settings
    /// are out of range.
    public init(_ dimensions: [SearchDimension], _ strategy: SearchStrategy, seed: UInt64) throws {
        guard !dimensions.isEmpty else { throw Diagnostic("search-space", "a search expected at least one search space, found none") }
        var names: Set<String> = []
        for dimension in dimensions where !names.insert(dimension.name).inserted {
            throw Diagnostic("search-space", "a search expected one search space for each name, found two for `\(dimension.name)`")
        }
        self.dimensions = dimensions
        self.strategy = strategy
        self.seed = seed
        trials = try strategy.trials(over: dimensions)
    }

    /// The next step after these trials, which stand in the order they were proposed in. A search that was killed leaves
    /// its last trials running: take them up again, or leave them out and get the same proposals. Throws `search-space`
    /// where the values of a trial are none of the dimensions', and `search` where the Gaussian process cannot be fitted.
    public func next(after trials: [SearchTrial]) throws -> SearchStep {
        for (index, trial) in trials.enumerated() where coordinates(of: trial.proposal.values) == nil {
            throw Diagnostic("search-space", "trial \(index + 1) of the search has values that the search spaces do not hold")
        }
        if case .hyperband(let schedule) = strategy { return try hyperband(schedule, after: trials) }
        guard trials.count < self.trials else { return .done(.complete) }
        let values =
            switch strategy {
            case .grid(let points): combination(trials.count, points: points)
            case .bayesian(let settings): try bayesian(settings, after: trials)
            case .random, .hyperband: drawn(after: trials)
            }
        return values.map { .run(SearchProposal(values: $0)) } ?? .done(.exhausted)
    }

    /// The point of the unit cube for these values; nil where they are not of the dimensions searched.
    func coordinates(of values: [SearchValue]) -> [Double]? {
        guard values.count == dimensions.count else { return nil }
        var result: [Double] = []
        result.reserveCapacity(values.count)
        for (dimension, value) in zip(dimensions, values) {
            guard let place = dimension.coordinate(of: value) else { return nil }
            result.append(place)
        }
        return result
    }

    func values(at point: [Double]) -> [SearchValue] { zip(dimensions, point).map { $0.value(at: $1) } }

    /// The random number generator for one purpose within one trial. 0 is what `sample` of the language draws from.
    func generator(trial: Int, purpose: UInt8) -> Philox {
        Philox(RandomKey(seed: seed, purpose: .search, stage: purpose, item: UInt32(truncatingIfNeeded: trial)))
    }

    /// New values drawn at random; nil after more than 20 draws that were tried before.
    func drawn(after trials: [SearchTrial]) -> [SearchValue]? {
        var generator = generator(trial: trials.count, purpose: 1)
        let tried = Set(trials.lazy.map(\.proposal.values))
        for _ in 0...20 {
            let values = dimensions.map { $0.value(at: generator.nextDouble()) }
            if !tried.contains(values) { return values }
        }
        return nil
    }

    /// The combination of a grid at an index, the last dimension varying fastest.
    private func combination(_ index: Int, points: Int) -> [SearchValue] {
        var rest = index
        var values: [SearchValue] = []
        for dimension in dimensions.reversed() {
            let (quotient, position) = rest.quotientAndRemainder(dividingBy: dimension.gridCount(points: points))
            values.append(dimension.gridValue(position, points: points))
            rest = quotient
        }
        return values.reversed()
    }
}
