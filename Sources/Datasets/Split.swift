import Diagnostics
import Tensors

/// A rule by which the items of a data set are split into training, validation and holdout. Items are numbered in natural
/// order of their identifiers.
public enum SplitRule: Sendable, Hashable, Codable {
    /// A random split into fractions of 1, drawn with the project's own generator.
    ///
    /// With n items each part gets the whole number below its share, and the items then left go one each to the parts with
    /// the largest remainders (the earlier part where two are equal), so that the sizes add up to n. Each part lists its
    /// items in ascending order.
    case random(train: Double, validation: Double, holdout: Double, seed: UInt64)
    /// The split of scikit-learn: `train_test_split(test_size: rest, random_state: seed)`, then the same on the rest with
    /// `test_size: holdoutOfRest`: index for index, in its order.
    case trainTestSplit(rest: Double, holdoutOfRest: Double, seed: UInt64)
}

/// A way to divide the rows of a table.
public protocol Splitting: Sendable {
    /// Checks what can be checked without the data.
    func check() throws
    /// Divides the rows `rows` of a table: the parts number them by their places in `rows`.
    func parts(of table: Table, rows: [Int]) throws -> Parts
}

/// The items of each part of a data set.
public struct Parts: Sendable, Hashable, Codable {
    /// The items of the training part.
    public var train: [Int]
    /// The items of the validation part.
    public var validation: [Int]
    /// The items of the holdout part.
    public var holdout: [Int]

    /// Makes parts without a check.
    public init(train: [Int], validation: [Int], holdout: [Int]) {
        self.train = train
        self.validation = validation
        self.holdout = holdout
    }
}

extension Parts {
    /// Checks that each part has an item. Throws `split-empty` where one has none.
    func checkNoneIsEmpty() throws {
        for (name, part) in [("train", train), ("validation", validation), ("holdout", holdout)] where part.isEmpty {
            let count = train.count + validation.count + holdout.count
            throw Diagnostic(
                "split-empty", "expected at least one item in each part of the split, found none for `\(name)` among \(count) items")
        }
    }
}

extension SplitRule: Splitting {
    /// Divides the rows `rows` of a table by their number alone. Throws as `parts(count:)`.
    public func parts(of table: Table, rows: [Int]) throws -> Parts { try parts(count: rows.count) }

    /// Checks what can be checked without the data.
    ///
    /// Throws `split-part` for a fraction outside 0...1 or a seed that scikit-learn would not take, `split-over` and
    /// `split-under` where the parts do not add up to 1.
    public func check() throws {
        switch self {
        case .random(let train, let validation, let holdout, _):
            try Shares(train: train, validation: validation, holdout: holdout).check()
        case .trainTestSplit(let rest, let holdoutOfRest, let seed):
            for (name, part) in [("rest", rest), ("holdoutOfRest", holdoutOfRest)] where !(part > 0 && part < 1) {
                throw Diagnostic("split-part", "expected `\(name)` between 0 and 100 %, both excluded, found \(percent(part))")
            }
            guard seed <= UInt64(UInt32.max) else {
                throw Diagnostic("split-part", "expected a seed below 2^32 for `trainTestSplit`, found \(seed)")
            }
        }
    }

    /// Divides the items 0..<count.
    ///
    /// Throws as `check()`, and `split-empty` where a part would have no item.
    public func parts(count: Int) throws -> Parts {
        try check()
        let parts: Parts
        switch self {
        case .random(let train, let validation, let holdout, let seed):
            let sizes = roundedSizes([train, validation, holdout], count: max(0, count))
            var generator = Philox(RandomKey(seed: seed, purpose: .split))
            let order = generator.permutation(count)
            parts = Parts(
                train: order.prefix(sizes[0]).sorted(), validation: order.dropFirst(sizes[0]).prefix(sizes[1]).sorted(),
                holdout: order.dropFirst(sizes[0] + sizes[1]).sorted())
        case .trainTestSplit(let rest, let holdoutOfRest, let seed):
            let (train, remaining) = scikitSplit(Array(0..<max(0, count)), test: rest, seed: seed)
            let (validation, holdout) = scikitSplit(remaining, test: holdoutOfRest, seed: seed)
            parts = Parts(train: train, validation: validation, holdout: holdout)
        }
        try parts.checkNoneIsEmpty()
        return parts
    }
}

/// The sizes of parts, whole numbers that add up to `count`, by largest remainders.
func roundedSizes(_ fractions: [Double], count: Int) -> [Int] {
    // What is meant is 0.7 * 10 = 7, whatever the last bit of the product says.
    let shares = fractions.map { $0 * Double(count) }
    var sizes = shares.map { Int(($0 + 1e-12 * Double(count)).rounded(.down)) }
    let order = shares.indices.sorted { a, b in
        let x = shares[a] - Double(sizes[a])
        let y = shares[b] - Double(sizes[b])
        return abs(x - y) > 1e-12 * Double(count) ? x > y : a < b
    }
    var left = count - sizes.reduce(0, +)
    for index in order where left > 0 {
        sizes[index] += 1
        left -= 1
    }
    return sizes
}

func percent(_ fraction: Double) -> String {
    let value = fraction * 100
    let rounded = (value * 1000).rounded() / 1000
    guard rounded.isFinite, abs(rounded) < 1e15 else { return "\(value) %" }
    return rounded == rounded.rounded() ? "\(Int(rounded)) %" : "\(rounded) %"
}

/// scikit-learn's `train_test_split` of a list: the training part and the test part, in its order.
private func scikitSplit(_ items: [Int], test: Double, seed: UInt64) -> (train: [Int], test: [Int]) {
    let size = min(items.count, Int((test * Double(items.count)).rounded(.up)))
    let order = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed)).permutation(items.count)
    return (order.dropFirst(size).map { items[$0] }, order.prefix(size).map { items[$0] })
}
