import Diagnostics

/// A dense row-major array of numbers held as doubles that knows whether it stands for single or double precision: each
/// value of a single precision array is a `Float` exactly. Infinities and NaN are values like others.
public struct NumericArray: Sendable, Equatable {
    /// The floating-point precision that an array stands for.
    public enum Precision: String, Sendable, Hashable, Codable, CaseIterable { case single, double }

    /// Extents of the array, slowest axis first.
    public let shape: Shape
    /// Values in row-major order.
    public let values: [Double]
    /// The precision the array stands for: each value of a single precision array is a `Float` exactly.
    public let precision: Precision

    /// The most elements that an operation may make: a slip in a shape must not ask for all of the memory.
    public static let largestCount = 1 << 28

    /// Makes an array of row-major values; single precision rounds each to the nearest `Float`. Throws `shape` where the count of
    /// values is not that of the shape.
    public init(shape: Shape, values: [Double], precision: Precision) throws {
        guard shape.checkedCount == values.count else {
            let expected = shape.checkedCount.map(String.init) ?? "too many"
            throw Diagnostic("shape", "expected \(expected) values for a tensor of shape \(shape), found \(values.count)")
        }
        self.shape = shape
        self.precision = precision
        self.values = precision == .double ? values : values.map { Double(Float($0)) }
    }

    /// Makes an array without checks. The caller vouches for the count, and for the rounding where the precision is single.
    init(shape: Shape, exact values: [Double], precision: Precision) {
        self.shape = shape
        self.values = values
        self.precision = precision
    }

    /// Makes a single precision array of a tensor's values.
    public init(_ tensor: Tensor) {
        self.init(shape: tensor.shape, exact: tensor.withUnsafeBuffer { $0.map(Double.init) }, precision: .single)
    }

    /// Makes a single precision array of whole numbers from 0 to 255. Throws `shape` where their count is not that of the shape.
    public init(shape: Shape, bytes: [UInt8]) throws {
        try self.init(shape: shape, values: bytes.map(Double.init), precision: .double)
        self = NumericArray(shape: shape, exact: values, precision: .single)
    }

    /// Makes an array of rank 0, in double precision.
    public init(scalar: Double) { self.init(shape: [], exact: [scalar], precision: .double) }

    /// The number of elements.
    public var count: Int { values.count }

    /// The array as a tensor, with the values rounded to single precision.
    public func tensor() throws -> Tensor { try Tensor(shape: shape, values: values.map { Float($0) }) }

    /// The same values in another precision; to single precision each is rounded.
    public func converted(to precision: Precision) -> NumericArray {
        guard precision != self.precision else { return self }
        let new = precision == .double ? values : values.map { Double(Float($0)) }
        return NumericArray(shape: shape, exact: new, precision: precision)
    }

    /// The array of a function of each value, in the same shape and precision.
    public func map(_ f: (Double) -> Double) -> NumericArray {
        let new = precision == .double ? values.map(f) : values.map { Double(Float(f($0))) }
        return NumericArray(shape: shape, exact: new, precision: precision)
    }

    /// The shape of two arrays broadcast together by numpy's rules: from the last axis on, extents are equal, or one is 1 or
    /// missing and the other counts. Throws `shape` where they do not go together, and `too-large` beyond `largestCount`
    /// elements.
    public static func broadcast(_ a: Shape, _ b: Shape) throws -> Shape {
        let rank = max(a.rank, b.rank)
        var extents = [Int](repeating: 1, count: rank)
        for back in 1...max(rank, 1) where back <= rank {
            let x = back <= a.rank ? a.extents[a.rank - back] : 1
            let y = back <= b.rank ? b.extents[b.rank - back] : 1
            guard x == y || x == 1 || y == 1 else {
                throw Diagnostic(
                    "shape", "expected shapes that go together, found \(a) and \(b)",
                    notes: ["from the last axis on, two extents must be equal, or one of them 1 or missing"])
            }
            extents[rank - back] = x == 1 ? y : x
        }
        let shape = Shape(extents)
        guard let count = shape.checkedCount, count <= largestCount else {
            throw Diagnostic("too-large", "expected at most \(largestCount) elements, found a tensor of shape \(shape)")
        }
        return shape
    }
}
