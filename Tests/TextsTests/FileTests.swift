import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Texts

/// Tokenizers written for a test: what is read of them, and what is refused by its name.
@Suite(.timed) struct FileTests {
    /// A tokenizer of a few pieces; what is given takes the place of its parts.
    private func tokenizer(_ parts: [String: JSONValue], config: JSONValue? = nil) throws -> Tokenizer {
        let scratch = try Scratch()
        var root: [String: JSONValue] = [
            "version": "1.0", "added_tokens": [], "normalizer": nil, "pre_tokenizer": ["type": "WhitespaceSplit"], "post_processor": nil,
            "model": Self.words,
        ]
        for (name, part) in parts { root[name] = part }
        try scratch.file("tokenizer.json", Array(JSONValue.object(root).canonical.utf8))
        if let config { try scratch.file("tokenizer_config.json", Array(config.canonical.utf8)) }
        return try Tokenizer(folder: scratch.path)
    }

    private static let words: JSONValue = [
        "type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "##", "max_input_chars_per_word": 10,
        "vocab": ["?": 0, "a": 1, "##b": 2, "ab": 3, "b": 4, "x": 5, "<pad>": 6],
    ]

    private func pairs(_ merges: JSONValue, _ more: [String: JSONValue] = [:]) -> JSONValue {
        var model: [String: JSONValue] = [
            "type": "BPE", "vocab": ["a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4, "?": 5, "<0xC3>": 6, "<0xA9>": 7], "merges": merges,
        ]
        for (name, value) in more { model[name] = value }
        return .object(model)
    }

    private func token(_ content: String, _ id: Int, _ flags: [String: JSONValue] = [:]) -> JSONValue {
        var token: [String: JSONValue] = [
            "id": .integer(id), "content": .string(content), "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
            "special": true,
        ]
        for (name, value) in flags { token[name] = value }
        return .object(token)
    }

    @Test func wordsAreSplitFromTheLongestPieceOn() throws {
        let tokenizer = try tokenizer([:])
        #expect(try tokenizer.encode("ab abb xb ac") == [3, 3, 2, 5, 2, 0])
        #expect(try tokenizer.encode("abbbbbbbbb abbbbbbbbbb").suffix(1) == [0])
    }

    @Test func pairsAsTextsAndAsArrays() throws {
        for merges: JSONValue in [["a b", "ab c"], [["a", "b"], ["ab", "c"]]] {
            let tokenizer = try tokenizer(["model": pairs(merges)])
            #expect(try tokenizer.encode("abc abab cab é") == [4, 3, 3, 2, 3])
        }
        let unknown = try tokenizer(["model": pairs(["a b"], ["unk_token": "?"])])
        #expect(try unknown.encode("azzb") == [0, 5, 5, 1])
        let fused = try tokenizer(["model": pairs(["a b"], ["unk_token": "?", "fuse_unk": true])])
        #expect(try fused.encode("azzb") == [0, 5, 1])
        let bytes = try tokenizer(["model": pairs(["a b"], ["unk_token": "?", "byte_fallback": true])])
        #expect(try bytes.encode("aéñ") == [0, 6, 7, 5])
        let whole = try tokenizer(["model": pairs(["a b"], ["ignore_merges": true])])
        #expect(try whole.encode("abc abca") == [4, 3, 2, 0])
    }

    /// Older files do not name the kind of their model.
    @Test func modelsWithoutAKind() throws {
        func without(_ model: JSONValue) -> JSONValue { .object((model.objectValue ?? [:]).filter { $0.key != "type" }) }
        #expect(try tokenizer(["model": without(Self.words)]).encode("ab b") == [3, 4])
        let model = pairs(["a b", "ab c"], ["continuing_subword_prefix": "", "end_of_word_suffix": ""])
        #expect(try tokenizer(["model": without(model)]).encode("abc ab") == [4, 3])
        let fault = diagnostic { try tokenizer(["model": ["vocab": ["a": 0], "unk_token": "a"]]) }
        #expect(fault.message.contains("found the model ``"), "\(fault)")
    }

    @Test func addedTokens() throws {
        let plain = try tokenizer(["added_tokens": [token("<pad>", 6)]])
        #expect(try plain.encode("ab<pad>ab <pad>") == [3, 6, 3, 6])
        #expect(plain.padID == 6)
        let left = try tokenizer(["added_tokens": [token("<m>", 7, ["lstrip": true, "rstrip": true])], "pre_tokenizer": nil])
        #expect(try left.encode("ab  <m> ab") == [3, 7, 3])
        #expect(left.vocabularySize == 8)
        #expect(left.piece(of: 7) == "<m>")
        let single = try tokenizer(["added_tokens": [token("x", 5, ["single_word": true]), token("xx", 7)]])
        #expect(try single.encode("x xb bx xx") == [5, 5, 2, 0, 7])
        let small = try tokenizer(["added_tokens": [token("AB", 7, ["normalized": true])], "normalizer": ["type": "Lowercase"]])
        #expect(try small.encode("AB ab a") == [7, 7, 1])
    }

    @Test func normalizersAndFrames() throws {
        let chain: JSONValue = [
            "type": "Sequence",
            "normalizers": [
                ["type": "Replace", "pattern": ["Regex": " {2,}"], "content": " "],
                ["type": "Replace", "pattern": ["String": "q"], "content": "ab"],
                ["type": "Prepend", "prepend": "a"], ["type": "Strip", "strip_left": true, "strip_right": true],
            ],
        ]
        #expect(try tokenizer(["normalizer": chain]).encode("b   q ") == [3, 3])
        let frame: JSONValue = [
            "type": "TemplateProcessing",
            "single": [["SpecialToken": ["id": "x", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]]],
            "pair": [], "special_tokens": ["x": ["id": "x", "ids": [5], "tokens": ["x"]]],
        ]
        #expect(try tokenizer(["post_processor": frame]).encode("ab") == [5, 3])
        let bert: JSONValue = ["type": "BertProcessing", "sep": ["x", 5], "cls": ["a", 1]]
        #expect(try tokenizer(["post_processor": bert]).encode("ab") == [1, 3, 5])
        let both: JSONValue = [
            "type": "Sequence", "processors": [["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true], bert, frame],
        ]
        #expect(try tokenizer(["post_processor": both]).encode("ab") == [5, 1, 3, 5])
    }

    /// What the tokenizers of the three architectures do not do is refused, and named.
    @Test(
        arguments: [
            ("normalizer", ["type": "Nmt"], "the normalizer `Nmt`"),
            ("normalizer", ["type": "Replace", "pattern": ["Regex": "[0-9]"], "content": ""], "the regular expression `[0-9]`"),
            ("pre_tokenizer", ["type": "Split", "pattern": ["Regex": "a"]], "the pre-tokenizer `Split`"),
            ("post_processor", ["type": "Other"], "the post-processor `Other`"),
            ("model", ["type": "WordLevel", "vocab": ["a": 0]], "the model `WordLevel`"),
            ("model", ["type": "BPE", "dropout": 0.1, "vocab": ["a": 0], "merges": []], "BPE with dropout, which splits by chance"),
            ("model", ["type": "BPE", "end_of_word_suffix": "</w>", "vocab": ["a": 0], "merges": []], "BPE with `end_of_word_suffix`"),
            ("model", ["type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["a", -1]]], "Unigram with `byte_fallback`"),
        ] as [(String, JSONValue, String)])
    func refusesByName(_ part: String, _ value: JSONValue, _ name: String) throws {
        let fault = diagnostic { try tokenizer([part: value]) }
        #expect(fault.id == "bad-data")
        #expect(fault.message == "expected a tokenizer as RoBERTa, ALBERT and BERT have it, found \(name)")
        #expect(fault.notes.first?.hasPrefix("supported are ") == true)
        #expect(fault.data?.file.hasSuffix("tokenizer.json") == true)
    }

    @Test func refusesDamage() throws {
        func message(_ parts: [String: JSONValue], config: JSONValue? = nil) -> String {
            diagnostic { try tokenizer(parts, config: config) }.message
        }
        #expect(
            message(["post_processor": ["type": "BertProcessing", "sep": ["x", 4], "cls": ["a", 1]]])
                == "expected the id of `x` as `post_processor.sep[1]`, found 4, while the vocabulary has 5")
        #expect(
            message(["added_tokens": [token("x", 4)]])
                == "expected a token with an id of its own as `added_tokens[0]`, found `x` as 4")
        #expect(message(["model": pairs(["a z"])]) == "expected pairs of pieces that the vocabulary has, found `a z`")
        #expect(message(["model": ["type": "WordPiece"]]) == "expected a vocabulary with pieces in the vocabulary, found none")
        #expect(message(["normalizer": ["type": "Lowercase", "more": 1]]) == "expected an object without `more` as `normalizer`, found it")
        #expect(message([:], config: ["pad_token": "<none>"]) == "expected a vocabulary with the token `<none>`, found none")
        let unigram: JSONValue = ["type": "Unigram", "unk_id": 0, "vocab": [["?", 0], ["a", -1]]]
        #expect(
            message(["model": unigram, "normalizer": ["type": "StripAccents"]], config: ["keep_accents": true])
                == "expected `keep_accents` to be false, as `tokenizer.json` has it, found true")
        let sign: JSONValue = ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"]
        #expect(
            message(["model": unigram, "pre_tokenizer": sign], config: ["add_prefix_space": true])
                == "expected `add_prefix_space` to be false, as `tokenizer.json` has it, found true")
        #expect(message([:], config: ["padding_side": "left"]) == "expected `right` as `padding_side`, found `left`")
    }

    @Test func refusesFoldersWithoutFiles() throws {
        let scratch = try Scratch()
        try expectFault("missing-file", "expected the files of a tokenizer, found none in `\(scratch.path)`") {
            _ = try Tokenizer(folder: scratch.path)
        }
        let files = try Unpacked("albert")
        try expectFault("missing-file", "expected `spiece.model`, which the slow tokenizer reads, found none in `\(files.path)`") {
            _ = try files.tokenizer(.slow)
        }
        try scratch.file("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n".utf8))
        try expectFault("bad-data", "expected a vocabulary with the token `[MASK]`, found none") { _ = try Tokenizer(folder: scratch.path) }
    }

