import Diagnostics

/// How a parameter starts. Limits and deviations follow Keras's initialisers of the same names.
public enum Initializer: Sendable, Hashable, Codable {
    case zeros, ones
    case glorotUniform(fanIn: Int, fanOut: Int)
    case heUniform(fanIn: Int)
    case glorotNormal(fanIn: Int, fanOut: Int)
    case heNormal(fanIn: Int)
}

/// A trainable array of a graph, in Keras's layout: convolution kernels are (height, width, in, out), dense kernels (in, out).
public struct ParameterSpec: Sendable, Hashable, Codable {
    /// Dotted, unique in its graph: `conv_1.kernel`.
    public var name: String
    public var shape: Shape
    public var initializer: Initializer
    /// True for the moving mean and variance of a batch normalisation: no gradient moves them.
    public var isStatistic: Bool
    public init(name: String, shape: Shape, initializer: Initializer, isStatistic: Bool = false) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.isStatistic = isStatistic
    }
}

/// A batch normalisation: gamma * (x - mean) / sqrt(variance + epsilon) + beta for each channel. The names are those of
/// its parameters; without gamma it is 1, without beta 0.
public struct BatchNormalization: Sendable, Hashable, Codable {
    public var gamma: String?
    public var beta: String?
    public var mean: String
    public var variance: String
    public var epsilon: Float
    /// The share of the moving statistics that stays in each step in which they move.
    public var momentum: Float
    public init(gamma: String?, beta: String?, mean: String, variance: String, epsilon: Float = 1e-3, momentum: Float = 0.99) {
        self.gamma = gamma
        self.beta = beta
        self.mean = mean
        self.variance = variance
        self.epsilon = epsilon
        self.momentum = momentum
    }
}

public enum Padding: String, Sendable, Hashable, Codable, CaseIterable { case valid, same }
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable { case relu, tanh, sigmoid }
public enum Pooling: String, Sendable, Hashable, Codable { case max, average }

/// One operation of a graph. Images are height, width, channels; the batch axis is not spoken of.
public enum Operation: Sendable, Hashable, Codable {
    case input(String)
    /// Kernel and strides are (height, width). `kernel` and `bias` name parameters.
    case convolution(filters: Int, size: [Int], strides: [Int], padding: Padding, kernel: String, bias: String?)
    /// One filter a channel; the kernel is (height, width, channels, 1).
    case depthwise(size: [Int], strides: [Int], padding: Padding, kernel: String)
    case batchNorm(BatchNormalization)
    /// Rows and columns of zeros: (height, width) before and after.
    case zeroPad(before: [Int], after: [Int])
    /// Images one after another along their channels, or vectors along their length.
    case concatenate
    /// The sum of inputs of one shape.
    case add
    /// Channel c of the output is channel `order[c]` of the input times `scale[c]` plus `offset[c]`: how a backbone
    /// prepares its pixels.
    case pixels(order: [Int], scale: [Float], offset: [Float])
    /// Average pooling does not count padding, as in Keras.
    case pool(Pooling, size: [Int], strides: [Int], padding: Padding)
    case globalAveragePool
    case dense(units: Int, kernel: String, bias: String?)
    case activation(Activation)
    /// `index` counts the dropouts of a graph and keys their random numbers.
    case dropout(rate: Float, index: Int)
    case flatten
}

/// A network as a value: nodes in topological order, each with the shape of one item of its output.
public struct Graph: Sendable, Hashable, Codable {
    public struct Node: Sendable, Hashable, Codable {
        public var operation: Operation
        /// Indices of earlier nodes.
        public var inputs: [Int]
        public var shape: Shape
        /// The layer it came from, for messages and summaries: `conv_1`.
        public var layer: String
    }

    public private(set) var nodes: [Node] = []
    public private(set) var parameters: [ParameterSpec] = []
    /// Nodes whose values leave the graph, in order.
    public var outputs: [Int] = []

    public init() {}

    /// The number of dropout nodes so far.
    public var dropoutCount: Int { nodes.reduce(0) { if case .dropout = $1.operation { $0 + 1 } else { $0 } } }

    /// Names and shapes of the inputs, in the order they were added.
    public var inputs: [(name: String, shape: Shape)] {
        nodes.compactMap { if case .input(let name) = $0.operation { (name, $0.shape) } else { nil } }
    }

    public mutating func addInput(_ name: String, shape: Shape) -> Int {
        nodes.append(Node(operation: .input(name), inputs: [], shape: shape, layer: name))
        return nodes.count - 1
    }

    /// Appends an operation after working out its shape; throws the diagnostic `shape` where it cannot be.
    public mutating func add(_ operation: Operation, to inputs: [Int], layer: String, parameters new: [ParameterSpec] = []) throws -> Int {
        for input in inputs where !nodes.indices.contains(input) {
            throw Diagnostic("shape", "`\(layer)` has no input")
        }
        let shape = try operation.outputShape(of: inputs.map { nodes[$0].shape }, layer: layer)
        nodes.append(Node(operation: operation, inputs: inputs, shape: shape, layer: layer))
        parameters += new
        return nodes.count - 1
    }
}
