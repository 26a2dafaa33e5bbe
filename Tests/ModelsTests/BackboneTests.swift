import Diagnostics
import Models
import Tensors
import TestSupport
import Testing

private func backbone(
    _ architecture: Architecture, _ shape: Shape, grey: GreyImages? = nil
) throws -> (graph: Graph, backbone: Backbone, output: Shape) {
    var builder = NetworkBuilder()
    let x = try builder.input("image", shape: shape)
    let (node, backbone) = try builder.apply(architecture, to: x, preparation: architecture.preparation, grey: grey)
    builder.graph.outputs = [node]
    return (builder.graph, backbone, builder.graph.nodes[node].shape)
}

/// Against `keras.applications` 3.15.1 with `include_top=False`: counts of layers and parameters, shapes, orders.
@Suite(.timed) struct BackboneTests {
    struct Expected: Sendable {
        var architecture: Architecture
        var layers: Int, trainable: Int, statistics: Int
        var wide: Shape, square: Shape
    }

    static let expected: [Expected] = [
        .init(
            architecture: .InceptionV3, layers: 311, trainable: 21_768_352, statistics: 34_432, wide: [1, 4, 2048], square: [1, 1, 2048]),
        .init(architecture: .Xception, layers: 132, trainable: 20_806_952, statistics: 54_528, wide: [3, 6, 2048], square: [3, 3, 2048]),
        .init(architecture: .VGG16, layers: 19, trainable: 14_714_688, statistics: 0, wide: [2, 6, 512], square: [2, 2, 512]),
        .init(architecture: .VGG19, layers: 22, trainable: 20_024_384, statistics: 0, wide: [2, 6, 512], square: [2, 2, 512]),
        .init(
            architecture: .DenseNet121, layers: 427, trainable: 6_953_856, statistics: 83_648, wide: [2, 6, 1024], square: [2, 2, 1024]),
        .init(architecture: .ResNet50, layers: 175, trainable: 23_534_592, statistics: 53_120, wide: [3, 7, 2048], square: [3, 3, 2048]),
    ]

    @Test(arguments: expected) func countsAndShapes(_ expected: Expected) throws {
        let (graph, made, output) = try backbone(expected.architecture, [75, 196, 3])
        #expect(made.layers.count == expected.layers)
        let counts = Dictionary(grouping: graph.parameters, by: \.isStatistic).mapValues { $0.reduce(0) { $0 + $1.shape.count } }
        #expect(counts[false] == expected.trainable)
        #expect(counts[true, default: 0] == expected.statistics)
        #expect(output == expected.wide)
        #expect(try shape(of: expected.architecture, [75, 75, 3]) == expected.square)
        // Every parameter belongs to one layer.
        #expect(made.layers.flatMap(\.parameters).sorted() == graph.parameters.map(\.name).sorted())
        #expect(graph.summary.map(\.name) == ["image", "\(expected.architecture.name)_1"])
    }

    private func shape(of architecture: Architecture, _ shape: Shape) throws -> Shape { try backbone(architecture, shape).output }

