import Diagnostics

/// The distribution of a parameter's starting values. Limits and deviations follow Keras's initialisers of the same names.
public enum Initializer: Sendable, Hashable, Codable {
    /// All values 0, or all 1.
    case zeros, ones
    /// Uniform within sqrt(6 / (fanIn + fanOut)) of 0.
    case glorotUniform(fanIn: Int, fanOut: Int)
    /// Uniform within sqrt(6 / fanIn) of 0.
    case heUniform(fanIn: Int)
    /// Truncated normal of standard deviation sqrt(2 / (fanIn + fanOut)).
    case glorotNormal(fanIn: Int, fanOut: Int)
    /// Truncated normal of standard deviation sqrt(2 / fanIn).
    case heNormal(fanIn: Int)
    /// Normal of a given standard deviation, as transformer encoders begin.
    case normal(deviation: Double)
}

/// A parameter array of a graph, in Keras's layout: convolution kernels are (height, width, in, out), dense kernels (in, out).
public struct ParameterSpec: Sendable, Hashable, Codable {
    /// Dotted name, unique in its graph: `conv_1.kernel`.
    public var name: String
    /// Shape of the parameter, in Keras's layout.
    public var shape: Shape
    /// Distribution of the starting values.
    public var initializer: Initializer
    /// True for the moving mean and variance of a batch normalisation, which no gradient moves.
    public var isStatistic: Bool
    /// Describes a parameter, trainable unless it is a statistic.
    public init(name: String, shape: Shape, initializer: Initializer, isStatistic: Bool = false) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.isStatistic = isStatistic
    }
}

/// A batch normalisation: gamma * (x - mean) / sqrt(variance + epsilon) + beta for each channel. Its parameters are given by
/// name; without gamma it is 1, without beta 0.
public struct BatchNormalization: Sendable, Hashable, Codable {
    /// Name of the scale parameter; nil where the scale is 1.
    public var gamma: String?
    /// Name of the shift parameter; nil where the shift is 0.
    public var beta: String?
    /// Name of the moving mean.
    public var mean: String
    /// Name of the moving variance.
    public var variance: String
    /// Number added to the variance before the square root.
    public var epsilon: Float
    /// The share of the moving statistics that stays in each step in which they move.
    public var momentum: Float
    /// Makes a batch normalisation over parameters of the given names; epsilon and momentum are Keras's unless given.
    public init(gamma: String?, beta: String?, mean: String, variance: String, epsilon: Float = 1e-3, momentum: Float = 0.99) {
        self.gamma = gamma
        self.beta = beta
        self.mean = mean
        self.variance = variance
        self.epsilon = epsilon
        self.momentum = momentum
    }
}

/// Padding of a window, as in Keras: none (`valid`), or zeros that make the output as large as the input over the stride, rounded
/// up (`same`).
public enum Padding: String, Sendable, Hashable, Codable, CaseIterable { case valid, same }
/// Activation functions, applied element by element.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
    /// The larger of x and 0, the hyperbolic tangent, and 1 / (1 + exp(-x)).
    case relu, tanh, sigmoid
    /// GELU (Hendrycks and Gimpel, 2016): x times the standard normal's distribution function at x, by the error function.
    case gelu
    /// GELU by its approximation with a hyperbolic tangent, 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
    case geluTanh = "gelu_new"
}
/// The kinds of pooling: the maximum of each window, or its average.
public enum Pooling: String, Sendable, Hashable, Codable { case max, average }

