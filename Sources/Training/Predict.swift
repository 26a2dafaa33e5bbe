import Datasets
import Diagnostics
import Engine
import Tensors

/// The outputs of a network for a set of samples, in inference mode: shape [count] + shape of the output, in the space of
/// training.
///
/// Items go through one program in chunks of `batch`, or of all items where there are fewer, so that no memory is taken for
/// items that there are not. The last chunk is filled up with zeros, so an item's bits depend on its place in its chunk at
/// most, never on how many items there are. Throws `fit` where the samples do not fit the network.
public func predict(graph: Graph, parameters: ParameterStore, samples: Samples, batch: Int) throws -> Tensor {
    let predictor = try Predictor(graph: graph, batch: chunk(ofBatch: batch, count: samples.count))
    try predictor.program.load(parameters)
    return try predictor.predict(samples)
}

/// The items that go through a program for inference at once. A program of a single item adds up in another order than one of
/// several, so there are some places too many rather than one.
func chunk(ofBatch batch: Int, count: Int) -> Int { min(batch, max(count, 8)) }

/// A compiled network for inference, used again and again with new parameters.
final class Predictor {
    let graph: Graph
    let batch: Int
    let program: Program
    private let outputShape: Shape

    /// Compiles a network, or takes over `program`, one for the same graph and batch that is there already, such as one
    /// that learns: it predicts with the parameters that it has.
    init(graph: Graph, batch: Int, program: Program? = nil) throws {
        guard batch > 0 else { throw Diagnostic("fit", "expected a batch of 1 or more, found \(batch)") }
        guard let output = graph.outputs.first, graph.nodes.indices.contains(output) else {
            throw Diagnostic("fit", "the network has no output")
        }
        self.graph = graph
        self.batch = batch
        outputShape = graph.nodes[output].shape
        self.program = try program ?? Program(graph, batch: batch, purpose: .inference)
    }

    /// Runs the network over the samples and calls `body` with the outputs of each chunk and the items in it.
    func forEachChunk(of samples: Samples, _ body: (UnsafeBufferPointer<Float>, ArraySlice<Int>) throws -> Void) throws {
        let reader = BatchReader(graph: graph, samples: samples)
        try reader.check()
        let items = Array(0..<samples.count)
        for start in stride(from: 0, to: items.count, by: batch) {
            let chunk = items[start..<min(start + batch, items.count)]
            try reader.fill(program, with: chunk)
            try program.forward(dropout: nil)
            try program.withOutput(0) { try body($0, chunk) }
        }
    }

    func predict(_ samples: Samples) throws -> Tensor {
        var values: [Float] = []
        let width = outputShape.count
        values.reserveCapacity(samples.count * width)
        try forEachChunk(of: samples) { output, chunk in values += output.prefix(chunk.count * width) }
        return try Tensor(shape: Shape([samples.count] + outputShape.extents), values: values)
    }
}
