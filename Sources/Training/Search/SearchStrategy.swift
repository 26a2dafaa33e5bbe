import Diagnostics

/// The strategy by which a search chooses what to try next, with the defaults of Keras Tuner.
public enum SearchStrategy: Sendable, Hashable, Codable {
    /// Grid search: every combination, the last dimension varying fastest. A continuous dimension takes `points` values,
    /// evenly spaced (in the logarithm, where it is logarithmic), its ends among them.
    case grid(points: Int)
    /// Random search: independent draws.
    case random(trials: Int)
    /// Bayesian optimisation by a Gaussian process.
    case bayesian(BayesianSettings)
    /// Hyperband: many short trainings, of which the best go on.
    case hyperband(HyperbandSchedule)

    /// The largest number of trials a search may have, since their list is read at each proposal.
    static let mostTrials = 1_000_000

    /// The number of trials of the search over these dimensions, where no value set runs out. Throws `search-space`.
    func trials(over dimensions: [SearchDimension]) throws -> Int {
        func refuse(_ what: String, hint: String? = nil) -> Diagnostic { Diagnostic("search-space", what, hint: hint) }
        let most = SearchStrategy.mostTrials
        switch self {
        case .grid(let points):
            guard points >= 2 else { throw refuse("a grid search expected at least 2 points a dimension, found \(points)") }
            var total = 1
            for dimension in dimensions {
                let (product, overflow) = total.multipliedReportingOverflow(by: dimension.gridCount(points: points))
                guard !overflow, product <= most else {
                    throw refuse(
                        "a grid search expected at most \(most) combinations, found more", hint: "search at random, or name fewer values")
                }
                total = product
            }
            return total
        case .random(let trials):
            guard trials >= 1, trials <= most else { throw refuse("a random search expected 1 to \(most) trials, found \(trials)") }
            return trials
        case .bayesian(let settings):
            guard settings.trials >= 1, settings.trials <= most else {
                throw refuse("a Bayesian search expected 1 to \(most) trials, found \(settings.trials)")
            }
            if let initial = settings.initial, initial < 1 {
                throw refuse("a Bayesian search expected at least 1 initial trial, found \(initial)")
            }
            guard settings.beta >= 0, settings.beta.isFinite else {
                throw refuse("`beta` of a Bayesian search expected a number of 0 or more, found \(settings.beta)")
            }
            // Below, points that lie close together make a matrix that rounding can leave without a Cholesky factor.
            guard settings.noise >= 1e-10, settings.noise.isFinite else {
                throw refuse("the noise of a Bayesian search expected a number of at least 1e-10, found \(settings.noise)")
            }
            return settings.trials
        case .hyperband(let schedule):
            guard let jobs = schedule.jobs, jobs <= most else {
                throw refuse("a Hyperband search expected at most \(most) trainings, found more")
            }
            return jobs
        }
    }
}

/// The settings of a Bayesian optimisation by a Gaussian process; see `Search.bayesian`.
public struct BayesianSettings: Sendable, Hashable, Codable {
    /// The number of trials in all.
    public var trials: Int
    /// The number of trials that have to finish before the process is asked; until then they are drawn at random. nil is 3
    /// a dimension.
    public var initial: Int?
    /// The exploration weight: how many standard deviations below its mean a point is judged. The larger, the more is
    /// explored.
    public var beta: Double
    /// The variance of the scores' noise, in units of their variance.
    public var noise: Double

    /// Creates settings, by default those of Keras Tuner.
    public init(trials: Int = 10, initial: Int? = nil, beta: Double = 2.6, noise: Double = 1e-4) {
        self.trials = trials
        self.initial = initial
        self.beta = beta
        self.noise = noise
    }
}
