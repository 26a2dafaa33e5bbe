import Engine
import Models
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing
import Weights

@testable import Experiments

/// Images of one channel in a backbone of three: repeated, or under the sum of the first kernels' channels.
@Suite(.timed) struct GreyImageTests {
    private func built(
        _ architecture: Architecture, _ side: Int, _ preparation: PixelPreparation, _ grey: GreyImages
    ) throws -> (graph: Graph, backbone: Backbone) {
        var builder = NetworkBuilder()
        let x = try builder.input("image", shape: [side, side, 1])
        let (node, backbone) = try builder.apply(architecture, to: x, preparation: preparation, grey: grey)
        builder.graph.outputs = [node]
        return (builder.graph, backbone)
    }

    private func features(_ graph: Graph, _ parameters: ParameterStore, side: Int) throws -> [Float] {
        let program = try Program(graph, batch: 2, purpose: .inference)
        try program.load(parameters)
        var stream = Philox(RandomKey(seed: 4, purpose: .sampling))
        try program.withInput("image") { input in for place in input.indices { input[place] = 255 * stream.nextFloat() } }
        try program.forward(dropout: nil)
        return program.withOutput(0) { Array($0) }
    }

    /// Weights for three channels, read from a file, give the same features both ways where pixels of all channels are prepared
    /// alike: to 1e-5 of the largest, the sums being rounded in another order.
    @Test(arguments: [(Architecture.InceptionV3, 75, PixelPreparation.plusMinusOne), (.DenseNet121, 32, .unit), (.VGG16, 32, .none)])
    func theSumGivesWhatRepetitionGives(_ architecture: Architecture, _ side: Int, _ preparation: PixelPreparation) throws {
        let (repeated, first) = try built(architecture, side, preparation, .repeated)
        let drawn = try ParameterStore(initializing: repeated, seed: 3)
        let copy = try CorpusCopy()
        let path = copy.path + "/weights.safetensors"
        let tensors = drawn.names.compactMap { name in
            drawn[name].map { NamedTensor(name: String(name.dropFirst(first.name.count + 1)), shape: $0.shape.extents, values: $0.values) }
        }
        try writeSafetensors(Safetensors(tensors: tensors), to: path)

        let (summed, second) = try built(architecture, side, preparation, .summed)
        let kernel = try #require(second.summedKernel)
        let weights = try backboneWeights(second, path: path)
        #expect(weights[kernel]?.shape.extents[2] == 1 && drawn[kernel]?.shape.extents[2] == 3)
        #expect(weights.names.allSatisfy { $0 == kernel || weights[$0] == drawn[$0] })
        let expected = try features(repeated, try backboneWeights(first, path: path), side: side)
        let found = try features(summed, weights, side: side)
        let largest = expected.reduce(0) { max($0, abs($1)) }
        #expect(largest > 1e-3 && expected.count == found.count)
        #expect(zip(expected, found).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
    }
}
