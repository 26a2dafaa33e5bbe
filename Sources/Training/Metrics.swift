import Diagnostics
import Tensors

/// A closed interval of a measured value, such as a confidence interval, in that value's unit.
public struct Interval: Sendable, Hashable, Codable {
    /// The lower bound.
    public var lower: Double
    /// The upper bound.
    public var upper: Double

    /// Creates an interval from its bounds.
    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }
}

/// A metric over a set of items, with its bootstrap confidence interval.
public struct Measure: Sendable, Hashable, Codable {
    /// The value of the metric.
    public var value: Double
    /// The 95 % confidence interval; nil where no resample had a value.
    public var interval: Interval?

    /// Creates a metric with a value and, where known, an interval.
    public init(value: Double, interval: Interval? = nil) {
        self.value = value
        self.interval = interval
    }
}

/// The reason why a set of items has no R2.
public enum Undefined: String, Sendable, Hashable, Codable {
    /// There are fewer than two items.
    case tooFew = "R2 needs two items"
    /// All targets are equal.
    case constant = "the target is constant"
    /// A prediction is not finite.
    case notFinite = "a prediction is not finite"
}

/// The accuracy of predictions over one set of items: RMSE, MAE and R2. All sums are in double precision.
///
/// RMSE is the root of the mean squared error, MAE the mean absolute error, both in the unit of the values given; R2 = 1 -
/// sum (y - p)^2 / sum (y - mean(y))^2 with the mean of this very set, as scikit-learn's `r2_score`. Where scikit-learn
/// invents a number for a constant truth, there is none here.
public struct Score: Sendable, Hashable, Codable {
    /// The number of items.
    public var count: Int
    /// The root mean squared error.
    public var rmse: Measure
    /// The mean absolute error.
    public var mae: Measure
    /// The coefficient of determination; nil where it is not defined.
    public var r2: Measure?
    /// The reason why `r2` is nil, where it is.
    public var r2Undefined: Undefined?
    /// The number of resamples over which R2 had no value; they are left out of its interval.
    public var skippedResamples: Int

    /// Measures `predicted` against `truth`, both in the unit of the report.
    ///
    /// The 95 % intervals are percentiles (2.5 and 97.5, linearly interpolated) over resamples of the items with
    /// replacement (Efron and Tibshirani, "An Introduction to the Bootstrap", chapter 13); resample r draws from the
    /// stream (seed, bootstrap, item r), so one seed gives the same intervals everywhere.
    ///
    /// Throws `metrics` where the counts differ or there are no items.
    public init(truth: [Double], predicted: [Double], resamples: Int = 2000, seed: UInt64 = 0) throws {
        guard truth.count == predicted.count, !truth.isEmpty else {
            throw Diagnostic("metrics", "expected as many predictions as targets, found \(predicted.count) for \(truth.count)")
        }
        let moments = Moments(truth: truth, predicted: predicted)
        count = truth.count
        rmse = Measure(value: moments.rmse)
        mae = Measure(value: moments.mae)
        switch moments.r2 {
        case .success(let value): r2 = Measure(value: value)
        case .failure(let reason): r2Undefined = reason
        }
        skippedResamples = 0
        guard resamples > 0, moments.rmse.isFinite else { return }

        var rmses: [Double] = []
        var maes: [Double] = []
        var r2s: [Double] = []
        rmses.reserveCapacity(resamples)
        maes.reserveCapacity(resamples)
        r2s.reserveCapacity(resamples)
        var drawn = [Int](repeating: 0, count: truth.count)
        for resample in 0..<resamples {
            var stream = Philox(RandomKey(seed: seed, purpose: .bootstrap, item: UInt32(truncatingIfNeeded: resample)))
            for i in drawn.indices { drawn[i] = stream.nextInt(below: truth.count) }
            let sample = Moments(truth: truth, predicted: predicted, items: drawn)
            rmses.append(sample.rmse)
            maes.append(sample.mae)
            if case .success(let value) = sample.r2 { r2s.append(value) } else { skippedResamples += 1 }
        }
        rmse.interval = percentileInterval(rmses)
        mae.interval = percentileInterval(maes)
        r2?.interval = percentileInterval(r2s)
    }
}

/// The metrics of one set or resample of items, without intervals.
struct Moments {
    var rmse: Double
    var mae: Double
    var r2: Result<Double, Undefined>

    /// Computes the metrics over `items`, which may name an item more than once; nil is every item once. There must be at
    /// least one.
    init(truth: [Double], predicted: [Double], items: [Int]? = nil) {
        let items = items ?? Array(truth.indices)
        let n = Double(items.count)
        var squared = 0.0
        var absolute = 0.0
        var sum = 0.0
        for i in items {
            let error = truth[i] - predicted[i]
            squared += error * error
            absolute += abs(error)
            sum += truth[i]
        }
        // Equal targets are told apart by comparing them: their mean may differ from each in the last bit.
        let first = items.first.map { truth[$0] }
        let constant = items.allSatisfy { truth[$0] == first }
        let mean = sum / n
        var spread = 0.0
        for i in items { spread += (truth[i] - mean) * (truth[i] - mean) }

        rmse = (squared / n).squareRoot()
        mae = absolute / n
        if items.count < 2 {
            r2 = .failure(.tooFew)
        } else if constant || spread == 0 {
            r2 = .failure(.constant)
        } else if !squared.isFinite {
            r2 = .failure(.notFinite)
        } else {
            r2 = .success(1 - squared / spread)
        }
    }
}

extension Undefined: Error {}

/// The interval from the 2.5 to the 97.5 percentile of values; nil of no values.
func percentileInterval(_ values: [Double]) -> Interval? {
    let sorted = values.sorted()
    guard let lower = percentile(sorted, 0.025), let upper = percentile(sorted, 0.975) else { return nil }
    return Interval(lower: lower, upper: upper)
}

/// The percentile of sorted values: that below which a fraction of them lies, interpolated linearly between the two nearest
/// (NumPy's default, "linear").
func percentile(_ sorted: [Double], _ fraction: Double) -> Double? {
    guard let last = sorted.last else { return nil }
    let place = fraction * Double(sorted.count - 1)
    let below = Int(place.rounded(.down))
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
}
