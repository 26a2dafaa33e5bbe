import Diagnostics

/// A matrix of features, row-major: one row of numbers per item, one named column per feature.
public struct FeatureMatrix: Sendable, Hashable {
    /// The names of the features, one per column.
    public let names: [String]
    /// The number of items.
    public let rows: Int
    /// The numbers, row by row: rows x columns.
    public let values: [Double]

    /// The number of features.
    public var columns: Int { names.count }

    /// Creates the matrix from one list of numbers per item. Throws `features` where a row has not one value a name, or a
    /// value is not finite.
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
