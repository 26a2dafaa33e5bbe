import Diagnostics

/// The reductions of an array, over all elements or along one axis. `std` is the population's (numpy's `ddof=0`).
public enum Reduction: String, Sendable, Hashable, Codable, CaseIterable { case sum, mean, min, max, std }

extension NumericArray {
    /// The shape that a reduction leaves: `shape` without `axis`, or rank 0 where `axis` is nil. Throws `out-of-range`.
    public static func reducedShape(_ shape: Shape, axis: Int?) throws -> Shape {
        guard let axis else { return [] }
        guard shape.extents.indices.contains(axis) else {
            throw Diagnostic("out-of-range", "there is no axis \(axis) in a tensor of shape \(shape)", hint: "axes count from 0")
        }
        var extents = shape.extents
        extents.remove(at: axis)
        return Shape(extents)
    }

    /// Reduces the array over all elements, or along one axis. Worked out in double whatever the precision, which the result
    /// keeps. NaN goes through. Sums are pairwise (Higham, "The accuracy of floating point summation", 1993), in numpy's order
    /// where the axis is the last. Throws `out-of-range` for an axis that is not there and `shape` where there is no element to
    /// take the `min`, `max`, `mean` or `std` of.
    public func reduced(_ r: Reduction, axis: Int?) throws -> NumericArray {
        let shape = try NumericArray.reducedShape(self.shape, axis: axis)
        let count = shape.count
        let length = axis.map { self.shape.extents[$0] } ?? values.count
        guard length > 0 || r == .sum || count == 0 else {
            throw Diagnostic("shape", "`\(r.rawValue)` expected at least one element, found a tensor of shape \(self.shape)")
        }
        guard count > 0 else { return NumericArray(shape: shape, exact: [], precision: precision) }
        let inner = axis.map { self.shape.extents[($0 + 1)...].reduce(1, *) } ?? 1
        var result: [Double] = []
        result.reserveCapacity(count)
        values.withUnsafeBufferPointer { all in
            for start in 0..<count / inner {
                let slab = UnsafeBufferPointer(rebasing: all[start * length * inner..<(start + 1) * length * inner])
                if inner == 1 {
                    result.append(reduceRun(slab, r) { $0 })
                } else {
                    result += reduceSlab(slab, rows: length, columns: inner, r)
                }
            }
        }
        return NumericArray(shape: shape, exact: result, precision: .double).converted(to: precision)
    }

    /// What `reduced` over all elements comes to for a single precision array of whole numbers from 0 to 255, to the last bit and
    /// without making it.
    public static func reduced(_ bytes: [UInt8], _ r: Reduction) throws -> NumericArray {
        guard !bytes.isEmpty || r == .sum else {
            throw Diagnostic("shape", "`\(r.rawValue)` expected at least one element, found none")
        }
        let value = bytes.withUnsafeBufferPointer { reduceRun($0, r, Double.init) }
        return NumericArray(scalar: value).converted(to: .single)
    }

    /// The p-norm of all elements, (sum of |x|^p)^(1/p); for an infinite order the largest magnitude. Scaled, so that it
    /// overflows only where the norm itself does. 0 for no elements. Throws `range` where the order is not above 0.
    public func norm(_ order: Double) throws -> Double {
        guard order > 0 else { throw Diagnostic("range", "the order of a norm expected a number above 0, found \(order)") }
        return values.withUnsafeBufferPointer { all in
            var largest = 0.0
            for value in all where !(value.magnitude <= largest) {
                // NaN is not less than anything, and stays.
                largest = value.magnitude
                if largest.isNaN { break }
            }
            guard largest > 0, largest.isFinite, order.isFinite else { return largest }
            let term: (Double) -> Double
            switch order {
            case 1: term = { ($0 / largest).magnitude }
            case 2: term = { ($0 / largest) * ($0 / largest) }
            default: term = { power(($0 / largest).magnitude, order) }
            }
            let sum = pairwiseSum(all, term)
            return largest * (order == 1 ? sum : order == 2 ? sum.squareRoot() : power(sum, 1 / order))
        }
    }
}

