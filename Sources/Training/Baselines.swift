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

/// Four summary features of a field of positive values: the natural logarithms of its mean, its population standard
/// deviation, its minimum and its maximum.
///
/// Values at or below `floor` (zeros, the small negative dips of pseudo densities) count as `floor` before the logarithm.
public struct LogStatistics: Sendable, Hashable {
    /// The names of the four features, in order.
    public static let names = ["log_mean", "log_std", "log_min", "log_max"]
    /// The smallest argument of a logarithm, in the unit of the field.
    public var floor: Double

    /// Creates the feature extractor with a floor for the logarithms, in the unit of the field.
    public init(floor: Double = 1e-6) { self.floor = floor }

    /// The features of one field, in the order of `names`. Throws `features` where the field is empty or not finite.
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
        let deviation = (squares / Double(values.count)).squareRoot()
        return [mean, deviation, least, greatest].map { naturalLogarithm(max($0, floor)) }
    }
}
