import Tensors

/// A layer as a script declares it. Kernels, windows and strides are (height, width).
public enum Layer: Sendable, Hashable, Codable {
    case conv(filters: Int, kernel: [Int], strides: [Int], padding: Padding, activation: Activation?, bias: Bool)
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
