import Diagnostics

extension Operation {
    /// The largest count of elements that one item of any node may have: a typing slip must not ask for all of the memory.
    static let elementLimit = 1 << 31

    /// The shape of one item of the operation's output. Throws the diagnostic `shape` with what was expected and found.
    public func outputShape(of inputs: [Shape], layer: String) throws -> Shape {
        guard let input = inputs.first else { throw Diagnostic("shape", "`\(layer)` has no input") }
        let shape: Shape
        switch self {
        case .input: shape = input
        case .convolution(let filters, let size, let strides, let padding, _, _):
            let map = try Operation.windowed(input, size: size, strides: strides, padding: padding, layer: layer)
            shape = [map.0, map.1, filters]
        case .depthwise(let size, let strides, let padding, _), .pool(_, let size, let strides, let padding):
            let map = try Operation.windowed(input, size: size, strides: strides, padding: padding, layer: layer)
            shape = [map.0, map.1, input.extents[2]]
        case .globalAveragePool:
            try Operation.expectImage(input, layer: layer)
            shape = [input.extents[2]]
        case .dense(let units, _, _):
            guard input.rank == 1 || input.rank == 2 else {
                throw Diagnostic(
                    "shape", "`\(layer)` expected a vector, found \(input)", hint: "put `flatten` or `globalAveragePool` before it")
            }
            shape = Shape(input.extents.dropLast() + [units])
        case .activation, .dropout, .learningDropout, .batchNorm: shape = input
        case .zeroPad(let before, let after):
            try Operation.expectImage(input, layer: layer)
            guard before.count == 2, after.count == 2, (before + after).allSatisfy({ $0 >= 0 && $0 <= 1 << 24 }) else {
                throw Diagnostic("shape", "`\(layer)` expected rows and columns of 0 or more")
            }
            shape = [input.extents[0] + before[0] + after[0], input.extents[1] + before[1] + after[1], input.extents[2]]
        case .concatenate: shape = try Operation.joined(inputs, layer: layer)
        case .add:
            if let other = inputs.first(where: { $0 != input }) {
                throw Diagnostic("shape", "`\(layer)` expected inputs of one shape, found \(input) and \(other)")
            }
            shape = input
        case .pixels(let order, let scale, let offset):
            try Operation.expectImage(input, layer: layer)
            guard !order.isEmpty, scale.count == order.count, offset.count == order.count,
                order.allSatisfy({ $0 >= 0 && $0 < input.extents[2] })
            else {
                throw Diagnostic("shape", "`\(layer)` expected an image of at least \((order.max() ?? 0) + 1) channels, found \(input)")
            }
            shape = [input.extents[0], input.extents[1], order.count]
        case .flatten: shape = [input.count]
        case .textEmbedding, .layerNorm, .attention, .tokenMean, .firstToken: shape = try sequenceShape(of: inputs, layer: layer)
        }
        guard let count = shape.checkedCount, count > 0, count <= Operation.elementLimit else {
            throw Diagnostic("shape", "`\(layer)` would make \(shape), which is more than can be held")
        }
        return shape
    }

    private static func joined(_ inputs: [Shape], layer: String) throws -> Shape {
        guard let first = inputs.first, let last = first.extents.last else {
            throw Diagnostic("shape", "`\(layer)` expected images or vectors")
        }
        var length = last
        for other in inputs.dropFirst() {
            guard other.rank == first.rank, other.extents.dropLast() == first.extents.dropLast(), let more = other.extents.last else {
                throw Diagnostic("shape", "`\(layer)` expected inputs that differ in their channels alone, found \(first) and \(other)")
            }
            let (sum, overflow) = length.addingReportingOverflow(more)
            guard !overflow else { throw Diagnostic("shape", "`\(layer)` would make more channels than can be held") }
            length = sum
        }
        return Shape(first.extents.dropLast() + [length])
    }

    /// Throws the diagnostic `shape` where a shape is not that of an image (height, width, channels).
    static func expectImage(_ shape: Shape, layer: String) throws {
        guard shape.rank == 3 else {
            throw Diagnostic("shape", "`\(layer)` expected an image (height, width, channels), found \(shape)")
        }
    }

    private static func windowed(_ input: Shape, size: [Int], strides: [Int], padding: Padding, layer: String) throws -> (Int, Int) {
        try expectImage(input, layer: layer)
        guard size.count == 2, strides.count == 2, (size + strides).allSatisfy({ $0 > 0 }) else {
            throw Diagnostic("shape", "`\(layer)` expected a positive window and strides")
        }
        var extents: [Int] = []
        for axis in 0..<2 {
            let n = input.extents[axis]
            let out = padding == .same ? (n - 1) / strides[axis] + 1 : (n - size[axis]) / strides[axis] + 1
            guard padding == .same || n >= size[axis], out > 0 else {
                throw Diagnostic("shape", "`\(layer)` would leave nothing: its input is \(input)")
            }
            extents.append(out)
        }
        return (extents[0], extents[1])
    }

    /// Rows or columns of zeros before and after, for "same" padding as Keras does it (the odd one goes after).
    public static func samePadding(input: Int, size: Int, stride: Int) -> (before: Int, after: Int) {
        let output = (input - 1) / stride + 1
        let total = max(0, (output - 1) * stride + size - input)
        return (total / 2, total - total / 2)
    }
}
