import Datasets
import Engine
import Models
import Tensors

@testable import Training

/// A small network with dropout, and made-up items it can learn from.
enum Tiny {
    static func graph(dropout: Double = 0.25) throws -> Graph {
        var builder = NetworkBuilder()
        var node = try builder.input("x", shape: [5, 4, 1])
        node = try builder.apply(
            .conv(filters: 3, kernel: [2, 2], strides: [1, 1], padding: .valid, activation: .relu, bias: true), to: node)
        node = try builder.apply(.flatten, to: node)
        node = try builder.apply(.dense(units: 6, activation: .tanh, bias: true), to: node)
        node = try builder.apply(.dropout(rate: dropout), to: node)
        node = try builder.apply(.dense(units: 1, activation: nil, bias: true), to: node)
        builder.graph.outputs = [node]
        return builder.graph
    }

    /// Items whose target is the sum of their numbers, more or less.
    static func samples(_ count: Int, seed: UInt64) throws -> Samples {
        var stream = Philox(RandomKey(seed: seed, purpose: .sampling))
        var inputs: [Float] = []
        var targets: [Float] = []
        for _ in 0..<count {
            let item = (0..<20).map { _ in stream.nextFloat() - 0.5 }
            inputs += item
            targets.append(item.reduce(0, +) + 0.1 * stream.nextFloat())
        }
        return try Samples(
            ids: (0..<count).map { "item\($0)" }, tensors: ["x": try Tensor(shape: [count, 5, 4, 1], values: inputs)],
            targets: try Tensor(shape: [count, 1], values: targets))
    }

    /// Eleven items in batches of four: the last batch of an epoch holds three.
    static func plan(
        epochs: Int = 4, seed: UInt64 = 3, keep: Keep = .best(on: .validationLoss), stop: Stop? = nil, rate: Double = 0.02
    ) throws -> FitPlan {
        FitPlan(
            graph: try graph(), train: try samples(11, seed: 1), validation: try samples(5, seed: 2),
            optimizer: .adam(rate: .cosine(start: rate, end: rate / 10)), batch: 4, epochs: epochs, seed: seed, stop: stop, keep: keep)
    }
}

extension FitResult {
    var outcome: FitOutcome? { if case .finished(let outcome) = self { outcome } else { nil } }
}

extension FitOutcome {
    /// The same outcome without what a clock had a say in.
    var timeless: FitOutcome {
        var copy = self
        for i in copy.history.indices { copy.history[i].seconds = 0 }
        return copy
    }
}

/// Says yes once it has been asked `after` times, and no ever after.
final class Interruption {
    private var left: Int
    init(after: Int) { left = after }
    func ask() -> Bool {
        left -= 1
        return left == -1
    }
}
