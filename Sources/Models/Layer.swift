import Tensors

/// A layer as a script declares it. Kernels, windows and strides are (height, width).
public enum Layer: Sendable, Hashable, Codable {
    /// A 2D convolution.
    case conv(filters: Int, kernel: [Int], strides: [Int], padding: Padding, activation: Activation?, bias: Bool)
    /// A depthwise convolution, one filter a channel.
    case depthwise(kernel: [Int], strides: [Int], padding: Padding, activation: Activation?)
    /// A separable convolution: a depthwise one, then one of 1x1.
    case separable(filters: Int, kernel: [Int], strides: [Int], padding: Padding, activation: Activation?, bias: Bool)
    /// A batch normalisation. `gamma` and `beta` say whether it scales and shifts.
    case batchNorm(gamma: Bool, beta: Bool, epsilon: Double, momentum: Double)
    /// Zero padding: rows and columns of zeros, (height, width) before and after.
    case zeroPad(before: [Int], after: [Int])
    /// The concatenation along the channels, or the sum, of several inputs.
    case concatenate, add
    /// Max or average pooling.
    case pool(Pooling, size: [Int], strides: [Int], padding: Padding)
    /// The average of each channel of an image, or the whole image as one vector.
    case globalAveragePool, flatten
    /// A dense (fully connected) layer on a vector.
    case dense(units: Int, activation: Activation?, bias: Bool)
    /// An activation function of each element.
    case activation(Activation)
    /// Dropout. `rate` is the share of values that is dropped: at least 0, less than 1.
    case dropout(rate: Double)
    /// The mean over the tokens of a sequence, with or without padding; the inputs are the sequence and its text.
    case meanTokens(masked: Bool)
    /// The first token of a sequence.
    case firstToken

    /// The word that a script writes for the layer; layers are named after it: `conv_1`.
    public var keyword: String {
        switch self {
        case .conv: "conv"
        case .depthwise: "depthwiseConv"
        case .separable: "separableConv"
        case .batchNorm: "batchNorm"
        case .zeroPad: "zeroPad"
        case .concatenate: "concatenate"
        case .add: "add"
        case .pool(.max, _, _, _): "maxPool"
        case .pool(.average, _, _, _): "averagePool"
        case .globalAveragePool: "globalAveragePool"
        case .flatten: "flatten"
        case .dense: "dense"
        case .activation: "activation"
        case .dropout: "dropout"
        case .meanTokens: "meanTokens"
        case .firstToken: "firstToken"
        }
    }
}
