import OrderedCollections

/// Named values in the order in which they were written. Two that have the same names and values are equal, whatever the
/// order: it shows in tables and figures, and is no part of what anything is.
public struct Fields: Sendable, Hashable, Sequence, ExpressibleByDictionaryLiteral {
    public typealias Element = (key: String, value: Field)
    private var entries: OrderedDictionary<String, Field>

    /// Creates fields without any.
    public init() { entries = [:] }

    /// Creates fields from pairs in order; of two with one name the later value stays, at the earlier place.
    public init(_ pairs: some Sequence<(String, Field)>) { entries = OrderedDictionary(pairs) { $1 } }

    public init(dictionaryLiteral pairs: (String, Field)...) { self.init(pairs) }

    /// The field of a name. A new one comes last; nil removes the name.
    public subscript(name: String) -> Field? {
        get { entries[name] }
        set { entries[name] = newValue }
    }

    /// The names in order.
    public var keys: [String] { Array(entries.keys) }
    /// The fields in the order of their names' writing.
    public var values: [Field] { Array(entries.values) }
    /// The number of fields.
    public var count: Int { entries.count }
    /// True where there is no field.
    public var isEmpty: Bool { entries.isEmpty }
    /// The fields in the alphabetical order of their names, for what must not depend on how they were written.
    public var byName: [Element] { entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    public func makeIterator() -> AnyIterator<Element> {
        var inner = entries.makeIterator()
        return AnyIterator { inner.next().map { ($0.key, $0.value) } }
    }

    /// Fields of the same names with other values.
    public func mapValues(_ transform: (Field) throws -> Field) rethrows -> Fields {
        Fields(try entries.map { ($0.key, try transform($0.value)) })
    }

    /// These fields and those of another, whose values win.
    public func merging(_ other: Fields) -> Fields {
        var result = self
        for (name, field) in other { result[name] = field }
        return result
    }

    public static func == (a: Fields, b: Fields) -> Bool {
        a.count == b.count && a.entries.allSatisfy { b.entries[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // Blind to the order: each entry is hashed on its own, with the state so far left out.
        var sum = 0
        for (name, field) in entries {
            var own = Hasher()
            own.combine(name)
            own.combine(field)
            sum &+= own.finalize()
        }
        hasher.combine(sum)
    }
}
