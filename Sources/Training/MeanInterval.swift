import Tensors

/// The bootstrap 95 % confidence interval of a mean: the values are drawn again, with replacement, `resamples` times. Equal
/// values give equal bounds.
public func bootstrapMeanInterval(_ values: [Double], resamples: Int = 2000, seed: UInt64 = 0) -> Interval {
    guard !values.isEmpty else { return Interval(lower: .nan, upper: .nan) }
    let means = (0..<max(1, resamples)).map { resample -> Double in
        var stream = Philox(RandomKey(seed: seed, purpose: .bootstrap, item: UInt32(truncatingIfNeeded: resample)))
        return (0..<values.count).reduce(0) { sum, _ in sum + values[stream.nextInt(below: values.count)] } / Double(values.count)
    }
    return percentileInterval(means) ?? Interval(lower: .nan, upper: .nan)
}
