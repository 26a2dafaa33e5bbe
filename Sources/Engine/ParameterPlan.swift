import Diagnostics
import Tensors

/// The parameters of a program, each in the layout its operation likes best, in one block: first the trainable ones, so
/// that an optimizer sees one array.
struct ParameterPlan {
    struct Parameter {
        let spec: ParameterSpec
        let trainable: Bool
        /// Keras's layout and the program's own; nil for a parameter that no computation reads.
        var layouts: (canonical: Layout, own: Layout)?
        /// The place in the block, in floats. Set by `place`.
        var offset = 0
    }

    private(set) var parameters: [Parameter] = []
    private var indices: [String: Int] = [:]
    /// The floats of the trainable parameters, and of all. Set by `place`.
    private(set) var trainableCount = 0
    private(set) var count = 0

    init(_ graph: Graph, trainable: Set<String>) {
        for spec in graph.parameters {
            indices[spec.name] = parameters.count
            parameters.append(Parameter(spec: spec, trainable: trainable.contains(spec.name)))
        }
    }

    subscript(index: Int) -> Parameter { parameters[index] }

    func index(of name: String) -> Int? { indices[name] }

    func isTrainable(_ name: String) -> Bool { indices[name].map { parameters[$0].trainable } ?? false }

    /// Claims a parameter for an operation.
    mutating func use(_ name: String, canonical: Layout, layout: Layout) throws -> Int {
        guard let index = indices[name] else { throw Diagnostic("engine", "the graph has no parameter `\(name)`") }
        guard parameters[index].layouts == nil else { throw Diagnostic("engine", "parameter `\(name)` is used twice") }
        guard canonical.bytes == parameters[index].spec.shape.count * MemoryLayout<Float>.stride else {
            throw Diagnostic("engine", "parameter `\(name)` does not fit its operation: it is \(parameters[index].spec.shape)")
        }
        parameters[index].layouts = (canonical, layout)
        return index
    }

    /// Gives every parameter its place.
    mutating func place() {
        count = 0
        for trainable in [true, false] {
            for index in parameters.indices where parameters[index].trainable == trainable {
                parameters[index].offset = count
                let bytes = max(parameters[index].layouts?.own.bytes ?? 0, parameters[index].spec.shape.count * MemoryLayout<Float>.stride)
                let alignment = MemoryPlan.alignment
                count += (bytes + alignment - 1) / alignment * alignment / MemoryLayout<Float>.stride
            }
            if trainable { trainableCount = count }
        }
    }
}
