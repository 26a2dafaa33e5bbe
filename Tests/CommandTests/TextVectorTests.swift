import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

/// Vectors of texts through the language, against transformers 5.24 (fixtures of `make_encoders.py` in ModelsTests).
@Suite(.timed) struct TextVectorTests {
    private static let fixtures = Place.tests + "/ModelsTests/Fixtures/encoders"
    private let texts: [String]

    init() throws {
        let json = try JSONValue(parsing: readFile(Self.fixtures + "/texts.json"))
        texts = (json["texts"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// The places of the texts that are not blank: those are refused.
    private var places: [Int] { texts.indices.filter { !texts[$0].allSatisfy(\.isWhitespace) } }

    private static func head(_ architecture: String) -> String {
        """
        encoder e { architecture: \(architecture), weights: "\(fixtures)/\(architecture)", length: 32 }
        let t = csv("data/texts.csv")

        """
    }

    private func project(_ architecture: String, _ script: String) throws -> Project {
        let project = try Project(script: Self.head(architecture) + script)
        let rows = places.map { "\($0),\"" + texts[$0].replacing("\"", with: "\"\"") + "\"\n" }
        try project.write("texts.csv", in: "data", "id,text\n" + rows.joined())
        return project
    }

    @Test(arguments: ["BERT", "RoBERTa", "ALBERT"]) func vectorsAreThoseOfTransformers(_ name: String) throws {
        let expected = try readSafetensors(Self.fixtures + "/\(name)/expected.safetensors")
        let poolings = [("mean", "masked"), ("all", "all"), ("first", "first")]
        var script = ""
        for (word, _) in poolings {
            for layer in 0...2 { script += "export embed(e, t[\"text\"], pool: \(word), layer: \(layer)) to \"\(word)-\(layer).npy\"\n" }
        }
        let project = try project(name, script)
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0, "\(run.err)")
        for (word, key) in poolings {
            guard case .float(let wanted)? = expected["texts.\(key)"]?.values else {
                Issue.record("no texts.\(key)")
                continue
            }
            let largest = wanted.reduce(Float(0)) { max($0, $1.magnitude) }
            for layer in 0...2 {
                let found = try readNpy(joined(project.folder, "\(word)-\(layer).npy"))
                #expect(found.shape == [places.count, 12])
                for (row, place) in places.enumerated() {
                    for column in 0..<12 {
                        let apart = Float(found.values[row * 12 + column]) - wanted[(place * 3 + layer) * 12 + column]
                        #expect(apart.magnitude <= 1e-5 * largest, "\(name) \(word) \(layer) text \(place)")
                    }
                }
            }
        }
    }

    /// Where padding has another id than `pad_token_id`, as in the code of the authors of arXiv:2401.09301, its positions count, and no
    /// position stands for another. The numbers are those of transformers 5.24 for this folder with `pad_token_id` 0.
    @Test func paddingOfAnotherToken() throws {
        let scratch = try Scratch()
        for name in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
            var bytes = try readFile(Self.fixtures + "/RoBERTa/\(name)")
            if name == "config.json" {
                bytes = Array(String(decoding: bytes, as: UTF8.self).replacing("\"pad_token_id\": 1", with: "\"pad_token_id\": 0").utf8)
            }
            try writeWhole(bytes, to: scratch.file(name))
        }
        let project = try Project(
            script: """
                encoder e { architecture: RoBERTa, weights: "\(scratch.path)", length: 32 }
                export embed(e, "Cu2MnAl", pool: all) to "v.npy"
                """)
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0, "\(run.err)")
        let wanted = [
            -1.744844, -0.133056, 0.085013, 0.530778, 0.394614, -0.725017, 0.92695, -0.38124, -1.854188, 2.427576, 0.074576, 0.256886,
        ]
        let found = try readNpy(joined(project.folder, "v.npy")).values
        #expect(found.count == 12 && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found)")
    }

