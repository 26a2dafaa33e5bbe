import Engine
import Models
import Tensors
import TestSupport
import Testing
import Weights

/// Against transformers 5.24 with eager attention, in double precision: hidden states to 1e-5 of the largest (what is measured is
/// below 1e-6), gradients of every tensor to 1e-4. The texts are full, padded, of one token, with a hole in the mask, and masked
/// throughout.
@Suite(.timed) struct EncoderPeerTests {
    @Test(arguments: SmallEncoder.names) func hiddenStatesAndMean(_ name: String) throws {
        let small = try SmallEncoder(name)
        let (graph, encoder) = try small.graph { builder, node, text, encoder in
            encoder.hiddenStates + (try builder.means(of: node, text))
        }
        let program = try Program(graph, batch: small.batch, purpose: .inference)
        try program.load(small.parameters(encoder))
        try program.run(small.texts)
        for layer in encoder.hiddenStates.indices {
            #expect(share(program.output(layer), small.peer.floats("hidden.\(layer)")) < 1e-5, "layer \(layer)")
        }
        #expect(encoder.hiddenStates.count == small.peer.tensors.count { $0.name.hasPrefix("hidden.") })
        // The mean of a text that is masked throughout is 0 here and there.
        #expect(share(program.output(encoder.hiddenStates.count), small.peer.floats("mean")) < 1e-5)
        #expect(share(program.output(encoder.hiddenStates.count + 1), small.peer.floats("all")) < 1e-5)
    }

    @Test(arguments: SmallEncoder.names) func gradientsOfEveryTensor(_ name: String) throws {
        let small = try SmallEncoder(name)
        let (graph, encoder) = try small.graph { builder, node, text, _ in try builder.means(of: node, text) }
        let all = Set(encoder.parameters.map(\.name))
        let program = try Program(graph, batch: small.batch, purpose: .training(trainable: all))
        try program.load(small.parameters(encoder))
        try program.run(small.texts)
        try program.fillGradient(small.peer.floats("w"))
        try program.fillGradient(small.peer.floats("u"), output: 1)
        try program.backward()
        for parameter in encoder.parameters {
            var expected = small.peer.floats("grad." + parameter.tensor)
            if parameter.isTransposed { expected = turned(expected, columns: parameter.shape.extents[0]) }
            // That of a bias of keys is 0 but for rounding: it adds the same to all scores of a row.
            let largest: Float? = parameter.name.hasSuffix("key.bias") ? 1 : nil
            let found = try program.gradient(of: parameter.name).values
            #expect(share(found, expected, of: largest) < 1e-4, "\(parameter.name)")
        }
        #expect(encoder.parameters.count == small.peer.tensors.count { $0.name.hasPrefix("grad.") })
    }

    /// What learns in the last block alone has the same gradients, whether the rest is computed or comes from a trunk.
    @Test(arguments: SmallEncoder.names) func lastBlockAlone(_ name: String) throws {
        let small = try SmallEncoder(name)
        let (graph, encoder) = try small.graph { builder, node, text, _ in [try builder.tokenMean(of: node, text: text, masked: true)] }
        let names = encoder.parameters(ofBlock: encoder.blockCount - 1)
        let parameters = try small.parameters(encoder)
        let whole = try Program(graph, batch: small.batch, purpose: .training(trainable: Set(names)))
        try whole.load(parameters)
        try whole.run(small.texts)
        try whole.fillGradient(small.peer.floats("w"))
        try whole.backward()

        let split = try #require(try graph.split(trainable: Set(names), moving: []))
        #expect(split.features.count == 1)
        let trunk = try Program(split.trunk, batch: small.batch, purpose: .inference)
        try trunk.load(parameters)
        try trunk.run(small.texts)
        let rest = try Program(split.rest, batch: small.batch, purpose: .training(trainable: Set(names)))
        try rest.load(parameters)
        let features = trunk.output()
        try rest.withInput(split.features[0]) { buffer in for index in buffer.indices { buffer[index] = features[index] } }
        try rest.run(small.texts)
        try rest.fillGradient(small.peer.floats("w"))
        try rest.backward()
        #expect(share(rest.output(), whole.output()) < 1e-6)
        for name in names where !name.hasSuffix("key.bias") {
            #expect(share(try rest.gradient(of: name).values, try whole.gradient(of: name).values) < 1e-5, "\(name)")
        }
        // Of ALBERT all layers but the embeddings share the block, so that its trunk ends before them.
        #expect(split.trunk.outputs.count == 1)
    }

    /// A text has the same bits in whatever place of a batch, and whatever else is in it.
    @Test(arguments: SmallEncoder.names) func sameBitsWhateverTheBatch(_ name: String) throws {
        let small = try SmallEncoder(name)
        let (graph, encoder) = try small.graph { builder, node, text, _ in
            [node, try builder.tokenMean(of: node, text: text, masked: false)]
        }
        let program = try Program(graph, batch: small.batch, purpose: .inference)
        try program.load(small.parameters(encoder))
        try program.run(small.texts)
        let (states, means) = (program.output(), program.output(1))
        let item = 2 * small.length
        for turn in 1..<small.batch {
            let start = turn * item
            try program.run(Array(small.texts[start...] + small.texts[..<start]))
            let (width, rows) = (means.count / small.batch, states.count / small.batch)
            #expect(program.output().map(\.bitPattern) == (states[(turn * rows)...] + states[..<(turn * rows)]).map(\.bitPattern))
            #expect(program.output(1).map(\.bitPattern) == (means[(turn * width)...] + means[..<(turn * width)]).map(\.bitPattern))
        }
    }

    /// RoBERTa's padding is equal wherever it is: a shorter program whose last token is padding gives the mean over the whole length.
    @Test func onePaddingTokenStandsForAll() throws {
        let small = try SmallEncoder("roberta")
        #expect(small.configuration.paddingIsEqual)
        #expect(try !SmallEncoder("bert").configuration.paddingIsEqual && !SmallEncoder("albert").configuration.paddingIsEqual)
        func mean(_ ids: [Float], _ length: Int) throws -> [Float] {
            let (graph, encoder) = try small.graph(length: length) { builder, node, text, _ in
                [try builder.tokenMean(of: node, text: text, masked: false, lastCount: 9 - length + 1)]
            }
            let program = try Program(graph, batch: 1, purpose: .inference)
            try program.load(small.parameters(encoder))
            let padding = [Float](repeating: 1, count: length - ids.count)
            try program.run(ids + padding + ids.map { _ in 1 } + padding.map { _ in 0 })
            return program.output()
        }
        let ids: [Float] = [0, 7, 19, 2]
        let whole = try mean(ids, 9)
        for length in 5...8 { #expect(share(try mean(ids, length), whole) < 1e-6, "\(length)") }
    }
}

extension NetworkBuilder {
    /// Appends the means over the mask and over all tokens.
    fileprivate mutating func means(of node: Int, _ text: Int) throws -> [Int] {
        try [true, false].map { try tokenMean(of: node, text: text, masked: $0) }
    }
}
