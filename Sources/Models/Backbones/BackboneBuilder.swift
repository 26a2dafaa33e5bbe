import Diagnostics
import Tensors

/// A pretrained backbone in a network: the names it goes by, and its layers as Keras orders them.
public struct Backbone: Sendable, Hashable {
    /// Name of the backbone, `InceptionV3_1`, with which the names of its nodes and parameters begin.
    public var name: String
    /// The architecture of the backbone.
    public var architecture: Architecture
    /// The layers in the order of Keras's `model.layers`, the input layer first.
    public var layers: [KerasLayer]
    /// The shape of each parameter of the backbone, by name.
    public var shapes: [String: Shape]
    /// Name of the kernel for which weights for three channels are summed over them; nil where weights are taken as they are.
    public var summedKernel: String?

    /// The backbone with first kernels for images of one channel, to which those for three are summed. Both are taken.
    public var summingFirstKernels: Backbone {
        guard let kernel = firstKernel else { return self }
        var result = self
        result.summedKernel = kernel
        result.shapes[kernel] = shapes[kernel].map { Shape([$0.extents[0], $0.extents[1], 1, $0.extents[3]]) }
        return result
    }

    /// Name of the kernel that meets the image.
    var firstKernel: String? { layers.first { !$0.parameters.isEmpty }?.parameters.first }
}

extension NetworkBuilder {
    /// Appends a backbone without its top. `grey` lets an image of one channel in. Throws `shape` where the node is no image,
    /// `image-size` where the image is below the architecture's minimum, `channels` where it has not three channels (with `grey`,
    /// one).
    public mutating func apply(
        _ architecture: Architecture, to node: Int, preparation: PixelPreparation, grey: GreyImages? = nil
    ) throws -> (node: Int, backbone: Backbone) {
        guard graph.nodes.indices.contains(node) else { throw Diagnostic("shape", "`\(architecture.name)` has no input") }
        let shape = graph.nodes[node].shape
        guard shape.rank == 3 else {
            throw Diagnostic("shape", "`\(architecture.name)` expected an image (height, width, channels), found \(shape)")
        }
        let least = architecture.minimumSize
        guard shape.extents[0] >= least, shape.extents[1] >= least else {
            throw Diagnostic(
                "image-size",
                "`\(architecture.name)` expected images of at least \(least)x\(least), found \(shape.extents[0])x\(shape.extents[1])",
                hint: "resize the input: `|> resize([\(max(least, shape.extents[0])), \(max(least, shape.extents[1]))])`")
        }
        let channels = shape.extents[2]
        guard channels == (grey == nil ? 3 : 1) else {
            if channels == 1 {
                throw Diagnostic(
                    "channels", "`\(architecture.name)` expected three channels, found one",
                    hint: "say how one becomes three: `channels: repeat` in the backbone, or `channels: sum`")
            }
            throw Diagnostic(
                "channels",
                """
                `\(architecture.name)` expected \
                \(grey == nil ? "three channels" : "one channel, for `channels: \(grey?.rawValue ?? "")`"), found \(channels)
                """
            )
        }
        let name = claimName(architecture.name)
        var start = node
        if let operation = preparation.operation(grey: grey) {
            start = try graph.add(operation, to: [node], layer: "\(name).preparation")
        }
        var builder = BackboneBuilder(network: self, name: name, input: start)
        let output = try architecture.build(&builder)
        self = builder.network
        let layers = builder.layers.inKerasOrder()
        let names = Set(layers.flatMap(\.parameters))
        let shapes = Dictionary(
            graph.parameters.filter { names.contains($0.name) }.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        var backbone = Backbone(name: name, architecture: architecture, layers: layers, shapes: shapes)
        if grey == .summed { backbone.summedKernel = backbone.firstKernel }
        return (builder.node(output), backbone)
    }
}

/// Appends the layers of a backbone one by one, named and counted as Keras does. Layers are spoken of by their place in
/// `layers`.
struct BackboneBuilder {
    var network: NetworkBuilder
    let name: String
    private(set) var layers: [KerasLayer]
    private var outputs: [Int]
    private var counts: [String: Int] = [:]

