import Diagnostics
import Storage

/// The names of special tokens of an architecture, where the files say no others.
struct SpecialNames {
    var first: String
    var last: String
    var unknown: String
    var padding: String
    var mask: String

    static let roberta = SpecialNames(first: "<s>", last: "</s>", unknown: "<unk>", padding: "<pad>", mask: "<mask>")
    static let albert = SpecialNames(first: "[CLS]", last: "[SEP]", unknown: "<unk>", padding: "<pad>", mask: "[MASK]")
    static let bert = SpecialNames(first: "[CLS]", last: "[SEP]", unknown: "[UNK]", padding: "[PAD]", mask: "[MASK]")

    /// These names, but for those that the files give.
    func read(_ settings: TokenizerSettings) throws -> SpecialNames {
        SpecialNames(
            first: try settings.token("cls_token") ?? first, last: try settings.token("sep_token") ?? last,
            unknown: try settings.token("unk_token") ?? unknown, padding: try settings.token("pad_token") ?? padding,
            mask: try settings.token("mask_token") ?? mask)
    }
}

/// The files of before `tokenizer.json`, read as `transformers` 5 makes tokenizers of them.
enum OldFiles {
    /// The parts of a tokenizer.
    struct Parts {
        var pipeline: Pipeline
        var frame: Frame
        var padding: String
        var architecture: String
    }

    /// RoBERTa: `vocab.json` and `merges.txt`.
    static func roberta(vocabulary path: String, merges: String, _ settings: TokenizerSettings) throws -> Parts {
        var pieces = ListedPieces()
        try JSONPull.read(path: path) { json in
            guard try json.kind() == .object else { throw json.fault("an object of pieces and ids") }
            try readVocabulary(json, &pieces)
        }
        let vocabulary = try pieces.vocabulary(path)
        for (number, line) in try lines(merges).enumerated() where !line.starts(with: "#version".utf8) {
            guard let pair = mergedPair(line) else {
                throw Diagnostic(
                    "bad-data", "expected two pieces with a space between", data: DataPlace(file: merges, line: number + 1),
                    hint: "fetch the files of the tokenizer again")
            }
            pieces.merges.append(pair)
        }
        let names = try SpecialNames.roberta.read(settings)
        let model = try PairMerging(vocabulary, pieces.merges, isByteLevel: true, unknown: nil, file: merges)
        var pipeline = Pipeline(model: .pairs(model))
        pipeline.preTokenizers = [.byteLevel(addsPrefixSpace: try settings.flag("add_prefix_space") ?? false, splits: true)]
        return try parts(pipeline, names, settings, "RoBERTa", path)
    }

    /// BERT: `vocab.txt`.
    static func bert(vocabulary path: String, _ settings: TokenizerSettings) throws -> Parts {
        var pieces = ListedPieces()
        for (index, line) in try lines(path).enumerated() {
            pieces.texts.append(Array(line))
            pieces.ids.append(Int32(truncatingIfNeeded: index))
        }
        let vocabulary = try pieces.vocabulary(path)
        let names = try SpecialNames.bert.read(settings)
        let unknown = try id(of: names.unknown, vocabulary, path)
        var pipeline = Pipeline(
            model: .wordPiece(WordPiece(vocabulary: vocabulary, prefix: Array("##".utf8), longestWord: 100, unknown: unknown)))
        let lowercases = try settings.flag("do_lower_case") ?? true
        pipeline.normalizers = [
            .bert(
                BertNormalizer(
                    cleansText: true, spacesChinese: try settings.flag("tokenize_chinese_chars") ?? true,
                    stripsAccents: try settings.flag("strip_accents") ?? lowercases, lowercases: lowercases))
        ]
        pipeline.preTokenizers = [.bert]
        return try parts(pipeline, names, settings, "BERT", path)
    }

