import Diagnostics
import Models
import Storage
import TestSupport
import Testing
import Weights

@Suite(.timed) struct EncoderConfigurationTests {
    private func configuration(_ text: String) throws -> EncoderConfiguration {
        try EncoderConfiguration(JSONValue(parsing: text), file: "config.json")
    }

    /// Counts that transformers gives for the published sizes (of Table 3 of the paper for RoBERTa-base), with the pooler.
    @Test(arguments: [
        (
            #"{"model_type":"roberta","max_position_embeddings":514,"type_vocab_size":1,"layer_norm_eps":1e-05}"#, 124_055_040, 124_645_632,
            512, 12
        ),
        (
            #"{"model_type":"albert","hidden_size":768,"num_attention_heads":12,"intermediate_size":3072}"#, 11_093_000 - 8, 11_683_584,
            512,
            1
        ),
        (
            #"""
            {"model_type":"bert","hidden_size":384,"num_hidden_layers":6,"intermediate_size":1536,"position_embedding_type":"absolute"}
            """#,
            22_565_376, 22_713_216, 512, 6
        ),
    ]) func countsOfPublishedModels(_ text: String, _ graph: Int, _ whole: Int, _ longest: Int, _ blocks: Int) throws {
        let configuration = try configuration(text)
        var builder = NetworkBuilder()
        let node = try builder.textInput("text", length: 4)
        let encoder = try builder.encoder(configuration, to: node).encoder
        #expect(encoder.counts == (graph, whole))
        #expect(builder.graph.parameters.reduce(0) { $0 + $1.shape.count } == graph)
        #expect(configuration.longest == longest && encoder.blockCount == blocks)
        #expect(configuration.architecture?.published.contains { $0.parameters == whole } == true)
        #expect(builder.graph.summary.map(\.keyword) == ["input", configuration.architecture?.name ?? ""])
    }

    @Test func fieldsThatAreLeftOut() throws {
        let found = try configuration(#"{"model_type":"roberta"}"#)
        #expect(found == EncoderArchitecture.RoBERTa.defaults && found.longest == 510)
        #expect(try configuration(#"{"model_type":"bert","pad_token_id":null}"#).padding == nil)
        #expect(try configuration(#"{"model_type":"bert","hidden_act":"gelu_pytorch_tanh"}"#).activation == .geluTanh)
    }

    @Test(arguments: [
        (#"[1]"#, "an object in a config.json"),
        (#"{"hidden_size":4}"#, "a `model_type`, found none"),
        (#"{"model_type":"gpt2"}"#, "`roberta`, `albert`, `bert`, found `gpt2`"),
        (#"{"model_type":"bert","hidden_act":"swish"}"#, "found `swish`"),
        (#"{"model_type":"bert","hidden_act":{}}"#, "found another value"),
        (#"{"model_type":"bert","num_attention_heads":7}"#, "divide the `hidden_size` 768, found 7"),
        (#"{"model_type":"bert","position_embedding_type":"relative_key"}"#, "found `relative_key`, which is not supported"),
        (#"{"model_type":"bert","hidden_size":"768"}"#, "a whole number as `hidden_size`, found `768`"),
        (#"{"model_type":"bert","hidden_size":768.5}"#, "a whole number as `hidden_size`"),
        (#"{"model_type":"bert","hidden_size":null}"#, "a whole number as `hidden_size`, found null"),
        (#"{"model_type":"bert","num_hidden_layers":0}"#, "from 1 to 4096, found 0"),
        (#"{"model_type":"bert","num_attention_heads":0}"#, "from 1 to 16777216, found 0"),
        (#"{"model_type":"bert","vocab_size":99999999999}"#, "found 99999999999"),
        (#"{"model_type":"bert","vocab_size":16777216,"hidden_size":12000}"#, "below 64 GiB"),
        (#"{"model_type":"bert","hidden_size":16777216,"num_attention_heads":1}"#, "below 64 GiB"),
        (#"{"model_type":"bert","layer_norm_eps":"small"}"#, "a number as `layer_norm_eps`, found `small`"),
        (#"{"model_type":"bert","layer_norm_eps":-1}"#, "from 0.0 to 1.0"),
        (#"{"model_type":"bert","hidden_dropout_prob":1.0}"#, "found 1.0"),
        (#"{"model_type":"bert","is_decoder":true}"#, "found a decoder"),
        (#"{"model_type":"roberta","pad_token_id":60000}"#, "below the `vocab_size`"),
        (#"{"model_type":"roberta","pad_token_id":null}"#, "found 512"),
        (#"{"model_type":"roberta","max_position_embeddings":2}"#, "found 2"),
        (#"{"model_type":"albert","num_hidden_groups":5}"#, "divide the 12 layers, found 5"),
    ]) func refused(_ text: String, _ message: String) throws {
        let found = #expect(throws: Diagnostic.self) { try configuration(text) }
        #expect(found?.id == "bad-data" && found?.data?.file == "config.json")
        #expect(found?.message.contains(message) == true, "\(found?.message ?? "")")
    }

    @Test func lengthsAndVocabularies() throws {
        let roberta = try configuration(#"{"model_type":"roberta","max_position_embeddings":514}"#)
        var builder = NetworkBuilder()
        let text = try builder.textInput("text", length: 513)
        let found = #expect(throws: Diagnostic.self) { try builder.encoder(roberta, to: text) }
        #expect(found?.id == "layer-argument" && found?.message.contains("from 1 to 512 tokens, found 513") == true)
        let image = try builder.input("image", shape: [4, 4, 1])
        #expect(throws: Diagnostic.self) { try builder.encoder(roberta, to: image) }
        #expect(throws: Diagnostic.self) { try builder.textInput("other", length: 0) }
        try roberta.check(vocabularyOf: 50265, file: "tokenizer.json")
        let larger = #expect(throws: Diagnostic.self) { try roberta.check(vocabularyOf: 50266, file: "tokenizer.json") }
        #expect(larger?.data?.file == "tokenizer.json")
    }

    @Test func lastLayers() throws {
        func encoder(_ text: String) throws -> Encoder {
            var builder = NetworkBuilder()
            let text = (try configuration(text), try builder.textInput("text", length: 4))
            return try builder.encoder(text.0, to: text.1, named: "e").encoder
        }
        let bert = try encoder(#"{"model_type":"bert","hidden_size":8,"num_attention_heads":2,"num_hidden_layers":3,"vocab_size":9}"#)
        #expect(bert.parameters(ofLast: 2).names == bert.parameters(ofBlock: 1) + bert.parameters(ofBlock: 2))
        #expect(bert.parameters(ofLast: 2).remark == nil && bert.parameters(ofLast: 2).names.count == 32)
        #expect(bert.parameters(ofLast: 9).names.count == 48 && bert.parameters(ofLast: 0).names.isEmpty)
        #expect(bert.parameters(ofBlock: 0).contains("e.layer.0.attention.query.kernel"))
        let shared = #"{"model_type":"albert","hidden_size":8,"num_attention_heads":2,"vocab_size":9,"num_hidden_groups":GROUPS}"#
        let albert = try encoder(shared.replacing("GROUPS", with: "1"))
        let (names, remark) = albert.parameters(ofLast: 2)
        #expect(names == albert.parameters(ofBlock: 0) && names.count == 16)
        #expect(remark?.contains("the last 2 of the 12 layers of `e`") == true && remark?.contains("12 layers use the same ones") == true)
        let grouped = try encoder(shared.replacing("GROUPS", with: "6"))
        #expect(grouped.parameters(ofLast: 2).remark == nil && grouped.parameters(ofLast: 3).remark != nil)
    }
}
