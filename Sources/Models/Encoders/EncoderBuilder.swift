import Diagnostics
import Tensors

/// Appends an encoder to a network: nodes and parameters under its name, and for each parameter the tensor of a file that it comes
/// from. A parameter that was made before is used again.
struct EncoderBuilder {
    var network: NetworkBuilder
    let name: String
    let configuration: EncoderConfiguration
    /// The node of the text.
    let text: Int
    /// Whether dropouts are part of the graph.
    let hasDropout: Bool
    private(set) var parameters: [EncoderParameter] = []
    private var known: Set<String> = []
    /// The block whose parameters are being made; nil for the embeddings.
    var block: Int?

    init(network: NetworkBuilder, name: String, configuration: EncoderConfiguration, text: Int, hasDropout: Bool) {
        (self.network, self.name, self.configuration, self.text) = (network, name, configuration, text)
        self.hasDropout = hasDropout
    }

    /// Declares a parameter; nil where it was declared before.
    private mutating func parameter(
        _ local: String, _ shape: Shape, _ initializer: Initializer, tensor: String, transposed: Bool = false
    ) -> ParameterSpec? {
        let full = "\(name).\(local)"
        guard known.insert(full).inserted else { return nil }
        parameters.append(EncoderParameter(name: full, shape: shape, tensor: tensor, isTransposed: transposed, block: block))
        return ParameterSpec(name: full, shape: shape, initializer: initializer)
    }

    private mutating func add(_ operation: Operation, to inputs: [Int], _ local: String, _ parameters: [ParameterSpec?] = []) throws -> Int
    {
        try network.graph.add(operation, to: inputs, layer: "\(name).\(local)", parameters: parameters.compactMap { $0 })
    }

    private static let normal = Initializer.normal(deviation: 0.02)

    /// Appends the embedding of the text, its normalisation and its dropout.
    mutating func embeddings(counting: TextEmbedding.Positions) throws -> Int {
        let width = configuration.embedding
        let tables = [
            ("words", configuration.vocabulary, "word"), ("positions", configuration.positions, "position"),
            ("types", configuration.tokenTypes, "token_type"),
        ].map { local, rows, tensor in
            parameter("embeddings.\(local)", [rows, width], Self.normal, tensor: "embeddings.\(tensor)_embeddings.weight")
        }
        let embedding = TextEmbedding(
            width: width, words: "\(name).embeddings.words", positions: "\(name).embeddings.positions", types: "\(name).embeddings.types",
            counting: counting, padding: configuration.padding)
        let sum = try add(.textEmbedding(embedding), to: [text], "embeddings", tables)
        let norm = try self.norm([sum], width, "embeddings.norm", tensor: "embeddings.LayerNorm")
        return try dropout(norm, configuration.hiddenDropout, "embeddings.dropout")
    }

    /// Appends a dense layer on each token.
    mutating func dense(_ input: Int, _ units: Int, _ local: String, tensor: String, activation: Activation? = nil) throws -> Int {
        let width = network.graph.nodes[input].shape.extents.last ?? 0
        let parameters = [
            parameter("\(local).kernel", [width, units], Self.normal, tensor: "\(tensor).weight", transposed: true),
            parameter("\(local).bias", [units], .zeros, tensor: "\(tensor).bias"),
        ]
        let node = try add(
            .dense(units: units, kernel: "\(name).\(local).kernel", bias: "\(name).\(local).bias"), to: [input], local, parameters)
        guard let activation else { return node }
        return try add(.activation(activation), to: [node], local)
    }

    /// Appends the layer normalisation of a value, or of the sum of two.
    mutating func norm(_ inputs: [Int], _ width: Int, _ local: String, tensor: String) throws -> Int {
        let parameters = [
            parameter("\(local).gamma", [width], .ones, tensor: "\(tensor).weight"),
            parameter("\(local).beta", [width], .zeros, tensor: "\(tensor).bias"),
        ]
        let norm = LayerNormalization(
            gamma: "\(name).\(local).gamma", beta: "\(name).\(local).beta", epsilon: Float(configuration.epsilon))
        return try add(.layerNorm(norm), to: inputs, local, parameters)
    }

    /// Appends self-attention; `tensors` are the names of queries, keys and values in files.
    mutating func attention(_ input: Int, _ local: String, tensor: String) throws -> Int {
        let width = configuration.hidden
        let inputs = try ["query", "key", "value"].map { try dense(input, width, "\(local).\($0)", tensor: "\(tensor).\($0)") }
        let rate = hasDropout ? Float(configuration.attentionDropout) : 0
        let attention = Attention(heads: configuration.heads, dropout: rate, index: rate > 0 ? network.graph.dropoutCount : 0)
        return try add(.attention(attention), to: inputs + [text], local)
    }

