import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Models
import Tensors
import Training

/// How long trainings take, told beforehand: multiplications counted in the networks, at the speed that this machine shows on a
/// small convolution. Networks of many small layers reach less of it, those of few large ones more: an estimate within a factor
/// of two or so, not a promise.
struct Estimate {
    /// Multiplications and additions a second that trainings reach.
    let speed: Double

    /// The share of the convolution's speed that whole networks reach.
    private static let share = 0.6

    /// Measures the machine for some hundredths of a second.
    init() throws {
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: [28, 28, 64])
        builder.graph.outputs = [try builder.apply(.conv(filters: 64, kernel: [3, 3], strides: [1, 1], padding: .same, activation: nil, bias: true), to: x)]
        let program = try Program(builder.graph, batch: 8, purpose: .inference)
        try program.load(ParameterStore(initializing: builder.graph, seed: 1))
        try program.forward(dropout: nil)
        let clock = ContinuousClock(), work = 8 * builder.graph.operations
        var best = Duration.seconds(1)
        for _ in 0..<8 { best = min(best, try clock.measure { try program.forward(dropout: nil) }) }
        let seconds = Double(best.components.attoseconds) * 1e-18 + Double(best.components.seconds)
        speed = Self.share * work / max(seconds, 1e-6)
    }

    /// Seconds of one training at most: all its epochs, and what its frozen layers give for all rows, once.
    func seconds(
        _ split: GraphSplit?, _ whole: Graph, rows: Int, train: Int, validation: Int, epochs: Int, augmented: Bool
    ) -> (training: Double, features: Double) {
        let learning = (split?.rest ?? whole).operations, frozen = split?.trunk.operations ?? 0
        // Backwards is about twice the work of forwards.
        var work = Double(epochs) * (3 * learning * Double(train) + learning * Double(validation))
        if augmented { work += Double(epochs) * frozen * Double(train) }
        return (work / speed, frozen * Double(rows) / speed)
    }
}

extension Graph {
    /// Multiplications and additions for one item, in the layers that take time.
    var operations: Double {
        nodes.reduce(0) { sum, node in
            let output = Double(node.shape.count), input = node.inputs.first.map { nodes[$0].shape }
            switch node.operation {
            case .convolution(_, let size, _, _, _, _): return sum + 2 * output * Double(size.reduce(1, *)) * Double(input?.extents.last ?? 1)
            case .depthwise(let size, _, _, _), .pool(_, let size, _, _): return sum + 2 * output * Double(size.reduce(1, *))
            case .dense: return sum + 2 * output * Double(input?.count ?? 1)
            case .globalAveragePool: return sum + Double(input?.count ?? 0)
            default: return sum + output
            }
        }
    }
}

/// `40 s`, `12 min`, `3.5 h`.
func briefDuration(_ seconds: Double) -> String {
    if seconds < 1 { return "under 1 s" }
    if seconds < 100 { return "\(Int(seconds.rounded())) s" }
    if seconds < 6000 { return "\(Int((seconds / 60).rounded())) min" }
    if seconds < 100 * 3600 { return "\(fixed(seconds / 3600, 1)) h" }
    return "\(Int((seconds / 86400).rounded())) days"
}
