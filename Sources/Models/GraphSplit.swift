import Diagnostics
import Tensors

/// A network split into a frozen feature extractor (the trunk), whose values for an item never change during training, and the
/// trained part (the rest), which reads those values as inputs.
public struct GraphSplit: Sendable {
    /// The frozen feature extractor. Its outputs are the features, in order.
    public var trunk: Graph
    /// The trained part. Its inputs are the features and the inputs of the network that it reads itself.
    public var rest: Graph
    /// The names of the features among the inputs of `rest`, in the order of the trunk's outputs.
    public var features: [String]
}

extension Graph {
    /// Splits the network into a frozen feature extractor (trunk) and a trained part (rest); nil where nothing is fixed but the
    /// inputs. Dropout, what `trainable` names and statistics in `moving` are never in the trunk. Parameters keep their order.
    public func split(trainable: Set<String>, moving: Set<String>) throws -> GraphSplit? {
        var fixed = [Bool](repeating: false, count: nodes.count)
        var isWork = fixed
        for (index, node) in nodes.enumerated() {
            let changes = node.operation.parameterNames.contains { trainable.contains($0) || moving.contains($0) }
            let isRandom = if case .dropout = node.operation { true } else { false }
            fixed[index] = !changes && !isRandom && node.inputs.allSatisfy { fixed[$0] }
            // An input that is only flattened or joined is not worth keeping.
            isWork[index] = fixed[index] && (!node.operation.parameterNames.isEmpty || node.inputs.contains { isWork[$0] })
        }
        // What the rest reads, in order.
        var edges = nodes.indices.filter { index in
            fixed[index] && (outputs.contains(index) || nodes.indices.contains { !fixed[$0] && nodes[$0].inputs.contains(index) })
        }
        guard edges.contains(where: { isWork[$0] }) else { return nil }
        edges = edges.filter { if case .input = nodes[$0].operation { false } else { true } }
        var trunk = Graph()
        var places: [Int: Int] = [:]
        try copy(to: &trunk, places: &places) { fixed[$0] && self.isNeeded($0, for: edges) }
        trunk.outputs = edges.compactMap { places[$0] }

        var rest = Graph()
        var features: [String] = []
        places = [:]
        for (number, edge) in edges.enumerated() {
            // No input of a script has a dot in its name.
            let name = "feature.\(number)"
            places[edge] = rest.addInput(name, shape: nodes[edge].shape)
            features.append(name)
        }
        try copy(to: &rest, places: &places) { index in
            if !fixed[index] { return true }
            guard case .input = self.nodes[index].operation else { return false }
            return self.outputs.contains(index) || self.nodes.indices.contains { !fixed[$0] && self.nodes[$0].inputs.contains(index) }
        }
        rest.outputs = outputs.compactMap { places[$0] }
        return GraphSplit(trunk: trunk, rest: rest, features: features)
    }

    /// Whether any of the nodes `edges` depends on a node.
    private func isNeeded(_ index: Int, for edges: [Int]) -> Bool {
        var wanted = Set(edges)
        for node in nodes.indices.reversed() where wanted.contains(node) {
            if node == index { return true }
            wanted.formUnion(nodes[node].inputs)
        }
        return wanted.contains(index)
    }

    /// Copies the nodes for which `takes` holds, and their parameters.
    private func copy(to target: inout Graph, places: inout [Int: Int], _ takes: (Int) -> Bool) throws {
        // What several nodes use is given with the first of them.
        var specs = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, node) in nodes.enumerated() where places[index] == nil && takes(index) {
            if case .input(let name) = node.operation {
                places[index] = target.addInput(name, shape: node.shape)
                continue
            }
            let inputs = node.inputs.compactMap { places[$0] }
            guard inputs.count == node.inputs.count else { throw Diagnostic("engine", "`\(node.layer)` lies on both sides of a cut") }
            places[index] = try target.add(
                node.operation, to: inputs, layer: node.layer,
                parameters: node.operation.parameterNames.compactMap { specs.removeValue(forKey: $0) })
        }
    }
}
