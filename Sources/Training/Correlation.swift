import Diagnostics
import Tensors

/// Pearson's correlation coefficient of two arrays of one shape, element by element; from -1 to 1. NaN goes through.
/// Throws `type` where the shapes differ, there are fewer than two elements, or one side is constant.
public func correlation(_ x: NumericArray, _ y: NumericArray) throws -> Double {
    try expectPair(x, y)
    return try cosine(deviations(x.values[...], "the first side"), deviations(y.values[...], "the second side"))
}

/// Spearman's correlation coefficient: that of the ranks, where equal values share the mean of theirs. NaN goes through.
/// Throws as `correlation`.
public func rankCorrelation(_ x: NumericArray, _ y: NumericArray) throws -> Double {
    try expectPair(x, y)
    guard !x.values.contains(where: \.isNaN), !y.values.contains(where: \.isNaN) else { return .nan }
    return try cosine(deviations(averageRanks(x.values)[...], "the first side"), deviations(averageRanks(y.values)[...], "the second side"))
}

/// The rank of each value from 1 on, equal ones sharing the mean of theirs; the values must not be NaN.
func averageRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = values
    var start = 0
    while start < order.count {
        var end = start + 1
        while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
        for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
        start = end
    }
    return ranks
}

private func expectPair(_ x: NumericArray, _ y: NumericArray) throws {
    guard x.shape == y.shape else {
        throw Diagnostic("type", "a correlation expected two sides of one length, found \(x.shape) and \(y.shape)")
    }
    guard x.count >= 2 else { throw Diagnostic("type", "a correlation expected at least two values a side, found \(x.count)") }
}

/// The deviations from the mean, scaled to a length of 1; throws where all values are equal.
private func deviations(_ values: ArraySlice<Double>, _ what: String) throws -> ArraySlice<Double> {
    guard let first = values.first, values.contains(where: { $0 != first }) else {
        throw Diagnostic("type", "a correlation expected values that differ, found \(what) constant")
    }
    // The second round takes the rounding of the first away.
    let count = Double(values.count)
    let rough = values.reduce(0) { $0 + $1 / count }
    let mean = rough + values.reduce(0) { $0 + ($1 - rough) / count }
    // Squares of large or small numbers leave the range of doubles; those of numbers about 1 do not.
    let largest = values.reduce(0) { max($0, ($1 - mean).magnitude) }
    let scaled = values.map { ($0 - mean) / largest }[...]
    let length = dotProduct(scaled, scaled).squareRoot()
    return scaled.map { $0 / length }[...]
}

private func cosine(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    let product = dotProduct(a, b)
    return product.isNaN ? product : min(max(product, -1), 1)
}
