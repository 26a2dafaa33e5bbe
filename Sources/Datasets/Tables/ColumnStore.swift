import Synchronization

/// Where the cells of a column come from. Rows are counted from 0 and exist.
protocol CellSource: Sendable {
    var count: Int { get }
    /// A cell as written, quotes undone.
    func text(_ row: Int) -> String
    /// The number in a cell: NaN where it is missing, nil for text.
    func number(_ row: Int) -> Double?
    /// All cells.
    func texts() -> [String]
    /// A number for each row, NaN where it is missing; nil where the column is one of text.
    func numbers() -> [Double]?
}

/// The cells of a column, as text and as numbers, each made when it is first asked for and then kept.
final class ColumnStore: Sendable {
    let source: any CellSource
    private let texts = Mutex<[String]?>(nil)
    private let numbers = Mutex<[Double]??>(nil)

    init(_ source: any CellSource) { self.source = source }

    var allTexts: [String] {
        if let given = source as? GivenCells { return given.cells }
        return texts.withLock { kept in
            if let kept { return kept }
            let made = source.texts()
            kept = made
            return made
        }
    }

    var allNumbers: [Double]? {
        if let given = source as? GivenCells { return given.values }
        return numbers.withLock { kept in
            if let kept { return kept }
            let made = source.numbers()
            kept = .some(made)
            return made
        }
    }
}

/// Cells that were given as arrays.
struct GivenCells: CellSource {
    let cells: [String]
    let values: [Double]?

    var count: Int { cells.count }
    func text(_ row: Int) -> String { cells[row] }
    func number(_ row: Int) -> Double? {
        if let values, values.indices.contains(row) { return values[row] }
        return numberOrMissing(cells[row])
    }
    func texts() -> [String] { cells }
    func numbers() -> [Double]? { values }
}

/// A column of a text.
struct ReadCells: CellSource {
    let table: TextCells
    let column: Int

    var count: Int { table.count }
    func text(_ row: Int) -> String { table.text(row, column) }
    func number(_ row: Int) -> Double? { table.number(row, column) }
    func texts() -> [String] { table.texts(column) }
    func numbers() -> [Double]? { table.numbers(column) }
}

/// Rows of another column, for all columns of a table that show the same rows.
final class RowMap: Sendable {
    /// The row of the other column for each row; negative where there is none, and the cell is missing.
    let rows: [Int]
    init(_ rows: [Int]) { self.rows = rows }
}

/// Some rows of another column in some order, without a copy of its cells. It is a column of numbers where the other is one, or where the
/// rows that are left hold numbers alone: whoever takes out a row with a word in it means the rest.
struct ShownCells: CellSource {
    let base: ColumnStore
    let map: RowMap

    var count: Int { map.rows.count }
    func text(_ row: Int) -> String { map.rows[row] < 0 ? "" : base.source.text(map.rows[row]) }
    func number(_ row: Int) -> Double? { map.rows[row] < 0 ? .nan : base.source.number(map.rows[row]) }
    func texts() -> [String] { map.rows.map { $0 < 0 ? "" : base.source.text($0) } }
    func numbers() -> [Double]? {
        guard let numbers = base.allNumbers else { return columnNumbers(texts()) }
        return map.rows.map { $0 < 0 ? .nan : numbers[$0] }
    }
}
