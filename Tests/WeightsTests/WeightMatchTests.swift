import Diagnostics
import Models
import Storage
import Tensors
import TestSupport
import Testing

@testable import Weights

/// Which array of a file belongs to which layer: names decide, and what is unsure is refused.
@Suite(.timed) struct WeightMatchTests {
    /// A layer of a file as Keras would have written one of the architecture.
    private struct Saved {
        var name: String
        var layer: WeightOutline.Layer
    }

    private func backbone(_ architecture: Architecture) throws -> Backbone { try #require(architecture.published) }

    /// The layers of an architecture as a file has them. `shift`: what is added to the numbers that Keras gives by itself, as in a
    /// session that made other layers before.
    private func saved(_ architecture: Architecture, in group: String? = nil, shift: Int = 0) throws -> [Saved] {
        let backbone = try backbone(architecture)
        var counts: [String: Int] = [:]
        return backbone.layers.filter { !$0.parameters.isEmpty }.map { layer in
            let kind =
                ["Conv2D": "conv2d", "SeparableConv2D": "separable_conv2d", "BatchNormalization": "batch_normalization"][layer.kind] ?? ""
            let place = ClassPlace(className: kind, index: counts[kind, default: 0])
            counts[kind, default: 0] += 1
            var name = layer.name
            if shift > 0, name == kind || name.hasPrefix(kind + "_"), let number = name == kind ? 0 : Int(name.dropFirst(kind.count + 1)) {
                name = "\(kind)_\(number + shift)"
            }
            let arrays = layer.parameters.map { full in
                WeightOutline.Array(name: String(full.split(separator: ".").last ?? ""), shape: backbone.shapes[full]?.extents ?? [])
            }
            return Saved(
                name: layer.name,
                layer: WeightOutline.Layer(name: name, path: (group.map { [$0] } ?? []) + [name], place: place, arrays: arrays))
        }
    }

    private func dense(_ name: String) -> Saved {
        Saved(name: name, layer: WeightOutline.Layer(name: name, path: [name], arrays: [.init(name: "kernel", shape: [512, 1])]))
    }

    private func file(_ layers: [Saved], _ order: WeightOrigin.Order) -> WeightOutline {
        WeightOutline(layers: layers.map(\.layer), origin: WeightOrigin(layout: order == .byClass ? .keras3 : .legacyWeights, order: order))
    }

    /// Whether each parameter of the backbone is given the array that the file has for it.
    private func isRight(_ layers: [Saved], _ order: WeightOrigin.Order, _ architecture: Architecture) throws -> Bool {
        let backbone = try backbone(architecture)
        let places = try matched(file(layers, order), to: backbone, path: "file.h5")
        return backbone.layers.allSatisfy { layer in
            layer.parameters.enumerated().allSatisfy { number, name in
                places[name].map { layers[$0.layer].name == layer.name && $0.array == number } == true
            }
        }
    }

    private func refusal(_ layers: [Saved], _ order: WeightOrigin.Order, _ architecture: Architecture) throws -> Diagnostic {
        let backbone = try backbone(architecture)
        return diagnostic { _ = try matched(file(layers, order), to: backbone, path: "file.h5") }
    }

    @Test(arguments: Architecture.all) func filesOfKerasFit(_ architecture: Architecture) throws {
        #expect(try isRight(saved(architecture), .model, architecture))
        #expect(try isRight(saved(architecture, shift: 94), .model, architecture))
        #expect(try isRight(saved(architecture), .byClass, architecture))
        // Nested and partly frozen: what trains comes first, here the last layers.
        let nested = try saved(architecture, in: "functional", shift: 7)
        #expect(try isRight(Array(nested.suffix(9) + nested.dropLast(9)), .trainedFirst, architecture))
        #expect(try isRight(nested.reversed(), .trainedFirst, architecture))
    }

    @Test func namesDecideWhereTheOrderIsAnother() throws {
        var layers = try saved(.VGG19)
        layers.swapAt(12, 13)
        #expect(try isRight(layers, .model, .VGG19))
    }

    @Test func whatIsUnsureIsRefused() throws {
        var layers = try saved(.VGG16, in: "vgg16")
        for index in layers.indices { layers[index].layer.name = "layer_\(index)" }
        let found = try refusal(layers, .trainedFirst, .VGG16)
        #expect(found.id == "weights-mismatch")
        #expect(
            found.message == """
                these are not weights of `VGG16`: the file does not say which array belongs to which layer \
                (looked for `block1_conv1`, `block1_conv2`, `block2_conv1` by name)
                """)
        #expect(found.notes == ["the file holds `vgg16` with 13 layers with weights: `layer_0`, `layer_1`, `layer_2` and 10 more"])
        #expect(found.hints == ["save it again as `NAME.weights.h5`, or the network by itself"])
    }

    @Test func ofTwoNetworksNoneIsTaken() throws {
        let found = try refusal(saved(.VGG16, in: "functional") + saved(.VGG16, in: "functional_1"), .byClass, .VGG16)
        #expect(found.message == "expected the weights of one `VGG16`, found 2: `functional` and `functional_1`")
        #expect(found.hints == ["save the one that is meant by itself, as `model.save_weights` does it"] && found.notes.count == 2)

        let backbone = try backbone(.VGG16)
        let names = backbone.layers.flatMap(\.parameters)
        func tensors(_ prefix: String) -> [(name: String, shape: [Int])] {
            names.map { (prefix + $0.dropFirst(backbone.name.count + 1), backbone.shapes[$0]?.extents ?? []) }
        }
        #expect(try matched(tensors(""), to: backbone, path: "file.safetensors").count == names.count)
        // A name of its own, and what an export of ecdx has beside it.
        let one = try matched(tensors("b.") + [("dense_1.kernel", [512, 1])], to: backbone, path: "file.safetensors")
        #expect(one.count == names.count && one.values.allSatisfy { $0.hasPrefix("b.") })
        let both = diagnostic { _ = try matched(tensors("a.") + tensors("b."), to: backbone, path: "file.safetensors") }
        #expect(both.message == "expected the weights of one `VGG16`, found 2: `a` and `b`")
    }

    /// The hint about the top stands where there is one, and an architecture that would fit is named.
    @Test func theHintIsWhatHelps() throws {
        let top = try refusal(saved(.VGG16) + [dense("fc1"), dense("predictions")], .model, .VGG16)
        #expect(top.message == "these are not weights of `VGG16`: surplus layer `fc1`; surplus layer `predictions`")
        #expect(top.hints == ["without its top, as `include_top=False` makes it"])
        let deeper = try refusal(saved(.VGG19), .model, .VGG16)
        #expect(deeper.hints == ["these are weights of VGG19: say `architecture: VGG19`"])
        let flatter = try refusal(saved(.VGG16), .model, .VGG19)
        #expect(
            flatter.message.contains("no weights for `block3_conv4`")
                && flatter.hints == ["these are weights of VGG16: say `architecture: VGG16`"])
        #expect(try refusal([dense("dense")], .model, .VGG16).hints == [])
    }

    @Test func whatIsNotFiniteIsNamed() throws {
        try checkFinite([1, -2, 0], of: "conv.kernel", "file.h5")
        let found = diagnostic { try checkFinite([1, .nan, 0, .infinity], of: "block3_conv2.kernel", "file.h5") }
        #expect(found.id == "bad-weights" && found.data?.file == "file.h5")
        #expect(found.message == "expected finite numbers in `block3_conv2.kernel`, found NaN and 1 more that are not finite among 4")
    }
}
