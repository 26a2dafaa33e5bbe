/// The mean of numbers; NaN where there is none.
func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

/// The sample standard deviation of numbers; 0 where there are fewer than two, and where they differ by rounding alone.
func deviation(_ values: [Double]) -> Double {
    guard values.count > 1, let least = values.min(), let most = values.max() else { return 0 }
    // Sums of the same numbers in another order differ in their last bits.
    guard most - least > 1e-12 * max(abs(least), abs(most)) else { return 0 }
    let center = mean(values)
    return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
}
