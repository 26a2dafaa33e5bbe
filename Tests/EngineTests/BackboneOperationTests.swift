import Engine
import Models
import Tensors
import TestSupport
import Testing

private func norm(gamma: Bool = true, beta: Bool = true) -> Layer { .batchNorm(gamma: gamma, beta: beta, epsilon: 1e-3, momentum: 0.9) }
private func bare(_ filters: Int, kernel: [Int] = [3, 3], strides: [Int] = [1, 1], _ padding: Padding = .same) -> Layer {
    conv(filters, padding, kernel: kernel, strides: strides, bias: false)
}

/// The operations that backbones add, against the double precision reference: values and gradients.
@Suite(.timed) struct BackboneOperationTests {
    static let cases: [GradientCase] = [
        // Folded into the convolution before them, with and without what scales and shifts.
        .init(shape: [6, 5, 3], layers: [bare(17), norm(), .activation(.relu)], batch: 2),
        .init(shape: [6, 5, 3], layers: [bare(16), norm(gamma: false), .activation(.relu), bare(32), norm(beta: false)], batch: 3),
        .init(
            shape: [4, 4, 16], layers: [bare(5, kernel: [1, 1], .valid), norm(gamma: false, beta: false), .activation(.tanh)], batch: 1),
        // On their own: behind a pooling, behind a convolution with a bias, on an input.
        .init(shape: [6, 6, 16], layers: [pool(.max), norm(), .activation(.relu)], batch: 2),
        .init(shape: [5, 4, 17], layers: [norm(), .activation(.relu), bare(4)], batch: 2),
        .init(shape: [5, 4, 3], layers: [conv(8, .same), norm(), .activation(.sigmoid)], batch: 2),
        .init(shape: [9], layers: [dense(16), norm(), .activation(.relu), dense(3)], batch: 4),
        // Depthwise and separable ones.
        .init(shape: [6, 7, 17], layers: [.depthwise(kernel: [3, 3], strides: [1, 1], padding: .same, activation: .relu)], batch: 2),
        .init(
            shape: [6, 7, 16], layers: [.depthwise(kernel: [3, 2], strides: [2, 2], padding: .same, activation: nil), norm()], batch: 2),
        .init(
            shape: [7, 6, 5],
            layers: [
                .separable(filters: 16, kernel: [3, 3], strides: [1, 1], padding: .same, activation: nil, bias: false), norm(),
                .activation(.relu),
            ], batch: 2),
        .init(
            shape: [5, 5, 4],
            layers: [.separable(filters: 6, kernel: [3, 3], strides: [1, 1], padding: .valid, activation: .tanh, bias: true)], batch: 1),
        // Zeros around, taken into a convolution and standing alone.
        .init(
            shape: [5, 6, 3], layers: [.zeroPad(before: [3, 1], after: [2, 0]), bare(16, kernel: [3, 3], strides: [2, 2], .valid)], batch: 2
        ),
        .init(shape: [5, 6, 16], layers: [.zeroPad(before: [1, 1], after: [1, 2]), pool(.average, size: [3, 3])], batch: 2),
        .init(
            shape: [4, 4, 3],
            layers: [.zeroPad(before: [1, 1], after: [1, 1]), .zeroPad(before: [0, 2], after: [0, 0]), bare(4, .valid)], batch: 1),
        // Kernels of which one row, one column or one tap meets the image.
        .init(shape: [1, 1, 16], layers: [bare(16), norm(), .activation(.relu)], batch: 3),
        .init(shape: [1, 4, 16], layers: [bare(16), norm(gamma: false)], batch: 2),
        .init(shape: [2, 1, 3], layers: [bare(8, kernel: [5, 3]), bare(4, kernel: [1, 7])], batch: 2),
        .init(
            shape: [1, 1, 16], layers: [.depthwise(kernel: [3, 3], strides: [1, 1], padding: .same, activation: nil), norm()], batch: 2),
        .init(shape: [2, 2, 3], layers: [bare(8, kernel: [5, 5], strides: [2, 2])], batch: 2),
    ]

