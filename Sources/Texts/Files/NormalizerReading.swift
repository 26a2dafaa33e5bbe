import Diagnostics

extension Normalizer {
    private static let supported =
        "NFD, NFC, NFKD, NFKC, StripAccents, Lowercase, Precompiled, BertNormalizer, Strip, Prepend, Replace and Sequence"

    /// The steps that a file describes, one after another. Throws `bad-data` for one that is not done here.
    static func read(_ field: Field?, depth: Int = 0) throws -> [Normalizer] {
        guard let field else { return [] }
        let type = try field.type()
        switch type {
        case "Sequence":
            guard depth < 8 else { throw field.fault("sequences at most 8 deep", found: "more") }
            try field.only("normalizers")
            return try field.required("normalizers").elements().flatMap { try read($0, depth: depth + 1) }
        case "NFD", "NFC", "NFKD", "NFKC":
            try field.only()
            return NormalForm(rawValue: type).map { [.form($0)] } ?? []
        case "StripAccents":
            try field.only()
            return [.stripMarks]
        case "Lowercase":
            try field.only()
            return [.lowercase]
        case "Precompiled":
            try field.only("precompiled_charsmap")
            guard let map = field["precompiled_charsmap"] else { return [] }
            guard let bytes = decodedBase64(try map.bytes()) else { throw map.fault("base64", found: "other characters") }
            return bytes.isEmpty ? [] : [.characterMap(try CharacterMap(bytes, file: field.file))]
        case "BertNormalizer": return [.bert(try BertNormalizer(field))]
        case "Strip":
            try field.only("strip_left", "strip_right")
            return [.strip(left: try field.required("strip_left").bool(), right: try field.required("strip_right").bool())]
        case "Prepend":
            try field.only("prepend")
            return [.prepend(try field.required("prepend").bytes())]
        case "Replace": return [try replacement(field)]
        default: throw field.unsupported("the normalizer `\(type.prefix(40))`", supported: supported)
        }
    }

    private static func replacement(_ field: Field) throws -> Normalizer {
        try field.only("pattern", "content")
        let content = try field.required("content").bytes()
        let pattern = try field.required("pattern")
        if let text = pattern["String"] {
            let bytes = try text.bytes()
            guard !bytes.isEmpty else { throw text.fault("a text to replace", found: "an empty one") }
            return .replace(bytes, with: content)
        }
        let expression = try pattern.required("Regex")
        guard let (run, least) = runPattern(try expression.text()) else {
            throw field.unsupported(
                "the regular expression `\(try expression.text().prefix(40))`",
                supported: "those of runs of spaces: a space or `\\s` with `+` or `{2,}` behind it")
        }
        return .replaceRuns(of: run, least: least, with: content)
    }

    /// What a regular expression of runs is of, and the least length of a run; nil for other expressions.
    private static func runPattern(_ text: String) -> (Run, Int)? {
        let run: Run = text.hasPrefix(" ") ? .spaces : .whiteSpace
        guard text.hasPrefix(" ") || text.hasPrefix("\\s") else { return nil }
        let count = text.dropFirst(run == .spaces ? 1 : 2)
        if count == "+" { return (run, 1) }
        guard count.hasPrefix("{"), count.hasSuffix(",}"), let least = Int(count.dropFirst().dropLast(2)), (1...1000).contains(least) else {
            return nil
        }
        return (run, least)
    }
}

extension BertNormalizer {
    init(_ field: Field) throws {
        try field.only("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
        lowercases = try field.required("lowercase").bool()
        cleansText = try field.required("clean_text").bool()
        spacesChinese = try field.required("handle_chinese_chars").bool()
        // Where nothing is said accents go with the capital letters.
        stripsAccents = try field.flag("strip_accents", default: lowercases)
    }
}

/// The bytes of base64 (RFC 4648), with or without padding; nil for other characters.
func decodedBase64(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    var padding = 0
    for character in text {
        let value: UInt8
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character + 4
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        case UInt8(ascii: "="):
            padding += 1
            continue
        default: return nil
        }
        guard padding == 0 else { return nil }
        bits = bits << 6 | UInt32(value)
        held += 6
        if held >= 8 {
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> held))
        }
    }
    return padding <= 2 && (text.count % 4 == 0 || padding == 0) ? bytes : nil
}
