import Tensors

extension EncoderArchitecture {
    /// ALBERT (Lan et al., 2019), as `AlbertModel` of transformers 5 defines it: an embedding of its own width that a dense layer
    /// brings to that of the hidden states, and layers that share their parameters. The defaults are those of `AlbertConfig`, the
    /// sizes of the largest model.
    public static let ALBERT = EncoderArchitecture(
        name: "ALBERT", modelType: "albert", prefix: "albert.",
        defaults: EncoderConfiguration(
            modelType: "albert", vocabulary: 30000, embedding: 128, hidden: 4096, layers: 12, heads: 64, intermediate: 16384,
            activation: .geluTanh, hiddenDropout: 0, attentionDropout: 0, positions: 512, tokenTypes: 2, epsilon: 1e-12, padding: 0,
            groups: 1, innerLayers: 1),
        published: [
            PublishedEncoder(names: ["albert/albert-base-v2", "albert-base-v2"], licence: "Apache 2.0", parameters: 11_683_584)
        ],
        pooler: ["pooler.weight", "pooler.bias"],
        build: { try $0.albertLayers() })
}

extension EncoderBuilder {
    fileprivate mutating func albertLayers() throws -> [Int] {
        var x = try embeddings(counting: .all)
        x = try dense(x, configuration.hidden, "embeddings.projection", tensor: "encoder.embedding_hidden_mapping_in")
        var states = [x]
        for layer in 0..<configuration.layers {
            for block in configuration.blocks(ofLayer: layer) {
                let (group, inner) = (block / configuration.innerLayers, block % configuration.innerLayers)
                let place = "encoder.albert_layer_groups.\(group).albert_layers.\(inner)"
                let tensors = BlockTensors(
                    heads: "\(place).attention", attention: "\(place).attention.dense", attentionNorm: "\(place).attention.LayerNorm",
                    inner: "\(place).ffn", outer: "\(place).ffn_output", norm: "\(place).full_layer_layer_norm", dropsOuter: false)
                self.block = block
                x = try self.block(x, "group.\(group).layer.\(inner)", tensors)
                states.append(x)
            }
        }
        return states
    }
}
