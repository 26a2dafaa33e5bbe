import Diagnostics

/// The special tokens before and behind a text, such as `<s>` and `</s>`.
struct Frame: Sendable, Equatable {
    var before: [Int32] = []
    var behind: [Int32] = []

    /// The number of special tokens.
    var count: Int { before.count + behind.count }
}

extension Frame {
    private static let supported = "RobertaProcessing, BertProcessing, TemplateProcessing, ByteLevel and Sequence"

    /// The frame that the post-processor of a file describes. `vocabulary` gives the id of a token, so that those of the file can be
    /// compared. Throws `bad-data` for one that is not done here, and where an id is that of another token.
    static func read(_ field: Field?, depth: Int = 0, vocabulary: (String) -> Int32?) throws -> Frame {
        guard let field else { return Frame() }
        let type = try field.type()
        switch type {
        case "Sequence":
            guard depth < 8 else { throw field.fault("sequences at most 8 deep", found: "more") }
            try field.only("processors")
            var frame = Frame()
            for step in try field.required("processors").elements() {
                let outer = try read(step, depth: depth + 1, vocabulary: vocabulary)
                frame = Frame(before: outer.before + frame.before, behind: frame.behind + outer.behind)
            }
            return frame
        case "ByteLevel":
            try field.only("add_prefix_space", "trim_offsets", "use_regex")
            return Frame()
        case "RobertaProcessing", "BertProcessing":
            if type == "BertProcessing" {
                try field.only("sep", "cls")
            } else {
                try field.only("sep", "cls", "trim_offsets", "add_prefix_space")
            }
            let (first, last) = (try named(field.required("cls"), vocabulary), try named(field.required("sep"), vocabulary))
            return Frame(before: [first], behind: [last])
        case "TemplateProcessing": return try template(field, vocabulary)
        default: throw field.unsupported("the post-processor `\(type.prefix(40))`", supported: supported)
        }
    }

    /// The id of a token that stands as `["<s>", 0]`.
    private static func named(_ field: Field, _ vocabulary: (String) -> Int32?) throws -> Int32 {
        let parts = try field.elements()
        guard parts.count == 2 else { throw field.fault("a token and its id") }
        return try checked(parts[1], parts[0].text(), vocabulary)
    }

    private static func checked(_ id: Field, _ token: String, _ vocabulary: (String) -> Int32?) throws -> Int32 {
        let known = vocabulary(token)
        let value = try id.id()
        guard known == value else {
            let found = known.map { "\(value), while the vocabulary has \($0)" } ?? "\(value), while the vocabulary has no such token"
            throw id.fault("the id of `\(token.prefix(40))`", found: found)
        }
        return value
    }

    private static func template(_ field: Field, _ vocabulary: (String) -> Int32?) throws -> Frame {
        try field.only("single", "pair", "special_tokens")
        let tokens = try field.required("special_tokens")
        let single = try field.required("single")
        var frame = Frame()
        var isBehind = false
        for element in try single.elements() {
            if let sequence = element["Sequence"] {
                guard try sequence.required("id").text() == "A", !isBehind else { throw single.fault("the text once", found: "it twice") }
                isBehind = true
                continue
            }
            let name = try element.required("SpecialToken").required("id").text()
            let token = try tokens.required(name)
            let ids = try token.required("ids").elements()
            let texts = try token.required("tokens").elements()
            guard ids.count == texts.count else { throw token.fault("a text for each id") }
            let known = try zip(ids, texts).map { try checked($0, $1.text(), vocabulary) }
            if isBehind { frame.behind += known } else { frame.before += known }
        }
        guard isBehind else { throw single.fault("a template with the text in it") }
        return frame
    }
}
