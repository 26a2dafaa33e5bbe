import Engine
import Foundation
import Models
import Storage
import Tensors
import TestSupport
import Testing

/// Batch normalisation in both of its modes, and Adam, against Keras (Fixtures/make_backbones.py, `small`).
@Suite(.timed) struct BatchNormKerasTests {
    struct Record: Decodable {
        var input, target, output: [Float]
        var weights, gradients, moved, final: [[Float]]
        var losses: [Double]
        var rate: Double
    }

    struct AdamAlone: Decodable {
        var rate: Double
        var start, final: [Float]
        var gradients: [[Float]]
    }

    struct Small: Decodable {
        var training, inference: Record
        var adam: AdamAlone
    }

    private func fixture() throws -> Small {
        try JSONDecoder().decode(Small.self, from: Data(contentsOf: BackboneFixture.file("small.json")))
    }

    /// The network of the script. Its convolutions have no bias, and each is followed by a normalisation.
    private func graph() throws -> Graph {
        var builder = NetworkBuilder()
        var node = try builder.input("image", shape: [7, 6, 3])
        func norm(_ momentum: Double, gamma: Bool = true) -> Layer {
            .batchNorm(gamma: gamma, beta: true, epsilon: 1e-3, momentum: momentum)
        }
        func conv(_ filters: Int, _ size: Int, _ padding: Padding) -> Layer {
            .conv(filters: filters, kernel: [size, size], strides: [1, 1], padding: padding, activation: nil, bias: false)
        }
        let separable = Layer.separable(filters: 9, kernel: [3, 3], strides: [1, 1], padding: .same, activation: nil, bias: false)
        let layers: [Layer] = [
            conv(16, 3, .same), norm(0.9), .activation(.relu), separable, norm(0.9), .activation(.relu), conv(16, 1, .valid),
            norm(0.99, gamma: false),
            .activation(.relu), .globalAveragePool, .dense(units: 1, activation: nil, bias: true),
        ]
        for layer in layers { node = try builder.apply(layer, to: node) }
        builder.graph.outputs = [node]
        return builder.graph
    }

    /// Five steps of Adam. In training mode the batch's own mean and its variance, divided by the count and not by one less,
    /// normalise, and it is these that the moving statistics follow (Keras 3; Keras 2 had the unbiased one there). Outputs
    /// and gradients to 1e-5 of the largest, weights after Adam, which magnifies rounding, to 1e-4.
    @Test(arguments: [true, false], [1, 2]) func fiveSteps(inTrainingMode moves: Bool, threads: Int) throws {
        let small = try fixture()
        let record = moves ? small.training : small.inference
        let graph = try graph()
        #expect(graph.parameters.count == record.weights.count)
        var store = ParameterStore()
        for (spec, values) in zip(graph.parameters, record.weights) { store[spec.name] = try Tensor(shape: spec.shape, values: values) }
        let statistics = graph.parameters.filter(\.isStatistic).map(\.name)
        let trainable = graph.parameters.filter { !$0.isStatistic }.map(\.name)
        let program = try Program(
            graph, batch: 4, purpose: .training(trainable: Set(trainable), moving: moves ? Set(statistics) : []), threads: threads)
        try program.load(store)
        try program.setInput(record.input)
        for (step, expected) in record.losses.enumerated() {
            try program.forward(dropout: nil)
            let found = program.firstOutput()
            let errors = zip(found, record.target).map { $0 - $1 }
            let loss = errors.reduce(0) { $0 + Double($1) * Double($1) } / Double(errors.count)
            #expect(abs(loss - expected) < 1e-5 * expected, "the loss of step \(step)")
            try program.withOutputGradient(0) { buffer in
                for index in errors.indices { buffer[index] = 2 * errors[index] / Float(errors.count) }
            }
            try program.backward()
            if step == 0 {
                #expect(deviation(found, record.output) < 1e-5)
                for (name, gradient) in zip(trainable, record.gradients) {
                    #expect(deviation(try program.gradient(of: name).values, gradient) < 1e-5, "\(name)")
                }
                let now = try program.parameters()
                for (name, moved) in zip(statistics, record.moved) {
                    #expect(deviation(try #require(now[name]).values, moved) < 1e-6, "\(name)")
                }
            }
            try program.adam(rate: record.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step + 1)
        }
        let final = try program.parameters()
        for (spec, expected) in zip(graph.parameters, record.final) {
            let off = deviation(try #require(final[spec.name]).values, expected)
            #expect(off < 1e-4, "\(spec.name): \(off)")
        }
    }

    /// The same gradients, from 1e-9 to 1e2, five times, to 1e-6 of each weight. Keras works out 1 - beta2^t in single precision,
    /// which puts its steps off by up to 1e-5 of themselves; ours are those of double precision.
    @Test func adam() throws {
        let test = try fixture().adam
        var builder = NetworkBuilder()
        let node = try builder.apply(
            .dense(units: test.start.count, activation: nil, bias: false), to: try builder.input("image", shape: [1]))
        builder.graph.outputs = [node]
        // The gradient of a kernel of one row whose input is 1 is the gradient of the output.
        let program = try Program(builder.graph, batch: 1, purpose: .training(trainable: ["dense_1.kernel"]))
        var store = ParameterStore()
        store["dense_1.kernel"] = try Tensor(shape: [1, test.start.count], values: test.start)
        try program.load(store)
        try program.setInput([1])
        for (step, gradient) in test.gradients.enumerated() {
            try program.forward(dropout: nil)
            try program.withOutputGradient(0) { buffer in for index in gradient.indices { buffer[index] = gradient[index] } }
            try program.backward()
            try program.adam(rate: test.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step + 1)
        }
        let found = try #require(try program.parameters()["dense_1.kernel"]).values
        for (place, expected) in test.final.enumerated() {
            var (w, m, v) = (Double(test.start[place]), 0.0, 0.0)
            for (step, gradient) in test.gradients.enumerated() {
                let g = Double(gradient[place])
                let t = Double(step + 1)
                m += (g - m) * (1 - 0.9)
                v += (g * g - v) * (1 - 0.999)
                w -= test.rate * (1 - pow(0.999, t)).squareRoot() / (1 - pow(0.9, t)) * m / (v.squareRoot() + 1e-7)
            }
            let size = max(abs(w), 1e-1)
            let way = abs(Double(expected) - Double(test.start[place]))
            #expect(abs(Double(found[place]) - w) <= 1e-6 * size, "weight \(place), double precision")
            #expect(abs(Double(found[place]) - Double(expected)) <= 1e-6 * size + 1e-5 * way, "weight \(place), Keras")
        }
    }
}
