/// The two pixels of the source between which one of the target lies, along one axis, and its distance from the first.
struct LinearTerm {
    let first: Int, second: Int
    let fraction: Float

    /// The shares of both in units of 1/2048, as OpenCV has them for bytes.
    var shares: (Int32, Int32) {
        (Int32(((1 - fraction) * 2048).rounded(.toNearestOrEven)), Int32((fraction * 2048).rounded(.toNearestOrEven)))
    }
}

/// The interpolation terms of one axis. Beyond the outer centres the outer pixel counts alone.
///
/// OpenCV sets the fraction to 0 there for columns, and for rows repeats the row under the fraction: for bytes, whose
/// products are cut, that is not the same.
func linearTerms(from: Int, to: Int, scale: Double, _ method: ResizeMethod, isColumns: Bool) -> [LinearTerm] {
    let inverse = Double(to) / Double(from)
    return (0..<to).map { target in
        var first: Int
        var fraction: Float
        if method == .area {
            first = Int((Double(target) * scale).rounded(.down))
            fraction = Float(Double(target + 1) - Double(first + 1) * inverse)
            fraction = fraction <= 0 ? 0 : fraction - fraction.rounded(.down)
        } else {
            fraction = Float((Double(target) + 0.5) * scale - 0.5)
            first = Int(fraction.rounded(.down))
            fraction -= fraction.rounded(.down)
        }
        if isColumns, first < 0 { (first, fraction) = (0, 0) }
        if isColumns, first >= from - 1 { (first, fraction) = (from - 1, 0) }
        return LinearTerm(first: max(0, min(from - 1, first)), second: max(0, min(from - 1, first + 1)), fraction: fraction)
    }
}

extension ResizePlan {
    /// Interpolates bytes in whole numbers, along rows first, cut where OpenCV cuts: its results for bytes do not depend on
    /// the processor.
    func interpolated(_ values: [UInt8], _ rows: [LinearTerm], _ columns: [LinearTerm]) -> [UInt8] {
        let shares = columns.map(\.shares)
        var cached: [Int: [Int32]] = [:]
        var result: [UInt8] = []
        result.reserveCapacity(target.height * target.width * channels)
        func line(_ y: Int) -> [Int32] {
            if let line = cached[y] { return line }
            let base = y * source.width * channels
            var line: [Int32] = []
            line.reserveCapacity(target.width * channels)
            for (term, share) in zip(columns, shares) {
                for channel in 0..<channels {
                    line.append(
                        Int32(values[base + term.first * channels + channel]) * share.0 + Int32(
                            values[base + term.second * channels + channel]) * share.1)
                }
            }
            cached[y] = line
            return line
        }
        for term in rows {
            let (upper, lower) = (line(term.first), line(term.second))
            let (a, b) = term.shares
            for index in upper.indices {
                let sum = (a * (upper[index] >> 4)) >> 16 + (b * (lower[index] >> 4)) >> 16
                result.append(UInt8(max(0, min(255, (sum + 2) >> 2))))
            }
            cached = cached.filter { $0.key >= term.first }
        }
        return result
    }

    func interpolated(_ values: [Float], _ rows: [LinearTerm], _ columns: [LinearTerm]) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(target.height * target.width * channels)
        let line = source.width * channels
        func along(_ base: Int, _ term: LinearTerm) -> Float {
            values[base + term.first * channels] * (1 - term.fraction) + values[base + term.second * channels] * term.fraction
        }
        for row in rows {
            for column in columns {
                for channel in 0..<channels {
                    result.append(
                        along(row.first * line + channel, column) * (1 - row.fraction) + along(row.second * line + channel, column)
                            * row.fraction)
                }
            }
        }
        return result
    }
}
