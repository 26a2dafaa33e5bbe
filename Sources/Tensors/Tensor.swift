import Diagnostics

/// A dense row-major array of single precision numbers.
public struct Tensor: Sendable, Equatable {
    public let shape: Shape
    public private(set) var values: [Float]

    /// Throws `shape` where the count of values is not that of the shape.
    public init(shape: Shape, values: [Float]) throws {
        guard shape.checkedCount == values.count else {
            throw Diagnostic("shape", "expected \(shape.checkedCount.map(String.init) ?? "too many") values for a tensor of shape \(shape), found \(values.count)")
        }
        self.shape = shape
        self.values = values
    }

    public init(zeros shape: Shape) {
        self.shape = shape.checkedCount == nil ? [0] : shape
        self.values = [Float](repeating: 0, count: self.shape.count)
    }

    public mutating func withUnsafeMutableBuffer<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R {
        try values.withUnsafeMutableBufferPointer { try body($0) }
    }

    public func withUnsafeBuffer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        try values.withUnsafeBufferPointer { try body($0) }
    }

    /// The same values under another shape of the same count.
    public func reshaped(_ shape: Shape) throws -> Tensor { try Tensor(shape: shape, values: values) }
}
