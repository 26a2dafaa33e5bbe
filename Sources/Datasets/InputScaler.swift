import Diagnostics
import Tensors

/// A standard scaler: brings the values of an input to mean 0 and population standard deviation 1, each channel (the last
/// axis) by itself, as measured in the training part. A channel that is constant there is only shifted.
public struct InputScaler: Sendable, Hashable, Codable {
    /// The mean of each channel in the training part.
    public let means: [Double]
    /// The population standard deviation of each channel in the training part; 1 where the channel is constant.
    public let deviations: [Double]

    /// Fits a scaler on the items at `training`, in double precision.
    ///
    /// Throws `shape` for items without channels or a position that is not there, `split-empty` for no position.
    public init(fitting items: Items, training: [Int]) throws {
        guard let channels = items.shape.extents.last, channels > 0, items.count > 0 else {
            throw Diagnostic("shape", "expected items with channels to fit a scale on, found \(items.count) of shape \(items.shape)")
        }
        guard !training.isEmpty else {
            throw Diagnostic("split-empty", "expected items in the training part to fit a scale on, found none")
        }
        if let wrong = training.first(where: { $0 < 0 || $0 >= items.count }) {
            throw Diagnostic("shape", "expected positions below \(items.count), found \(wrong)")
        }
        /// The mean of each channel of what `term` makes of a number and its channel; items are read once.
        func mean(of term: (Double, Int) -> Double) throws -> [Double] {
            var sums = [Double](repeating: 0, count: channels)
            var count = 0.0
            for item in training {
                try items.withItem(item) { values in
                    var channel = 0
                    for value in values {
                        sums[channel] += term(Double(value), channel)
                        channel = channel + 1 == channels ? 0 : channel + 1
                    }
                }
                count += Double(items.shape.count / channels)
            }
            return sums.map { count > 0 ? $0 / count : 0 }
        }
        let means = try mean { value, _ in value }
        self.means = means
        deviations = try zip(means, mean { ($0 - means[$1]) * ($0 - means[$1]) }).map { center, variance in
            let deviation = variance.squareRoot()
            // Rounding leaves a trace of a spread in equal values.
            return deviation > 1e-9 * abs(center) && deviation.isFinite ? deviation : 1
        }
    }

    /// The tensor with its channels scaled. Throws `shape` where the last axis does not have the channels fitted on.
    public func apply(to tensor: Tensor) throws -> Tensor {
        try check(tensor.shape)
        var values = tensor.values
        values.withUnsafeMutableBufferPointer { apply(to: $0) }
        return try Tensor(shape: tensor.shape, values: values)
    }

    /// Checks that the last axis of a shape has the channels fitted on. Throws `shape`.
    func check(_ shape: Shape) throws {
        guard let channels = shape.extents.last, channels == means.count, channels > 0 else {
            throw Diagnostic("shape", "expected \(means.count) channels, found a tensor of shape \(shape)")
        }
    }

    /// Scales numbers whose channels follow one another, in place.
    func apply(to values: UnsafeMutableBufferPointer<Float>) {
        var channel = 0
        for index in values.indices {
            values[index] = Float((Double(values[index]) - means[channel]) / deviations[channel])
            channel = channel + 1 == means.count ? 0 : channel + 1
        }
    }
}
