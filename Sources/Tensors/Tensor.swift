import Diagnostics

/// A dense row-major array of single precision numbers.
public struct Tensor: Sendable, Equatable {
    /// Extents of the tensor, slowest axis first.
    public let shape: Shape
    /// Values in row-major order.
    public private(set) var values: [Float]

    /// Makes a tensor of row-major values. Throws `shape` where the count of values is not that of the shape.
    public init(shape: Shape, values: [Float]) throws {
        guard shape.checkedCount == values.count else {
            throw Diagnostic(
                "shape",
                "expected \(shape.checkedCount.map(String.init) ?? "too many") values for a tensor of shape \(shape), found \(values.count)"
            )
        }
        self.shape = shape
        self.values = values
    }

    /// Makes a tensor of zeros; one of shape [0] where the count of elements does not fit an `Int` or an extent is negative.
    public init(zeros shape: Shape) {
        self.shape = shape.checkedCount == nil ? [0] : shape
        self.values = [Float](repeating: 0, count: self.shape.count)
    }

    /// Lets `body` read and change the values where they lie, row-major.
    public mutating func withUnsafeMutableBuffer<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R {
        try values.withUnsafeMutableBufferPointer { try body($0) }
    }

    /// Lets `body` read the values where they lie, row-major.
    public func withUnsafeBuffer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        try values.withUnsafeBufferPointer { try body($0) }
    }

    /// The same values, in the same order, under another shape of the same count. Throws `shape`.
    public func reshaped(_ shape: Shape) throws -> Tensor { try Tensor(shape: shape, values: values) }
}
