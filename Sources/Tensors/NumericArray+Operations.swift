import Diagnostics

/// The elementwise operators of two arrays.
public enum ArrayOperator: String, Sendable, Hashable, Codable, CaseIterable { case add, subtract, multiply, divide, power }

extension NumericArray {
    /// Combines `a` and `b` element by element, each broadcast over the axes it lacks, in IEEE arithmetic: a division by zero
    /// gives an infinity or NaN, as in numpy.
    ///
    /// The result is single precision where both are; an array of rank 0 follows the other's precision, and is rounded to single
    /// before the operation where the other is. Powers by a rank 0 exponent of 2 and 0.5 are the product and the square root, as
    /// numpy has them. Throws `shape` where the shapes do not go together and `too-large`.
    public static func combine(_ operation: ArrayOperator, _ a: NumericArray, _ b: NumericArray) throws -> NumericArray {
        let shape = try broadcast(a.shape, b.shape)
        let precision: Precision =
            if a.shape.rank == 0 && b.shape.rank > 0 { b.precision } else if b.shape.rank == 0 && a.shape.rank > 0 { a.precision } else {
                a.precision == .single && b.precision == .single ? .single : .double
            }
        // Single precision sums and products made in double and rounded are those made in single: 53 >= 2 * 24 + 2 bits.
        let a = precision == .single ? a.converted(to: .single) : a
        let b = precision == .single ? b.converted(to: .single) : b
        let walk = Walk(shape: shape, a.shape, b.shape)
        let values =
            switch operation {
            case .add: walk.values(a, b, precision) { $0 + $1 }
            case .subtract: walk.values(a, b, precision) { $0 - $1 }
            case .multiply: walk.values(a, b, precision) { $0 * $1 }
            case .divide: walk.values(a, b, precision) { $0 / $1 }
            case .power:
                switch b.shape.rank == 0 ? b.values[0] : .nan {
                case 2: walk.values(a, b, precision) { x, _ in x * x }
                case 0.5: walk.values(a, b, precision) { x, _ in x.squareRoot() }
                default: walk.values(a, b, precision) { power($0, $1) }
                }
            }
        return NumericArray(shape: shape, exact: values, precision: precision)
    }
}

/// An iteration over two arrays side by side, with broadcasting: axes that both have or both lack in the same way are walked as
/// one, so that two arrays of one shape, or an array and a scalar, are one plain loop.
private struct Walk {
    private struct Axis {
        var extent: Int
        /// Strides of the two arrays along the axis, in elements; 0 where an array lacks the axis.
        var a: Int, b: Int
    }

    private var axes: [Axis] = []
    private let count: Int

    init(shape: Shape, _ a: Shape, _ b: Shape) {
        count = shape.count
        guard count > 0 else { return }
        var strideA = 1
        var strideB = 1
        // From the last axis on; the axes are turned round at the end.
        for back in 1...max(shape.rank, 1) where back <= shape.rank {
            let extent = shape.extents[shape.rank - back]
            guard extent > 1 else { continue }
            let hasA = back <= a.rank && a.extents[a.rank - back] > 1
            let hasB = back <= b.rank && b.extents[b.rank - back] > 1
            let axis = Axis(extent: extent, a: hasA ? strideA : 0, b: hasB ? strideB : 0)
            if hasA { strideA *= extent }
            if hasB { strideB *= extent }
            if let inner = axes.last, axis.a == inner.a * inner.extent, axis.b == inner.b * inner.extent {
                axes[axes.count - 1].extent *= extent
            } else {
                axes.append(axis)
            }
        }
        axes.reverse()
    }

    @inline(__always)
    func values(_ a: NumericArray, _ b: NumericArray, _ precision: NumericArray.Precision, _ f: (Double, Double) -> Double) -> [Double] {
        precision == .double ? fill(a.values, b.values, f) : fill(a.values, b.values) { Double(Float(f($0, $1))) }
    }

    @inline(__always)
    private func fill(_ a: [Double], _ b: [Double], _ f: (Double, Double) -> Double) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { out, filled in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    guard count > 0 else { return }
                    let inner = axes.last ?? Axis(extent: 1, a: 0, b: 0)
                    let outer = axes.dropLast()
                    var indices = [Int](repeating: 0, count: outer.count)
                    var placeA = 0
                    var placeB = 0
                    for start in stride(from: 0, to: count, by: inner.extent) {
                        switch (inner.a, inner.b) {
                        case (0, 0): out.initializeElement(at: start, to: f(a[placeA], b[placeB]))
                        case (0, _):
                            let x = a[placeA]
                            for i in 0..<inner.extent { out.initializeElement(at: start + i, to: f(x, b[placeB + i])) }
                        case (_, 0):
                            let y = b[placeB]
                            for i in 0..<inner.extent { out.initializeElement(at: start + i, to: f(a[placeA + i], y)) }
                        default:
                            for i in 0..<inner.extent { out.initializeElement(at: start + i, to: f(a[placeA + i], b[placeB + i])) }
                        }
                        for axis in outer.indices.reversed() {
                            indices[axis] += 1
                            placeA += outer[axis].a
                            placeB += outer[axis].b
                            if indices[axis] < outer[axis].extent { break }
                            placeA -= outer[axis].a * indices[axis]
                            placeB -= outer[axis].b * indices[axis]
                            indices[axis] = 0
                        }
                    }
                    filled = count
                }
            }
        }
    }
}
