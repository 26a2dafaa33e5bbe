import Diagnostics
import Tensors

/// A principal component analysis of rows of numbers, by a singular value decomposition of the centred rows. It gives what
/// scikit-learn's `PCA` with its full solver gives, signs included. Where fewer directions carry any variance than there
/// are components, the last components are some directions at right angles to the others.
public struct PCA: Sendable, Equatable {
    /// The mean of each of the d columns.
    public let mean: [Double]
    /// The principal directions, k x d: one of length 1 a row, that with the most variance first. The entry of the largest
    /// magnitude is positive, the first of them where several are.
    public let components: NumericArray
    /// The variance along each component (with n - 1 below), in the square of the rows' unit.
    public let explainedVariance: [Double]
    /// The variance along each component as a part of the variance of all columns; 0 where that is 0.
    public let explainedVarianceRatio: [Double]

    /// Fits k components on n rows of d columns. Throws `shape` where the array has other than two axes, and `range` where n
    /// is below 2, k is not from 1 to the smaller of n and d, a number is not finite, or LAPACK fails.
    public init(fitting rows: NumericArray, components k: Int) throws {
        guard rows.shape.rank == 2 else {
            throw Diagnostic("shape", "a principal component analysis expected rows and columns, found a tensor of shape \(rows.shape)")
        }
        let n = rows.shape.extents[0]
        let d = rows.shape.extents[1]
        guard n >= 2 else { throw Diagnostic("range", "a principal component analysis expected at least 2 rows, found \(n)") }
        guard k >= 1, k <= min(n, d) else {
            throw Diagnostic(
                "range", "a principal component analysis of \(n) rows and \(d) columns expected 1 to \(min(n, d)) components, found \(k)")
        }
        let mean = try rows.reduced(.mean, axis: 0).converted(to: .double).values
        var centred = try NumericArray.combine(
            .subtract, rows.converted(to: .double), NumericArray(shape: [d], values: mean, precision: .double)
        ).values
        guard centred.allSatisfy(\.isFinite) else {
            throw Diagnostic("range", "a principal component analysis expected finite numbers, found one that is not")
        }
        let svd = try Decomposition(rows: n, columns: d, &centred, id: "range", of: "the principal component analysis")
        var directions: [Double] = []
        directions.reserveCapacity(k * d)
        for component in 0..<k {
            let direction = svd.right(component)
            var largest = 0.0
            for value in direction where value.magnitude > largest.magnitude { largest = value }
            directions += largest < 0 ? direction.map { -$0 } : Array(direction)
        }
        let variances = svd.values.map { $0 * $0 / Double(n - 1) }
        let total = variances.reduce(0, +)
        self.mean = mean
        components = try NumericArray(shape: [k, d], values: directions, precision: .double)
        explainedVariance = Array(variances.prefix(k))
        explainedVarianceRatio = variances.prefix(k).map { total > 0 ? $0 / total : 0 }
    }

    /// The scores of m rows of d columns, their coordinates along the components: m x k, in double precision. Throws
    /// `shape`.
    public func scores(of rows: NumericArray) throws -> NumericArray {
        let d = mean.count
        let k = explainedVariance.count
        guard rows.shape.rank == 2, rows.shape.extents[1] == d else {
            throw Diagnostic("shape", "expected rows of \(d) numbers, found a tensor of shape \(rows.shape)")
        }
        var scores: [Double] = []
        scores.reserveCapacity(rows.shape.extents[0] * k)
        var centred = mean
        for row in 0..<rows.shape.extents[0] {
            for column in 0..<d { centred[column] = rows.values[row * d + column] - mean[column] }
            for component in 0..<k { scores.append(dotProduct(centred[...], components.values[component * d..<(component + 1) * d])) }
        }
        return try NumericArray(shape: [rows.shape.extents[0], k], values: scores, precision: .double)
    }
}

/// The sum of products of two runs of one length, in four partial sums.
func dotProduct(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            let count = min(a.count, b.count)
            let whole = count - count % 4
            var sums = SIMD4<Double>(repeating: 0)
            for i in stride(from: 0, to: whole, by: 4) {
                let x = SIMD4<Double>(a[i], a[i + 1], a[i + 2], a[i + 3])
                let y = SIMD4<Double>(b[i], b[i + 1], b[i + 2], b[i + 3])
                sums += x * y
            }
            var sum = (sums[0] + sums[1]) + (sums[2] + sums[3])
            for i in whole..<count { sum += a[i] * b[i] }
            return sum
        }
    }
}
