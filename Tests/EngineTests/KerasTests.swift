import Engine
import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// Numbers that Keras made (Fixtures/make_keras_fixtures.py).
private enum Fixture {
    struct LayerSpec: Decodable, Sendable {
        var kind: String
        var filters: Int?
        var kernel_size: [Int]?
        var strides: [Int]?
        var padding: Padding?
        var activation: Activation?
        var use_bias: Bool?
        var pool_size: [Int]?
        var units: Int?

        var layer: Layer {
            get throws {
                switch kind {
                case "conv":
                    .conv(
                        filters: try #require(filters), kernel: try #require(kernel_size), strides: try #require(strides),
                        padding: try #require(padding), activation: activation, bias: use_bias ?? true)
                case "maxPool", "averagePool":
                    .pool(
                        kind == "maxPool" ? .max : .average, size: try #require(pool_size), strides: try #require(strides),
                        padding: try #require(padding))
                case "globalAveragePool": .globalAveragePool
                case "flatten": .flatten
                case "dense": .dense(units: try #require(units), activation: activation, bias: use_bias ?? true)
                case "activation": .activation(try #require(activation))
                default: throw Unknown(kind: kind)
                }
            }
        }
    }

    struct Unknown: Error { var kind: String }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var batch: Int
        var shape: [Int]
        var layers: [LayerSpec]
        var input, output, direction, inputGradient: [Float]
        var weights, weightGradients: [[Float]]
        var testDescription: String { name }
    }

    struct Network: Decodable {
        var batch: Int
        var shape: [Int]
        var layers: [LayerSpec]
        var rate: Double
        var input, target: [Float]
        var weights, final: [[Float]]
        var losses: [Double]
    }

    struct AdamAlone: Decodable {
        var rate: Double
        var start, final: [Float]
        var gradients: [[Float]]
    }

    struct Training: Decodable {
        var network: Network
        var adam: AdamAlone
    }

    static func read<T: Decodable>(_ name: String) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(contentsOf: URL(fileURLWithPath: fixture(name))))
    }

    static let cases: [Case] = (try? read("layers.json")) ?? []

    static func store(_ graph: Graph, _ weights: [[Float]]) throws -> ParameterStore {
        #expect(graph.parameters.count == weights.count)
        var store = ParameterStore()
        for (spec, values) in zip(graph.parameters, weights) { store[spec.name] = try Tensor(shape: spec.shape, values: values) }
        return store
    }
}

@Suite(.timed) struct KerasTests {
    @Test func theFixtureIsThere() { #expect(Fixture.cases.count == 17) }

    /// Both sum in single precision but in different orders: 1e-5 of the largest value.
    @Test(arguments: Fixture.cases) private func layer(_ test: Fixture.Case) throws {
        let graph = try network(Shape(test.shape), try test.layers.map { try $0.layer })
        let store = try Fixture.store(graph, test.weights)
        let program = try Program(
            graph, batch: test.batch, purpose: .training(trainable: graph.allParameters), inputGradients: ["x"], threads: 1)
        try program.load(store)
        try program.fill(test.input)
        try program.forward(dropout: nil)
        #expect(deviation(program.output(), test.output) < 1e-5)
        try program.fillGradient(test.direction)
        try program.backward()
        for (spec, expected) in zip(graph.parameters, test.weightGradients) {
            #expect(deviation(try program.gradient(of: spec.name).values, expected) < 1e-5, "gradient of \(spec.name)")
        }
        #expect(deviation(try #require(try program.inputGradient(of: "x")).values, test.inputGradient) < 1e-5)

        let inference = try Program(graph, batch: test.batch, purpose: .inference, threads: 1)
        try inference.load(store)
        try inference.fill(test.input)
        try inference.forward(dropout: nil)
        #expect(deviation(inference.output(), test.output) < 1e-5)
    }

    /// Eight steps of Adam on a whole network. Adam divides gradients by their own size, which magnifies rounding, hence
    /// 1e-5 for the losses and 1e-4 for the weights, which moved by up to 8e-2.
    @Test func trainingFollowsKeras() throws {
        let training: Fixture.Training = try Fixture.read("training.json")
        let test = training.network
        let graph = try network(Shape(test.shape), try test.layers.map { try $0.layer })
        let program = try Program(graph, batch: test.batch, purpose: .training(trainable: graph.allParameters), threads: 1)
        try program.load(try Fixture.store(graph, test.weights))
        try program.fill(test.input)
        for (index, expected) in test.losses.enumerated() {
            try program.forward(dropout: nil)
            let errors = zip(program.output(), test.target).map { $0 - $1 }
            let loss = errors.reduce(0) { $0 + Double($1) * Double($1) } / Double(errors.count)
            #expect(abs(loss - expected) < 1e-5 * expected, "loss at step \(index)")
            try program.fillGradient(errors.map { 2 * $0 / Float(errors.count) })
            try program.backward()
            try program.adam(rate: test.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: index + 1)
        }
        let final = try program.parameters()
        for (spec, expected) in zip(graph.parameters, test.final) {
            #expect(deviation(try #require(final[spec.name]).values, expected) < 1e-4, "\(spec.name)")
        }
    }

    /// The same gradients, value by value: 1e-6 of each weight.
    @Test func adamFollowsKeras() throws {
        let training: Fixture.Training = try Fixture.read("training.json")
        let test = training.adam
        let count = test.start.count
        // The gradient of a kernel of one row whose input is 1 is the gradient of the output.
        let graph = try network([1], [dense(count, bias: false)])
        let program = try Program(graph, batch: 1, purpose: .training(trainable: graph.allParameters), threads: 1)
        try program.load(try Fixture.store(graph, [test.start]))
        try program.fill([1])
        for (index, gradient) in test.gradients.enumerated() {
            try program.forward(dropout: nil)
            try program.fillGradient(gradient)
            try program.backward()
            #expect(try program.gradient(of: "dense_1.kernel").values == gradient)
            try program.adam(rate: test.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: index + 1)
        }
        let found = try #require(try program.parameters()["dense_1.kernel"]).values
        for (place, expected) in test.final.enumerated() {
            #expect(abs(found[place] - expected) <= 1e-6 * max(abs(expected), 1e-1), "weight \(place)")
        }
        #expect(found[0] == test.start[0], "a weight without gradient stays")
    }
}