/// Reduces one contiguous stretch of numbers, of which `number` makes doubles.
@inline(__always)
private func reduceRun<Value>(_ run: UnsafeBufferPointer<Value>, _ r: Reduction, _ number: (Value) -> Double) -> Double {
    switch r {
    case .sum: return pairwiseSum(run, number)
    case .mean: return pairwiseSum(run, number) / Double(run.count)
    case .std:
        let mean = pairwiseSum(run, number) / Double(run.count)
        return (pairwiseSum(run) { (number($0) - mean) * (number($0) - mean) } / Double(run.count)).squareRoot()
    case .min, .max:
        guard var best = run.first.map(number) else { return .nan }
        for element in run {
            let value = number(element)
            if value.isNaN { return value }
            if r == .min ? value < best : value > best { best = value }
        }
        return best
    }
}

/// Reduces each column of a row-major matrix.
private func reduceSlab(_ slab: UnsafeBufferPointer<Double>, rows: Int, columns: Int, _ r: Reduction) -> [Double] {
    switch r {
    case .sum: return columnSums(slab, rows: 0..<rows, columns: columns) { value, _ in value }
    case .mean: return columnSums(slab, rows: 0..<rows, columns: columns) { value, _ in value }.map { $0 / Double(rows) }
    case .std:
        let means = columnSums(slab, rows: 0..<rows, columns: columns) { value, _ in value }.map { $0 / Double(rows) }
        let squares = means.withUnsafeBufferPointer { means in
            columnSums(slab, rows: 0..<rows, columns: columns) { ($0 - means[$1]) * ($0 - means[$1]) }
        }
        return squares.map { ($0 / Double(rows)).squareRoot() }
    case .min, .max:
        var best = Array(slab.prefix(columns))
        for row in 0..<rows {
            for column in 0..<columns {
                let value = slab[row * columns + column]
                if value.isNaN || (r == .min ? value < best[column] : value > best[column]) {
                    best[column] = best[column].isNaN ? best[column] : value
                }
            }
        }
        return best
    }
}

/// The sum of a function of each value in the order numpy adds: blocks of 128 with eight partial sums, halves above that.
func pairwiseSum<Value>(_ run: UnsafeBufferPointer<Value>, _ term: (Value) -> Double) -> Double {
    let n = run.count
    if n < 8 {
        var sum = -0.0
        for value in run { sum += term(value) }
        return n == 0 ? 0 : sum
    }
    if n <= 128 {
        var sums = SIMD8<Double>(repeating: 0)
        for lane in 0..<8 { sums[lane] = term(run[lane]) }
        var i = 8
        while i + 8 <= n {
            sums += SIMD8(
                term(run[i]), term(run[i + 1]), term(run[i + 2]), term(run[i + 3]),
                term(run[i + 4]), term(run[i + 5]), term(run[i + 6]), term(run[i + 7]))
            i += 8
        }
        var sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
        while i < n {
            sum += term(run[i])
            i += 1
        }
        return sum
    }
    let half = n / 2 - n / 2 % 8
    return pairwiseSum(UnsafeBufferPointer(rebasing: run[..<half]), term) + pairwiseSum(UnsafeBufferPointer(rebasing: run[half...]), term)
}

/// The sum down each column of a function of value and column: rows one by one up to 128, halves above that.
private func columnSums(_ slab: UnsafeBufferPointer<Double>, rows: Range<Int>, columns: Int, _ term: (Double, Int) -> Double) -> [Double] {
    if rows.count > 128 {
        let middle = rows.lowerBound + rows.count / 2
        var sums = columnSums(slab, rows: rows.lowerBound..<middle, columns: columns, term)
        let others = columnSums(slab, rows: middle..<rows.upperBound, columns: columns, term)
        for column in 0..<columns { sums[column] += others[column] }
        return sums
    }
    var sums = [Double](repeating: 0, count: columns)
    sums.withUnsafeMutableBufferPointer { sums in
        for row in rows {
            for column in 0..<columns { sums[column] += term(slab[row * columns + column], column) }
        }
    }
    return sums
}
