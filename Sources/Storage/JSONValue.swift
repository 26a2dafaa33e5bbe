import Diagnostics

/// A JSON document (RFC 8259). Our own, small, for three reasons: keys need one canonical text, files from elsewhere must
/// not hide a name given twice, and depth and size must be bounded. Values of Swift types go through `JSONValue(encoding:)`.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The canonical text, on one line: names sorted by their UTF-8 bytes, no spaces, the shortest decimal that reads back
    /// as the same double. Infinities and not-a-number, which JSON lacks, are the texts "inf", "-inf" and "nan".
    public var canonical: String {
        var text = ""
        append(to: &text, indent: nil)
        return text
    }

    /// The same order and numbers as `canonical`, one name or element a line, ending in a newline: for people.
    public var pretty: String {
        var text = ""
        append(to: &text, indent: 0)
        return text + "\n"
    }

    /// The member of an object; nil for other kinds.
    public subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { return members[name] }
        return nil
    }

    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    public var intValue: Int? { if case .integer(let value) = self { value } else { nil } }
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    public var objectValue: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
    /// The number, an integer too, and the texts `canonical` writes for those JSON lacks.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .string("inf"): .infinity
        case .string("-inf"): -.infinity
        case .string("nan"): .nan
        default: nil
        }
    }

    private func append(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value):
            if value.isFinite { text += value.description } else { text += value.isNaN ? "\"nan\"" : value < 0 ? "\"-inf\"" : "\"inf\"" }
        case .string(let value): appendQuoted(value, to: &text)
        case .array(let elements):
            appendList(elements, brackets: ("[", "]"), to: &text, indent: indent) { element, text, indent in
                element.append(to: &text, indent: indent)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            appendList(sorted, brackets: ("{", "}"), to: &text, indent: indent) { member, text, indent in
                appendQuoted(member.key, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.append(to: &text, indent: indent)
            }
        }
    }
}

private func appendList<Item>(
    _ items: [Item], brackets: (String, String), to text: inout String, indent: Int?, each: (Item, inout String, Int?) -> Void
) {
    text += brackets.0
    let deeper = indent.map { $0 + 2 }
    for (index, item) in items.enumerated() {
        if index > 0 { text += "," }
        if let deeper { text += "\n" + String(repeating: " ", count: deeper) }
        each(item, &text, deeper)
    }
    if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
    text += brackets.1
}

func appendQuoted(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
    text += "\""
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    public init(nilLiteral: ()) { self = .null }
}