    @Test(arguments: cases) func valuesAndGradients(_ test: GradientCase) throws {
        try GradientTests.compare(try network(test.shape, test.layers), batch: test.batch)
    }

    @Test(arguments: cases) func statisticsOfTheBatch(_ test: GradientCase) throws {
        try GradientTests.compare(try network(test.shape, test.layers), batch: test.batch + 2, moving: true)
    }

    /// Branches that meet: channels that fill their blocks and such that do not, a value joined to itself, sums.
    @Test(arguments: [[16, 16], [16, 5], [3, 17, 4]]) func joining(_ widths: [Int]) throws {
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: [5, 4, 3])
        var branches = try widths.map { try builder.apply(bare($0), to: x) }
        branches.append(try builder.apply(pool(.max, .same, size: [3, 3], strides: [1, 1]), to: x))
        var joined = try builder.apply(.concatenate, to: branches)
        joined = try builder.apply(.activation(.relu), to: try builder.apply(norm(), to: joined))
        let side = try builder.apply(bare(6), to: joined)
        let main = try builder.apply(bare(6, kernel: [1, 1]), to: joined)
        let sum = try builder.apply(.add, to: [main, side, main])
        builder.graph.outputs = [try builder.apply(.globalAveragePool, to: sum), try builder.apply(.concatenate, to: [sum, sum])]
        try GradientTests.compare(builder.graph, batch: 2)
    }

    @Test func vectorsJoin() throws {
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: [4])
        let z = try builder.input("z", shape: [3])
        let joined = try builder.apply(.concatenate, to: [try builder.apply(dense(5, .relu), to: x), z, x])
        builder.graph.outputs = [try builder.apply(dense(2), to: joined)]
        try GradientTests.compare(builder.graph, batch: 3)
    }

    @Test func pixelsArePrepared() throws {
        var graph = Graph()
        let x = graph.addInput("x", shape: [4, 5, 3])
        let y = try graph.add(.pixels(order: [2, 1, 0, 0], scale: [1, 0.5, 2, -1], offset: [0, 1, -3, 4]), to: [x], layer: "preparation")
        graph.outputs = [y]
        try GradientTests.compare(graph, batch: 2)
    }

    /// Whatever part of a network trains, its gradients are those of the reference, and nothing else changes.
    @Test(arguments: 0..<12) func anyPartMayTrain(_ seed: Int) throws {
        let graph = try network(
            [5, 6, 3],
            [bare(16), norm(), .activation(.relu), pool(.max), bare(16), norm(gamma: false), .activation(.relu), norm(), bare(5), norm()])
        var stream = Philox(RandomKey(seed: UInt64(seed), purpose: .sampling))
        let some = graph.allParameters.sorted().filter { _ in stream.nextDouble() < 0.4 }
        try GradientTests.compare(graph, batch: 2, trainable: Set(some))
        let program = try Program(graph, batch: 2, purpose: .training(trainable: Set(some)), threads: 1)
        let start = try graph.someParameters(seed: 7)
        try program.load(start)
        try program.fill(numbers(2 * 90, seed: 1))
        try program.forward(dropout: nil)
        try program.fillGradient(numbers(program.output().count, seed: 2))
        try program.backward()
        try program.adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: 1)
        let after = try program.parameters()
        for spec in graph.parameters { #expect((after[spec.name] == start[spec.name]) == !some.contains(spec.name), "\(spec.name)") }
        // What the program computes with is what it says its parameters are.
        try program.forward(dropout: nil)
        let fresh = try Program(graph, batch: 2, purpose: .inference, threads: 1)
        try fresh.load(after)
        try fresh.fill(numbers(2 * 90, seed: 1))
        try fresh.forward(dropout: nil)
        #expect(deviation(program.output(), fresh.output()) < 2e-6)
    }

    /// Adam on folded kernels takes the step that Adam on plain ones takes from the same gradients.
    @Test func adamSeesThroughFolding() throws {
        let graph = try network([5, 6, 3], [bare(16), norm(), .activation(.relu), bare(8, strides: [2, 2]), norm(gamma: false)])
        let program = try Program(graph, batch: 2, purpose: .training(trainable: graph.allParameters), threads: 2)
        var expected = try graph.someParameters(seed: 7)
        try program.load(expected)
        var m: [String: [Float]] = [:]
        var v: [String: [Float]] = [:]
        for step in 1...4 {
            try program.fill(numbers(2 * 90, seed: UInt64(step)))
            try program.forward(dropout: nil)
            try program.fillGradient(numbers(program.output().count, seed: 50 + UInt64(step)))
            try program.backward()
            for name in graph.allParameters {
                let gradient = try program.gradient(of: name).values
                var weights = try #require(expected[name])
                var first = m[name] ?? gradient.map { _ in 0 }
                var second = v[name] ?? gradient.map { _ in 0 }
                let t = Double(step)
                let alpha = Float(0.01 * (1 - power(0.999, t)).squareRoot() / (1 - power(0.9, t)))
                weights.withUnsafeMutableBuffer { w in
                    for i in gradient.indices {
                        first[i] += (gradient[i] - first[i]) * 0.1
                        second[i] += (gradient[i] * gradient[i] - second[i]) * 0.001
                        w[i] -= alpha * first[i] / (second[i].squareRoot() + 1e-7)
                    }
                }
                (m[name], v[name], expected[name]) = (first, second, weights)
            }
            try program.adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step)
            let found = try program.parameters()
            for name in graph.allParameters {
                #expect(deviation(try #require(found[name]).values, try #require(expected[name]).values) < 1e-6, "\(name), step \(step)")
            }
        }
    }

    @Test func theOptimizerStateOfFoldedKernelsComesBack() throws {
        let graph = try network([1, 3, 16], [bare(16), norm(), .activation(.relu), bare(17), norm(gamma: false)])
        func steps(_ program: Program, _ range: ClosedRange<Int>) throws {
            for step in range {
                try program.fill(numbers(2 * 48, seed: UInt64(step)))
                try program.forward(dropout: nil)
                try program.fillGradient(numbers(program.output().count, seed: 50 + UInt64(step)))
                try program.backward()
                try program.adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: step)
            }
        }
        func make() throws -> Program { try Program(graph, batch: 2, purpose: .training(trainable: graph.allParameters), threads: 2) }
        let whole = try make()
        try whole.load(try graph.someParameters(seed: 7))
        try steps(whole, 1...6)
        let first = try make()
        let second = try make()
        try first.load(try graph.someParameters(seed: 7))
        try steps(first, 1...3)
        try second.load(first.parameters())
        try second.loadOptimizerState(first.optimizerState())
        try steps(second, 4...6)
        let (a, b) = (try whole.parameters(), try second.parameters())
        for name in a.names { #expect(bits(try #require(a[name]).values) == bits(try #require(b[name]).values), "\(name)") }
    }

    @Test func movingStatisticsFollowTheBatches() throws {
        let graph = try network([4, 4, 16], [norm()])
        let program = try Program(graph, batch: 3, purpose: .training(trainable: graph.allParameters, moving: graph.statistics), threads: 1)
        let start = try graph.someParameters(seed: 3)
        try program.load(start)
        let x = numbers(3 * 256, seed: 8)
        try program.fill(x)
        try program.forward(dropout: nil)
        let after = try program.parameters()
        let name = try #require(graph.parameters.first { $0.isStatistic }).name
        for channel in 0..<16 {
            let seen = stride(from: channel, to: x.count, by: 16).map { Double(x[$0]) }
            let mean = seen.reduce(0, +) / 48
            let expected = 0.9 * Double(try #require(start[name]).values[channel]) + 0.1 * mean
            #expect(abs(Double(try #require(after[name]).values[channel]) - expected) < 1e-6)
        }
        #expect(program.implementations.contains { $0 == "loop" })
    }
}
