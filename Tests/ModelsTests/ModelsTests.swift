import Diagnostics
import Engine
import Models
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct NetworkTests {
    static func conv(_ filters: Int, kernel: [Int] = [3, 3], strides: [Int] = [1, 1], _ activation: Activation? = .relu) -> Layer {
        .conv(filters: filters, kernel: kernel, strides: strides, padding: .valid, activation: activation, bias: true)
    }

    static func build(_ shape: Shape, _ layers: [Layer]) throws -> Graph {
        var builder = NetworkBuilder()
        var node = try builder.input("plane", shape: shape)
        for layer in layers { node = try builder.apply(layer, to: node) }
        builder.graph.outputs = [node]
        return builder.graph
    }

    static func failure(_ action: () throws -> Void) -> Diagnostic? {
        do {
            try action()
            return nil
        } catch { return error as? Diagnostic }
    }

    @Test func theQuickstartNetwork() throws {
        let pool = Layer.pool(.max, size: [2, 2], strides: [2, 2], padding: .valid)
        let graph = try Self.build(
            [60, 60, 1],
            [
                Self.conv(16), pool, Self.conv(32), pool, Self.conv(64), .globalAveragePool,
                .dense(units: 32, activation: .relu, bias: true), .dropout(rate: 0.2), .dense(units: 1, activation: nil, bias: true),
            ])
        // As `model.summary()` of Keras has it.
        let rows = graph.summary.map { "\($0.name) \($0.keyword) \($0.outputShape) \($0.parameters)" }
        #expect(
            rows == [
                "plane input 60x60x1 0", "conv_1 conv 58x58x16 160", "maxPool_1 maxPool 29x29x16 0", "conv_2 conv 27x27x32 4640",
                "maxPool_2 maxPool 13x13x32 0", "conv_3 conv 11x11x64 18496", "globalAveragePool_1 globalAveragePool 64 0",
                "dense_1 dense 32 2080", "dropout_1 dropout 32 0", "dense_2 dense 1 33",
            ])
        #expect(
            graph.parameters.map(\.name) == [
                "conv_1.kernel", "conv_1.bias", "conv_2.kernel", "conv_2.bias", "conv_3.kernel", "conv_3.bias",
                "dense_1.kernel", "dense_1.bias", "dense_2.kernel", "dense_2.bias",
            ])
        #expect(graph.parameters[2].initializer == .glorotUniform(fanIn: 9 * 16, fanOut: 9 * 32))
        #expect(graph.parameters[6].initializer == .glorotUniform(fanIn: 64, fanOut: 32))
    }

    @Test func wrongLayersAreDiagnostics() throws {
        let wrong: [(Shape, Layer, String)] = [
            ([8, 8, 1], Self.conv(0), "layer-argument"), ([8, 8, 1], Self.conv(-3), "layer-argument"),
            ([8, 8, 1], Self.conv(4, kernel: [0, 3]), "layer-argument"), ([8, 8, 1], Self.conv(4, kernel: [3]), "layer-argument"),
            ([8, 8, 1], Self.conv(4, strides: [Int.max, 1]), "layer-argument"),
            ([8, 8, 1], Self.conv(4, kernel: [9, 3]), "shape"), ([8], Self.conv(4), "shape"),
            ([8, 8, 1], .dense(units: 3, activation: nil, bias: true), "shape"),
            ([8], .dense(units: 0, activation: nil, bias: true), "layer-argument"),
            ([1 << 20], .dense(units: 1 << 20, activation: nil, bias: true), "shape"),
            ([8, 8, 1 << 20], Self.conv(1 << 20), "shape"),
            ([8], .dropout(rate: 1), "layer-argument"), ([8], .dropout(rate: -0.1), "layer-argument"),
            ([8], .dropout(rate: .nan), "layer-argument"), ([8], .dropout(rate: 1 - 1e-12), "layer-argument"),
            ([8], .globalAveragePool, "shape"),
            ([3, 8, 1], .pool(.max, size: [4, 4], strides: [4, 4], padding: .valid), "shape"),
        ]
        for (shape, layer, id) in wrong {
            let found = Self.failure { _ = try Self.build(shape, [layer]) }
            #expect(found?.id == id, "\(layer) on \(shape)")
            #expect(found?.message.contains("_1`") == true)
        }
        var builder = NetworkBuilder()
        _ = try builder.input("x", shape: [3])
        #expect(Self.failure { _ = try builder.input("x", shape: [3]) }?.id == "layer-argument")
        for shape in [[], [0], [3, 3], [2, 2, -1], [Int.max, Int.max, 2]] as [Shape] {
            #expect(Self.failure { _ = try builder.input("y", shape: shape) }?.id == "layer-argument")
        }
        #expect(Self.failure { _ = try builder.apply(.flatten, to: 99) }?.id == "shape")
    }
}