    /// ALBERT: `spiece.model`.
    static func albert(model path: String, _ settings: TokenizerSettings) throws -> Parts {
        let file = try SentencePieceFile(path: path)
        let names = try SpecialNames.albert.read(settings)
        let vocabulary = try file.listed.vocabulary(path)
        var pipeline = Pipeline(model: .unigram(UnigramModel(vocabulary: vocabulary, file.listed, unknown: try file.unknown())))
        let quotes = ["``", "''"].map { Normalizer.replace(Array($0.utf8), with: [UInt8(ascii: "\"")]) }
        pipeline.normalizers = quotes
        if try !(settings.flag("keep_accents") ?? false) { pipeline.normalizers += [.form(.nfkd), .stripMarks] }
        if try settings.flag("do_lower_case") ?? true { pipeline.normalizers.append(.lowercase) }
        if !file.map.isEmpty { pipeline.normalizers.append(.characterMap(try CharacterMap(file.map, file: path))) }
        let prepend: PreTokenizer.Prepend = try settings.flag("add_prefix_space") ?? true ? .always : .never
        pipeline.preTokenizers = [.whiteSpace, .metaspace(replacement: SentencePiece.sign, prepend: prepend, splits: true)]
        let own = userTokens(file)
        for token in own { pipeline.plainTokens.add(token, as: Array(token.content.utf8)) }
        return try parts(pipeline, names, settings, "ALBERT", path)
    }

    /// The pieces of a model that are found in a text before it is split: control pieces and those of the user.
    static func userTokens(_ file: SentencePieceFile) -> [AddedToken] {
        file.pieces.enumerated().filter { $1.sort == .control || $1.sort == .userDefined }.map {
            AddedToken(content: String(utf8Bytes: $1.text), id: Int32($0), isSpecial: $1.sort == .control)
        }
    }

    private static func parts(
        _ pipeline: Pipeline, _ names: SpecialNames, _ settings: TokenizerSettings, _ architecture: String, _ path: String
    ) throws -> Parts {
        var pipeline = pipeline
        let vocabulary = pipeline.model.vocabulary
        let tokens = try settings.addedTokens() ?? specialTokens(names, vocabulary, path)
        try settings.checkFurther(Set(tokens.map(\.content)))
        for token in tokens {
            guard vocabulary.id(of: token.content) == token.id else {
                throw Diagnostic(
                    "bad-data", "expected `\(token.content.prefix(40))` as piece \(token.id) of the vocabulary, found another one",
                    data: DataPlace(file: path), hint: "take all files of the tokenizer from one model")
            }
            let bytes = Array(token.content.utf8)
            // No normalizer of these changes the tokens of RoBERTa; those of the others are not normalized.
            pipeline.plainTokens.add(token, as: bytes)
        }
        let frame = Frame(before: [try id(of: names.first, vocabulary, path)], behind: [try id(of: names.last, vocabulary, path)])
        return Parts(pipeline: pipeline, frame: frame, padding: names.padding, architecture: architecture)
    }

    static func specialTokens(_ names: SpecialNames, _ vocabulary: Vocabulary, _ path: String) throws -> [AddedToken] {
        try Set([names.first, names.last, names.unknown, names.padding, names.mask]).sorted().map {
            AddedToken(content: $0, id: try id(of: $0, vocabulary, path))
        }
    }

    /// The id of a special token. Throws `bad-data` where the vocabulary has none.
    static func id(of token: String, _ vocabulary: Vocabulary, _ path: String) throws -> Int32 {
        if let id = vocabulary.id(of: token) { return id }
        throw Diagnostic(
            "bad-data", "expected a vocabulary with the token `\(token.prefix(40))`, found none", data: DataPlace(file: path),
            hint: "take all files of the tokenizer from one model")
    }

    /// The lines of a text file without white space at their ends; empty ones at the end of the file are none.
    private static func lines(_ path: String) throws -> [ArraySlice<UInt8>] {
        let bytes = try readFile(path, limit: 1 << 28)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Diagnostic("bad-data", "expected a text in UTF-8, found other bytes", data: DataPlace(file: path))
        }
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
            line.withUnsafeBufferPointer {
                line[(line.startIndex + 0)..<(line.startIndex + stripped($0, left: false, right: true).upperBound)]
            }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
