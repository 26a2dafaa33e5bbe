import Tensors

extension EncoderArchitecture {
    /// BERT (Devlin et al., 2018), as `BertModel` of transformers 5 defines it. The defaults are those of `BertConfig`.
    public static let BERT = EncoderArchitecture(
        name: "BERT", modelType: "bert", prefix: "bert.",
        defaults: EncoderConfiguration(
            modelType: "bert", vocabulary: 30522, embedding: 768, hidden: 768, layers: 12, heads: 12, intermediate: 3072,
            activation: .gelu, hiddenDropout: 0.1, attentionDropout: 0.1, positions: 512, tokenTypes: 2, epsilon: 1e-12, padding: 0),
        published: [
            PublishedEncoder(
                names: ["sentence-transformers/all-MiniLM-L6-v2", "all-MiniLM-L6-v2"], licence: "Apache 2.0", parameters: 22_713_216)
        ],
        pooler: ["pooler.dense.weight", "pooler.dense.bias"],
        build: { builder in
            let start = try builder.embeddings(counting: .all)
            return try builder.bertLayers(from: start)
        })
}

extension EncoderBuilder {
    /// Appends the layers of BERT, each with parameters of its own, and gives all hidden states, that of the embeddings first.
    mutating func bertLayers(from start: Int) throws -> [Int] {
        var states = [start]
        for layer in 0..<configuration.layers {
            block = layer
            let place = "encoder.layer.\(layer)"
            let tensors = BlockTensors(
                heads: "\(place).attention.self", attention: "\(place).attention.output.dense",
                attentionNorm: "\(place).attention.output.LayerNorm", inner: "\(place).intermediate.dense", outer: "\(place).output.dense",
                norm: "\(place).output.LayerNorm", dropsOuter: true)
            states.append(try self.block(states[layer], "layer.\(layer)", tensors))
        }
        return states
    }
}
