import OrderedCollections
import Synchronization

/// Named values in the order in which they were written. Two that have the same names and values are equal, whatever the
/// order: it shows in tables and figures, and is no part of what anything is.
public struct Fields: Sendable, Hashable, Sequence, ExpressibleByDictionaryLiteral {
    /// A name with its field, in the words of a dictionary.
    public typealias Element = (key: String, value: Field)
    private var storage: Storage

    /// The entries, shared by copies until one of them changes: a data set stands in each of ten thousand experiments.
    /// Safe to share, since whoever changes it is its only owner.
    private final class Storage: @unchecked Sendable {
        var entries: OrderedDictionary<String, Field>
        /// The hash of the entries once it was worked out; 0 before.
        let hash = Atomic<Int>(0)

        init(_ entries: OrderedDictionary<String, Field>) { self.entries = entries }
    }

    private static let none = Storage([:])

    /// Creates an empty set of fields.
    public init() { storage = Self.none }

    /// Creates fields from pairs in order; of two with one name the later value stays, at the earlier place.
    public init(_ pairs: some Sequence<(String, Field)>) { storage = Storage(OrderedDictionary(pairs) { $1 }) }

    /// Creates fields from a literal such as `["x": field]`.
    public init(dictionaryLiteral pairs: (String, Field)...) { self.init(pairs) }

    /// The field of a name. A new one comes last; nil removes the name.
    public subscript(name: String) -> Field? {
        get { storage.entries[name] }
        set {
            if isKnownUniquelyReferenced(&storage) {
                storage.hash.store(0, ordering: .relaxed)
            } else {
                storage = Storage(storage.entries)
            }
            storage.entries[name] = newValue
        }
    }

    /// The names in order.
    public var keys: [String] { Array(storage.entries.keys) }
    /// The fields in order, without their names.
    public var values: [Field] { Array(storage.entries.values) }
    /// The number of fields.
    public var count: Int { storage.entries.count }
    /// Whether there is no field.
    public var isEmpty: Bool { storage.entries.isEmpty }
    /// The fields in the alphabetical order of their names, for what must not depend on how they were written.
    public var byName: [Element] { storage.entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    public func makeIterator() -> Iterator { Iterator(inner: storage.entries.makeIterator()) }

    /// Gives the names with their fields, in order.
    public struct Iterator: IteratorProtocol {
        fileprivate var inner: OrderedDictionary<String, Field>.Iterator

        public mutating func next() -> Element? { inner.next().map { ($0.key, $0.value) } }
    }

    /// Fields of the same names with other values.
    public func mapValues(_ transform: (Field) throws -> Field) rethrows -> Fields {
        Fields(try storage.entries.map { ($0.key, try transform($0.value)) })
    }

    /// These fields and those of another, whose values win.
    public func merging(_ other: Fields) -> Fields {
        var result = self
        for (name, field) in other { result[name] = field }
        return result
    }

    public static func == (a: Fields, b: Fields) -> Bool {
        if a.storage === b.storage { return true }
        guard a.count == b.count else { return false }
        let (x, y) = (a.storage.hash.load(ordering: .relaxed), b.storage.hash.load(ordering: .relaxed))
        if x != 0, y != 0, x != y { return false }
        return a.storage.entries.allSatisfy { b.storage.entries[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        let known = storage.hash.load(ordering: .relaxed)
        if known != 0 { return hasher.combine(known) }
        // Blind to the order: each entry is hashed on its own, with the state so far left out.
        var sum = 1
        for (name, field) in storage.entries {
            var own = Hasher()
            own.combine(name)
            own.combine(field)
            sum &+= own.finalize()
        }
        storage.hash.store(sum, ordering: .relaxed)
        hasher.combine(sum)
    }
}
