import Diagnostics

/// The loss function that a training minimises, in the space the targets are trained in.
public enum Loss: String, Sendable, Hashable, Codable, CaseIterable {
    /// Mean squared error, over items and outputs.
    case mse

    /// The sum over the items of each item's loss, in double precision. `predicted` and `truth` hold `count` items of
    /// `width` numbers each.
    func sum(_ predicted: UnsafeBufferPointer<Float>, _ truth: [Float], count: Int, width: Int) -> Double {
        switch self {
        case .mse:
            var sum = 0.0
            for i in 0..<count * width {
                let error = Double(predicted[i]) - Double(truth[i])
                sum += error * error
            }
            return sum / Double(width)
        }
    }

    /// Writes the gradient of the mean loss over `count` items with respect to each prediction; the items that only fill
    /// the batch up get 0.
    func writeGradient(
        _ predicted: UnsafeBufferPointer<Float>, _ truth: [Float], count: Int, width: Int,
        to gradient: UnsafeMutableBufferPointer<Float>
    ) {
        switch self {
        case .mse:
            let scale = 2 / Float(count * width)
            for i in 0..<count * width { gradient[i] = scale * (predicted[i] - truth[i]) }
        }
        for i in count * width..<gradient.count { gradient[i] = 0 }
    }
}
