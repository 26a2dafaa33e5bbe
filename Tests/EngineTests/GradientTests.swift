import Engine
import Models
import Tensors
import TestSupport
import Testing

/// A network, and the batch to try it with.
struct GradientCase: Sendable, CustomTestStringConvertible {
    var shape: Shape
    var layers: [Layer]
    var batch: Int
    var testDescription: String { "\(layers.map(\.keyword).joined(separator: " ")) of \(shape), batch \(batch)" }

    static let convolutions: [GradientCase] = {
        var cases: [GradientCase] = []
        for channels in [1, 3, 17] {
            for (padding, strides) in [(Padding.valid, [1, 1]), (.same, [1, 1]), (.same, [2, 2]), (.valid, [2, 1])] {
                cases.append(.init(shape: [7, 6, channels], layers: [conv(8, padding, strides: strides)], batch: 1))
                cases.append(
                    .init(shape: [6, 9, channels], layers: [conv(5, padding, .tanh, kernel: [2, 3], strides: strides)], batch: 3))
            }
        }
        return cases
    }()

    static let others: [GradientCase] = [
        .init(shape: [5, 5, 17], layers: [conv(1, kernel: [1, 1], bias: false)], batch: 2),
        .init(shape: [9, 7, 3], layers: [conv(17, .same, .relu, kernel: [5, 3], strides: [3, 2])], batch: 2),
        .init(shape: [3, 2, 3], layers: [conv(4, .same, .sigmoid, kernel: [5, 5])], batch: 1),
        .init(shape: [1, 1, 17], layers: [conv(9, .same)], batch: 3),
        .init(shape: [9, 8, 1], layers: [conv(17, .valid, .relu), conv(3, .same, .relu, strides: [2, 2])], batch: 2),
        .init(shape: [6, 7, 1], layers: [pool(.max)], batch: 1),
        .init(shape: [7, 6, 17], layers: [pool(.max, .same, size: [3, 2], strides: [2, 1])], batch: 3),
        .init(shape: [6, 7, 3], layers: [pool(.average)], batch: 2),
        .init(shape: [7, 7, 17], layers: [pool(.average, .same, size: [3, 3])], batch: 1),
        .init(shape: [5, 4, 3], layers: [.globalAveragePool], batch: 1),
        .init(shape: [4, 6, 17], layers: [conv(17, .same, .relu), .globalAveragePool], batch: 3),
        .init(shape: [17], layers: [dense(9, .tanh)], batch: 3),
        .init(shape: [1], layers: [dense(1)], batch: 1),
        .init(shape: [9], layers: [dense(17, .gelu), dense(5, .geluTanh), dense(2)], batch: 4),
        .init(shape: [5, 4, 3], layers: [conv(17, .same, .gelu), conv(4, .valid, .geluTanh)], batch: 2),
        .init(shape: [7], layers: [dense(17, .relu), dense(3, .sigmoid), dense(1, bias: false)], batch: 5),
        .init(shape: [3, 4, 5], layers: [.flatten, dense(6)], batch: 2),
        // One unit behind few channels: a reorder of the library writes zeros beyond the kernel's gradient, over that of the bias.
        .init(shape: [8, 8, 1], layers: [conv(4, .valid, .relu), .globalAveragePool, dense(1)], batch: 8),
        .init(shape: [16], layers: [dense(1)], batch: 32),
        .init(shape: [64], layers: [dense(2, .relu), dense(1)], batch: 6),
        .init(shape: [6, 6, 3], layers: [conv(17, .valid, .relu), pool(.max), .flatten, dense(4)], batch: 2),
        .init(shape: [5, 4, 3], layers: [.activation(.relu)], batch: 2),
        .init(shape: [5, 4, 17], layers: [.activation(.tanh), conv(5), .activation(.sigmoid)], batch: 2),
        .init(shape: [6, 5, 3], layers: [conv(17), .activation(.relu), .activation(.tanh), .flatten], batch: 1),
    ]
}

@Suite(.timed) struct GradientTests {
    /// Engine against the double precision reference: outputs, and every kind of gradient against central differences of
    /// the reference. The engine sums in single precision, hence 2e-5 of the largest value; what is wrong is off by far more.
    static let tolerance = 2e-5

    @Test(arguments: GradientCase.convolutions) func convolution(_ test: GradientCase) throws {
        try Self.compare(try network(test.shape, test.layers), batch: test.batch)
    }

    @Test(arguments: GradientCase.others) func layers(_ test: GradientCase) throws {
        try Self.compare(try network(test.shape, test.layers), batch: test.batch)
    }