    /// BERT that keeps capital letters, as its settings say.
    @Test func settingsOfOlderFiles() throws {
        let scratch = try Scratch()
        try scratch.file("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nA\na\nÅ\n".utf8))
        #expect(try Tokenizer(folder: scratch.path).encode("A Å") == [2, 6, 6, 3])
        try scratch.file("tokenizer_config.json", Array(#"{"do_lower_case": false}"#.utf8))
        #expect(try Tokenizer(folder: scratch.path).encode("A Å") == [2, 5, 7, 3])
        try scratch.file("tokenizer_config.json", Array(#"{"do_lower_case": false, "strip_accents": true}"#.utf8))
        #expect(try Tokenizer(folder: scratch.path).encode("A Å") == [2, 5, 5, 3])
    }

    /// Tokens that transformers would look for in a text besides those that are known are not passed over.
    @Test func furtherTokens() throws {
        let scratch = try Scratch()
        try scratch.file("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nA\na\n".utf8))
        for (name, text) in [
            ("special_tokens_map.json", #"{"additional_special_tokens": ["[SEP]", "A"]}"#), ("added_tokens.json", #"{"A": 5, "[SEP]": 3}"#),
            ("tokenizer_config.json", #"{"extra_special_tokens": {"crystal": {"content": "A"}}}"#),
        ] {
            try scratch.file(name, Array(text.utf8))
            let fault = diagnostic { try Tokenizer(folder: scratch.path) }
            #expect(fault.id == "bad-data" && fault.message.hasSuffix("found `A` besides"), "\(fault)")
            #expect(fault.data?.file.hasSuffix(name) == true)
            try scratch.file(name, Array("{}".utf8))
        }
        #expect(try Tokenizer(folder: scratch.path).encode("a") == [2, 6, 3])
    }

    /// The slow tokenizer looks for the tokens that transformers 4 lists in a text before it is split: the ids are those of 4.57.6.
    @Test func tokensOfTheSlowTokenizer() throws {
        let files = try Unpacked("albert-old", "albert-4", without: ["tokenizer.json"])
        let tokenizer = try files.tokenizer(.slow)
        let expected: [(String, [Int])] = [
            ("Fm-3m (225), a \"b\" - c", [2, 177, 8, 13, 14, 54, 5, 13, 16, 16, 23, 6, 13, 37, 15, 7, 133, 7, 8, 13, 81, 3]),
            ("x (111)-plane", [2, 13, 50, 5, 13, 18, 18, 18, 6, 8, 386, 3]), ("a  (b)", [2, 15, 5, 133, 6, 3]),
            ("A  -B [MASK] c", [2, 15, 8, 133, 4, 13, 81, 3]), ("NaCl", [2, 284, 200, 3]),
            ("Mg-O 2.1 A.", [2, 218, 8, 13, 35, 13, 16, 9, 13, 18, 15, 9, 3]),
        ]
        for (text, ids) in expected { #expect(try tokenizer.encode(text) == ids, "\(text)") }
        let config = String(decoding: try readFile(files.scratch.file("tokenizer_config.json")), as: UTF8.self)
        let changed = config.replacing("\"content\": \"(\"", with: "\"content\": \"Cu\"")
        #expect(changed != config)
        try files.scratch.file("tokenizer_config.json", Array(changed.utf8))
        #expect(diagnostic { try files.tokenizer(.slow) }.message.hasSuffix("found `Cu`"))
    }

    /// The two characters at the end of a line are one to a character map, and become one space, as in `tokenizers`.
    @Test func lineEndsInCharacterMaps() throws {
        let file = try withFile("spiece.model", packed("albert-old/spiece.model")) { try SentencePieceFile(path: $0) }
        let map = try CharacterMap(file.map, file: "spiece.model")
        var out: [UInt8] = []
        Array("a\r\nb\rc\nd".utf8).withUnsafeBufferPointer { map.apply($0, to: &out) }
        #expect(String(utf8Bytes: out) == "a b c d")
    }

    @Test func signsBeforeTheFirstWord() throws {
        let sign: JSONValue = ["type": "Metaspace", "replacement": "b", "prepend_scheme": "first"]
        #expect(try tokenizer(["pre_tokenizer": sign, "model": pairs([])]).encode("a c") == [1, 0, 1, 2])
        let fault = diagnostic { try tokenizer(["pre_tokenizer": sign, "normalizer": ["type": "Lowercase"]]) }
        #expect(fault.message.hasSuffix("found Metaspace with `prepend_scheme` `first` behind a normalizer"))
    }
}
