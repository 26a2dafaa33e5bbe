/// Reads Swift values from JSON as Foundation's decoder does from its text, without the text.
final class JSONSource: Decoder, SingleValueDecodingContainer {
    private let json: JSONValue
    private let above: JSONSource?
    private let key: (any CodingKey)?

    init(_ json: JSONValue, key: (any CodingKey)? = nil, in above: JSONSource? = nil) {
        self.json = json
        self.key = key
        self.above = above
    }

    var codingPath: [any CodingKey] { (above?.codingPath ?? []) + (key.map { [$0] } ?? []) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = json else { throw misfit(type, json) }
        return KeyedDecodingContainer(Members(source: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = json else { throw misfit([Any].self, json) }
        return Elements(source: self, elements: elements)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { json == .null }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        switch plain(type, json) {
        case .value(let value as Value): value
        case .composed: try Value(from: self)
        default: throw misfit(type, json)
        }
    }

    /// The value of a member or an element.
    fileprivate func decode<Value: Decodable>(_ type: Value.Type, _ json: JSONValue, _ key: some CodingKey) throws -> Value {
        switch plain(type, json) {
        case .value(let value as Value): value
        case .composed: try Value(from: JSONSource(json, key: key, in: self))
        default: throw misfit(type, json, key)
        }
    }

    private func misfit(_ type: Any.Type, _ json: JSONValue, _ key: (any CodingKey)? = nil) -> DecodingError {
        let path = codingPath + (key.map { [$0] } ?? [])
        let context = DecodingError.Context(codingPath: path, debugDescription: "expected another kind of value")
        return json == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }
}

/// The members of an object.
private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let source: JSONSource
    let members: [String: JSONValue]

    var codingPath: [any CodingKey] { source.codingPath }
    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    private func member(_ key: some CodingKey) throws -> JSONValue {
        if let value = members[key.stringValue] { return value }
        throw DecodingError.keyNotFound(key, DecodingError.Context(codingPath: codingPath, debugDescription: "expected a member"))
    }

    private func inner(_ key: some CodingKey) throws -> JSONSource { JSONSource(try member(key), key: key, in: source) }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key) == .null }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try source.decode(type, member(key), key)
    }

    func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type, forKey key: Key) throws -> KeyedDecodingContainer<Inner> {
        try inner(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try inner(key).unkeyedContainer() }
    func superDecoder() throws -> any Decoder { try inner(Place("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try inner(key) }
}

/// The elements of an array.
private struct Elements: UnkeyedDecodingContainer {
    let source: JSONSource
    let elements: [JSONValue]
    var currentIndex = 0

    var codingPath: [any CodingKey] { source.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    private func next(_ type: Any.Type) throws -> JSONValue {
        if !isAtEnd { return elements[currentIndex] }
        let context = DecodingError.Context(codingPath: codingPath + [Place(currentIndex)], debugDescription: "expected another element")
        throw DecodingError.valueNotFound(type, context)
    }

    mutating func decodeNil() throws -> Bool {
        guard try next(Never.self) == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try source.decode(type, next(type), Place(currentIndex))
        currentIndex += 1
        return value
    }

    private mutating func inner(_ type: Any.Type) throws -> JSONSource {
        let inner = JSONSource(try next(type), key: Place(currentIndex), in: source)
        currentIndex += 1
        return inner
    }

    mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) throws -> KeyedDecodingContainer<Inner> {
        try inner(type).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try inner([Any].self).unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try inner(Never.self) }
}

/// The key of an element, in the words of Foundation's decoder.
private struct Place: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ index: Int) { (stringValue, intValue) = ("Index \(index)", index) }
    init(_ name: String) { (stringValue, intValue) = (name, nil) }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(intValue) }
}

/// What is found of a type in a JSON value.
private enum Plain {
    /// The value, of a type that JSON has.
    case value(Any)
    /// Another kind of value, or a number that the type does not hold.
    case misfit
    /// Nothing yet: the type is made of others.
    case composed

    init(_ value: Any?) { self = value.map { .value($0) } ?? .misfit }
}

private func plain(_ type: Any.Type, _ json: JSONValue) -> Plain {
    if type == Double.self { return Plain(json.doubleValue) }
    if type == String.self { return Plain(text(json)) }
    if type == Int.self { return Plain(whole(Int.self, json)) }
    if type == Bool.self { return Plain(json.boolValue) }
    if type == Float.self { return Plain(float(json)) }
    if type == UInt64.self { return Plain(whole(UInt64.self, json)) }
    if type == Int64.self { return Plain(whole(Int64.self, json)) }
    if type == UInt.self { return Plain(whole(UInt.self, json)) }
    if type == Int32.self { return Plain(whole(Int32.self, json)) }
    if type == UInt32.self { return Plain(whole(UInt32.self, json)) }
    if type == Int16.self { return Plain(whole(Int16.self, json)) }
    if type == UInt16.self { return Plain(whole(UInt16.self, json)) }
    if type == Int8.self { return Plain(whole(Int8.self, json)) }
    if type == UInt8.self { return Plain(whole(UInt8.self, json)) }
    return .composed
}

/// The text; infinities and not-a-number stand in JSON as texts.
private func text(_ json: JSONValue) -> String? {
    if case .number(let value) = json, !value.isFinite { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    return json.stringValue
}

/// The number in single precision, rounded once, from its decimal digits; nil beyond it, and below its least.
private func float(_ json: JSONValue) -> Float? {
    switch json {
    case .integer(let value): return Float(value)
    case .number(let value) where value.isFinite:
        return Float(value.description).flatMap { $0.isFinite && ($0 != 0 || value == 0) ? $0 : nil }
    default: return json.doubleValue.map { Float($0) }
    }
}

/// The whole number, where it is one and the type holds it.
private func whole<Number: FixedWidthInteger>(_ type: Number.Type, _ json: JSONValue) -> Number? {
    switch json {
    case .integer(let value): return Number(exactly: value)
    case .number(let value):
        guard let exact = Number(exactly: value) else { return nil }
        if value.magnitude < 0x1p53 { return exact }
        // Beyond, the digits of the text count: those of the shortest decimal, and zeros.
        let parts = value.description.split(separator: "e")
        let digits = parts.first?.split(separator: ".") ?? []
        guard parts.count == 2, let exponent = Int(parts[1]), let first = digits.first else { return exact }
        let behind = digits.count == 2 && digits[1] != "0" ? digits[1] : ""
        return Number(first + behind + String(repeating: "0", count: max(0, exponent - behind.count)))
    default: return nil
    }
}
