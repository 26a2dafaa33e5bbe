import Diagnostics

/// The position of one training in a Hyperband search: its bracket, round and epochs.
public struct HyperbandRung: Sendable, Hashable, Codable {
    /// The iteration of the whole schedule, from 0.
    public var iteration: Int
    /// The bracket, counted down from the highest, which begins with most configurations and fewest epochs, to 0.
    public var bracket: Int
    /// The round of the bracket, from 0.
    public var round: Int
    /// The number of epochs the configuration has been trained for before this training.
    public var from: Int
    /// The number of epochs the configuration has been trained for in all after this training.
    public var to: Int
    /// The number of the trial whose state is trained further; nil for a configuration that is new.
    public var continues: Int?

    /// Creates a position in a schedule.
    public init(iteration: Int, bracket: Int, round: Int, from: Int, to: Int, continues: Int? = nil) {
        self.iteration = iteration
        self.bracket = bracket
        self.round = round
        self.from = from
        self.to = to
        self.continues = continues
    }
}

/// A Hyperband schedule: the number of configurations and of epochs in each round. It follows Li et al., "Hyperband" (JMLR
/// 18, 2018), with the sizes and epochs of Keras Tuner 1.4, which are not quite the paper's.
public struct HyperbandSchedule: Sendable, Hashable, Codable {
    /// The largest number of epochs of one configuration, R.
    public let maxEpochs: Int
    /// The reduction factor f: the part 1 / f of a round's configurations goes on to the next, for f times the epochs.
    public let factor: Int
    /// The number of times the whole schedule is run.
    public let iterations: Int

    /// The numbers of epochs that a schedule may have.
    public static let epochBounds = 1...1_000_000
    /// The numbers of times that a schedule may be run.
    public static let iterationBounds = 1...1000

    /// Creates a schedule. Throws `search-space` where `maxEpochs` is not from 1 to 1,000,000, `factor` not from 2 to
    /// 1,000,000, or `iterations` not from 1 to 1000.
    public init(maxEpochs: Int = 100, factor: Int = 3, iterations: Int = 1) throws {
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw Diagnostic(
                    "search-space",
                    "`\(name)` of `hyperband` expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(value)")
            }
        }
        // Under the names that scripts have for them.
        try check("epochs", maxEpochs, Self.epochBounds)
        try check("factor", factor, 2...1_000_000)
        try check("iterations", iterations, Self.iterationBounds)
        self.maxEpochs = maxEpochs
        self.factor = factor
        self.iterations = iterations
    }

    /// Decodes a schedule; throws as `init(maxEpochs:factor:iterations:)` does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            maxEpochs: container.decode(Int.self, forKey: .maxEpochs), factor: container.decode(Int.self, forKey: .factor),
            iterations: container.decode(Int.self, forKey: .iterations))
    }

    /// The number of brackets in an iteration: how often `maxEpochs` can be divided by the factor while it is 1 or more.
    public var brackets: Int {
        var epochs = Double(maxEpochs)
        var count = 0
        while epochs >= 1 {
            epochs /= Double(factor)
            count += 1
        }
        return count
    }

    /// The number of configurations that a round of a bracket trains: ceil(ceil(1 + log_f R) / (s + 1) f^(s - r)). 0 for a
    /// round that there is not.
    public func size(bracket: Int, round: Int) -> Int {
        guard has(bracket: bracket, round: round) else { return 0 }
        let end = (1 + naturalLogarithm(Double(maxEpochs)) / naturalLogarithm(Double(factor))).rounded(.up)
        return Int((end / Double(bracket + 1) * power(Double(factor), Double(bracket - round))).rounded(.up))
    }

    /// The number of epochs in all that a configuration has been trained for after a round of a bracket: ceil(R / f^(s -
    /// r)). 0 for a round that there is not.
    public func epochs(bracket: Int, round: Int) -> Int {
        guard has(bracket: bracket, round: round) else { return 0 }
        return Int((Double(maxEpochs) / power(Double(factor), Double(bracket - round))).rounded(.up))
    }

    private func has(bracket: Int, round: Int) -> Bool { (0..<brackets).contains(bracket) && round >= 0 && round <= bracket }

    /// The number of trainings in all; nil beyond what an integer holds.
    public var jobs: Int? {
        var total = 0
        for bracket in 0..<brackets { for round in 0...bracket { total += size(bracket: bracket, round: round) } }
        let (product, overflow) = total.multipliedReportingOverflow(by: iterations)
        return overflow ? nil : product
    }
}
