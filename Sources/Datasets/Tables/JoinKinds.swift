/// Which rows a join keeps.
public enum JoinKind: String, Sendable, Hashable, CaseIterable {
    /// The rows of the left table that have a partner.
    case inner
    /// All rows of the left table; where one has no partner the cells of the right columns are missing.
    case left
}

/// A column that is a key of a join, or part of one.
public struct JoinKey: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The name of the column in the left table.
    public var left: String
    /// The name of the column in the right table.
    public var right: String

    /// Makes a key of two columns that hold the same ids under two names.
    public init(left: String, right: String) {
        self.left = left
        self.right = right
    }

    /// Makes a key of the columns of one name.
    public init(_ name: String) { self.init(left: name, right: name) }

    /// Makes a key of the columns of one name.
    public init(stringLiteral name: String) { self.init(name) }
}

/// What a join left without a partner.
public struct JoinReport: Sendable, Equatable {
    /// Rows of one table for which the other has none.
    public struct Alone: Sendable, Equatable {
        /// How many they are.
        public var count = 0
        /// The keys of the first of them, at most five, in the order of the rows; several columns with a blank between them, a blank
        /// key as an empty text.
        public var first: [String] = []

        /// Makes a report of no rows.
        public init() {}

        mutating func add(_ key: @autoclosure () -> String) {
            count += 1
            if first.count < 5 { first.append(key()) }
        }
    }

    /// The number of rows of the left table that have a partner.
    public var matched = 0
    /// The rows that only the left table has.
    public var onlyLeft = Alone()
    /// The rows that only the right table has.
    public var onlyRight = Alone()
    /// Names of columns of the right table that were left out, since the left table has them with the same cells in every row matched.
    public var same: [String] = []
    /// Two keys without a partner, one of each table, that differ in spelling alone, and in what; nil where there are none.
    public var spelling: String?

    /// Makes a report of nothing.
    public init() {}
}