    @Test func inceptionLayersAreInKerasOrder() throws {
        let layers = try backbone(.InceptionV3, [75, 75, 3]).backbone.layers
        let convolutions = layers.filter { $0.kind == "Conv2D" }.map { $0.name == "conv2d" ? "0" : String($0.name.dropFirst(7)) }
        let printed = """
            0, 1, 2, 3, 4, 8, 6, 9, 5, 7, 10, 11, 15, 13, 16, 12, 14, 17, 18, 22, 20, 23, 19, 21, 24, 25, 27, 28, 26, 29, 34, 35, 31, \
            36, 32, 37, 30, 33, 38, 39, 44, 45, 41, 46, 42, 47, 40, 43, 48, 49, 54, 55, 51, 56, 52, 57, 50, 53, 58, 59, 64, 65, 61, 66, \
            62, 67, 60, 63, 68, 69, 72, 73, 70, 74, 71, 75, 80, 77, 81, 78, 79, 82, 83, 76, 84, 89, 86, 90, 87, 88, 91, 92, 85, 93
            """
        #expect(convolutions.joined(separator: ", ") == printed)
        let places = [
            10: "max_pooling2d", 27: "average_pooling2d", 40: "mixed0", 63: "mixed1", 99: "max_pooling2d_2", 100: "mixed3", 228: "mixed7",
            247: "max_pooling2d_3",
            261: "conv2d_83", 262: "average_pooling2d_7", 264: "batch_normalization_78", 276: "mixed9_0", 277: "concatenate", 279: "mixed9",
            300: "batch_normalization_85",
            308: "concatenate_1", 309: "activation_93", 310: "mixed10",
        ]
        for (place, name) in places { #expect(layers[place].name == name, "\(place)") }
        for (count, trainable) in [
            (50, 7_173_312), (100, 13_624_064), (150, 16_641_216), (200, 19_199_872), (250, 21_063_664), (311, 21_768_352),
        ] {
            let graph = try backbone(.InceptionV3, [75, 75, 3]).graph
            let names = Set(layers.suffix(count).flatMap(\.parameters))
            #expect(graph.parameters.filter { names.contains($0.name) && !$0.isStatistic }.reduce(0) { $0 + $1.shape.count } == trainable)
        }
    }

    @Test func residualsAndConcatenationsStandWhereKerasHasThem() throws {
        let xception = try backbone(.Xception, [75, 196, 3]).backbone.layers
        for (start, number) in [(12, ""), (22, "_1"), (32, "_2"), (122, "_3")] {
            #expect(xception[start].name == "conv2d\(number)")
            #expect(xception[start + 2].name == "batch_normalization\(number)")
        }
        let dense = try backbone(.DenseNet121, [75, 196, 3]).backbone.layers
        for (place, name) in [
            (48, "conv2_block6_concat"), (136, "conv3_block12_concat"), (308, "conv4_block24_concat"), (424, "conv5_block16_concat"),
            (52, "pool2_pool"), (140, "pool3_pool"), (312, "pool4_pool"),
        ] {
            #expect(dense[place].name == name)
        }
    }

    /// What the lists, messages and fetches of the command rest on.
    @Test func whatIsKnownOfEachIsWhole() {
        #expect(Architecture.all.map(\.name) == ["InceptionV3", "Xception", "VGG16", "VGG19", "DenseNet121", "ResNet50"])
        #expect(Set(Architecture.all.map(\.weights.name)).count == Architecture.all.count)
        for architecture in Architecture.all {
            let weights = architecture.weights
            #expect(Architecture.named(architecture.name) == architecture)
            #expect(weights.md5.wholeMatch(of: /[0-9a-f]{32}/) != nil && weights.url.hasPrefix("https://"), "\(architecture)")
            #expect(weights.url.hasSuffix("/" + weights.name) && !weights.licence.isEmpty, "\(architecture)")
            #expect(architecture.minimumSize <= architecture.defaultSize)
            #expect(Set(architecture.blocks).isSubset(of: architecture.layers.map(\.name)), "\(architecture)")
        }
        #expect(Architecture.all.filter(\.preparation.treatsChannelsAlike) == [.InceptionV3, .Xception])
        #expect(Architecture.ResNet50.blocks.first == "conv2_block1_out" && Architecture.ResNet50.blocks.last == "conv5_block3_out")
        #expect(Architecture.ResNet50.layers.last?.name == "conv5_block3_out")
    }

    /// As `to_snake_case` of Keras 3.15 has them.
    @Test(arguments: [
        ("Conv2D", "conv2d"), ("SeparableConv2D", "separable_conv2d"), ("DepthwiseConv2D", "depthwise_conv2d"),
        ("BatchNormalization", "batch_normalization"), ("MaxPooling2D", "max_pooling2d"), ("ZeroPadding2D", "zero_padding2d"),
        ("ReLU", "re_lu"), ("Add", "add"), ("InputLayer", "input_layer"), ("GlobalAveragePooling2D", "global_average_pooling2d"), ("", ""),
    ]) func classesAreNamedAsKerasNamesThem(_ className: String, _ name: String) {
        #expect(KerasLayer.snakeCase(className) == name)
    }

    @Test func imagesItCannotTakeAreDiagnostics() throws {
        func failure(_ architecture: Architecture, _ shape: Shape, grey: GreyImages? = nil) -> String? {
            NetworkTests.failure { _ = try backbone(architecture, shape, grey: grey) }?.id
        }
        #expect(failure(.InceptionV3, [73, 196, 3]) == "image-size")
        #expect(failure(.Xception, [71, 70, 3]) == "image-size")
        #expect(failure(.VGG16, [31, 64, 3]) == "image-size")
        #expect(failure(.InceptionV3, [75, 75, 1]) == "channels")
        #expect(failure(.InceptionV3, [75, 75, 4]) == "channels")
        #expect(failure(.InceptionV3, [75, 75, 3], grey: .repeated) == "channels")
        #expect(failure(.InceptionV3, [75], grey: .repeated) == "shape")
        #expect(failure(.InceptionV3, [75, 75, 1], grey: .repeated) == nil)
        #expect(failure(.InceptionV3, [75, 75, 3], grey: .summed) == "channels")
        #expect(failure(.DenseNet121, [32, 32, 1], grey: .summed) == nil)
    }
}
