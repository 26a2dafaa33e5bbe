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
        /// The extent of the entries once it was worked out; 0 before.
        let extent = Atomic<UInt64>(0)
        /// What is known of other fields that they are equal to these; looked at and changed with `Kin.lock` alone.
        var kin: Kin?

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
                storage.extent.store(0, ordering: .relaxed)
                storage.kin = nil
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
        let (extent, other) = (a.extent, b.extent)
        guard extent == other else { return false }
        // Values that share parts are small, and as trees they may be without end: each pair of parts is compared once.
        if !extent.isFlat, Kin.knows(a.storage, b.storage) { return true }
        guard a.storage.entries.allSatisfy({ b.storage.entries[$0.key] == $0.value }) else { return false }
        if !extent.isFlat { Kin.unite(a.storage, b.storage) }
        return true
    }

    /// What the fields are like as a tree, in which a part stands as often as it is used; worked out once.
    var extent: Extent {
        let known = storage.extent.load(ordering: .relaxed)
        if known != 0 { return Extent(packed: known) }
        var extent = Extent()
        for field in storage.entries.values { extent.add(field.value) }
        storage.extent.store(extent.packed, ordering: .relaxed)
        return extent
    }

    /// The identity of what copies share: fields of one identity are equal, down to the places where their values were written. Holds
    /// as long as one of them lives.
    public var identity: ObjectIdentifier { ObjectIdentifier(storage) }

    /// A class of fields that were found equal.
    private final class Kin {
        /// The class that this one was found to be a part of.
        private var parent: Kin?
        private static let lock = Mutex(())

        static func knows(_ a: Storage, _ b: Storage) -> Bool {
            lock.withLock { _ in
                guard let kin = root(of: a) else { return false }
                return kin === root(of: b)
            }
        }

        static func unite(_ a: Storage, _ b: Storage) {
            lock.withLock { _ in
                let kin = root(of: a) ?? Kin()
                if let other = root(of: b), other !== kin { other.parent = kin }
                (a.kin, b.kin) = (kin, kin)
            }
        }

        private static func root(of fields: Storage) -> Kin? {
            var kin = fields.kin
            while let parent = kin?.parent { kin = parent }
            fields.kin = kin
            return kin
        }
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
