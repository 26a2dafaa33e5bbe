/// A sort of results that are no numbers, such as a table, with what the language has to know of all results of it. The library
/// declares its sorts beside the words that give them.
public struct Sort: Sendable, Hashable {
    /// Noun for a result of the sort.
    public let name: String
    /// Whether a result only says how something is done: nothing is computed, and its arguments are there to look at.
    public let isSetting: Bool
    /// Whether a result is there only once it is computed, so that nothing can be decided by it before.
    public let isDeferred: Bool
    /// Whether a name in brackets behind a result gives a column of numbers.
    public let hasColumns: Bool
    /// Whether a result holds something for each row of a table that is no number, such as a column of text: it is compared row by row.
    public let isColumn: Bool
    /// Whether a result says for each row of a table whether something holds: `and`, `or` and `not` join such results row by row.
    public let isCondition: Bool
    /// Whether a result is applied to the signals of a network, one after another in a chain of `>>`.
    public let isApplied: Bool

    /// Creates a sort, by default of results that are looked at by the words that take them alone.
    public init(
        _ name: String, isSetting: Bool = false, isDeferred: Bool = false, hasColumns: Bool = false, isColumn: Bool = false,
        isCondition: Bool = false, isApplied: Bool = false
    ) {
        self.name = name
        self.isSetting = isSetting
        self.isDeferred = isDeferred
        self.hasColumns = hasColumns
        self.isColumn = isColumn
        self.isCondition = isCondition
        self.isApplied = isApplied
    }

    /// The sort as a phrase for messages, with its article.
    public var phrase: String { withArticle(name) }
}

/// The noun with its indefinite article.
func withArticle(_ noun: String) -> String { (noun.first.map { "aeio".contains($0) } == true ? "an " : "a ") + noun }
