/// The mean of numbers; NaN where there is none.
func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

/// The sample standard deviation of numbers; 0 where there are fewer than two.
func deviation(_ values: [Double]) -> Double {
    let center = mean(values)
    return values.count < 2 ? 0 : (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
}
