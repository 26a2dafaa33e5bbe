import Builtins
import Language
import Models
import Storage

extension Keys {
    /// What an encoder is: its sizes, weights, tokenizer and the length of its texts, wherever they lie.
    func describe(encoder object: Object) throws -> JSONValue {
        let found = try context.encoder(object)
        return .object([
            "encoder": try JSONValue(encoding: found.configuration), "length": .integer(found.length),
            "weights": .array(try found.files.shards.map { .string(try store.hashes.digest(of: $0, verify: verify).hex) }),
            "tokenizer": .string(found.tokenizer.fingerprint.hex),
        ])
    }

    /// The key of the vectors that an encoder gives for texts, whatever texts there are.
    func vectors(_ question: TextQuestion) throws -> Digest {
        try sha256(
            JSONValue.object([
                "node": "vectors", "version": 2, "encoder": try describe(encoder: question.object),
                "pooling": .string(question.pooling.rawValue), "layer": .integer(question.layer),
            ]).canonical)
    }

    /// The key of the groups of rows that are alike in these inputs.
    func likeRows(_ inputs: [String], of plan: DatasetPlan) throws -> Digest {
        let items = try inputs.map { JSONValue.string(try input($0, of: plan).hex) }
        return try sha256(JSONValue.object(["node": "like-rows", "version": 1, "inputs": .array(items)]).canonical)
    }
}
