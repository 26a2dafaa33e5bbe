import Diagnostics

extension PreTokenizer {
    private static let supported = "ByteLevel, Metaspace, WhitespaceSplit, BertPreTokenizer and Sequence"

    /// The steps that a file describes, one after another. Throws `bad-data` for one that is not done here.
    static func read(_ field: Field?) throws -> [PreTokenizer] {
        guard let field else { return [] }
        let steps = try steps(field, depth: 0)
        for step in steps.dropLast() {
            if case .byteLevel = step { throw field.unsupported("a step behind ByteLevel", supported: "those before it") }
        }
        return steps
    }

    private static func steps(_ field: Field, depth: Int) throws -> [PreTokenizer] {
        let type = try field.type()
        switch type {
        case "Sequence":
            guard depth < 8 else { throw field.fault("sequences at most 8 deep", found: "more") }
            try field.only("pretokenizers")
            return try field.required("pretokenizers").elements().flatMap { try steps($0, depth: depth + 1) }
        case "WhitespaceSplit":
            try field.only()
            return [.whiteSpace]
        case "BertPreTokenizer":
            try field.only()
            return [.bert]
        case "ByteLevel":
            // How offsets into the text are trimmed changes no ids.
            try field.only("add_prefix_space", "trim_offsets", "use_regex")
            return [
                .byteLevel(
                    addsPrefixSpace: try field.required("add_prefix_space").bool(), splits: try field.flag("use_regex", default: true))
            ]
        case "Metaspace": return [try metaspace(field)]
        default: throw field.unsupported("the pre-tokenizer `\(type.prefix(40))`", supported: supported)
        }
    }

    private static func metaspace(_ field: Field) throws -> PreTokenizer {
        try field.only("replacement", "prepend_scheme", "add_prefix_space", "split", "str_rep")
        let sign = try field.required("replacement")
        guard try sign.text().unicodeScalars.count == 1 else { throw sign.fault("one character") }
        var prepend = Prepend.always
        if let scheme = field["prepend_scheme"] {
            switch try scheme.text() {
            case "always": prepend = .always
            case "first": prepend = .first
            case "never": prepend = .never
            default: throw scheme.fault("`always`, `first` or `never`")
            }
        }
        // Older files say it so.
        if let adds = field["add_prefix_space"], try !adds.bool() {
            guard prepend == .never || field["prepend_scheme"] == nil else { throw adds.fault("the same as `prepend_scheme`") }
            prepend = .never
        }
        return .metaspace(replacement: try sign.bytes(), prepend: prepend, splits: try field.flag("split", default: true))
    }
}
