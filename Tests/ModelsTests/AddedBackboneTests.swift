import Tensors
import TestSupport
import Testing

@testable import Models

extension Architecture {
    /// A pretrained part that is not in the list: all that is said of it is said here.
    fileprivate static let tiny = Architecture(
        name: "Tiny", minimumSize: 8, defaultSize: 16, preparation: .unit,
        weights: .keras("tiny", in: "tiny", md5: "00000000000000000000000000000000", licence: "none"), blocks: ["mixed"],
        build: { builder in
            let x = try builder.relu(try builder.norm(try builder.conv(0, 4, [3, 3], strides: 2)))
            return try builder.concatenate([x, try builder.conv(x, 2, [1, 1], bias: true, named: "one")], named: "mixed")
        })
}

/// A backbone is one value: no other file has to know it to build it, to count it, or to name its layers.
@Suite(.timed) struct AddedBackboneTests {
    @Test func oneValueIsABackbone() throws {
        #expect(
            Architecture.tiny.layers.map(\.name) == ["input_layer", "conv2d", "batch_normalization", "activation", "one", "mixed"])
        let counts = Architecture.tiny.counts(summed: false)
        #expect(counts.trainable == 9 * 3 * 4 + 2 * 4 + 4 * 2 + 2 && counts.statistics == 8 && counts.channels == 6)
        #expect(Architecture.tiny.counts(summed: true).trainable == counts.trainable - 2 * 9 * 4)

        var builder = NetworkBuilder()
        let image = try builder.input("image", shape: [8, 10, 3])
        let made = try builder.apply(.tiny, to: image, preparation: Architecture.tiny.preparation)
        #expect(builder.graph.nodes[made.node].shape == [4, 5, 6])
        #expect(made.backbone.name == "Tiny_1" && made.backbone.layers.last?.name == "mixed")
        let small = try builder.input("small", shape: [7, 10, 3])
        let refused = diagnostic { _ = try builder.apply(.tiny, to: small, preparation: .none) }
        #expect(refused.id == "image-size" && refused.message == "`Tiny` expected images of at least 8x8, found 7x10")
    }
}
