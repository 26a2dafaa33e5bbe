import Diagnostics
import Engine
import Tensors

extension ParameterStore {
    /// The starting values of a graph's parameters, by Keras's rules (`keras.initializers`): glorot and he limits, normals
    /// truncated at two deviations. Each parameter has a stream of its own, keyed by the seed and its place in the graph.
    /// Those in `except` are left out.
    public init(initializing graph: Graph, seed: UInt64, except: Set<String> = []) throws {
        self.init()
        for (index, spec) in graph.parameters.enumerated() where !except.contains(spec.name) {
            var stream = Philox(RandomKey(seed: seed, purpose: .initializer, item: UInt32(truncatingIfNeeded: index)))
            self[spec.name] = try spec.initializer.tensor(of: spec.shape, from: &stream)
        }
    }
}

extension Initializer {
    /// The standard deviation of a standard normal cut at two deviations, by which Keras divides.
    private static let truncatedDeviation = 0.87962566103423978

    /// Draws a parameter's starting values from a stream.
    func tensor(of shape: Shape, from stream: inout Philox) throws -> Tensor {
        guard let count = shape.checkedCount else { throw Diagnostic("shape", "a parameter of \(shape) cannot be held") }
        switch self {
        case .zeros: return Tensor(zeros: shape)
        case .ones: return try Tensor(shape: shape, values: [Float](repeating: 1, count: count))
        case .glorotUniform(let fanIn, let fanOut):
            return try Self.uniform(shape, count, limit: (6 / Double(max(fanIn + fanOut, 1))).squareRoot(), from: &stream)
        case .heUniform(let fanIn):
            return try Self.uniform(shape, count, limit: (6 / Double(max(fanIn, 1))).squareRoot(), from: &stream)
        case .glorotNormal(let fanIn, let fanOut):
            return try Self.normal(shape, count, deviation: (2 / Double(max(fanIn + fanOut, 1))).squareRoot(), from: &stream)
        case .heNormal(let fanIn):
            return try Self.normal(shape, count, deviation: (2 / Double(max(fanIn, 1))).squareRoot(), from: &stream)
        case .normal(let deviation):
            var values = [Float](repeating: 0, count: count)
            for index in values.indices { values[index] = Float(stream.nextNormal() * deviation) }
            return try Tensor(shape: shape, values: values)
        }
    }

    private static func uniform(_ shape: Shape, _ count: Int, limit: Double, from stream: inout Philox) throws -> Tensor {
        var values = [Float](repeating: 0, count: count)
        for index in values.indices { values[index] = Float((2 * stream.nextDouble() - 1) * limit) }
        return try Tensor(shape: shape, values: values)
    }

    private static func normal(_ shape: Shape, _ count: Int, deviation: Double, from stream: inout Philox) throws -> Tensor {
        let scale = deviation / truncatedDeviation
        var values = [Float](repeating: 0, count: count)
        for index in values.indices {
            var draw = stream.nextNormal()
            while abs(draw) > 2 { draw = stream.nextNormal() }
            values[index] = Float(draw * scale)
        }
        return try Tensor(shape: shape, values: values)
    }
}
