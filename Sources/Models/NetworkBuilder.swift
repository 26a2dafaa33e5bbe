import Diagnostics
import Tensors

/// Builds a graph: layers are appended one by one and named in order, per keyword: `conv_1`, `conv_2`, `dense_1`.
public struct NetworkBuilder: Sendable {
    /// The graph built so far. The caller sets its outputs.
    public var graph: Graph
    private var counts: [String: Int] = [:]

    /// The largest extent, stride, filter count or unit count: beyond it, sums of extents could overflow.
    private static let extentLimit = 1 << 24
    /// The largest number of values in one parameter.
    private static let parameterLimit = 1 << 31

    /// Starts with an empty graph.
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

    /// Appends a layer of one input and returns its last node; a layer with an activation makes two nodes of one name.
    /// Throws `shape` where it does not fit its input and `layer-argument` where a value of it makes no sense.
    public mutating func apply(_ layer: Layer, to node: Int) throws -> Int { try apply(layer, to: [node]) }

    /// Appends a layer and returns its last node; it is named after its keyword unless a name is given. Throws `shape` where it
    /// does not fit its inputs and `layer-argument` where a value of it makes no sense.
    public mutating func apply(_ layer: Layer, to inputs: [Int], named given: String? = nil) throws -> Int {
        let name = given ?? nextName(layer.keyword)
        guard let node = inputs.first, inputs.allSatisfy({ graph.nodes.indices.contains($0) }) else {
            throw Diagnostic("shape", "`\(name)` has no input")
        }
        let input = graph.nodes[node].shape
        let last: Int
        switch layer {
        case .conv(let filters, let kernel, let strides, let padding, let activation, let bias):
            try Self.check(name, ["filters": [filters], "kernel": kernel, "strides": strides])
            let channels = try Self.channels(name, input, kernel, strides)
            let spec = try Self.convolutionKernel("\(name).kernel", kernel, channels, filters)
            let node = try graph.add(
                .convolution(
                    filters: filters, size: kernel, strides: strides, padding: padding,
                    kernel: spec.name, bias: bias ? "\(name).bias" : nil),
                to: [node], layer: name, parameters: [spec] + Self.bias(name, bias, count: filters))
            last = try activate(activation, node, name)
        case .depthwise(let kernel, let strides, let padding, let activation):
            let node = try depthwise(name, "\(name).depthwise_kernel", node, kernel, strides, padding)
            last = try activate(activation, node, name)
        case .separable(let filters, let kernel, let strides, let padding, let activation, let bias):
            try Self.check(name, ["filters": [filters]])
            let deep = try depthwise(name, "\(name).depthwise_kernel", node, kernel, strides, padding)
            let channels = graph.nodes[deep].shape.extents[2]
            let spec = try Self.convolutionKernel("\(name).pointwise_kernel", [1, 1], channels, filters)
            let node = try graph.add(
                .convolution(
                    filters: filters, size: [1, 1], strides: [1, 1], padding: .valid, kernel: spec.name, bias: bias ? "\(name).bias" : nil),
                to: [deep], layer: name, parameters: [spec] + Self.bias(name, bias, count: filters))
            last = try activate(activation, node, name)
        case .batchNorm(let gamma, let beta, let epsilon, let momentum):
            guard Float(epsilon) > 0, epsilon.isFinite, (0...1).contains(momentum) else {
                throw Diagnostic(
                    "layer-argument", "`\(name)` expected an epsilon over 0 and a momentum from 0 to 1, found \(epsilon) and \(momentum)")
            }
            let channels = input.extents.last ?? 1
            let norm = BatchNormalization(
                gamma: gamma ? "\(name).gamma" : nil, beta: beta ? "\(name).beta" : nil, mean: "\(name).moving_mean",
                variance: "\(name).moving_variance", epsilon: Float(epsilon), momentum: Float(momentum))
            let vectors = [
                norm.gamma.map { ParameterSpec(name: $0, shape: [channels], initializer: .ones) },
                norm.beta.map { ParameterSpec(name: $0, shape: [channels], initializer: .zeros) },
                ParameterSpec(name: norm.mean, shape: [channels], initializer: .zeros, isStatistic: true),
                ParameterSpec(name: norm.variance, shape: [channels], initializer: .ones, isStatistic: true),
            ]
            last = try graph.add(.batchNorm(norm), to: [node], layer: name, parameters: vectors.compactMap { $0 })
        case .dense(let units, let activation, let bias):
            try Self.check(name, ["units": [units]])
            let length = input.rank == 1 ? input.extents[0] : 1
            let spec = try Self.kernel("\(name).kernel", shape: [length, units], fanIn: (1, length), fanOut: (1, units))
            let node = try graph.add(
                .dense(units: units, kernel: spec.name, bias: bias ? "\(name).bias" : nil),
                to: [node], layer: name, parameters: [spec] + Self.bias(name, bias, count: units))
            last = try activate(activation, node, name)
        case .pool(let kind, let size, let strides, let padding):
            try Self.check(name, ["size": size, "strides": strides])
            last = try graph.add(.pool(kind, size: size, strides: strides, padding: padding), to: [node], layer: name)
        case .zeroPad(let before, let after): last = try graph.add(.zeroPad(before: before, after: after), to: [node], layer: name)
        case .concatenate: last = try graph.add(.concatenate, to: inputs, layer: name)
        case .add: last = try graph.add(.add, to: inputs, layer: name)
        case .globalAveragePool: last = try graph.add(.globalAveragePool, to: [node], layer: name)
        case .flatten: last = try graph.add(.flatten, to: [node], layer: name)
        case .activation(let activation): last = try graph.add(.activation(activation), to: [node], layer: name)
        case .meanTokens(let masked): last = try graph.add(.tokenMean(TokenMean(masked: masked, lastCount: 1)), to: inputs, layer: name)
        case .firstToken: last = try graph.add(.firstToken, to: [node], layer: name)
        case .dropout(let rate):
            guard rate >= 0, Float(rate) < 1 else {
                throw Diagnostic("layer-argument", "`\(name)` expected a rate of at least 0 and less than 1, found \(rate)")
            }
            last = try graph.add(.dropout(rate: Float(rate), index: graph.dropoutCount), to: [node], layer: name)
        }
        if given == nil { counts[layer.keyword, default: 0] += 1 }
        return last
    }

