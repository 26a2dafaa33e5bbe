import Diagnostics

/// How a search chooses what to try next, with the defaults of Keras Tuner.
public enum SearchStrategy: Sendable, Hashable, Codable {
    /// Every combination, the last dimension varying fastest. A continuous dimension takes `points` values, evenly spaced
    /// (in the logarithm, where it is logarithmic), its ends among them.
    case grid(points: Int)
    /// Independent draws.
    case random(trials: Int)
    case bayesian(BayesianSettings)
    case hyperband(HyperbandSchedule)

    /// The largest number of trials a search may have: their list is read at each proposal.
    static let mostTrials = 1_000_000

    /// How many trials the search has over these dimensions, where no value set runs out. Throws `search-space`.
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
                    throw refuse("a grid search expected at most \(most) combinations, found more", hint: "search at random, or name fewer values")
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
            if let initial = settings.initial, initial < 1 { throw refuse("a Bayesian search expected at least 1 initial trial, found \(initial)") }
            guard settings.beta >= 0, settings.beta.isFinite else {
                throw refuse("`beta` of a Bayesian search expected a number of 0 or more, found \(settings.beta)")
            }
            // Below, points that lie close together make a matrix that rounding can leave without a Cholesky factor.
            guard settings.noise >= 1e-10, settings.noise.isFinite else {
                throw refuse("the noise of a Bayesian search expected a number of at least 1e-10, found \(settings.noise)")
            }
            return settings.trials
        case .hyperband(let schedule):
            guard let jobs = schedule.jobs, jobs <= most else { throw refuse("a Hyperband search expected at most \(most) trainings, found more") }
            return jobs
        }
    }
}

/// A search by a Gaussian process; see `Search.bayesian`.
public struct BayesianSettings: Sendable, Hashable, Codable {
    public var trials: Int
    /// How many trials have to finish before the process is asked; until then they are drawn at random. 3 a dimension where
    /// nil.
    public var initial: Int?
    /// How many standard deviations below its mean a point is judged: the larger, the more is explored.
    public var beta: Double
    /// The variance of the scores' noise, in units of their variance.
    public var noise: Double

    public init(trials: Int = 10, initial: Int? = nil, beta: Double = 2.6, noise: Double = 1e-4) {
        self.trials = trials
        self.initial = initial
        self.beta = beta
        self.noise = noise
    }
}
