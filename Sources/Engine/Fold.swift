import COneDNN
import Tensors

/// A batch normalisation with fixed statistics, folded into the convolution before it: kernel W' = W s and bias
/// b' = beta - mean s, with s = gamma / sqrt(variance + epsilon) for each output channel.
///
/// The gradients of what is folded follow exactly: that of W is the gradient of W' times s, that of beta is the gradient of b',
/// and that of gamma is (the sum of W times the gradient of W', less mean times the gradient of b') / sqrt(variance + epsilon).
final class Fold {
    let kernel: Int
    let gamma: Int?
    let beta: Int?
    let mean: Int
    let variance: Int
    let epsilon: Float
    let channels: Int
    /// Arrangement of the kernel's rows in its own layout: how many lie side by side in a block, and the floats from one block to
    /// the next.
    let rows: (block: Int, stride: Int)
    /// Size of the kernel with padding, in floats.
    let count: Int
    /// Buffer of the folded kernel W'.
    let weights: Int
    /// Buffer of the folded bias b'.
    let bias: Int

    /// Address of the folded kernel W', set once memory is planned.
    var foldedWeights: UnsafeMutablePointer<Float>?
    /// Address of the folded bias b', set once memory is planned.
    var foldedBias: UnsafeMutablePointer<Float>?
    /// Scale s of each output channel before a step of the optimizer, with padding.
    private(set) var scale: [Float]
    /// Scale s of each output channel after a step of the optimizer, with padding.
    private(set) var newScale: [Float]

    init(
        kernel: Int, gamma: Int?, beta: Int?, mean: Int, variance: Int, epsilon: Float, channels: Int, rows: (block: Int, stride: Int),
        count: Int, weights: Int, bias: Int
    ) {
        (self.kernel, self.gamma, self.beta, self.mean, self.variance) = (kernel, gamma, beta, mean, variance)
        (self.epsilon, self.channels, self.rows, self.count, self.weights, self.bias) = (epsilon, channels, rows, count, weights, bias)
        let padded = rows.stride > 0 ? count / rows.stride * rows.block : channels
        scale = [Float](repeating: 0, count: max(padded, channels))
        newScale = scale
    }

    /// The inverse standard deviation of each channel, 1 / sqrt(variance + epsilon).
    private func inverseDeviations(_ variance: [Float]) -> [Double] {
        variance.map { 1 / (Double($0) + Double(epsilon)).squareRoot() }
    }

    /// Recomputes the scale and b' from the vectors of the normalisation.
    func refresh(_ vector: (Int) -> [Float]) {
        let deviations = inverseDeviations(vector(variance))
        let means = vector(mean)
        let gammas = gamma.map(vector)
        let betas = beta.map(vector)
        for channel in 0..<min(channels, deviations.count, means.count) {
            let s = deviations[channel] * Double(gammas.map { $0[channel] } ?? 1)
            newScale[channel] = Float(s)
            foldedBias?[channel] = Float(Double(betas.map { $0[channel] } ?? 0) - Double(means[channel]) * s)
        }
    }

    /// Makes the new scale the current one: what the optimizer folded with is what the next gradients are scaled by.
    func settle() { scale = newScale }

    /// Computes the gradient of gamma from those of W' and b'.
    func gammaGradient(
        weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, biasGradient: UnsafePointer<Float>, vector: (Int) -> [Float],
        threads: Int32, into target: UnsafeMutablePointer<Float>
    ) {
        var sums = [Float](repeating: 0, count: newScale.count)
        withSegment(weights: weights, gradient: gradient) { odn_row_products(&$0, &sums, threads) }
        let deviations = inverseDeviations(vector(variance))
        let means = vector(mean)
        for channel in 0..<min(channels, deviations.count, means.count) {
            target[channel] = Float(deviations[channel] * (Double(sums[channel]) - Double(means[channel]) * Double(biasGradient[channel])))
        }
    }

    /// Calls `body` with the kernel as a segment, as the loops of the C target take it.
    func withSegment<R>(
        weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>? = nil, m: UnsafeMutablePointer<Float>? = nil,
        v: UnsafeMutablePointer<Float>? = nil, _ body: (inout odn_segment) -> R
    ) -> R {
        scale.withUnsafeBufferPointer { scale in
            newScale.withUnsafeBufferPointer { newScale in
                var segment = odn_segment(
                    weights: weights, gradient: gradient, m: m, v: v, count: count, block: Int64(rows.block), stride: Int64(rows.stride),
                    scale: scale.baseAddress, new_scale: newScale.baseAddress, folded: foldedWeights)
                return body(&segment)
            }
        }
    }
}
