import Diagnostics
import Glibc

/// A JSON document (RFC 8259). Our own, small, for three reasons: keys need one canonical text, files from elsewhere must
/// not hide a name given twice, and depth and size must be bounded. Values of Swift types go through `JSONValue(encoding:)`.
public enum JSONValue: Sendable, Hashable {
    /// The JSON `null`.
    case null
    /// The JSON `true` or `false`.
    case bool(Bool)
    /// A number written without a point or an exponent that fits an `Int`.
    case integer(Int)
    /// Any other number, `-0` among them.
    case number(Double)
    /// A JSON string.
    case string(String)
    /// A JSON array.
    case array([JSONValue])
    /// A JSON object: its members by name.
    case object([String: JSONValue])

    /// The canonical text, on one line: names sorted by their UTF-8 bytes, no spaces, the shortest decimal that reads back
    /// as the same double. Infinities and not-a-number, which JSON lacks, are the texts "inf", "-inf" and "nan".
    public var canonical: String {
        var text = ""
        append(to: &text, indent: nil)
        return text
    }

    /// The indented text for people, one name or element a line, ending in a newline: the order and the numbers of
    /// `canonical`.
    public var pretty: String {
        var text = ""
        append(to: &text, indent: 0)
        return text + "\n"
    }

    /// The member of an object; nil where it has none of that name, and for other kinds.
    public subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { return members[name] }
        return nil
    }

    /// The string; nil for other kinds.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    /// The integer; nil for other kinds, other numbers included.
    public var intValue: Int? { if case .integer(let value) = self { value } else { nil } }
    /// The truth value; nil for other kinds.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements of an array; nil for other kinds.
    public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The members of an object by name; nil for other kinds.
    public var objectValue: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
    /// The number as a double, from an integer too, and from the texts that `canonical` writes for those JSON lacks; nil
    /// for other kinds.
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
            if value.isFinite { value.write(to: &text) } else { text += value.isNaN ? "\"nan\"" : value < 0 ? "\"-inf\"" : "\"inf\"" }
        case .string(let value): appendQuoted(value, to: &text)
        case .array(let elements):
            appendList(elements, brackets: ("[", "]"), to: &text, indent: indent) { element, text, indent in
                element.append(to: &text, indent: indent)
            }
        case .object(let members):
            let sorted = members.count < 2 ? Array(members) : members.sorted { precedes($0.key, $1.key) }
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
    let margin = deeper.map { "\n" + String(repeating: " ", count: $0) } ?? ""
    var isFirst = true
    for item in items {
        if !isFirst { text += "," }
        isFirst = false
        text += margin
        each(item, &text, deeper)
    }
    if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
    text += brackets.1
}

/// The order of two texts by their UTF-8 bytes.
private func precedes(_ a: String, _ b: String) -> Bool {
    let order = a.utf8.withContiguousStorageIfAvailable { a in
        b.utf8.withContiguousStorageIfAvailable { b -> Bool in
            guard let x = a.baseAddress, let y = b.baseAddress else { return a.count < b.count }
            let order = memcmp(x, y, min(a.count, b.count))
            return order == 0 ? a.count < b.count : order < 0
        }
    }
    return (order ?? nil) ?? a.utf8.lexicographicallyPrecedes(b.utf8)
}

func appendQuoted(_ value: String, to text: inout String) {
    text += "\""
    var rest = value[...]
    while let place = rest.utf8.firstIndex(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) {
        text += rest[..<place]
        appendEscape(rest.utf8[place], to: &text)
        rest = rest[rest.utf8.index(after: place)...]
    }
    text += rest
    text += "\""
}

private func appendEscape(_ byte: UInt8, to text: inout String) {
    switch Unicode.Scalar(byte) {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
        let digits = String(byte, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string literal as `.string`.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer literal as `.integer`.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A floating-point literal as `.number`.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A Boolean literal as `.bool`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array literal as `.array`.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// A dictionary literal as `.object`; of a name given twice the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    /// The literal `nil` as `.null`.
    public init(nilLiteral: ()) { self = .null }
}