    /// Appends a dropout that is active where what is before it learns.
    mutating func dropout(_ input: Int, _ rate: Double, _ local: String) throws -> Int {
        guard hasDropout, rate > 0 else { return input }
        return try add(.learningDropout(rate: Float(rate), index: network.graph.dropoutCount), to: [input], local)
    }
}

/// The names of a block's tensors in a file.
struct BlockTensors {
    /// What queries, keys and values stand below.
    var heads: String
    /// The dense layer behind the attention and the normalisation behind that.
    var attention, attentionNorm: String
    /// The two dense layers of the block, and the last normalisation.
    var inner, outer, norm: String
    /// Whether dropout follows the second dense layer.
    var dropsOuter: Bool
}

extension EncoderBuilder {
    /// Appends a block, normalised behind each sum: attention, a dense layer, the sum with the input; two dense layers with the
    /// activation between them, the sum with what was before them.
    mutating func block(_ input: Int, _ local: String, _ tensors: BlockTensors) throws -> Int {
        let width = configuration.hidden
        let rate = configuration.hiddenDropout
        let heads = try attention(input, "\(local).attention", tensor: tensors.heads)
        var x = try dense(heads, width, "\(local).attention.output", tensor: tensors.attention)
        x = try dropout(x, rate, "\(local).attention.dropout")
        let attended = try norm([x, input], width, "\(local).attention.norm", tensor: tensors.attentionNorm)
        x = try dense(
            attended, configuration.intermediate, "\(local).intermediate", tensor: tensors.inner, activation: configuration.activation)
        x = try dense(x, width, "\(local).output", tensor: tensors.outer)
        if tensors.dropsOuter { x = try dropout(x, rate, "\(local).dropout") }
        return try norm([x, attended], width, "\(local).norm", tensor: tensors.norm)
    }
}

extension NetworkBuilder {
    /// Adds an input of texts, items of shape (2, length): the ids of the tokens, then the mask, 1 for a token and 0 for padding.
    /// Throws `layer-argument` where the name is taken or the length is none.
    public mutating func textInput(_ name: String, length: Int) throws -> Int {
        guard !graph.inputs.contains(where: { $0.name == name }) else {
            throw Diagnostic("layer-argument", "input `\(name)` is declared twice")
        }
        guard (1...(1 << 20)).contains(length) else {
            throw Diagnostic("layer-argument", "input `\(name)` expected a length of at least 1 token, found \(length)")
        }
        return graph.addInput(name, shape: [2, length])
    }

    /// Appends an encoder to a text (2, length) and returns the node of its last hidden states (length, hidden). With `dropout`,
    /// blocks that learn drop out in training as the configuration says. Throws `shape` where the node is no text,
    /// `layer-argument` where it is longer than the encoder reads, and `bad-data` for a model type that is none.
    public mutating func encoder(
        _ configuration: EncoderConfiguration, to text: Int, named given: String? = nil, dropout: Bool = true
    ) throws -> (node: Int, encoder: Encoder) {
        guard let architecture = configuration.architecture else {
            throw Diagnostic("bad-data", "there is no encoder of the model type `\(configuration.modelType)`")
        }
        guard graph.nodes.indices.contains(text) else { throw Diagnostic("shape", "`\(architecture.name)` has no input") }
        let shape = graph.nodes[text].shape
        guard shape.rank == 2, shape.extents[0] == 2 else {
            throw Diagnostic("shape", "`\(architecture.name)` expected a text (2, length) of ids and mask, found \(shape)")
        }
        let name = given ?? claimName(architecture.name)
        try configuration.check(length: shape.extents[1], name: name)
        var builder = EncoderBuilder(network: self, name: name, configuration: configuration, text: text, hasDropout: dropout)
        let states = try architecture.build(&builder)
        guard let last = states.last else { throw Diagnostic("internal", "`\(name)` has no hidden states") }
        self = builder.network
        return (last, Encoder(name: name, configuration: configuration, parameters: builder.parameters, hiddenStates: states))
    }

    /// Appends the mean of a sequence over the tokens of its text, a vector. `masked`: without padding. `lastCount`: how many
    /// tokens the last one stands for in a mean over all. Throws `shape`.
    public mutating func tokenMean(of sequence: Int, text: Int, masked: Bool, lastCount: Int = 1) throws -> Int {
        try graph.add(
            .tokenMean(TokenMean(masked: masked, lastCount: lastCount)), to: [sequence, text], layer: claimName("tokenMean"))
    }

    /// Appends the first token of a sequence, a vector. Throws `shape`.
    public mutating func firstToken(of sequence: Int) throws -> Int {
        try graph.add(.firstToken, to: [sequence], layer: claimName("firstToken"))
    }
}
