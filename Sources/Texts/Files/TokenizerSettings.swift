import Diagnostics
import Storage

/// What the files beside the vocabulary say: `tokenizer_config.json`, `special_tokens_map.json` and `config.json`.
struct TokenizerSettings {
    private var config: Field?
    private var specials: Field?
    private var network: Field?
    private var added: Field?
    /// The files that were read.
    private(set) var files: [String] = []

    /// Reads those of the files that are there. Throws `cannot-read`, and `bad-data` for what is no JSON object.
    init(folder: String) throws {
        config = try read(joined(folder, "tokenizer_config.json"), isCounted: true)
        specials = try read(joined(folder, "special_tokens_map.json"), isCounted: true)
        network = try read(joined(folder, "config.json"), isCounted: false)
        added = try read(joined(folder, "added_tokens.json"), isCounted: true)
        for name in ["padding_side", "truncation_side"] {
            guard let side = config?[name], try side.text() != "right" else { continue }
            throw side.fault("`right`")
        }
    }

    private mutating func read(_ path: String, isCounted: Bool) throws -> Field? {
        guard fileStatus(path) != nil else { return nil }
        let json = try JSONPull.read(path: path) { try $0.tree() }
        if isCounted { files.append(path) }
        let field = Field(json: json, place: "", file: path)
        guard json.objectValue != nil else { throw Field(json: json, place: lastName(of: path), file: path).fault("an object") }
        return field
    }

    /// The architectures by the words that name them in the files.
    private static let architectures = ["roberta": "RoBERTa", "albert": "ALBERT", "bert": "BERT"]

    /// The architecture that the files name, in the words of the library; nil where they name none.
    var architecture: String? {
        if let type = network?["model_type"]?.json.stringValue { return Self.architectures[type] ?? type }
        let name = config?["tokenizer_class"]?.json.stringValue ?? ""
        for (word, architecture) in Self.architectures {
            let plain = architecture.uppercased()
            if ["\(plain)TOKENIZER", "\(plain)TOKENIZERFAST"].contains(name.uppercased()) { return architecture }
            if word == name { return architecture }
        }
        return nil
    }

    /// A special token by its name, such as `pad_token`; nil where the files say none.
    func token(_ name: String) throws -> String? {
        for file in [config, specials] {
            guard let field = file?[name] else { continue }
            return field.json.objectValue == nil ? try field.text() : try field.required("content").text()
        }
        return nil
    }

    /// A truth value of `tokenizer_config.json`; nil where it says none.
    func flag(_ name: String) throws -> Bool? { try config?[name]?.bool() }

    /// Checks that `tokenizer_config.json` says nothing else than the pipeline of `tokenizer.json` does: transformers makes the pipeline
    /// anew from what the former says. Throws `bad-data`.
    func check(_ pipeline: Pipeline) throws {
        func compare(_ name: String, _ done: Bool) throws {
            guard let said = try flag(name), said != done, let field = config?[name] else { return }
            throw Diagnostic(
                "bad-data", "expected `\(name)` to be \(done), as `tokenizer.json` has it, found \(said)",
                data: DataPlace(file: field.file),
                hint: "take both files from one model, as `save_pretrained` writes them")
        }
        var (lowercases, keepsMarks) = (false, true)
        for normalizer in pipeline.normalizers {
            if case .lowercase = normalizer { lowercases = true }
            if case .stripMarks = normalizer { keepsMarks = false }
            guard case .bert(let bert) = normalizer else { continue }
            lowercases = bert.lowercases
            try compare("strip_accents", bert.stripsAccents)
            try compare("tokenize_chinese_chars", bert.spacesChinese)
        }
        if !pipeline.normalizers.isEmpty { try compare("do_lower_case", lowercases) }
        if case .unigram = pipeline.model { try compare("keep_accents", keepsMarks) }
        for stage in pipeline.preTokenizers {
            switch stage {
            case .byteLevel(let addsPrefixSpace, _): try compare("add_prefix_space", addsPrefixSpace)
            case .metaspace(_, let prepend, _): try compare("add_prefix_space", prepend != .never)
            default: break
            }
        }
    }

    /// Checks that every further token that the files name is one of the tokens that are looked for in a text: transformers would make
    /// one of it. Throws `bad-data`.
    func checkFurther(_ known: Set<String>) throws {
        for list in [config, specials].flatMap({ [$0?["additional_special_tokens"], $0?["extra_special_tokens"]] }).compactMap(\.self) {
            for token in list.json.arrayValue ?? list.json.objectValue.map({ Array($0.values) }) ?? [] {
                let content = token.stringValue ?? token["content"]?.stringValue ?? ""
                guard !known.contains(content) else { continue }
                throw further(content, list.place, list.file)
            }
        }
        guard let added else { return }
        for name in (added.json.objectValue ?? [:]).keys.sorted() where !known.contains(name) {
            throw further(name, lastName(of: added.file), added.file)
        }
    }

    private func further(_ token: String, _ place: String, _ file: String) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected the tokens that the other files name in `\(place)`, found `\(token.prefix(40))` besides",
            data: DataPlace(file: file), hint: "save the tokenizer with transformers 5, which writes all of it to tokenizer.json")
    }

    /// The added tokens of `tokenizer_config.json` by their ids; nil where it lists none.
    func addedTokens() throws -> [AddedToken]? {
        guard let list = config?["added_tokens_decoder"] else { return nil }
        guard let members = list.json.objectValue else { throw list.fault("an object") }
        return try members.keys.map { name in
            let field = try list.required(name)
            guard let id = Int32(name), id >= 0 else { throw field.fault("the token of an id", found: "that of `\(name)`") }
            return try AddedToken(field, id: id)
        }.sorted { $0.id < $1.id }
    }
}

extension AddedToken {
    /// A token as the files of tokenizers describe it.
    init(_ field: Field, id: Int32) throws {
        self.id = id
        content = try field.required("content").text()
        isSingleWord = try field.flag("single_word", default: false)
        takesLeft = try field.flag("lstrip", default: false)
        takesRight = try field.flag("rstrip", default: false)
        isSpecial = try field.flag("special", default: false)
        isNormalized = try field.flag("normalized", default: !isSpecial)
    }
}
