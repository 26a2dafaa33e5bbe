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
    /// Whether there are numbers, found out without making them all.
    func isOfNumbers() -> Bool
    /// Calls `body` with the bytes of a cell, quotes undone.
    func withBytes(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
}

extension CellSource {
    func withBytes(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var text = text(row)
        text.withUTF8(body)
    }
}

/// The cells of a column, as text and as numbers, each made when it is first asked for and then kept.
final class ColumnStore: Sendable {
    let source: any CellSource
    private let texts = Mutex<[String]?>(nil)
    private let numbers = Mutex<[Double]??>(nil)
    private let numeric = Mutex<Bool?>(nil)

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

extension ColumnStore {
    /// Whether the column has numbers; none are kept for the answer.
    var isOfNumbers: Bool {
        if let known = numbers.withLock({ kept in kept.map { $0 != nil } }) { return known }
        return numeric.withLock { kept in
            if let kept { return kept }
            let found = source.isOfNumbers()
            kept = found
            return found
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
    func isOfNumbers() -> Bool { values != nil }
}

/// Cells that are numbers, and texts once they are asked for: the shortest that read back as the same, empty for NaN.
struct NumberCells: CellSource {
    let values: [Double]

    var count: Int { values.count }
    func text(_ row: Int) -> String { values[row].isNaN ? "" : writtenInCell(values[row]) }
    func number(_ row: Int) -> Double? { values[row] }
    func texts() -> [String] { values.indices.map(text) }
    func numbers() -> [Double]? { values }
    func isOfNumbers() -> Bool { true }
}

/// A number as text: the shortest that reads back as the same, whole numbers without a point.
private func writtenInCell(_ number: Double) -> String {
    if let whole = Int(exactly: number), abs(whole) < 1 << 53, number != 0 || number.sign == .plus { return String(whole) }
    return "\(number)"
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
    func isOfNumbers() -> Bool { table.isOfNumbers(column) }
    func withBytes(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) { table.withBytes(row, column, body) }
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
        guard let numbers = base.allNumbers else {
            // Words such as `NA` that are left of a column of text are texts still.
            return columnNumbers(texts()).flatMap { $0.contains { !$0.isNaN } ? $0 : nil }
        }
        return map.rows.map { $0 < 0 ? .nan : numbers[$0] }
    }
    func isOfNumbers() -> Bool {
        if base.isOfNumbers { return true }
        var isMissing = true
        for row in map.rows where row >= 0 {
            guard let number = base.source.number(row) else { return false }
            isMissing = isMissing && number.isNaN
        }
        return !isMissing
    }
    func withBytes(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard map.rows[row] >= 0 else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        base.source.withBytes(map.rows[row], body)
    }
}
