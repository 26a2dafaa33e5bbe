import Tensors

/// One row of a model's summary.
public struct LayerSummary: Sendable, Hashable, Codable {
    /// The layer's name, `conv_1`, or the name of an input.
    public var name: String
    /// The word of the language for the layer, `conv`, or `input`.
    public var keyword: String
    /// The shape of one item of the layer's output.
    public var outputShape: Shape
    /// The number of values in the layer's parameters.
    public var parameters: Int

    /// Makes a row of the given entries.
    public init(name: String, keyword: String, outputShape: Shape, parameters: Int) {
        self.name = name
        self.keyword = keyword
        self.outputShape = outputShape
        self.parameters = parameters
    }
}

extension Graph {
    /// The summary of a model: one row per input, per declared layer and per backbone, in order.
    public var summary: [LayerSummary] {
        var rows: [LayerSummary] = []
        var places: [String: Int] = [:]
        for node in nodes {
            let isInput = if case .input = node.operation { true } else { false }
            // A backbone's layers are named after it: `InceptionV3_1.conv2d`.
            let layer = String(node.layer.prefix { $0 != "." })
            if !isInput, let place = places[layer] {
                rows[place].outputShape = node.shape
                continue
            }
            let owned = parameters.filter { $0.name.hasPrefix(layer + ".") }
            let keyword = isInput ? "input" : String(layer.prefix { $0 != "_" })
            if !isInput { places[layer] = rows.count }
            rows.append(
                LayerSummary(
                    name: layer, keyword: keyword, outputShape: node.shape,
                    parameters: isInput ? 0 : owned.reduce(0) { $0 + $1.shape.count }))
        }
        return rows
    }
}