/// One operation of a graph. Images are height, width, channels; shapes leave out the batch axis.
public enum Operation: Sendable, Hashable, Codable {
    /// A named input of the graph.
    case input(String)
    /// A 2D convolution. Kernel and strides are (height, width). `kernel` and `bias` name parameters.
    case convolution(filters: Int, size: [Int], strides: [Int], padding: Padding, kernel: String, bias: String?)
    /// A depthwise convolution, one filter a channel; the kernel is (height, width, channels, 1).
    case depthwise(size: [Int], strides: [Int], padding: Padding, kernel: String)
    /// A batch normalisation over the last axis.
    case batchNorm(BatchNormalization)
    /// Zero padding: rows and columns of zeros, (height, width) before and after.
    case zeroPad(before: [Int], after: [Int])
    /// Concatenation: images one after another along their channels, or vectors along their length.
    case concatenate
    /// The sum of inputs of one shape.
    case add
    /// A transform of channels: channel c of the output is channel `order[c]` of the input times `scale[c]` plus `offset[c]`. A
    /// backbone prepares its pixels so.
    case pixels(order: [Int], scale: [Float], offset: [Float])
    /// Max or average pooling. Average pooling does not count padding, as in Keras.
    case pool(Pooling, size: [Int], strides: [Int], padding: Padding)
    /// The average of each channel over the whole image: a vector.
    case globalAveragePool
    /// A dense (fully connected) layer on a vector. `kernel` and `bias` name parameters.
    case dense(units: Int, kernel: String, bias: String?)
    /// An activation function of each element.
    case activation(Activation)
    /// Dropout, active in training alone. `index` counts the dropouts of a graph and keys their random numbers.
    case dropout(rate: Float, index: Int)
    /// An image as one vector, row-major.
    case flatten
    /// The embedding of a text (2, length), ids and mask, as a sequence (length, width).
    case textEmbedding(TextEmbedding)
    /// A layer normalisation over the last axis, of the sum of its inputs where there are two.
    case layerNorm(LayerNormalization)
    /// Self-attention of several heads over the tokens of a text. Reads queries, keys and values, sequences of one shape, and the
    /// text (2, length), whose mask says which keys are seen.
    case attention(Attention)
    /// Dropout that is active in training where what it reads depends on something that learns; elsewhere it does nothing, so
    /// that what is frozen has one value. `index` counts the dropouts of a graph and keys their random numbers.
    case learningDropout(rate: Float, index: Int)
    /// The mean of a sequence over its tokens: a vector. Reads the sequence and the text (2, length).
    case tokenMean(TokenMean)
    /// The first token of a sequence: a vector.
    case firstToken
}

/// A network as a value: nodes in topological order, each with the shape of one item of its output.
public struct Graph: Sendable, Hashable, Codable {
    /// A node of a graph: an operation, the nodes it reads, and the shape of one item of its output.
    public struct Node: Sendable, Hashable, Codable {
        /// The operation that computes the node.
        public var operation: Operation
        /// Indices of the nodes that the operation reads, all earlier ones.
        public var inputs: [Int]
        /// The shape of one item of the node's output.
        public var shape: Shape
        /// Name of the layer that the node came from, for messages and summaries: `conv_1`.
        public var layer: String
    }

    /// The nodes, in topological order.
    public private(set) var nodes: [Node] = []
    /// The parameters of all nodes, in the order they were added.
    public private(set) var parameters: [ParameterSpec] = []
    /// Indices of the nodes whose values leave the graph, in order.
    public var outputs: [Int] = []

    /// Makes an empty graph.
    public init() {}

    /// The number of dropouts so far.
    public var dropoutCount: Int { nodes.count { $0.operation.dropoutIndex != nil } }

    /// Names and shapes of the inputs, in the order they were added.
    public var inputs: [(name: String, shape: Shape)] {
        nodes.compactMap { if case .input(let name) = $0.operation { (name, $0.shape) } else { nil } }
    }

    /// Appends an input, whose items have the given shape, and returns its node.
    public mutating func addInput(_ name: String, shape: Shape) -> Int {
        nodes.append(Node(operation: .input(name), inputs: [], shape: shape, layer: name))
        return nodes.count - 1
    }

    /// Appends an operation after working out its shape, and returns its node; throws the diagnostic `shape` where it cannot be.
    /// A parameter that several nodes use, as in ALBERT, is given with the first of them.
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