    private mutating func depthwise(
        _ name: String, _ parameter: String, _ node: Int, _ kernel: [Int], _ strides: [Int], _ padding: Padding
    ) throws -> Int {
        try Self.check(name, ["kernel": kernel, "strides": strides])
        let channels = try Self.channels(name, graph.nodes[node].shape, kernel, strides)
        let taps = kernel[0] * kernel[1]
        let spec = try Self.kernel(
            parameter, shape: Shape([kernel[0], kernel[1], channels, 1]), fanIn: (taps, channels), fanOut: (taps, 1))
        return try graph.add(
            .depthwise(size: kernel, strides: strides, padding: padding, kernel: spec.name), to: [node], layer: name, parameters: [spec])
    }

    /// Takes the next name for a group of layers, numbered as layers are: `InceptionV3_1`.
    mutating func claimName(_ keyword: String) -> String {
        defer { counts[keyword, default: 0] += 1 }
        return nextName(keyword)
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

    private static func channels(_ name: String, _ input: Shape, _ kernel: [Int], _ strides: [Int]) throws -> Int {
        guard kernel.count == 2, strides.count == 2 else {
            throw Diagnostic("layer-argument", "`\(name)` expected two extents (height, width) of kernel and strides")
        }
        guard input.rank == 3 else {
            throw Diagnostic("shape", "`\(name)` expected an image (height, width, channels), found \(input)")
        }
        return input.extents[2]
    }

    private static func convolutionKernel(_ parameter: String, _ kernel: [Int], _ channels: Int, _ filters: Int) throws -> ParameterSpec {
        let taps = kernel[0] * kernel[1]
        return try self.kernel(
            parameter, shape: Shape([kernel[0], kernel[1], channels, filters]), fanIn: (taps, channels), fanOut: (taps, filters))
    }

    private static func kernel(_ parameter: String, shape: Shape, fanIn: (Int, Int), fanOut: (Int, Int)) throws -> ParameterSpec {
        // Every factor is at most 2^24 but the taps, at most 2^48: the checked count comes before the products.
        guard let count = shape.checkedCount, count <= parameterLimit else {
            let layer = parameter.split(separator: ".").dropLast().joined(separator: ".")
            throw Diagnostic("shape", "`\(layer)` would have a kernel of \(shape), which is more than can be held")
        }
        return ParameterSpec(
            name: parameter, shape: shape,
            initializer: .glorotUniform(fanIn: fanIn.0 * fanIn.1, fanOut: fanOut.0 * fanOut.1))
    }

    private static func bias(_ name: String, _ wanted: Bool, count: Int) -> [ParameterSpec] {
        wanted ? [ParameterSpec(name: "\(name).bias", shape: [count], initializer: .zeros)] : []
    }
}
