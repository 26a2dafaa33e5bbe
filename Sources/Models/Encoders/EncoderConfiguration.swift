import Diagnostics
import Tensors

/// The sizes of a transformer encoder: what config.json says of it.
public struct EncoderConfiguration: Sendable, Hashable, Codable {
    /// The `model_type`, which says the architecture.
    public var modelType: String
    /// Number of ids, `vocab_size`.
    public var vocabulary: Int
    /// Width of the embedding, which is that of the hidden states but for ALBERT, `embedding_size`.
    public var embedding: Int
    /// Width of the hidden states, `hidden_size`.
    public var hidden: Int
    /// Number of layers, `num_hidden_layers`.
    public var layers: Int
    /// Number of attention heads, `num_attention_heads`.
    public var heads: Int
    /// Width between the two dense layers of a block, `intermediate_size`.
    public var intermediate: Int
    /// Activation between them, `hidden_act`.
    public var activation: Activation
    /// Dropout of hidden states and of attention weights in training.
    public var hiddenDropout, attentionDropout: Double
    /// Rows of the table of positions, `max_position_embeddings`.
    public var positions: Int
    /// Number of token types, `type_vocab_size`.
    public var tokenTypes: Int
    /// The number added to variances, `layer_norm_eps`.
    public var epsilon: Double
    /// Id of the padding, `pad_token_id`; nil where there is none.
    public var padding: Int?
    /// Number of groups of layers that share parameters, `num_hidden_groups`; nil where each layer has its own.
    public var groups: Int?
    /// Number of layers in each group, `inner_group_num`.
    public var innerLayers: Int = 1

    /// The architecture of the encoder; nil for a model type that is none.
    public var architecture: EncoderArchitecture? { EncoderArchitecture.ofType(modelType) }

    /// The longest text in tokens: positions that are counted from behind the padding's leave some rows out.
    public var longest: Int { countsAfterPadding ? positions - (padding ?? 0) - 1 : positions }

    /// Whether equal padding has equal hidden states, whatever its place: then one padding token can stand for all.
    public var paddingIsEqual: Bool { countsAfterPadding }

    /// Whether positions count the tokens that are not padding.
    var countsAfterPadding: Bool { modelType == EncoderArchitecture.RoBERTa.modelType }

    /// The number of blocks that have parameters of their own.
    public var blockCount: Int { groups.map { $0 * innerLayers } ?? layers }

    /// The group of a layer (transformers, `AlbertTransformer.forward`).
    func group(ofLayer layer: Int) -> Int { groups.map { layer * $0 / max(layers, 1) } ?? layer }

    /// The blocks that a layer applies, in order.
    public func blocks(ofLayer layer: Int) -> [Int] {
        guard groups != nil else { return [layer] }
        return (0..<innerLayers).map { group(ofLayer: layer) * innerLayers + $0 }
    }

    /// Throws the diagnostic `bad-data` where a tokenizer has ids that the embedding has no row for, or so few that it is of another
    /// model: embeddings are rounded up, by two rows in a hundred at most.
    public func check(vocabularyOf tokenizer: Int, file: String) throws {
        guard tokenizer <= vocabulary else { throw tooMany(tokenizer, file) }
        guard tokenizer < vocabulary - max(128, vocabulary / 50) else { return }
        throw Diagnostic(
            "bad-data", "expected a tokenizer of about \(vocabulary) ids, as many as the encoder has, found \(tokenizer)",
            data: DataPlace(file: file), hint: "take the tokenizer and the weights of one model")
    }

    private func tooMany(_ tokenizer: Int, _ file: String) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected a tokenizer of at most \(vocabulary) ids, as many as the encoder has, found \(tokenizer)",
            data: DataPlace(file: file), hint: "take the tokenizer and the weights of one model")
    }

    /// Throws the diagnostic `layer-argument` where texts of a length in tokens are longer than the encoder reads, or empty.
    public func check(length: Int, name: String) throws {
        guard length < 1 || length > longest else { return }
        throw Diagnostic(
            "layer-argument", "`\(name)` expected a length from 1 to \(longest) tokens, found \(length)",
            hint: length > longest ? "say `length: \(longest)`, and longer texts are cut" : nil)
    }
}
