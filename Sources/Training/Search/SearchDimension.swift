import Diagnostics

/// The value of one dimension in one trial.
public enum SearchValue: Sendable, Hashable, Codable {
    /// A number; whole where the dimension is of integers.
    case number(Double)
    /// The position, from 0, in a list of choices.
    case choice(Int)
}

/// One hyper-parameter that a search varies: its name and its range. Every dimension maps the unit interval to its values,
/// as the hyper-parameters of Keras Tuner 1.4 do, so that a strategy has to know nothing but points of the unit cube.
public struct SearchDimension: Sendable, Hashable, Codable {
    /// The kind of values of a dimension, with their range.
    public enum Kind: Sendable, Hashable, Codable {
        /// Numbers from `low` to `high`.
        case linear(low: Double, high: Double)
        /// Positive numbers from `low` to `high` whose logarithms are equally likely.
        case logarithmic(low: Double, high: Double)
        /// Whole numbers from `low` to `high`, both included where the steps lead there; small ones likelier where
        /// `logarithmic`, which wants a step of 1.
        case integers(low: Int, high: Int, step: Int = 1, logarithmic: Bool = false)
        /// Positions in a list of `count` choices.
        case choices(count: Int)
    }
    /// The name of the hyper-parameter.
    public let name: String
    /// The kind and range of its values.
    public let kind: Kind

    /// Creates a dimension. Throws `search-space` where the bounds are not finite or out of order, a logarithmic dimension
    /// begins at 0 or below, a step is below 1, an integer is beyond those a double holds exactly, or there is nothing to
    /// choose from.
    public init(name: String, kind: Kind) throws {
        self.name = name
        self.kind = kind
        func refuse(_ expected: String) -> Diagnostic { Diagnostic("search-space", "the search space of `\(name)` expected \(expected)") }
        switch kind {
        case .linear(let low, let high):
            guard low < high, (high - low).isFinite else { throw refuse("finite bounds, the lower first, found \(low) and \(high)") }
        case .logarithmic(let low, let high):
            guard low > 0, low < high, (high / low).isFinite else {
                throw refuse("positive bounds, the lower first, found \(low) and \(high)")
            }
        case .integers(let low, let high, let step, let logarithmic):
            let limit = 1 << 53
            guard low <= high, low >= -limit, high <= limit else {
                throw refuse("bounds of at most \(limit), the lower first, found \(low) and \(high)")
            }
            guard step >= 1, step <= limit else { throw refuse("a step of 1 or more, found \(step)") }
            guard !logarithmic || (low >= 1 && step == 1) else {
                throw refuse("positive bounds and a step of 1 in a logarithmic search, found \(low) and a step of \(step)")
            }
        case .choices(let count):
            guard count >= 1 else { throw refuse("at least one choice, found \(count)") }
        }
    }

    /// Decodes a dimension; throws as `init(name:kind:)` does, since what is read from a file is trusted no more than what
    /// is written in a script.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(name: container.decode(String.self, forKey: .name), kind: container.decode(Kind.self, forKey: .kind))
    }

    /// The number of values of a stepped dimension; nil for a continuous one.
    public var count: Int? {
        switch kind {
        case .linear, .logarithmic: nil
        case .integers(let low, let high, let step, _): (high - low) / step + 1
        case .choices(let count): count
        }
    }

    /// The value at a place in the unit interval; places outside count as its nearer end. A stepped dimension gives each of
    /// its n values an equal part, floor(u n), a logarithmic one low (high / low)^u.
    public func value(at place: Double) -> SearchValue {
        // A place that is not a number counts as 0: `max` would pass it on.
        let u = place > 0 ? min(place, 1) : 0
        switch kind {
        case .linear(let low, let high): return .number(min(high, low + u * (high - low)))
        case .logarithmic(let low, let high): return .number(min(high, max(low, low * power(high / low, u))))
        case .integers(let low, let high, let step, let logarithmic):
            guard logarithmic else { return .number(Double(low + step * SearchDimension.index(u, of: (high - low) / step + 1))) }
            let value = Double(low) * power((Double(high) + 1) / Double(low), u)
            return .number(min(Double(high), max(Double(low), value.rounded(.down))))
        case .choices(let count): return .choice(SearchDimension.index(u, of: count))
        }
    }

    private static func index(_ u: Double, of count: Int) -> Int { max(0, min(count - 1, Int(min(u * Double(count), 0x1p62)))) }

    /// The place of a value in the unit interval: for a stepped dimension the centre of the part that leads to it, for
    /// logarithmic integers that of value + 1/2. nil where the value is none of this dimension.
    public func coordinate(of value: SearchValue) -> Double? {
        switch (kind, value) {
        case (.linear(let low, let high), .number(let x)):
            return x >= low && x <= high ? (x - low) / (high - low) : nil
        case (.logarithmic(let low, let high), .number(let x)):
            return x >= low && x <= high ? min(1, naturalLogarithm(x / low) / naturalLogarithm(high / low)) : nil
        case (.integers(let low, let high, let step, let logarithmic), .number(let x)):
            guard let whole = Int(exactly: x), whole >= low, whole <= high, (whole - low) % step == 0 else { return nil }
            guard logarithmic else { return (Double((whole - low) / step) + 0.5) / Double((high - low) / step + 1) }
            return naturalLogarithm((x + 0.5) / Double(low)) / naturalLogarithm((Double(high) + 1) / Double(low))
        case (.choices(let count), .choice(let index)):
            return index >= 0 && index < count ? (Double(index) + 0.5) / Double(count) : nil
        default: return nil
        }
    }

    /// The number of values a grid takes along this dimension: all of a stepped one, `points` of a continuous one.
    func gridCount(points: Int) -> Int { count ?? points }

    /// The value at a position of the grid, from 0. The ends of a continuous dimension are the bounds themselves.
    func gridValue(_ index: Int, points: Int) -> SearchValue {
        switch kind {
        case .linear(_, let high), .logarithmic(_, let high):
            index >= points - 1 ? .number(high) : value(at: Double(index) / Double(max(1, points - 1)))
        case .integers(let low, _, let step, _): .number(Double(low + step * index))
        case .choices: .choice(index)
        }
    }
}