    /// What transformers would make of the settings is not what the file of the tokenizer says: neither is taken in silence.
    @Test(
        arguments: [
            ("BERT", "\"do_lower_case\": true", "\"do_lower_case\": false", "expected `do_lower_case` to be true"),
            ("RoBERTa", "\"add_prefix_space\": false", "\"add_prefix_space\": true", "expected `add_prefix_space` to be false"),
        ]) func settingsThatContradict(_ name: String, _ said: String, _ other: String, _ message: String) throws {
        let scratch = try Scratch()
        for file in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
            var bytes = try readFile(Self.fixtures + "/\(name)/\(file)")
            if file == "tokenizer_config.json" { bytes = Array(String(decoding: bytes, as: UTF8.self).replacing(said, with: other).utf8) }
            try writeWhole(bytes, to: scratch.file(file))
        }
        let project = try Project(script: "encoder e { architecture: \(name), weights: \"\(scratch.path)\" }\nshow e\n")
        let run = try project.ecdx("check", "SCRIPT")
        #expect(run.status == 3 && run.err.contains(message) && run.err.contains("tokenizer_config.json"), "\(run.err)")
    }

    @Test(arguments: ["BERT", "RoBERTa", "ALBERT"]) func tokensAreThoseOfTransformers(_ name: String) throws {
        let expected = try JSONValue(parsing: readFile(Self.fixtures + "/\(name)/expected.json"))
        let project = try project(name, "export tokens(e, t[\"text\"]) to \"tokens.npy\"\nshow tokens(e, t[\"text\"])\n")
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0 && run.out.contains(" are cut at 32"), "\(run.out)\(run.err)")
        let found = try readNpy(joined(project.folder, "tokens.npy"))
        #expect(found.shape == [places.count, 2, 32])
        for (row, place) in places.enumerated() {
            let ids = (expected["ids"]?.arrayValue?[place].arrayValue ?? []).compactMap(\.intValue)
            let count = expected["tokens"]?.arrayValue?[place].intValue ?? -1
            #expect((0..<32).map { Int(found.values[row * 64 + $0]) } == ids, "text \(place)")
            #expect((0..<32).map { found.values[row * 64 + 32 + $0] } == (0..<32).map { $0 < count ? 1 : 0 }, "text \(place)")
        }
    }

    /// A text has the same bits whatever else is encoded, and none is encoded twice.
    @Test func eachTextIsEncodedOnce() throws {
        let project = try project("RoBERTa", "export embed(e, t[\"text\"]) to \"all.npy\"\n")
        let first = try project.ecdx("run", "SCRIPT")
        #expect(first.status == 0 && first.err.contains("encoding 18 texts"), "\(first.err)")
        try project.write("small.ecdx", Self.head("RoBERTa") + "export embed(e, (t |> first(3))[\"text\"]) to \"few.npy\"\n")
        let few = try project.ecdx("run", "SCRIPT")
        #expect(few.status == 0 && !few.err.contains("encoding"), "\(few.err)")
        let all = try readNpy(joined(project.folder, "all.npy"))
        #expect(try readNpy(joined(project.folder, "few.npy")).values == Array(all.values.prefix(36)))
        // In a store of its own.
        let other = try self.project("RoBERTa", "export embed(e, (t |> first(3))[\"text\"]) to \"few.npy\"\n")
        #expect(try other.ecdx("run", "SCRIPT").err.contains("encoding 3 texts"))
        #expect(try readNpy(joined(other.folder, "few.npy")).values == Array(all.values.prefix(36)))
    }

    /// The plan counts the texts of data sets that are to be encoded, each once, and none that is kept.
    @Test func plansCountTexts() throws {
        func script(_ rate: String) -> String {
            """
            dataset d {
                inputs: { x: embed(e, row["text"]) }
                rows:   t |> first(12)
                id:     "id"
                target: { column: "id", scale: standard }
                split:  random(train: 60%, validation: 20%, holdout: 20%, seed: 1)
            }
            model m {
                input x: [12]
                x >> dense(1)
            }
            experiment a { data: d, model: m, loss: mse, seed: 1, epochs: 1, batch: 4, optimizer: adam(rate: \(rate)) }
            experiment b like a { seed: 2 }
            table metrics(a)
            table metrics(b)

            """
        }
        let project = try project("BERT", script("1e-3"))
        let before = try project.ecdx("plan", "SCRIPT")
        let rows = before.out.split(separator: "\n")
        #expect(before.status == 0 && rows.filter { $0.contains("12 texts to encode") }.count == 1, "\(before.out)\(before.err)")
        #expect(rows.first { $0.hasPrefix("b ") }?.contains("encoded texts") == true, "\(before.out)")
        #expect(try project.ecdx("run", "SCRIPT").err.contains("encoding 12 texts"))
        try project.write("small.ecdx", Self.head("BERT") + script("2e-3"))
        let after = try project.ecdx("plan", "SCRIPT").out
        #expect(after.contains("encoded texts") && !after.contains("to encode"), "\(after)")
    }

    @Test(
        arguments: [
            ("embed(e, \"a\", layer: 3)", "at most the 2 layers"), ("embed(e, t[\"id\"])", "a column of text, found a tensor"),
            ("embed(e, csv(\"data/blank.csv\")[\"text\"])", "an empty one"),
        ]) func whatIsRefused(_ code: String, _ message: String) throws {
        let project = try project("BERT", "show \(code)\n")
        try project.write("blank.csv", in: "data", "id,text\na,Cu\nb,\n")
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status != 0 && run.err.contains(message), "\(run.err)")
    }

    @Test(
        arguments: [
            ("architecture: ALBERT, weights: \"FOLDER/BERT\"", "expected weights of ALBERT, found those of BERT"),
            ("architecture: BERT, weights: \"FOLDER/BERT\", length: 100", "expected a length from 1 to 64 tokens"),
            ("architecture: BERT, weights: \"FOLDER/BERT\", length: 2", "over the 2 tokens"),
            ("architecture: BERT, weights: \"FOLDER/none\"", "there is no folder"),
            ("architecture: RoBERTa, weights: \"roberta-base\"", "ecdx fetch weights roberta-base"),
            ("architecture: BERT, weights: \"FOLDER/BERT\", tokenizer: slow", "spiece.model"),
        ]) func encodersThatAreNone(_ body: String, _ message: String) throws {
        let project = try Project(script: "encoder e { \(body.replacing("FOLDER", with: Self.fixtures)) }\nshow e\n")
        let run = try project.ecdx("check", "SCRIPT")
        #expect(run.status == 3 && (run.err + run.out).contains(message), "\(run.out)\(run.err)")
    }
}
