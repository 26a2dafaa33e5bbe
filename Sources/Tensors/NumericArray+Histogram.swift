import Diagnostics

extension NumericArray {
    /// The histogram of the values: how many fall into each of `bins` bins of equal width, and the edges, one more than there are
    /// bins. A value on an edge belongs to the bin above it, one on the last edge to the last bin; values outside `range`, and
    /// NaN, are left out. Without a range it is that of the values; one without width is widened by 0.5 to each side. The edges
    /// and the counts are those of numpy's `histogram` on doubles.
    ///
    /// Throws `range` where `bins` is not from 1 to 2^28 or the range is not finite, as that of values with NaN.
    public func histogram(bins: Int, range: ClosedRange<Double>? = nil) throws -> (edges: [Double], counts: [Int]) {
        guard bins >= 1, bins <= NumericArray.largestCount else {
            throw Diagnostic("range", "the bins of a histogram expected a number from 1 to \(NumericArray.largestCount), found \(bins)")
        }
        var low = 0.0, high = 1.0
        if let range {
            (low, high) = (range.lowerBound, range.upperBound)
        } else if !values.isEmpty {
            (low, high) = (try reduced(.min, axis: nil).values[0], try reduced(.max, axis: nil).values[0])
        }
        if low == high { (low, high) = (low - 0.5, high + 0.5) }
        let width = high - low
        guard low.isFinite, high.isFinite, width.isFinite, width > 0 else {
            throw Diagnostic("range", "the range of a histogram expected finite ends with room between them, found \(low) to \(high)")
        }
        // numpy's `linspace`.
        let step = width / Double(bins)
        var edges = (0...bins).map { step == 0 ? Double($0) / Double(bins) * width + low : Double($0) * step + low }
        edges[bins] = high
        var counts = [Int](repeating: 0, count: bins)
        for value in values where value >= low && value <= high {
            var bin = min(max(Int((value - low) / width * Double(bins)), 0), bins - 1)
            // The quotient may be off by a rounding; the edges decide.
            if value < edges[bin], bin > 0 { bin -= 1 } else if value >= edges[bin + 1], bin < bins - 1 { bin += 1 }
            counts[bin] += 1
        }
        return (edges, counts)
    }
}
