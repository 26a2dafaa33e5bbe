/// Makes JSON of Swift values: what Foundation's encoder writes, read again, without the text.
final class JSONMaker: Encoder, SingleValueEncodingContainer {
    fileprivate var made: Making?

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// The JSON of a value; nil where the value encodes nothing.
    static func make(_ value: some Encodable) throws -> JSONValue? {
        if let plain = plain(value) { return plain }
        let maker = JSONMaker()
        try value.encode(to: maker)
        return maker.made?.json
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object(let members)? = made { return KeyedEncodingContainer(MemberList(members: members)) }
        let members = Members()
        made = .object(members)
        return KeyedEncodingContainer(MemberList(members: members))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array(let elements)? = made { return ElementList(elements: elements) }
        let elements = Elements()
        made = .array(elements)
        return ElementList(elements: elements)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() throws { made = .value(.null) }
    func encode<Value: Encodable>(_ value: Value) throws { made = .value(try JSONMaker.make(value) ?? .object([:])) }
}

/// A value in the making: containers inside one are filled after they were put there.
private enum Making {
    case value(JSONValue)
    case object(Members)
    case array(Elements)
    case later(JSONMaker)

    var json: JSONValue {
        switch self {
        case .value(let value): value
        case .object(let members): .object(members.values.mapValues(\.json))
        case .array(let elements): .array(elements.values.map(\.json))
        case .later(let maker): maker.made?.json ?? .object([:])
        }
    }
}

private final class Members { var values: [String: Making] = [:] }
private final class Elements { var values: [Making] = [] }

private struct MemberList<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let members: Members
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { members.values[key.stringValue] = .value(.null) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        members.values[key.stringValue] = .value(try JSONMaker.make(value) ?? .object([:]))
    }

    func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type, forKey key: Key) -> KeyedEncodingContainer<Inner> {
        let inner = Members()
        members.values[key.stringValue] = .object(inner)
        return KeyedEncodingContainer(MemberList<Inner>(members: inner))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        let inner = Elements()
        members.values[key.stringValue] = .array(inner)
        return ElementList(elements: inner)
    }

    private func later(_ name: String) -> JSONMaker {
        let maker = JSONMaker()
        members.values[name] = .later(maker)
        return maker
    }

    func superEncoder() -> any Encoder { later("super") }
    func superEncoder(forKey key: Key) -> any Encoder { later(key.stringValue) }
}

private struct ElementList: UnkeyedEncodingContainer {
    let elements: Elements
    var codingPath: [any CodingKey] { [] }
    var count: Int { elements.values.count }

    func encodeNil() throws { elements.values.append(.value(.null)) }
    func encode<Value: Encodable>(_ value: Value) throws { elements.values.append(.value(try JSONMaker.make(value) ?? .object([:]))) }

    func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
        let inner = Members()
        elements.values.append(.object(inner))
        return KeyedEncodingContainer(MemberList<Inner>(members: inner))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let inner = Elements()
        elements.values.append(.array(inner))
        return ElementList(elements: inner)
    }

    func superEncoder() -> any Encoder {
        let maker = JSONMaker()
        elements.values.append(.later(maker))
        return maker
    }
}

/// The JSON of a value of a type that JSON has; nil for one that is made of others.
private func plain(_ value: some Encodable) -> JSONValue? {
    let kind = type(of: value) as Any.Type
    if kind == Double.self { return (value as? Double).map(number) }
    if kind == String.self { return (value as? String).map { .string($0) } }
    if kind == Int.self { return (value as? Int).map { .integer($0) } }
    if kind == Bool.self { return (value as? Bool).map { .bool($0) } }
    if kind == Float.self { return (value as? Float).map(number) }
    guard integers.contains(ObjectIdentifier(kind)), let value = value as? any BinaryInteger else { return nil }
    return whole(value)
}

/// The types of whole numbers beside `Int`.
private let integers = Set(
    [
        UInt64.self, Int64.self, UInt.self, Int32.self, UInt32.self, Int16.self, UInt16.self, Int8.self, UInt8.self,
    ].map { (type: Any.Type) in ObjectIdentifier(type) })

private func whole(_ value: some BinaryInteger) -> JSONValue { Int(exactly: value).map { .integer($0) } ?? .number(Double(value)) }

/// A number as its decimal text is read again: whole ones have no point up to 2^53, and are integers.
private func number(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf") }
    let isWhole = value.magnitude <= 0x1p53 && !(value == 0 && value.sign == .minus)
    return (isWhole ? Int(exactly: value) : nil).map { .integer($0) } ?? .number(value)
}

/// A number of single precision with the digits that this precision needs. Whole ones have no point up to 2^24.
private func number(_ value: Float) -> JSONValue {
    guard value.isFinite, value.magnitude > 0x1p24 || value != value.rounded() else { return number(Double(value)) }
    return .number(Double(value.description) ?? Double(value))
}
