import Diagnostics
import Tensors

/// A standard scaler: brings the values of an input to mean 0 and population standard deviation 1, each channel (the last
/// axis) by itself, as measured in the training part. A channel that is constant there is only shifted.
public struct InputScaler: Sendable, Hashable, Codable {
    /// The mean of each channel in the training part.
    public let means: [Double]
    /// The population standard deviation of each channel in the training part; 1 where the channel is constant.
    public let deviations: [Double]

    /// Fits a scaler on the items at `training` of a tensor of items x ... x channels, in double precision.
    ///
    /// Throws `shape` for a tensor of fewer than two axes or a position that is not there, `split-empty` for no position.
    public init(fitting tensor: Tensor, training: [Int]) throws {
        guard tensor.shape.rank >= 2, let items = tensor.shape.extents.first, let channels = tensor.shape.extents.last, channels > 0,
            items > 0
        else {
            throw Diagnostic("shape", "expected items with channels to fit a scale on, found a tensor of shape \(tensor.shape)")
        }
        guard !training.isEmpty else {
            throw Diagnostic("split-empty", "expected items in the training part to fit a scale on, found none")
        }
        if let wrong = training.first(where: { $0 < 0 || $0 >= items }) {
            throw Diagnostic("shape", "expected positions below \(items), found \(wrong)")
        }
        let size = tensor.values.count / items
        func mean(_ channel: Int, of term: (Double) -> Double) -> Double {
            var sum = 0.0
            var count = 0.0
            for item in training {
                for place in stride(from: item * size + channel, to: (item + 1) * size, by: channels) {
                    sum += term(Double(tensor.values[place]))
                    count += 1
                }
            }
            return count > 0 ? sum / count : 0
        }
        let means = (0..<channels).map { mean($0) { $0 } }
        self.means = means
        deviations = means.enumerated().map { channel, center in
            let deviation = mean(channel) { ($0 - center) * ($0 - center) }.squareRoot()
            // Rounding leaves a trace of a spread in equal values.
            return deviation > 1e-9 * abs(center) && deviation.isFinite ? deviation : 1
        }
    }

    /// The tensor with its channels scaled. Throws `shape` where the last axis does not have the channels fitted on.
    public func apply(to tensor: Tensor) throws -> Tensor {
        guard let channels = tensor.shape.extents.last, channels == means.count, channels > 0 else {
            throw Diagnostic("shape", "expected \(means.count) channels, found a tensor of shape \(tensor.shape)")
        }
        var values = tensor.values
        for index in values.indices {
            let channel = index % channels
            values[index] = Float((Double(values[index]) - means[channel]) / deviations[channel])
        }
        return try Tensor(shape: tensor.shape, values: values)
    }
}
