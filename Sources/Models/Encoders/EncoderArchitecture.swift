import Tensors

/// A transformer encoder of texts, as `transformers` of Hugging Face defines it: everything that ecdx knows of it, in one file
/// each.
public struct EncoderArchitecture: Sendable {
    /// Name of the architecture, by which scripts name it: `RoBERTa`.
    public let name: String
    /// The `model_type` of its config.json.
    public let modelType: String
    /// What stands before the names of its tensors in files of a model with a head: `roberta.`.
    public let prefix: String
    /// What holds where config.json leaves a field out: the defaults of the class in transformers.
    public let defaults: EncoderConfiguration
    /// Models that are published for it.
    public let published: [PublishedEncoder]
    /// Names of the tensors of the pooler, which is no part of the graph.
    public let pooler: [String]
    /// Appends its nodes to a text and gives the nodes of the hidden states.
    let build: @Sendable (inout EncoderBuilder) throws -> [Int]

    /// All architectures, in the order in which they are listed; new ones go to the end.
    public static let all: [EncoderArchitecture] = [RoBERTa, ALBERT, BERT]

    /// The architecture of a name; nil where there is none.
    public static func named(_ name: String) -> EncoderArchitecture? { all.first { $0.name == name } }

    /// The architecture of a `model_type`; nil where there is none.
    public static func ofType(_ modelType: String) -> EncoderArchitecture? { all.first { $0.modelType == modelType } }
}

extension EncoderArchitecture: Hashable {
    /// Whether two architectures have one name: it stands for all that is known of them.
    public static func == (one: EncoderArchitecture, other: EncoderArchitecture) -> Bool { one.name == other.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension EncoderArchitecture: CustomStringConvertible {
    /// The name of the architecture.
    public var description: String { name }
}

/// A model of an architecture that others publish on the Hugging Face hub.
public struct PublishedEncoder: Sendable, Hashable {
    /// Names that the hub knows it by, the full one first: `FacebookAI/roberta-base`, `roberta-base`.
    public var names: [String]
    /// Licence of the weights, as the page of the model says.
    public var licence: String
    /// Number of parameters, the pooler included.
    public var parameters: Int
}

/// A parameter of an encoder, and the tensor of a file that it comes from.
public struct EncoderParameter: Sendable, Hashable {
    /// Name of the parameter in the graph: `RoBERTa_1.layer.3.attention.query.kernel`.
    public var name: String
    /// Shape of the parameter in the graph: kernels are (in, out).
    public var shape: Shape
    /// Name of the tensor in a file, without the architecture's prefix: `encoder.layer.3.attention.self.query.weight`.
    public var tensor: String
    /// Whether the tensor is the parameter transposed, as the weights of PyTorch's `Linear` are.
    public var isTransposed: Bool
    /// The block that the parameter belongs to, from 0; nil for those of the embeddings.
    public var block: Int?

    /// The names that the tensor may have, the usual one first: old files say gamma and beta for what is normalised.
    public var tensorNames: [String] {
        for (usual, old) in [(".weight", ".gamma"), (".bias", ".beta")] where tensor.hasSuffix(usual) {
            let stem = tensor.dropLast(usual.count)
            if stem.lowercased().hasSuffix("norm") { return [tensor, stem + old] }
        }
        return [tensor]
    }

    /// The shape of the tensor in a file.
    public var tensorShape: [Int] { isTransposed ? shape.extents.reversed() : shape.extents }
}

/// A transformer encoder in a network: the names it goes by, its parameters and its blocks.
public struct Encoder: Sendable, Hashable {
    /// Name of the encoder, `RoBERTa_1`, with which the names of its nodes and parameters begin.
    public var name: String
    /// Sizes of the encoder.
    public var configuration: EncoderConfiguration
    /// Parameters of the encoder, in the order of the graph.
    public var parameters: [EncoderParameter]
    /// Nodes of the hidden states: of the embeddings first, then of each layer (of ALBERT each layer of a group), as `hidden_states`
    /// of transformers 5.
    public var hiddenStates: [Int]

    /// The number of blocks that have parameters of their own: layers, of ALBERT the groups of shared ones.
    public var blockCount: Int { configuration.blockCount }

    /// Names of the parameters of a block, from 0.
    public func parameters(ofBlock block: Int) -> [String] { parameters.filter { $0.block == block }.map(\.name) }

    /// Names of the parameters that the last layers use, and a remark where other layers use them too, because they are shared.
    /// Layers are counted as transformers counts them (`num_hidden_layers`).
    public func parameters(ofLast count: Int) -> (names: [String], remark: String?) {
        let layers = configuration.layers
        let first = max(0, layers - max(count, 0))
        let blocks = Set((first..<layers).flatMap { configuration.blocks(ofLayer: $0) })
        let names = parameters.filter { $0.block.map(blocks.contains) ?? false }.map(\.name)
        let all = (0..<layers).count { configuration.blocks(ofLayer: $0).contains(where: blocks.contains) }
        guard all > layers - first else { return (names, nil) }
        return (
            names,
            """
            the last \(layers - first) of the \(layers) layers of `\(name)` have no parameters of their own: \
            \(all) layers use the same ones, and all of these change with them
            """
        )
    }

    /// Number of the parameters of the graph, and of those of the model with its pooler, as tables of transformers count them.
    public var counts: (graph: Int, withPooler: Int) {
        let graph = parameters.reduce(0) { $0 + $1.shape.count }
        return (graph, graph + configuration.hidden * configuration.hidden + configuration.hidden)
    }
}
