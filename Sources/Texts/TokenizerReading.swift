import Diagnostics
import Storage

extension Tokenizer {
    /// Reads the tokenizer of an encoder from the files of its folder: `tokenizer.json`, and where it is missing the older ones,
    /// `vocab.json` with `merges.txt` (RoBERTa), `spiece.model` (ALBERT) or `vocab.txt` (BERT). `slow` needs `spiece.model`. Limits and
    /// padding that a file names are left alone, as the length is given. Throws `missing-file`, `cannot-read`, and `bad-data` for a damaged
    /// file, files of different models, and for what is done otherwise than the tokenizers of these architectures do.
    public init(folder: String, variant: Variant = .fast) throws {
        let settings = try TokenizerSettings(folder: folder)
        func found(_ name: String) -> String? {
            let path = joined(folder, name)
            return fileStatus(path) == nil ? nil : path
        }
        switch variant {
        case .slow:
            guard let model = found("spiece.model") else {
                throw Diagnostic(
                    "missing-file", "expected `spiece.model`, which the slow tokenizer reads, found none in `\(folder)`",
                    data: DataPlace(file: joined(folder, "spiece.model")), hint: "fetch it, or take the tokenizer `fast`")
            }
            try self.init(slow: model, settings)
        case .fast:
            if let path = found("tokenizer.json") {
                try self.init(file: path, settings)
            } else if let vocabulary = found("vocab.json"), let merges = found("merges.txt") {
                try self.init(try OldFiles.roberta(vocabulary: vocabulary, merges: merges, settings), settings, [vocabulary, merges])
            } else if let model = found("spiece.model") {
                try self.init(try OldFiles.albert(model: model, settings), settings, [model])
            } else if let vocabulary = found("vocab.txt") {
                try self.init(try OldFiles.bert(vocabulary: vocabulary, settings), settings, [vocabulary])
            } else {
                throw Diagnostic(
                    "missing-file", "expected the files of a tokenizer, found none in `\(folder)`", data: DataPlace(file: folder),
                    notes: ["they are `tokenizer.json`, or `vocab.json` and `merges.txt`, `spiece.model`, or `vocab.txt`"],
                    hint: "fetch the encoder with its tokenizer")
            }
        }
    }