    init(network: NetworkBuilder, name: String, input: Int) {
        self.network = network
        self.name = name
        layers = [KerasLayer(name: "input_layer", kind: "InputLayer", parameters: [], nodes: input..<input + 1, inputs: [])]
        outputs = [input]
    }

    /// The graph node of a layer's output.
    func node(_ layer: Int) -> Int { outputs.indices.contains(layer) ? outputs[layer] : 0 }

    /// Appends a layer under Keras's class and name; without one it is named and numbered by its class: `conv2d`, `conv2d_1`.
    mutating func add(_ layer: Layer, _ kind: String, to inputs: [Int], named given: String? = nil) throws -> Int {
        let local: String
        if let given {
            local = given
        } else {
            let snake = KerasLayer.snakeCase(kind)
            let count = counts[snake, default: 0]
            local = count == 0 ? snake : "\(snake)_\(count)"
            counts[snake] = count + 1
        }
        let (firstNode, firstParameter) = (network.graph.nodes.count, network.graph.parameters.count)
        let output = try network.apply(layer, to: inputs.map(node), named: "\(name).\(local)")
        layers.append(
            KerasLayer(
                name: local, kind: kind, parameters: network.graph.parameters[firstParameter...].map(\.name),
                nodes: firstNode..<network.graph.nodes.count, inputs: inputs))
        outputs.append(output)
        return layers.count - 1
    }

    mutating func conv(
        _ input: Int, _ filters: Int, _ kernel: [Int], strides: Int = 1, _ padding: Padding = .same, activation: Activation? = nil,
        bias: Bool = false, named name: String? = nil
    ) throws -> Int {
        try add(
            .conv(filters: filters, kernel: kernel, strides: [strides, strides], padding: padding, activation: activation, bias: bias),
            "Conv2D", to: [input], named: name)
    }

    mutating func separable(_ input: Int, _ filters: Int, named name: String) throws -> Int {
        try add(
            .separable(filters: filters, kernel: [3, 3], strides: [1, 1], padding: .same, activation: nil, bias: false),
            "SeparableConv2D", to: [input], named: name)
    }

    mutating func norm(_ input: Int, gamma: Bool = true, epsilon: Double = 1e-3, named name: String? = nil) throws -> Int {
        try add(
            .batchNorm(gamma: gamma, beta: true, epsilon: epsilon, momentum: 0.99), "BatchNormalization",
            to: [input],
            named: name)
    }

    mutating func relu(_ input: Int, named name: String? = nil) throws -> Int {
        try add(.activation(.relu), "Activation", to: [input], named: name)
    }

    mutating func maxPool(_ input: Int, _ size: Int, strides: Int, _ padding: Padding = .valid, named name: String? = nil) throws -> Int {
        try add(
            .pool(.max, size: [size, size], strides: [strides, strides], padding: padding), "MaxPooling2D", to: [input],
            named: name)
    }

    mutating func averagePool(_ input: Int, _ size: Int, strides: Int, _ padding: Padding = .valid, named name: String? = nil) throws -> Int
    {
        try add(
            .pool(.average, size: [size, size], strides: [strides, strides], padding: padding), "AveragePooling2D",
            to: [input], named: name)
    }

    mutating func concatenate(_ inputs: [Int], named name: String? = nil) throws -> Int {
        try add(.concatenate, "Concatenate", to: inputs, named: name)
    }

    mutating func add(_ inputs: [Int], named name: String? = nil) throws -> Int {
        try add(.add, "Add", to: inputs, named: name)
    }

    mutating func zeroPad(_ input: Int, _ margin: Int, named name: String? = nil) throws -> Int {
        try add(.zeroPad(before: [margin, margin], after: [margin, margin]), "ZeroPadding2D", to: [input], named: name)
    }
}
