import Diagnostics

extension Model {
    /// The model that a file describes. `isByteLevel` says that the text comes to it as bytes. Throws `bad-data` for one that is not done
    /// here, or that does not fit its vocabulary.
    static func read(_ file: TokenizerFile, isByteLevel: Bool) throws -> Model {
        let field = try file.root.required("model")
        let type = try field["type"]?.text() ?? unnamed(field, file.pieces)
        switch type {
        case "BPE": return .pairs(try PairMerging(field, file.pieces, isByteLevel: isByteLevel))
        case "Unigram" where !isByteLevel: return .unigram(try UnigramModel(field, file.pieces))
        case "WordPiece" where !isByteLevel: return .wordPiece(try WordPiece(field, file.pieces))
        case "Unigram", "WordPiece": throw field.unsupported("\(type) behind ByteLevel", supported: "ByteLevel before BPE")
        default: throw field.unsupported("the model `\(type.prefix(40))`", supported: "BPE, Unigram and WordPiece")
        }
    }

    /// The kind of a model in an older file, which does not name it, by the fields that only that kind has.
    private static func unnamed(_ field: Field, _ pieces: ListedPieces) -> String {
        if field["unk_id"] != nil { return "Unigram" }
        if field["max_input_chars_per_word"] != nil { return "WordPiece" }
        return pieces.merges.isEmpty ? "" : "BPE"
    }
}

extension PairMerging {
    init(_ field: Field, _ pieces: ListedPieces, isByteLevel: Bool) throws {
        try field.only(
            "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges")
        if let dropout = field["dropout"], dropout.json.doubleValue != 0 {
            throw field.unsupported("BPE with dropout, which splits by chance", supported: "models without")
        }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard let affix = field[name], try !affix.text().isEmpty else { continue }
            throw field.unsupported("BPE with `\(name)`", supported: "models without")
        }
        guard pieces.scores.isEmpty else { throw field.fault("a vocabulary of pieces with ids", found: "one with scores") }
        let vocabulary = try pieces.vocabulary(field.file)
        var unknown: Int32?
        if let token = field["unk_token"] {
            guard let id = vocabulary.id(of: try token.text()) else { throw token.fault("a token of the vocabulary") }
            unknown = id
        }
        try self.init(
            vocabulary, pieces.merges, isByteLevel: isByteLevel, unknown: unknown, file: field.file,
            fusesUnknown: field.flag("fuse_unk", default: false), fallsBack: field.flag("byte_fallback", default: false),
            ignoresMerges: field.flag("ignore_merges", default: false))
    }

    init(
        _ vocabulary: Vocabulary, _ pairs: [(left: [UInt8], right: [UInt8])], isByteLevel: Bool, unknown: Int32?, file: String,
        fusesUnknown: Bool = false, fallsBack: Bool = false, ignoresMerges: Bool = false
    ) throws {
        var merges = MergeTable()
        for (rank, pair) in pairs.enumerated() {
            guard let left = vocabulary.id(of: pair.left), let right = vocabulary.id(of: pair.right),
                let joined = vocabulary.id(of: pair.left + pair.right)
            else {
                let found = String(utf8Bytes: pair.left + [32] + pair.right)
                throw Diagnostic(
                    "bad-data",
                    "expected pairs of pieces that the vocabulary has, found `\(found)`",
                    data: DataPlace(file: file), hint: "fetch the files of the tokenizer again")
            }
            merges.add(left, right, rank: rank, id: joined)
        }
        self.vocabulary = vocabulary
        self.merges = merges
        self.unknown = unknown
        self.fusesUnknown = fusesUnknown
        self.ignoresMerges = ignoresMerges
        byteSymbols = isByteLevel ? (UInt8(0)...255).map { vocabulary.id(of: ByteAlphabet.text(of: $0)) ?? -1 } : nil
        fallback = fallsBack ? Self.byteIDs(vocabulary) : nil
    }

    /// The ids of the pieces `<0x00>` to `<0xFF>`.
    private static func byteIDs(_ vocabulary: Vocabulary) -> [Int32?] {
        (0..<256).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return vocabulary.id(of: "<0x\(digits.count < 2 ? "0" : "")\(digits)>")
        }
    }
}

extension WordPiece {
    init(_ field: Field, _ pieces: ListedPieces) throws {
        try field.only("unk_token", "continuing_subword_prefix", "max_input_chars_per_word")
        guard pieces.scores.isEmpty else { throw field.fault("a vocabulary of pieces with ids", found: "one with scores") }
        let vocabulary = try pieces.vocabulary(field.file)
        let token = try field.required("unk_token")
        guard let unknown = vocabulary.id(of: try token.text()) else { throw token.fault("a token of the vocabulary") }
        self.init(
            vocabulary: vocabulary, prefix: try field.required("continuing_subword_prefix").bytes(),
            longestWord: try field.required("max_input_chars_per_word").count(), unknown: unknown)
    }
}

extension UnigramModel {
    init(_ field: Field, _ pieces: ListedPieces) throws {
        try field.only("unk_id", "byte_fallback")
        if try field.flag("byte_fallback", default: false) {
            throw field.unsupported("Unigram with `byte_fallback`", supported: "models without")
        }
        guard pieces.scores.count == pieces.texts.count, !pieces.texts.isEmpty else {
            throw field.fault("a vocabulary of pieces with scores", found: "one without")
        }
        let unknown = try field.required("unk_id")
        guard try unknown.count() < pieces.texts.count else { throw unknown.fault("the id of a piece") }
        self.init(vocabulary: try pieces.vocabulary(field.file), pieces, unknown: try unknown.id())
    }

    init(vocabulary: Vocabulary, _ pieces: ListedPieces, unknown: Int32) {
        self.vocabulary = vocabulary
        var trie = PieceTrie()
        for (text, id) in zip(pieces.texts, pieces.ids) { trie.add(text, id: id) }
        let worst = pieces.scores.min() ?? 0
        best = Unigram(trie: trie, scores: pieces.scores, unknownScore: worst - 10, unknown: unknown)
    }
}