    private init(file path: String, _ settings: TokenizerSettings) throws {
        let file = try TokenizerFile(path: path)
        let root = file.root
        try root.only(
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model")
        for name in ["truncation", "padding"] {
            guard let side = root[name]?["direction"], try side.text().lowercased() != "right" else { continue }
            throw side.fault("`Right`")
        }
        let preTokenizers = try PreTokenizer.read(root["pre_tokenizer"])
        let isByteLevel = if case .byteLevel = preTokenizers.last { true } else { false }
        var pipeline = Pipeline(model: try Model.read(file, isByteLevel: isByteLevel))
        pipeline.normalizers = try Normalizer.read(root["normalizer"])
        pipeline.preTokenizers = preTokenizers
        // Where a text begins would have to be followed through the normalizer.
        if !pipeline.normalizers.isEmpty, preTokenizers.contains(where: \.prependsFirst) {
            throw root.unsupported("Metaspace with `prepend_scheme` `first` behind a normalizer", supported: "`always` and `never`")
        }
        try settings.check(pipeline)
        let added = try pipeline.addTokens(root["added_tokens"])
        try settings.checkFurther(Set(added.map(\.content)))
        let vocabulary = pipeline.model.vocabulary
        let ids = Dictionary(added.map { ($0.content, $0.id) }, uniquingKeysWith: { first, _ in first })
        func id(_ token: String) -> Int32? { vocabulary.id(of: token) ?? ids[token] }
        let frame = try Frame.read(root["post_processor"], vocabulary: id)

        // The name of padding: of the settings, of the file, or what is usual.
        let named = try settings.token("pad_token") ?? root["padding"]?["pad_token"]?.text()
        var pad = named.flatMap(id)
        if let named, pad == nil {
            throw Diagnostic(
                "bad-data", "expected a vocabulary with the token `\(named.prefix(40))`, found none", data: DataPlace(file: path),
                hint: "take all files of the tokenizer from one model")
        }
        pad = pad ?? added.first { ["<pad>", "[PAD]"].contains($0.content) }?.id
        try self.init(
            engine: .pipeline(pipeline), frame: frame, added: added, variant: .fast, pad: pad,
            architecture: settings.architecture ?? pipeline.likelyArchitecture, files: [path] + settings.files)
    }

    private init(_ parts: OldFiles.Parts, _ settings: TokenizerSettings, _ files: [String]) throws {
        let pad = try OldFiles.id(of: parts.padding, parts.pipeline.model.vocabulary, files.first ?? "")
        try self.init(
            engine: .pipeline(parts.pipeline), frame: parts.frame, added: [], variant: .fast, pad: pad,
            architecture: settings.architecture ?? parts.architecture, files: files + settings.files)
    }

    private init(slow path: String, _ settings: TokenizerSettings) throws {
        let names = try SpecialNames.albert.read(settings)
        let pieces = try SentencePiece(try SentencePieceFile(path: path))
        var slow = SlowAlbert(pieces: pieces)
        slow.lowercases = try settings.flag("do_lower_case") ?? true
        slow.keepsAccents = try settings.flag("keep_accents") ?? false
        slow.removesSpaces = try settings.flag("remove_space") ?? true
        let tokens = try OldFiles.specialTokens(names, pieces.vocabulary, path).map { token in
            var token = token
            token.takesLeft = token.content == names.mask
            return token
        }
        // What the files list is looked for in a text as it stands there, and then those special tokens that they do not list.
        let listed = try settings.addedTokens() ?? []
        for token in listed {
            let isSmall = token.isSpecial || !token.isNormalized || token.content == token.content.lowercased()
            guard pieces.vocabulary.id(of: token.content) == token.id, !token.isSingleWord, isSmall else {
                throw Diagnostic(
                    "bad-data",
                    "expected pieces of the vocabulary in `added_tokens_decoder`, which stand in a text anywhere, found "
                        + "`\(token.content.prefix(40))`",
                    data: DataPlace(file: settings.files.first ?? path), hint: "take the tokenizer `fast`")
            }
        }
        let contents = Set(listed.map(\.content))
        let all = listed + tokens.filter { !contents.contains($0.content) }
        try settings.checkFurther(Set(all.map(\.content)))
        for token in all {
            slow.tokens.add(token, as: Array(token.content.utf8))
            slow.tokenIDs[Array(token.content.utf8)] = token.id
        }
        func id(_ token: String) throws -> Int32 { try OldFiles.id(of: token, pieces.vocabulary, path) }
        let frame = Frame(before: [try id(names.first)], behind: [try id(names.last)])
        try self.init(
            engine: .slow(slow), frame: frame, added: [], variant: .slow, pad: try id(names.padding),
            architecture: settings.architecture ?? "ALBERT", files: [path] + settings.files)
    }

    private init(
        engine: Engine, frame: Frame, added: [AddedToken], variant: Variant, pad: Int32?, architecture: String?, files: [String]
    ) throws {
        self.engine = engine
        self.frame = frame
        self.variant = variant
        self.architecture = architecture
        self.files = files
        padID = pad.map { Int($0) }
        let (vocabulary, name) =
            switch engine {
            case .pipeline(let pipeline): (pipeline.model.vocabulary, pipeline.model.name)
            case .slow(let slow): (slow.pieces.vocabulary, "slow SentencePiece unigram")
            }
        further = Dictionary(
            added.filter { vocabulary.id(of: $0.content) == nil }.map { ($0.id, $0.content) }, uniquingKeysWith: { first, _ in first })
        kind = "\(name) of \(vocabulary.count + further.count)"
        vocabularySize = Int(max(vocabulary.highest, further.keys.max() ?? -1)) + 1
        var hashed = "\(variant.rawValue) \(padID ?? -1)"
        for file in files { hashed += " " + (try sha256(ofFile: file)).hex }
        fingerprint = try sha256(hashed)
    }
}

extension Model {
    /// The kind in words.
    var name: String {
        switch self {
        case .pairs(let model): model.byteSymbols == nil ? "BPE" : "byte-level BPE"
        case .unigram: "unigram"
        case .wordPiece: "WordPiece"
        }
    }
}

extension Pipeline {
    /// The architecture whose tokenizer is built like this one; nil for others.
    var likelyArchitecture: String? {
        switch model {
        case .pairs(let model) where model.byteSymbols != nil && model.vocabulary.id(of: "<s>") != nil: "RoBERTa"
        case .wordPiece: "BERT"
        default: nil
        }
    }

    /// Takes in the added tokens of a file, and gives them. Throws `bad-data` where one has the id of another piece.
    mutating func addTokens(_ field: Field?) throws -> [AddedToken] {
        guard let field else { return [] }
        let vocabulary = model.vocabulary
        var added: [AddedToken] = []
        var known: [Int32: String] = [:]
        for element in try field.elements() {
            try element.only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special")
            let token = try AddedToken(element, id: try element.required("id").id())
            guard !token.content.isEmpty else { throw element.fault("a token", found: "an empty one") }
            let other = vocabulary.id(of: token.content) ?? (vocabulary.piece(token.id) == nil ? token.id : -1)
            guard other == token.id, known.updateValue(token.content, forKey: token.id) == nil else {
                throw element.fault("a token with an id of its own", found: "`\(token.content.prefix(40))` as \(token.id)")
            }
            added.append(token)
        }
        for token in added {
            let bytes = Array(token.content.utf8)
            guard token.isNormalized else {
                plainTokens.add(token, as: bytes)
                continue
            }
            var pattern = bytes
            for normalizer in normalizers {
                var next: [UInt8] = []
                try pattern.withUnsafeBufferPointer { try normalizer.apply($0, to: &next) }
                pattern = next
            }
            normalizedTokens.add(token, as: pattern)
        }
        return added
    }
}
