import Diagnostics

/// A column by which rows are put in order.
public struct RowOrder: Sendable, Hashable {
    /// The name of the column.
    public var column: String
    /// Whether the largest comes first.
    public var descending: Bool

    /// Makes an order by a column, the smallest first unless `descending`.
    public init(_ column: String, descending: Bool = false) {
        self.column = column
        self.descending = descending
    }
}

extension Table {
    /// The rows in the order of one column, rows that are equal there in that of the next, and so on; rows that are equal in all of them
    /// stay as they are. A column of numbers is ordered by them, one of text in natural order (`naturalLess`); what is missing comes last
    /// in either direction. Throws `unknown-column`.
    public func rowsInOrder(by orders: [RowOrder]) throws -> [Int] {
        let keys = try orders.map { SortKey(try column($0.column), descending: $0.descending) }
        return (0..<count).sorted { a, b in
            for key in keys {
                let order = key.compare(a, b)
                if order != 0 { return order < 0 }
            }
            return a < b
        }
    }

    /// The table with its rows in the order of columns, see `rowsInOrder(by:)`. No cell is copied. Throws `unknown-column`.
    public func ordered(by orders: [RowOrder]) throws -> Table { try selecting(rows: rowsInOrder(by: orders)) }

    /// Checks that a column which is to be ordered is not one of numbers but for some words: `-1.6` before `-11.7` is no order. Throws
    /// `bad-data` with the line of the first word, and `unknown-column`.
    public func checkOrder(by name: String) throws {
        let column = try column(name)
        guard column.numbers == nil else { return }
        // Numbers in another way of writing are numbers too, in whose natural order `1,25` stands behind `1,5`.
        var (numbers, alike, words) = (0, 0, 0)
        var first: (row: Int, cell: String)?
        for row in 0..<count {
            let cell = column.text(row)
            if isMissing(cell) { continue }
            if cellNumber(cell) != nil {
                numbers += 1
                continue
            }
            first = first ?? (row, cell)
            let meant = NumberInWords(cell)
            if meant?.isOutOfOrder == true { alike += 1 } else if meant != .nothing { words += 1 }
        }
        guard numbers + alike > words, let first else { return }
        throw Diagnostic(
            "bad-data",
            numbers == 0 && words == 0
                ? "expected numbers in column `\(name)` to order its rows, found text: `\(first.cell.prefix(40))`"
                : "expected numbers or words in column `\(name)` to order its rows, found both: `\(first.cell.prefix(40))`",
            data: place(ofRow: first.row), hint: cellAdvice(first.cell, in: column))
    }
}

/// The cells of a column, ready to be compared.
private enum SortKey {
    case numbers([Double], descending: Bool)
    case ranks([Int], descending: Bool)

    init(_ column: Column, descending: Bool) {
        if let numbers = column.numbers {
            self = .numbers(numbers, descending: descending)
            return
        }
        // Each text is compared once with the others, not once for each row that holds it.
        let cells = (0..<column.count).map(column.text)
        let texts = Set(cells.filter { !isBlankCell($0) }).sorted(by: naturalLess)
        let ranks = Dictionary(texts.enumerated().map { ($1, $0) }) { first, _ in first }
        self = .ranks(cells.map { ranks[$0] ?? -1 }, descending: descending)
    }

    /// Negative where row `a` comes first, 0 where neither does.
    func compare(_ a: Int, _ b: Int) -> Int {
        switch self {
        case .numbers(let numbers, let descending):
            let (x, y) = (numbers[a], numbers[b])
            if x.isNaN || y.isNaN { return (x.isNaN ? 1 : 0) - (y.isNaN ? 1 : 0) }
            return x == y ? 0 : (x < y) != descending ? -1 : 1
        case .ranks(let ranks, let descending):
            let (x, y) = (ranks[a], ranks[b])
            if x < 0 || y < 0 { return (x < 0 ? 1 : 0) - (y < 0 ? 1 : 0) }
            return x == y ? 0 : (x < y) != descending ? -1 : 1
        }
    }
}
