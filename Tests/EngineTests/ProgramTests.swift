import Engine
import Models
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct ProgramTests {
    /// Channels that do not fill a block, an image flattened into a dense kernel, and both kinds of padding.
    static func graph() throws -> Graph {
        try network(
            [9, 8, 3],
            [
                conv(17, .same, .relu), pool(.max), conv(5, .valid, .tanh, strides: [2, 1]), .flatten, dense(7, .relu),
                .dropout(rate: 0.25), dense(2),
            ])
    }

    static func step(_ program: Program, _ number: Int, count: Int) throws {
        try program.forward(dropout: RandomKey(seed: 3, purpose: .dropout, item: UInt32(number)))
        try program.fillGradient(program.output().map { $0 - 1 })
        try program.backward()
        try program.adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: number)
    }

    static func trained(_ graph: Graph, trainable: Set<String>, steps: Int, threads: Int) throws -> Program {
        let program = try Program(graph, batch: 4, purpose: .training(trainable: trainable), threads: threads)
        try program.load(try graph.someParameters(seed: 1))
        try program.fill(numbers(4 * 9 * 8 * 3, seed: 2))
        for number in 0..<steps { try step(program, number + 1, count: 8) }
        return program
    }

    @Test(arguments: [Program.Purpose.inference, .training(trainable: ["conv_1.kernel", "dense_1.kernel", "dense_2.bias"])])
    func parametersComeBackBitForBit(_ purpose: Program.Purpose) throws {
        let graph = try Self.graph()
        var store = ParameterStore()
        for (index, spec) in graph.parameters.enumerated() {
            var values = numbers(spec.shape.count, seed: UInt64(index))
            // Among them numbers that arithmetic would change.
            let special: [Float] = [-0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude / 2, .infinity, .greatestFiniteMagnitude]
            for (place, value) in special.enumerated() where place < values.count { values[place] = value }
            store[spec.name] = try Tensor(shape: spec.shape, values: values)
        }
        let program = try Program(graph, batch: 2, purpose: purpose, threads: 1)
        try program.load(store)
        let found = try program.parameters()
        #expect(found.names == graph.parameters.map(\.name))
        for name in store.names { #expect(bits(try #require(found[name]).values) == bits(try #require(store[name]).values), "\(name)") }
    }

    @Test func optimizerStateComesBackBitForBit() throws {
        let graph = try Self.graph()
        let all = graph.allParameters
        let first = try Self.trained(graph, trainable: all, steps: 3, threads: 1)
        let (parameters, state) = (try first.parameters(), try first.optimizerState())
        #expect(state.names.count == 2 * all.count)

        // A second program goes on from there, the first simply goes on: the same bits.
        let second = try Program(graph, batch: 4, purpose: .training(trainable: all), threads: 1)
        try second.load(parameters)
        try second.loadOptimizerState(state)
        #expect(try second.optimizerState() == state)
        try second.fill(numbers(4 * 9 * 8 * 3, seed: 2))
        for number in 4...6 {
            try Self.step(first, number, count: 8)
            try Self.step(second, number, count: 8)
        }
        #expect(try first.parameters() == second.parameters())
        #expect(try first.optimizerState() == second.optimizerState())

        try second.loadOptimizerState(ParameterStore())
        for name in state.names { #expect(try #require(try second.optimizerState()[name]).values.allSatisfy { $0 == 0 }) }
    }

    @Test(arguments: [1, 2]) func theSameBitsEveryTime(threads: Int) throws {
        let graph = try Self.graph()
        let runs = try (0..<3).map { _ in
            try Self.trained(graph, trainable: graph.allParameters, steps: 6, threads: threads).parameters()
        }
        #expect(runs[0] == runs[1] && runs[1] == runs[2])
        #expect(runs[0] != (try graph.someParameters(seed: 1)))
    }

    @Test func frozenParametersStay() throws {
        let graph = try Self.graph()
        let trainable: Set = ["conv_2.bias", "dense_1.kernel", "dense_2.kernel"]
        let program = try Self.trained(graph, trainable: trainable, steps: 4, threads: 1)
        let before = try graph.someParameters(seed: 1)
        let after = try program.parameters()
        for name in after.names { #expect((after[name] == before[name]) == !trainable.contains(name), "\(name)") }
        #expect(diagnostic { _ = try program.gradient(of: "conv_1.kernel") }.id == "missing-parameter")
        #expect(try program.optimizerState().names.count == 6)
    }

    @Test func gradientsDoNotDependOnWhatElseIsFrozen() throws {
        let graph = try Self.graph()
        func gradients(_ trainable: Set<String>) throws -> Program {
            let program = try Program(graph, batch: 4, purpose: .training(trainable: trainable), threads: 1)
            try program.load(try graph.someParameters(seed: 1))
            try program.fill(numbers(4 * 9 * 8 * 3, seed: 2))
            try program.forward(dropout: nil)
            try program.fillGradient(numbers(8, seed: 4))
            try program.backward()
            return program
        }
        let all = try gradients(graph.allParameters)
        for name in graph.allParameters.sorted() {
            let alone = try gradients([name])
            #expect(deviation(try alone.gradient(of: name).values, try all.gradient(of: name).values) < 1e-6, "\(name)")
        }
    }

    @Test func nothingIsComputedBelowTheLowestTrainable() throws {
        let graph = try Self.graph()
        func steps(_ trainable: Set<String>) throws -> Int {
            try Program(graph, batch: 2, purpose: .training(trainable: trainable), threads: 1).implementations.count
        }
        let inference = try Program(graph, batch: 2, purpose: .inference, threads: 1)
        // Two convolutions and two dense layers with their activations fused, and a pool; reorders come on top.
        #expect(inference.implementations.count <= 7)
        // A mask and a product per dropout, then one matrix product for the kernel and bias of the last layer.
        #expect(try steps([]) == inference.implementations.count + 2)
        #expect(try steps(["dense_2.kernel", "dense_2.bias"]) == inference.implementations.count + 3)
        #expect(try steps(["dense_1.kernel"]) < steps(["conv_1.kernel"]))
    }

    @Test func inferenceSharesMemory() throws {
        let layers = [Layer](repeating: conv(16, .same, .relu), count: 24)
        let graph = try network([16, 16, 16], layers)
        let map = 16 * 16 * 16 * 4 * 2
        let inference = try Program(graph, batch: 2, purpose: .inference, threads: 1)
        // Input, output, two maps in turn, and scratch.
        #expect(inference.arenaBytes < 6 * map)
        let training = try Program(graph, batch: 2, purpose: .training(trainable: graph.allParameters), threads: 1)
        // All 24 maps are kept, but few of their gradients at a time.
        #expect(training.arenaBytes > 24 * map)
        #expect(training.arenaBytes < 36 * map)
    }

    @Test func inferenceAndTrainingAgree() throws {
        let graph = try Self.graph()
        let outputs = try [Program.Purpose.inference, .training(trainable: graph.allParameters)].map { purpose in
            let program = try Program(graph, batch: 3, purpose: purpose, threads: 1)
            try program.load(try graph.someParameters(seed: 1))
            try program.fill(numbers(3 * 9 * 8 * 3, seed: 2))
            // Twice: the first pass leaves its traces in shared memory.
            try program.forward(dropout: nil)
            try program.forward(dropout: nil)
            return program.output()
        }
        #expect(deviation(outputs[0], outputs[1]) < 1e-6)
    }

    @Test func itemsOfABatchDoNotMix() throws {
        let graph = try Self.graph()
        let item = 9 * 8 * 3
        let program = try Program(graph, batch: 4, purpose: .inference, threads: 1)
        try program.load(try graph.someParameters(seed: 1))
        let values = numbers(4 * item, seed: 2)
        try program.fill(values)
        try program.forward(dropout: nil)
        let whole = program.output()
        try program.fill(Array(values[..<(2 * item)]) + [Float](repeating: 0, count: 2 * item))
        try program.forward(dropout: nil)
        #expect(bits(Array(program.output()[..<4])) == bits(Array(whole[..<4])))
    }

    @Test func mistakesAreDiagnostics() throws {
        let graph = try Self.graph()
        let program = try Program(graph, batch: 2, purpose: .inference, threads: 1)
        let good = try graph.someParameters(seed: 1)
        var missing = good
        missing["dense_1.kernel"] = nil
        var misshapen = good
        misshapen["conv_1.bias"] = Tensor(zeros: [18])
        try program.load(good)
        let lost = diagnostic { try program.load(missing) }
        #expect(lost.id == "missing-parameter" && lost.message.contains("`dense_1.kernel`"))
        let wrong = diagnostic { try program.load(misshapen) }
        #expect(wrong.id == "parameter-shape" && wrong.message == "expected `conv_1.bias` of shape 17, found 18")
        #expect(try program.parameters() == good, "a failed load changes nothing")
        #expect(diagnostic { try program.withInput("y") { _ in } }.id == "engine")
        #expect(diagnostic { try program.backward() }.id == "engine")
        #expect(diagnostic { try program.withOutputGradient(0) { _ in } }.id == "engine")
        #expect(diagnostic { try program.adam(rate: 1, beta1: 0.9, beta2: 0.9, epsilon: 1e-7, step: 1) }.id == "engine")
        #expect(diagnostic { _ = try Program(graph, batch: 0, purpose: .inference) }.id == "engine")
        #expect(diagnostic { _ = try Program(graph, batch: 1 << 40, purpose: .inference) }.id == "engine")
        #expect(program.withOutput(7) { $0.count } == 0)

        let training = try Program(graph, batch: 2, purpose: .training(trainable: graph.allParameters), threads: 1)
        #expect(diagnostic { try training.backward() }.id == "engine", "no forward pass yet")
        try training.forward(dropout: nil)
        try training.backward()
        #expect(diagnostic { try training.backward() }.id == "engine", "one backward pass for each forward pass")
        var state = try training.optimizerState()
        state["m.conv_1.kernel"] = nil
        #expect(diagnostic { try training.loadOptimizerState(state) }.id == "missing-parameter")
    }
}
