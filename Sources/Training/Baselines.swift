import Diagnostics

/// The baseline that predicts the mean of the training targets for every item.
public struct MeanBaseline: Sendable, Hashable, Codable {
    /// The mean of the training targets, which is every prediction.
    public let mean: Double

    /// Fits the baseline: takes the mean of the training targets, in the space given. Throws `metrics` where there are
    /// none.
    public init(targets: [Double]) throws {
        guard !targets.isEmpty else { throw Diagnostic("metrics", "expected training targets, found none") }
        mean = targets.reduce(0, +) / Double(targets.count)
    }

    /// The predictions for `count` items: the mean, that many times.
    public func predict(count: Int) -> [Double] { [Double](repeating: mean, count: max(0, count)) }
}

/// Four summary features of a field: its mean, its population standard deviation, its minimum and its maximum.
public struct FieldStatistics: Sendable, Hashable {
    /// The names of the four features, in order.
    public static let names = ["mean", "std", "min", "max"]

    /// Creates the feature extractor.
    public init() {}

    /// The features of one field, in the order of `names` and in its unit. Throws `features` where the field is empty or not finite.
    public func callAsFunction(_ values: some Collection<Float>) throws -> [Double] {
        guard !values.isEmpty else { throw Diagnostic("features", "expected values, found an empty field") }
        var sum = 0.0
        var least = Double.infinity
        var greatest = -Double.infinity
        for value in values {
            sum += Double(value)
            least = min(least, Double(value))
            greatest = max(greatest, Double(value))
        }
        let mean = sum / Double(values.count)
        guard mean.isFinite else { throw Diagnostic("features", "expected finite values, found one that is not") }
        var squares = 0.0
        for value in values { squares += (Double(value) - mean) * (Double(value) - mean) }
        return [mean, (squares / Double(values.count)).squareRoot(), least, greatest]
    }
}

/// Rows of features with the natural logarithm in place of each feature that is positive in all of them. A feature that is zero or
/// negative anywhere is taken as it is in every row: a floor below it would make one number of many. So is one that ranges over more
/// than nine powers of ten, which has zeros but for rounding.
public func logarithmsWherePositive(_ rows: [[Double]]) -> [[Double]] {
    let columns = rows.first.map { $0.indices } ?? 0..<0
    let isPositive = columns.map { column in
        let least = rows.map { $0[column] }.min() ?? 0
        let most = rows.map { $0[column] }.max() ?? 0
        return least > 0 && least >= 1e-9 * most
    }
    return rows.map { row in zip(row, isPositive).map { $1 ? naturalLogarithm($0) : $0 } }
}
