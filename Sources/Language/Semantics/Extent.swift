/// What a value is like as a tree. Parts that values share are small, and count here as often as they are used, so that forty steps
/// on a table which name it twice each are a tree of 2^40 values.
public struct Extent: Sendable, Hashable {
    /// Number of values in the tree, no more than `mostCounted`. What is declared counts as one.
    public private(set) var size = 1
    /// Number of values inside one another below the outermost, no more than 65,535.
    public private(set) var height = 0
    /// Whether a zero with a minus stands in the value, or in what is declared in it.
    public private(set) var holdsNegativeZero = false
    /// Whether nothing but single values stands in it, none of them declared.
    private(set) var isFlat = true

    /// The number beyond which values are not counted.
    public static let mostCounted = Int(UInt32.max)
    /// The size of a tree that is still written out as text, and gone through for each row.
    public static let mostWritten = 1 << 14

    /// Creates the extent of a single value.
    init() {}

    /// Creates the extent of a value that stands inside nothing.
    fileprivate init(_ value: Value) {
        switch value {
        case .list(let items): for item in items { add(item.value) }
        case .layers(let layers): for layer in layers { add(layer.value) }
        case .record(let fields): self = fields.extent
        case .call(let call): self = call.arguments.extent
        case .number(let number): holdsNegativeZero = number == 0 && number.sign == .minus
        case .object(let object): (isFlat, holdsNegativeZero) = (false, object.fields.extent.holdsNegativeZero)
        default: break
        }
    }

    /// Puts a value inside.
    mutating func add(_ value: Value) {
        let inner = value.extent
        size = min(size + inner.size, Self.mostCounted)
        height = max(height, min(inner.height + 1, Int(UInt16.max)))
        holdsNegativeZero = holdsNegativeZero || inner.holdsNegativeZero
        isFlat = isFlat && inner.isFlat && inner.size == 1
    }

    /// Creates an extent from one that was packed.
    init(packed: UInt64) {
        size = Int(packed & 0xFFFF_FFFF)
        height = Int(packed >> 32 & 0xFFFF)
        holdsNegativeZero = packed >> 48 & 1 == 1
        isFlat = packed >> 49 & 1 == 1
    }

    /// The extent in a number other than 0.
    var packed: UInt64 { UInt64(size) | UInt64(height) << 32 | (holdsNegativeZero ? 1 << 48 : 0) | (isFlat ? 1 << 49 : 0) }
}

extension Value {
    /// What the value is like as a tree.
    public var extent: Extent { Extent(self) }

    /// The number of values in this one, those that are shared counted once. Of no more than `most` that tells how many.
    func countOfParts(most: Int) -> Int {
        var walk = Walk()
        var count = 0
        func look(at value: Value) {
            count += 1
            guard count <= most, walk.enters(value) else { return }
            for child in value.children where count <= most { look(at: child) }
        }
        look(at: self)
        return count
    }
}

/// A walk through the values inside a value, which goes into each that is shared once.
public struct Walk {
    private var entered: Set<ObjectIdentifier> = []

    /// The size of a tree that is gone through as it is.
    static let small = 1_024

    /// Creates a walk that has been nowhere.
    public init() {}

    /// Whether the values inside a value were not gone through before. The outermost value has to live as long as the walk.
    public mutating func enters(_ value: Value) -> Bool {
        switch value {
        case .call(let call): entered.insert(call.arguments.identity).inserted
        case .record(let fields): entered.insert(fields.identity).inserted
        default: true
        }
    }
}
