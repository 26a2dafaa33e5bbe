import Tensors

/// A layer as a script declares it. Kernels, windows and strides are (height, width).
public enum Layer: Sendable, Hashable, Codable {
    case conv(filters: Int, kernel: [Int], strides: [Int], padding: Padding, activation: Activation?, bias: Bool)
    /// One filter a channel.
    case depthwise(kernel: [Int], strides: [Int], padding: Padding, activation: Activation?)
    /// A depthwise convolution, then one of 1x1.
    case separable(filters: Int, kernel: [Int], strides: [Int], padding: Padding, activation: Activation?, bias: Bool)
    /// `gamma` and `beta`: whether it scales and shifts.
    case batchNorm(gamma: Bool, beta: Bool, epsilon: Double, momentum: Double)
    /// Rows and columns of zeros, (height, width) before and after.
    case zeroPad(before: [Int], after: [Int])
    /// Of several inputs.
    case concatenate, add
    case pool(Pooling, size: [Int], strides: [Int], padding: Padding)
    case globalAveragePool, flatten
    case dense(units: Int, activation: Activation?, bias: Bool)
    case activation(Activation)
    /// `rate` is the share that is dropped: at least 0, less than 1.
    case dropout(rate: Double)

    /// The word a script writes for it; layers are named after it: `conv_1`.
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
        }
    }
}
