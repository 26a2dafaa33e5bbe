import Engine
import Models
import Tensors
import TestSupport
import Testing
import Weights

/// Dropout, gradients by differences, and loading of encoders.
@Suite(.timed) struct EncoderTrainingTests {
    /// Dropout is active where something before it learns, and the frozen blocks before that stay as they are in inference.
    @Test func dropoutWhereItLearns() throws {
        let small = try SmallEncoder("roberta")
        let (graph, encoder) = try small.graph { _, _, _, encoder in encoder.hiddenStates }
        let parameters = try small.parameters(encoder)
        let plain = try Program(graph, batch: small.batch, purpose: .inference)
        try plain.load(parameters)
        try plain.run(small.texts)
        let last = encoder.blockCount - 1
        let program = try Program(graph, batch: small.batch, purpose: .training(trainable: Set(encoder.parameters(ofBlock: last))))
        try program.load(parameters)
        let key = RandomKey(seed: 3, purpose: .dropout, epoch: 1, item: 2)
        try program.run(small.texts, dropout: key)
        #expect(share(program.output(last), plain.output(last)) < 1e-6)
        let dropped = program.output(last + 1)
        #expect(share(dropped, plain.output(last + 1)) > 1e-2)
        try program.run(small.texts, dropout: key)
        #expect(program.output(last + 1) == dropped)
        try program.run(small.texts)
        #expect(share(program.output(last + 1), plain.output(last + 1)) < 1e-6)
    }

    /// Gradients with dropout, of means and of the first token, are those of central differences.
    @Test(arguments: ["roberta", "albert"]) func gradientsByDifferences(_ name: String) throws {
        let small = try SmallEncoder(name)
        let (graph, encoder) = try small.graph { builder, node, text, _ in
            [
                try builder.tokenMean(of: node, text: text, masked: false, lastCount: 4), try builder.firstToken(of: node),
                try builder.apply(.dense(units: 3, activation: .gelu, bias: true), to: try builder.apply(.flatten, to: node)),
            ]
        }
        var parameters = try small.parameters(encoder)
        // Where all keys are masked, the scores vanish beside the least number, and only their gradients, as those of transformers, do
        // not.
        var texts = small.texts
        for item in 0..<small.batch { texts[(2 * item + 1) * small.length] = 1 }
        for (name, values) in try ParameterStore(initializing: graph, seed: 4, except: Set(parameters.names)).pairs {
            parameters[name] = values
        }
        let program = try Program(graph, batch: small.batch, purpose: .training(trainable: Set(graph.parameters.map(\.name))))
        let key = RandomKey(seed: 1, purpose: .dropout)
        let weights = (0..<3).map { output -> [Float] in
            (0..<400).map { place -> Float in
                let step = (place * 7 + output * 3) % 11
                return Float(step) * 0.2 - 1
            }
        }
        func loss(_ parameters: ParameterStore) throws -> Double {
            try program.load(parameters)
            try program.run(texts, dropout: key)
            var sum = 0.0
            for output in 0..<3 {
                for (value, weight) in zip(program.output(output), weights[output]) { sum += Double(value) * Double(weight) }
            }
            return sum
        }
        _ = try loss(parameters)
        for output in 0..<3 { try program.fillGradient(weights[output], output: output) }
        try program.backward()
        let gradients = try graph.parameters.map { ($0.name, try program.gradient(of: $0.name).values) }
        for (name, gradient) in gradients where !name.hasSuffix("key.bias") {
            let largest = gradient.reduce(0) { max($0, abs($1)) }
            guard let place = gradient.indices.max(by: { abs(gradient[$0]) < abs(gradient[$1]) }), largest > 0 else {
                Issue.record("\(name) has no gradient")
                continue
            }
            func moved(_ step: Float) throws -> Double {
                var changed = parameters
                changed[name]?.withUnsafeMutableBuffer { $0[place] += step }
                return try loss(changed)
            }
            let difference = try (moved(2e-3) - moved(-2e-3)) / 4e-3
            #expect(abs(difference - Double(gradient[place])) < 0.02 * abs(difference) + 2e-2, "\(name)")
        }
    }

    /// Parameters that are read one at a time give what a store gives, and can be had back.
    @Test func loadedOneAtATime() throws {
        let small = try SmallEncoder("albert")
        let (graph, encoder) = try small.graph { _, node, _, _ in [node] }
        let file = try EncoderWeights("\(small.folder)/model.safetensors")
        let store = try file.parameters(of: encoder)
        let trainable = Set(encoder.parameters(ofBlock: 0))
        for purpose in [Program.Purpose.inference, .training(trainable: trainable)] {
            let (one, other) = (
                try Program(graph, batch: small.batch, purpose: purpose), try Program(graph, batch: small.batch, purpose: purpose)
            )
            try file.load(encoder, into: one)
            try other.load(store)
            try one.run(small.texts)
            try other.run(small.texts)
            #expect(one.output() == other.output())
            let back = try one.parameters()
            #expect(back == store)
        }
    }

    /// One step of Adam moves what learns and nothing else, and the loss falls.
    @Test func stepsOfAdam() throws {
        let small = try SmallEncoder("albert")
        let (graph, encoder) = try small.graph { builder, node, _, _ in [try builder.firstToken(of: node)] }
        let names = encoder.parameters(ofLast: 1).names
        let program = try Program(graph, batch: small.batch, purpose: .training(trainable: Set(names)))
        let store = try small.parameters(encoder)
        try program.load(store)
        var losses: [Float] = []
        for step in 1...5 {
            try program.run(small.texts)
            let output = program.output()
            losses.append(output.reduce(0) { $0 + $1 * $1 })
            try program.fillGradient(output.map { 2 * $0 })
            try program.backward()
            try program.adam(rate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step)
        }
        #expect(losses == losses.sorted(by: >) && !losses.contains { !$0.isFinite })
        let after = try program.parameters()
        for name in after.names { #expect((after[name] == store[name]) == !names.contains(name), "\(name)") }
    }

    /// Ids that no table has, and numbers that are none, reach the last row or the first: nothing is read outside.
    @Test func idsBeyondTheTable() throws {
        let small = try SmallEncoder("roberta")
        let (graph, encoder) = try small.graph { _, node, _, _ in [node] }
        let program = try Program(graph, batch: 1, purpose: .training(trainable: [encoder.parameters[0].name]))
        try program.load(small.parameters(encoder))
        try program.run([1e9, -4, .nan, .infinity, 2.5, 30.9, 31, 1, 1, 1, 1, 1, 1, 1])
        #expect(!program.output().contains { !$0.isFinite })
        try program.fillGradient(program.output())
        try program.backward()
        let gradient = try program.gradient(of: encoder.parameters[0].name).values
        #expect(!gradient.contains { !$0.isFinite })
    }
}

extension ParameterStore {
    fileprivate var pairs: [(String, Tensor)] { names.compactMap { name in self[name].map { (name, $0) } } }
}
