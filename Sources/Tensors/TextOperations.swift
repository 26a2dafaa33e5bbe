import Diagnostics

/// The embedding of a text: for each token the sum of a row of a table of words, of one of positions and of one of token types.
/// Parameters are given by name; a table is (rows, width).
public struct TextEmbedding: Sendable, Hashable, Codable {
    /// How positions are counted.
    public enum Positions: Sendable, Hashable, Codable {
        /// 0, 1, 2, ... over all tokens, padding included.
        case all
        /// Over the tokens that are not padding, from the row after that of the padding's id on; padding itself has the position
        /// of its id (`create_position_ids_from_input_ids` of transformers).
        case afterPadding
    }

    /// Width of the tables.
    public var width: Int
    /// Name of the table of words, of one row for each id.
    public var words: String
    /// Name of the table of positions.
    public var positions: String
    /// Name of the table of token types, of which row 0 is taken; nil where there is none.
    public var types: String?
    /// How positions are counted.
    public var counting: Positions
    /// Id of the padding, whose row of the table of words no gradient moves; nil where there is none. Where positions are counted
    /// after it, its row of that table is not moved either.
    public var padding: Int?

    /// Makes an embedding over tables of the given names.
    public init(width: Int, words: String, positions: String, types: String?, counting: Positions, padding: Int?) {
        (self.width, self.words, self.positions, self.types) = (width, words, positions, types)
        (self.counting, self.padding) = (counting, padding)
    }
}

/// A layer normalisation: gamma * (x - mean) / sqrt(variance + epsilon) + beta over the last axis, with the biased variance.
public struct LayerNormalization: Sendable, Hashable, Codable {
    /// Names of the scale and of the shift.
    public var gamma, beta: String
    /// Number added to the variance before the square root.
    public var epsilon: Float
    /// Makes a layer normalisation over parameters of the given names.
    public init(gamma: String, beta: String, epsilon: Float) { (self.gamma, self.beta, self.epsilon) = (gamma, beta, epsilon) }
}

/// Self-attention: for each head softmax(q k^T / sqrt(size) + mask) v, where the mask adds the least number of single precision to
/// keys that are padding. Rows whose keys are all padding see all of them alike.
public struct Attention: Sendable, Hashable, Codable {
    /// The number of heads, which divides the width.
    public var heads: Int
    /// The share of weights that dropout sets to zero, in training where queries, keys or values depend on something that learns.
    public var dropout: Float
    /// The place of its dropout among those of the graph, which keys its random numbers.
    public var index: Int
    /// Makes an attention of the given heads.
    public init(heads: Int, dropout: Float = 0, index: Int = 0) { (self.heads, self.dropout, self.index) = (heads, dropout, index) }
}

/// The mean of a sequence over its tokens.
public struct TokenMean: Sendable, Hashable, Codable {
    /// Whether tokens that are padding are left out; a text of padding alone then has the mean 0.
    public var masked: Bool
    /// How many tokens the last one stands for, in a mean over all: equal tokens at the end, as the padding of RoBERTa, are
    /// computed once.
    public var lastCount: Int
    /// Makes a mean; each token counts once unless `lastCount` says how often the last one does.
    public init(masked: Bool, lastCount: Int = 1) { (self.masked, self.lastCount) = (masked, lastCount) }
}

extension Operation {
    /// The place of the operation's dropout among those of its graph; nil where it has none.
    public var dropoutIndex: Int? {
        switch self {
        case .dropout(_, let index), .learningDropout(_, let index): index
        case .attention(let attention): attention.dropout > 0 ? attention.index : nil
        default: nil
        }
    }

    /// The shape of one item of the output of an operation on sequences.
    func sequenceShape(of inputs: [Shape], layer: String) throws -> Shape {
        let input = inputs.first ?? []
        switch self {
        case .textEmbedding(let embedding):
            try Operation.expectText(input, layer: layer)
            return [input.extents[1], embedding.width]
        case .layerNorm:
            guard input.rank >= 1, inputs.count <= 2, inputs.allSatisfy({ $0 == input }) else {
                throw Diagnostic("shape", "`\(layer)` expected one input, or two of one shape")
            }
            return input
        case .attention(let attention):
            guard inputs.count == 4, input.rank == 2, inputs[1] == input, inputs[2] == input, attention.heads > 0,
                input.extents[1] % attention.heads == 0
            else {
                throw Diagnostic(
                    "shape", "`\(layer)` expected three sequences of one width that \(attention.heads) heads divide, and a text")
            }
            try Operation.expectText(inputs[3], layer: layer)
            try Operation.expectLength(inputs[3], input, layer: layer)
            return input
        case .tokenMean(let mean):
            guard inputs.count == 2, input.rank == 2, mean.lastCount >= 1 else {
                throw Diagnostic("shape", "`\(layer)` expected a sequence and a text")
            }
            try Operation.expectText(inputs[1], layer: layer)
            try Operation.expectLength(inputs[1], input, layer: layer)
            return [input.extents[1]]
        default:
            guard input.rank == 2 else { throw Diagnostic("shape", "`\(layer)` expected a sequence (length, width), found \(input)") }
            return [input.extents[1]]
        }
    }

    private static func expectText(_ shape: Shape, layer: String) throws {
        guard shape.rank == 2, shape.extents[0] == 2, shape.extents[1] > 0 else {
            throw Diagnostic("shape", "`\(layer)` expected a text (2, length) of ids and mask, found \(shape)")
        }
    }

    private static func expectLength(_ text: Shape, _ sequence: Shape, layer: String) throws {
        guard text.extents[1] == sequence.extents[0] else {
            throw Diagnostic(
                "shape", "`\(layer)` expected a text as long as the sequence, found \(text.extents[1]) and \(sequence.extents[0])")
        }
    }
}
