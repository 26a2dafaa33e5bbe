/// A histogram of values: bins of equal width over their range.
struct Binning {
    var points: [Point] = []
    var width = 1.0
    private var low = 0.0

    init(_ values: [Double], bins: Int?) {
        let sorted = values.sorted()
        guard let low = sorted.first, let high = sorted.last else { return }
        let count = min(200, max(1, bins ?? Self.advised(sorted)))
        let span = high - low
        guard span / Double(count) > 0, span.isFinite else {
            points = [Point(low, Double(sorted.count))]
            return
        }
        width = span / Double(count)
        self.low = low
        points = (0..<count).map { Point(low + (Double($0) + 0.5) * width, 0) }
        for value in sorted { points[index(of: value)].y += 1 }
    }

    /// The bin of one of the values. There has to be one.
    func index(of value: Double) -> Int { points.count == 1 ? 0 : min(points.count - 1, max(0, Int((value - low) / width))) }

    /// The number of bins by the rule of Freedman and Diaconis, "On the histogram as a density estimator" (1981): bins as
    /// wide as twice the interquartile range over the cube root of the count.
    private static func advised(_ sorted: [Double]) -> Int {
        let quartile = percentile(sorted, 75) - percentile(sorted, 25)
        let span = percentile(sorted, 100) - percentile(sorted, 0)
        guard quartile > 0, span.isFinite else { return min(20, max(1, sorted.count)) }
        var root = 1.0
        while root * root * root < Double(sorted.count) { root += 0.25 }
        return Int(min(200, max(5, (span / (2 * quartile / root)).rounded(.up))))
    }
}

/// The percentile `rank` (0...100) of ascending values, linear between neighbours; NaN when there are none.
func percentile(_ sorted: [Double], _ rank: Double) -> Double {
    guard let first = sorted.first, let last = sorted.last else { return .nan }
    let place = min(100, max(0, rank)) / 100 * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    guard index >= 0 else { return first }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
}
