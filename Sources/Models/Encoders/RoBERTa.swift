import Tensors

extension EncoderArchitecture {
    /// RoBERTa (Liu et al., 2019), as `RobertaModel` of transformers 5 defines it: BERT whose positions count the tokens that are
    /// not padding, from behind the padding's id. The defaults are those of `RobertaConfig`; the published models differ in their
    /// config.json (514 positions, one token type, epsilon 1e-5).
    public static let RoBERTa = EncoderArchitecture(
        name: "RoBERTa", modelType: "roberta", prefix: "roberta.",
        defaults: EncoderConfiguration(
            modelType: "roberta", vocabulary: 50265, embedding: 768, hidden: 768, layers: 12, heads: 12, intermediate: 3072,
            activation: .gelu, hiddenDropout: 0.1, attentionDropout: 0.1, positions: 512, tokenTypes: 2, epsilon: 1e-12, padding: 1),
        published: [
            PublishedEncoder(names: ["FacebookAI/roberta-base", "roberta-base"], licence: "MIT", parameters: 124_645_632)
        ],
        pooler: ["pooler.dense.weight", "pooler.dense.bias"],
        build: { builder in
            let start = try builder.embeddings(counting: .afterPadding)
            return try builder.bertLayers(from: start)
        })
}
