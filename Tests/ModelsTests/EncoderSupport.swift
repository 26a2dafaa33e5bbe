import Engine
import Models
import Storage
import Tensors
import TestSupport
import Weights

/// A small encoder that transformers wrote, and what it computed with it (Fixtures/small-encoders/make_encoders.py).
struct SmallEncoder {
    static let names = ["bert", "roberta", "albert", "albert-groups"]

    let folder: String
    let configuration: EncoderConfiguration
    let peer: Safetensors
    let texts: [Float]
    let batch: Int
    let length: Int

    init(_ name: String) throws {
        folder = fixture("small-encoders/\(name)")
        configuration = try EncoderConfiguration(reading: "\(folder)/config.json")
        peer = try readSafetensors("\(folder)/case-7.safetensors")
        let shape = peer["texts"]?.shape ?? []
        (batch, length) = (shape.first ?? 0, shape.last ?? 0)
        texts = peer.floats("texts")
    }

    /// Its graph for a length, with nodes that `outputs` appends.
    func graph(
        length: Int? = nil, dropout: Bool = true, _ outputs: (inout NetworkBuilder, _ node: Int, _ text: Int, Encoder) throws -> [Int]
    ) throws -> (graph: Graph, encoder: Encoder) {
        var builder = NetworkBuilder()
        let text = try builder.textInput("text", length: length ?? self.length)
        let (node, encoder) = try builder.encoder(configuration, to: text, named: "e", dropout: dropout)
        builder.graph.outputs = try outputs(&builder, node, text, encoder)
        return (builder.graph, encoder)
    }

    func parameters(_ encoder: Encoder, file: String = "model.safetensors") throws -> ParameterStore {
        try EncoderWeights("\(folder)/\(file)").parameters(of: encoder)
    }
}

extension Safetensors {
    func floats(_ name: String) -> [Float] { if case .float(let values)? = self[name]?.values { values } else { [] } }
}

extension Program {
    func run(_ texts: [Float], dropout: RandomKey? = nil) throws {
        try withInput("text") { buffer in for index in buffer.indices where index < texts.count { buffer[index] = texts[index] } }
        try forward(dropout: dropout)
    }

    func output(_ index: Int = 0) -> [Float] { withOutput(index) { Array($0) } }

    func fillGradient(_ values: [Float], output: Int = 0) throws {
        try withOutputGradient(output) { buffer in for index in buffer.indices { buffer[index] = index < values.count ? values[index] : 0 }
        }
    }
}

/// The largest difference as a share of the largest magnitude expected; infinite where counts differ or a number is none.
func share(_ found: [Float], _ expected: [Float], of largest: Float? = nil) -> Float {
    guard found.count == expected.count, !found.isEmpty else { return .infinity }
    let largest = largest ?? expected.reduce(1e-12) { max($0, abs($1)) }
    return zip(found, expected).reduce(0) { max($0, ($1.0 - $1.1).isFinite ? abs($1.0 - $1.1) / largest : .infinity) }
}

/// A row-major matrix the other way round.
func turned(_ values: [Float], columns: Int) -> [Float] {
    let rows = values.count / max(columns, 1)
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
}
