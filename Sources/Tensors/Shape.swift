/// The extents of a tensor, slowest axis first. Images are height, width, channels.
public struct Shape: Sendable, Hashable, Codable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The extent of each axis.
    public var extents: [Int]

    /// Makes a shape of the given extents, slowest axis first.
    public init(_ extents: [Int]) { self.extents = extents }
    /// Makes a shape of the extents in an array literal.
    public init(arrayLiteral elements: Int...) { self.extents = elements }

    /// The number of axes.
    public var rank: Int { extents.count }
    /// The number of elements, or nil where it does not fit an `Int` or an extent is negative.
    public var checkedCount: Int? {
        var count = 1
        for extent in extents {
            guard extent >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            count = product
        }
        return count
    }
    /// The number of elements; 0 where `checkedCount` is nil.
    public var count: Int { checkedCount ?? 0 }

    /// The extents as text, `60x60x1`; `scalar` for rank 0.
    public var description: String {
        extents.isEmpty ? "scalar" : extents.map(String.init).joined(separator: "x")
    }
}
