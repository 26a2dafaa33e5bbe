import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Models
import Tensors
import Training

/// An estimate of how long trainings take: multiplications counted in the networks, at the speed that this machine shows on a
/// small convolution, and what each layer, each parameter and each run costs besides. It is right within a factor of two or so,
/// and no promise.
struct Estimate {
    /// Multiplications and additions a second that single layers reach: in convolutions of three by three, of which fewer are
    /// multiplied than there are where the engine has a scheme for it, and in all else.
    let speeds: Work

    /// An amount of multiplications and additions, or of these a second: in convolutions of three by three, and in all else.
    struct Work {
        var threeByThree = 0.0
        var others = 0.0
    }

    /// The shares of a single convolution's speed that a network reaches which learns, and one that does not.
    private static let learning = 0.6, frozen = 0.85
    /// Seconds that a layer takes in a step, however small it is; a parameter in a step of the optimizer; the files of a run.
    private static let layer = 4e-6, parameter = 5e-10, run = 0.03

    /// Creates an estimate by measuring the machine for some hundredths of a second.
    init() throws {
        func speed(_ size: Int) throws -> Double {
            var builder = NetworkBuilder()
            let x = try builder.input("x", shape: [28, 28, 64])
            builder.graph.outputs = [
                try builder.apply(
                    .conv(filters: 64, kernel: [size, size], strides: [1, 1], padding: .same, activation: nil, bias: true), to: x)
            ]
            let program = try Program(builder.graph, batch: 8, purpose: .inference)
            try program.load(ParameterStore(initializing: builder.graph, seed: 1))
            try program.forward(dropout: nil)
            let clock = ContinuousClock()
            let work = builder.graph.work
            var best = Duration.seconds(1)
            for _ in 0..<6 { best = min(best, try clock.measure { try program.forward(dropout: nil) }) }
            let seconds = Double(best.components.attoseconds) * 1e-18 + Double(best.components.seconds)
            return 8 * (work.threeByThree + work.others) / max(seconds, 1e-6)
        }
        speeds = Work(threeByThree: try speed(3), others: try speed(5))
    }

    private func seconds(_ work: Work) -> Double { work.threeByThree / speeds.threeByThree + work.others / speeds.others }

    /// Seconds of one training at most: all its epochs, and what its frozen layers give for all rows, once. `split`: the cut between
    /// those and what learns.
    func seconds(_ split: GraphSplit?, of experiment: Experiment) throws -> (training: Double, features: Double) {
        let (train, validation) = (experiment.parts.train.count, experiment.parts.validation.count)
        let (batch, epochs) = (try experiment.last.batchSize(), try experiment.last.epochCount())
        let rest = split?.rest ?? experiment.built.graph
        let learning = seconds(rest.work) / Self.learning
        let frozen = seconds(split?.trunk.work ?? Work()) / Self.frozen
        // Backwards is about twice the work of forwards.
        var epoch = learning * Double(3 * train + validation)
        let size = Double(max(1, min(batch, train)))
        let steps = (Double(train) / size).rounded(.up)
        let checks = (Double(validation) / size).rounded(.up)
        var layers = Double(rest.nodes.count) * (3 * steps + checks)
        if experiment.augmentation.isRandom {
            epoch += frozen * Double(train)
            layers += Double(split?.trunk.nodes.count ?? 0) * steps
        }
        let parameters = rest.parameters.reduce(0) {
            $0 + (experiment.last.training.trainable.contains($1.name) ? Double($1.shape.count) : 0)
        }
        epoch += layers * Self.layer + parameters * steps * Self.parameter
        return (Self.run + Double(epochs) * epoch, frozen * Double(experiment.plan.count))
    }

    /// Seconds that an encoder takes for texts, each with as many tokens as it is computed with.
    func seconds(encoding texts: [String], _ question: TextQuestion) throws -> Double {
        let encoder = question.encoder
        let tokens = try encoder.tokenizer.encode(texts, length: encoder.length, threads: Program.threads)
        let lengths = Dictionary(grouping: tokens.map { question.computedLength(of: $0.count) }) { $0 }
        // Layers behind the one that is asked for are not computed.
        let share = Double(question.layer) / Double(max(1, encoder.configuration.layers))
        return try lengths.reduce(0) { sum, group in
            var builder = NetworkBuilder()
            let text = try builder.textInput("text", length: group.key)
            builder.graph.outputs = [try builder.encoder(encoder.configuration, to: text, dropout: false).node]
            return sum + share * seconds(builder.graph.work) / Self.frozen * Double(group.value.count)
        }
    }
}

extension Graph {
    /// Multiplications and additions for one item, in the layers that take time.
    var work: Estimate.Work {
        nodes.reduce(into: Estimate.Work()) { sum, node in
            let output = Double(node.shape.count)
            let input = node.inputs.first.map { nodes[$0].shape }
            switch node.operation {
            case .convolution(_, let size, let strides, _, _, _):
                let work = 2 * output * Double(size.reduce(1, *)) * Double(input?.extents.last ?? 1)
                if size == [3, 3], strides == [1, 1] { sum.threeByThree += work } else { sum.others += work }
            case .depthwise(let size, _, _, _), .pool(_, let size, _, _): sum.others += 2 * output * Double(size.reduce(1, *))
            case .dense: sum.others += 2 * output * Double(input?.extents.last ?? 1)
            // Scores and sums of each token with each other.
            case .attention: sum.others += 4 * output * Double(node.shape.extents.first ?? 1)
            case .globalAveragePool: sum.others += Double(input?.count ?? 0)
            default: sum.others += output
            }
        }
    }
}

/// A duration as text for people: `40 s`, `12 min`, `3.5 h`.
func briefDuration(_ seconds: Double) -> String {
    if seconds < 1 { return "under 1 s" }
    if seconds < 100 { return "\(Int(seconds.rounded())) s" }
    if seconds < 6000 { return "\(Int((seconds / 60).rounded())) min" }
    if seconds < 100 * 3600 { return "\(fixed(seconds / 3600, 1)) h" }
    return "\(Int((seconds / 86400).rounded())) days"
}
