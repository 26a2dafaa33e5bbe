import Engine
import Models
import Tensors
import Testing

/// Numbers that are the same in every run.
func numbers(_ count: Int, seed: UInt64, scale: Double = 1) -> [Float] {
    var stream = Philox(RandomKey(seed: seed, purpose: .sampling))
    return (0..<count).map { _ in Float(stream.nextNormal() * scale) }
}

func conv(
    _ filters: Int, _ padding: Padding = .valid, _ activation: Activation? = nil,
    kernel: [Int] = [3, 3], strides: [Int] = [1, 1], bias: Bool = true
) -> Layer {
    .conv(filters: filters, kernel: kernel, strides: strides, padding: padding, activation: activation, bias: bias)
}

func pool(_ kind: Pooling, _ padding: Padding = .valid, size: [Int] = [2, 2], strides: [Int] = [2, 2]) -> Layer {
    .pool(kind, size: size, strides: strides, padding: padding)
}

func dense(_ units: Int, _ activation: Activation? = nil, bias: Bool = true) -> Layer {
    .dense(units: units, activation: activation, bias: bias)
}

/// Layers in a row behind an input named `x`.
func network(_ shape: Shape, _ layers: [Layer]) throws -> Graph {
    var builder = NetworkBuilder()
    var node = try builder.input("x", shape: shape)
    for layer in layers { node = try builder.apply(layer, to: node) }
    builder.graph.outputs = [node]
    return builder.graph
}

extension Graph {
    var allParameters: Set<String> { Set(parameters.filter { !$0.isStatistic }.map(\.name)) }
    var statistics: Set<String> { Set(parameters.filter(\.isStatistic).map(\.name)) }

    /// Parameters that differ in size, sign and place, biases included.
    func someParameters(seed: UInt64, scale: Double = 0.4) throws -> ParameterStore {
        var store = ParameterStore()
        for (index, spec) in parameters.enumerated() {
            var values = numbers(spec.shape.count, seed: seed &* 1000 &+ UInt64(index), scale: scale)
            // A variance is positive.
            if spec.name.hasSuffix("moving_variance") { values = values.map { 0.3 + abs($0) } }
            store[spec.name] = try Tensor(shape: spec.shape, values: values)
        }
        return store
    }
}

extension Program {
    func fill(_ values: [Float], input: String = "x") throws {
        try withInput(input) { buffer in
            #expect(buffer.count == values.count)
            for (index, value) in values.enumerated() where index < buffer.count { buffer[index] = value }
        }
    }

    func output(_ index: Int = 0) -> [Float] { withOutput(index) { Array($0) } }

    func fillGradient(_ values: [Float], output: Int = 0) throws {
        try withOutputGradient(output) { buffer in
            #expect(buffer.count == values.count)
            for (index, value) in values.enumerated() where index < buffer.count { buffer[index] = value }
        }
    }
}

/// The largest difference, as a share of the largest magnitude of what was expected (or of 1e-3, if that is less).
func deviation<T: BinaryFloatingPoint>(_ found: [Float], _ expected: [T]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.reduce(1e-3) { max($0, abs(Double($1))) }
    return zip(found, expected).reduce(0) { max($0, ($1.0.isNaN ? .infinity : abs(Double($1.0) - Double($1.1))) / largest) }
}

func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