@Suite(.timed) struct ParameterStoreTests {
    @Test func keepsItsOrder() {
        var store = ParameterStore()
        store["b"] = Tensor(zeros: [2])
        store["a"] = Tensor(zeros: [3])
        store["b"] = Tensor(zeros: [4])
        #expect(store.names == ["b", "a"] && store["b"]?.shape == [4])
        store["b"] = nil
        store["none"] = nil
        #expect(store.names == ["a"] && store["b"] == nil)
    }

    @Test func startsAsKerasDoes() throws {
        var graph = Graph()
        let node = graph.addInput("x", shape: [300])
        // Limits and deviations of keras.initializers for fans 300 and 200.
        let uniform = 0.10954451150103323
        let heUniform = 0.1414213562373095
        let normal = 0.06324555320336758
        let heNormal = 0.08164965809277261
        let initializers: [(Initializer, limit: Double, deviation: Double)] = [
            (.glorotUniform(fanIn: 300, fanOut: 200), uniform, uniform / 3.0.squareRoot()),
            (.heUniform(fanIn: 300), heUniform, heUniform / 3.0.squareRoot()),
            (.glorotNormal(fanIn: 300, fanOut: 200), 2 * normal / 0.87962566103423978, normal),
            (.heNormal(fanIn: 300), 2 * heNormal / 0.87962566103423978, heNormal),
        ]
        for (index, initializer) in initializers.enumerated() {
            let spec = ParameterSpec(name: "p\(index)", shape: [300, 200], initializer: initializer.0)
            _ = try graph.add(.dense(units: 200, kernel: spec.name, bias: nil), to: [node], layer: "d\(index)", parameters: [spec])
        }
        let store = try ParameterStore(initializing: graph, seed: 4)
        for (index, (_, limit, deviation)) in initializers.enumerated() {
            let values = try #require(store["p\(index)"]).values.map(Double.init)
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let spread = (values.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
            #expect(values.allSatisfy { abs($0) <= limit * (1 + 1e-6) })
            #expect(values.contains { abs($0) > 0.97 * limit })
            #expect(abs(mean) < 5 * deviation / n.squareRoot())
            // The deviation of 60,000 draws is within 1 %.
            #expect(abs(spread / deviation - 1) < 0.01)
        }
        #expect(try ParameterStore(initializing: graph, seed: 4) == store)
        #expect(try ParameterStore(initializing: graph, seed: 5) != store)
        #expect(try #require(store["p0"]).values.prefix(8) != (try #require(store["p1"]).values.prefix(8)))
    }

    @Test func biasesStartAtZero() throws {
        let graph = try NetworkTests.build([6, 6, 2], [NetworkTests.conv(3), .flatten, .dense(units: 2, activation: nil, bias: true)])
        let store = try ParameterStore(initializing: graph, seed: 1)
        #expect(store.names == graph.parameters.map(\.name))
        #expect(store["conv_1.bias"] == Tensor(zeros: [3]) && store["dense_1.bias"] == Tensor(zeros: [2]))
        // The first numbers of a seed are part of every recorded result.
        let start = try #require(store["conv_1.kernel"]).values.prefix(3)
        #expect(Array(start) == Self.recorded)
    }

    static let recorded: [Float] = [0.03502416, 0.350818, -0.09362141]
}