    @Test func branchesAddTheirGradients() throws {
        // One value feeds a convolution, a pool and an output, and the two paths meet in no node.
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: [6, 5, 3])
        let shared = try builder.apply(conv(9, .same, .relu), to: x)
        let left = try builder.apply(conv(4, .valid, .tanh), to: shared)
        let right = try builder.apply(.globalAveragePool, to: try builder.apply(pool(.max), to: shared))
        builder.graph.outputs = [left, right, shared, right]
        try Self.compare(builder.graph, batch: 2)
    }

    @Test func anOutputCanBeAnInput() throws {
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: [4])
        let y = try builder.apply(dense(3), to: x)
        builder.graph.outputs = [x, y]
        try Self.compare(builder.graph, batch: 2)
    }

    @Test func twoInputs() throws {
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: [4])
        let z = try builder.input("z", shape: [5, 5, 1])
        builder.graph.outputs = [try builder.apply(dense(3), to: x), try builder.apply(conv(2, .same, .relu), to: z)]
        try Self.compare(builder.graph, batch: 2)
    }

    @Test(arguments: [[17], [4, 3, 17]] as [Shape]) func dropout(_ shape: Shape) throws {
        // The mask comes from a program that sees only ones.
        let key = RandomKey(seed: 5, purpose: .dropout, epoch: 3, item: 9)
        var builder = NetworkBuilder()
        var node = try builder.input("x", shape: shape)
        if shape.rank == 3 {
            node = try builder.apply(conv(17, .same, .relu), to: node)
        } else {
            node = try builder.apply(dense(17, .relu), to: node)
        }
        builder.graph.outputs = [try builder.apply(.dropout(rate: 0.4), to: node)]
        var maskShape = shape
        maskShape.extents[maskShape.rank - 1] = 17
        let ones = try Program(try network(maskShape, [.dropout(rate: 0.4)]), batch: 3, purpose: .training(trainable: []), threads: 1)
        let count = 3 * maskShape.count
        try ones.fill([Float](repeating: 1, count: count))
        try ones.forward(dropout: key)
        let mask = ones.output().map(Double.init)
        #expect(mask.contains(0) && mask.contains { $0 > 1 })
        try Self.compare(builder.graph, batch: 3, dropout: key, masks: [0: mask])
        try Self.compare(builder.graph, batch: 3)
    }

    /// Compares a graph with the reference on made-up numbers.
    static func compare(
        _ graph: Graph, batch: Int, dropout: RandomKey? = nil, masks: [Int: [Double]] = [:], trainable: Set<String>? = nil,
        moving: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let names = graph.inputs.map(\.name)
        // Statistics of a batch take out what a bias before them adds: its gradient is what rounding leaves.
        let tolerance = moving ? 2e-4 : Self.tolerance
        let program = try Program(
            graph, batch: batch,
            purpose: .training(trainable: trainable ?? graph.allParameters, moving: moving ? graph.statistics : []),
            inputGradients: Set(names), threads: 1)
        let store = try graph.someParameters(seed: 7)
        try program.load(store)
        var inputs: [String: [Double]] = [:]
        for (index, input) in graph.inputs.enumerated() {
            let values = numbers(batch * input.shape.count, seed: 100 + UInt64(index))
            inputs[input.name] = values.map(Double.init)
            try program.fill(values, input: input.name)
        }
        try program.forward(dropout: dropout)
        let reference = Reference(graph: graph, batch: batch, masks: masks, batchStatistics: moving)
        var parameters: [String: [Double]] = [:]
        for name in store.names { parameters[name] = store[name]?.values.map(Double.init) }
        let expected = reference.outputs(inputs, parameters)
        let directions = expected.enumerated().map { numbers($1.count, seed: 200 + UInt64($0)) }
        for index in expected.indices {
            #expect(deviation(program.output(index), expected[index]) < tolerance, "output \(index)", sourceLocation: sourceLocation)
            try program.fillGradient(directions[index], output: index)
        }
        try program.backward()

        func loss() -> Double {
            let outputs = reference.outputs(inputs, parameters)
            return zip(outputs, directions).reduce(0) { sum, pair in
                sum + zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * Double($1.1) }
            }
        }
        /// Central differences at no more than 24 places; the step is small against every kink and large against rounding.
        func differences(_ count: Int, found: [Float], _ name: String, change: (Int, Double) -> Void) {
            let step = 1e-5
            var places = Array(0..<count)
            if count > 24 {
                var stream = Philox(RandomKey(seed: 300, purpose: .sampling))
                places = Array(stream.permutation(count).prefix(24))
            }
            let slopes = places.map { place -> Double in
                change(place, step)
                let up = loss()
                change(place, -2 * step)
                let down = loss()
                change(place, step)
                return (up - down) / (2 * step)
            }
            guard found.count == count else {
                Issue.record("gradient of \(name) has \(found.count) values, expected \(count)", sourceLocation: sourceLocation)
                return
            }
            #expect(deviation(places.map { found[$0] }, slopes) < tolerance, "gradient of \(name)", sourceLocation: sourceLocation)
        }
        for spec in graph.parameters where (trainable ?? graph.allParameters).contains(spec.name) {
            differences(spec.shape.count, found: try program.gradient(of: spec.name).values, spec.name) {
                parameters[spec.name, default: []][$0] += $1
            }
        }
        for (name, shape) in graph.inputs {
            let gradient = try #require(try program.inputGradient(of: name), sourceLocation: sourceLocation)
            differences(batch * shape.count, found: gradient.values, name) { inputs[name, default: []][$0] += $1 }
        }
    }
}
