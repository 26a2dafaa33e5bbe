import Diagnostics
import Tensors

/// A graph in the making: layers are appended one by one and named in order, per keyword: `conv_1`, `conv_2`, `dense_1`.
public struct NetworkBuilder: Sendable {
    /// What was built so far. The caller sets its outputs.
    public var graph: Graph
    private var counts: [String: Int] = [:]

    /// No kernel, window, stride, filter or unit count may be larger: beyond it, sums of extents could overflow.
    private static let extentLimit = 1 << 24
    /// The largest number of values in one parameter.
    private static let parameterLimit = 1 << 31

    public init() { graph = Graph() }

    /// Adds an input of images (height, width, channels) or vectors and returns its node.
    /// Throws `layer-argument` where the name is taken or the shape is neither.
    public mutating func input(_ name: String, shape: Shape) throws -> Int {
        guard !graph.inputs.contains(where: { $0.name == name }) else {
            throw Diagnostic("layer-argument", "input `\(name)` is declared twice")
        }
        let written = "[\(shape.extents.map(String.init).joined(separator: ", "))]"
        guard shape.rank == 1 || shape.rank == 3, shape.extents.allSatisfy({ $0 > 0 }) else {
            throw Diagnostic("layer-argument", "input `\(name)` expected a shape [height, width, channels] or [length], found \(written)")
        }
        guard shape.extents.allSatisfy({ $0 <= Self.extentLimit }), shape.checkedCount.map({ $0 <= Self.parameterLimit }) == true else {
            throw Diagnostic("layer-argument", "input `\(name)` of \(written) is more than can be held")
        }
        return graph.addInput(name, shape: shape)
    }

    /// Appends a layer and returns its last node; a layer with an activation makes two nodes of one name.
    /// Throws `shape` where it does not fit its input and `layer-argument` where a value of it makes no sense.
    public mutating func apply(_ layer: Layer, to node: Int) throws -> Int {
        let name = nextName(layer.keyword)
        guard graph.nodes.indices.contains(node) else { throw Diagnostic("shape", "`\(name)` has no input") }
        let input = graph.nodes[node].shape
        let last: Int
        switch layer {
        case .conv(let filters, let kernel, let strides, let padding, let activation, let bias):
            try Self.check(name, ["filters": [filters], "kernel": kernel, "strides": strides])
            guard kernel.count == 2, strides.count == 2 else {
                throw Diagnostic("layer-argument", "`\(name)` expected two extents (height, width) of kernel and strides")
            }
            guard input.rank == 3 else {
                throw Diagnostic("shape", "`\(name)` expected an image (height, width, channels), found \(input)")
            }
            let channels = input.extents[2]
            let taps = kernel[0] * kernel[1]
            let spec = try Self.kernel(
                name, shape: Shape([kernel[0], kernel[1], channels, filters]), fanIn: (taps, channels), fanOut: (taps, filters))
            let node = try graph.add(
                .convolution(
                    filters: filters, size: kernel, strides: strides, padding: padding,
                    kernel: spec.name, bias: bias ? "\(name).bias" : nil),
                to: [node], layer: name, parameters: [spec] + Self.bias(name, bias, count: filters))
            last = try activate(activation, node, name)
        case .dense(let units, let activation, let bias):
            try Self.check(name, ["units": [units]])
            let length = input.rank == 1 ? input.extents[0] : 1
            let spec = try Self.kernel(name, shape: [length, units], fanIn: (1, length), fanOut: (1, units))
            let node = try graph.add(
                .dense(units: units, kernel: spec.name, bias: bias ? "\(name).bias" : nil),
                to: [node], layer: name, parameters: [spec] + Self.bias(name, bias, count: units))
            last = try activate(activation, node, name)
        case .pool(let kind, let size, let strides, let padding):
            try Self.check(name, ["size": size, "strides": strides])
            last = try graph.add(.pool(kind, size: size, strides: strides, padding: padding), to: [node], layer: name)
        case .globalAveragePool: last = try graph.add(.globalAveragePool, to: [node], layer: name)
        case .flatten: last = try graph.add(.flatten, to: [node], layer: name)
        case .activation(let activation): last = try graph.add(.activation(activation), to: [node], layer: name)
        case .dropout(let rate):
            guard rate >= 0, Float(rate) < 1 else {
                throw Diagnostic("layer-argument", "`\(name)` expected a rate of at least 0 and less than 1, found \(rate)")
            }
            last = try graph.add(.dropout(rate: Float(rate), index: graph.dropoutCount), to: [node], layer: name)
        }
        counts[layer.keyword, default: 0] += 1
        return last
    }

    private func nextName(_ keyword: String) -> String { "\(keyword)_\(counts[keyword, default: 0] + 1)" }

    private mutating func activate(_ activation: Activation?, _ node: Int, _ name: String) throws -> Int {
        guard let activation else { return node }
        return try graph.add(.activation(activation), to: [node], layer: name)
    }

    private static func check(_ name: String, _ values: KeyValuePairs<String, [Int]>) throws {
        for (field, numbers) in values {
            for number in numbers where number < 1 || number > extentLimit {
                throw Diagnostic("layer-argument", "`\(name)` expected \(field) from 1 to \(extentLimit), found \(number)")
            }
        }
    }

    private static func kernel(_ name: String, shape: Shape, fanIn: (Int, Int), fanOut: (Int, Int)) throws -> ParameterSpec {
        // Every factor is at most 2^24 but the taps, at most 2^48: the checked count comes before the products.
        guard let count = shape.checkedCount, count <= parameterLimit else {
            throw Diagnostic("shape", "`\(name)` would have a kernel of \(shape), which is more than can be held")
        }
        return ParameterSpec(
            name: "\(name).kernel", shape: shape,
            initializer: .glorotUniform(fanIn: fanIn.0 * fanIn.1, fanOut: fanOut.0 * fanOut.1))
    }

    private static func bias(_ name: String, _ wanted: Bool, count: Int) -> [ParameterSpec] {
        wanted ? [ParameterSpec(name: "\(name).bias", shape: [count], initializer: .zeros)] : []
    }
}
