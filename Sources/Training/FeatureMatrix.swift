import Diagnostics

/// One row of numbers an item, one named column a feature, row-major.
public struct FeatureMatrix: Sendable, Hashable {
    public let names: [String]
    public let rows: Int
    public let values: [Double]

    public var columns: Int { names.count }

    /// Throws `features` where a row has not one value a name, or a value is not finite.
    public init(names: [String], rows: [[Double]]) throws {
        for (index, row) in rows.enumerated() {
            guard row.count == names.count else {
                throw Diagnostic("features", "expected \(names.count) features of item \(index), found \(row.count)")
            }
            for (name, value) in zip(names, row) where !value.isFinite {
                throw Diagnostic("features", "expected a finite `\(name)` of item \(index), found \(value)")
            }
        }
        self.names = names
        self.rows = rows.count
        values = rows.flatMap { $0 }
    }

    /// The features of one item; the index counts from 0 and must be below `rows`.
    public func row(_ index: Int) -> ArraySlice<Double> {
        values[index * columns..<(index + 1) * columns]
    }
}
