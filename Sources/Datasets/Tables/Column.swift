import Diagnostics

/// A column of a table: its cells as they are written, and as numbers where all of them are.
///
/// A column of a file keeps no cell by itself: `text(_:)` and `number(_:)` read one where it lies, `cells` and `numbers` make all of them
/// when they are first asked for and keep them. Copies of a column share what was made; it may be used by several threads.
public struct Column: Sendable, Equatable {
    /// The name of the column.
    public let name: String
    /// The unit the numbers are in, where one is known.
    public var unit: String?
    /// The name as the header of the file has it, with its unit in brackets.
    let header: String
    let store: ColumnStore

    /// Makes a column of its parts without a check.
    public init(name: String, unit: String? = nil, cells: [String], numbers: [Double]?) {
        self.init(name: name, unit: unit, header: name, store: ColumnStore(GivenCells(cells: cells, values: numbers)))
    }

    /// Makes a column of texts; it has numbers where every cell is a number or missing and not all are blank (see `numbers`).
    public init(name: String, unit: String? = nil, cells: [String]) {
        self.init(name: name, unit: unit, cells: cells, numbers: columnNumbers(cells))
    }

    /// Makes a column of numbers. A cell is the shortest text that reads back as its number, and empty for NaN.
    public init(name: String, unit: String? = nil, numbers: [Double]) {
        self.init(name: name, unit: unit, header: name, store: ColumnStore(NumberCells(values: numbers)))
    }

    init(name: String, unit: String?, header: String, store: ColumnStore) {
        self.name = name
        self.unit = unit
        self.header = header
        self.store = store
    }

    /// One cell for each row, as written, quotes undone; empty where the value is missing. Made when it is first asked for.
    public var cells: [String] { store.allTexts }
    /// One number for each row where every cell is a number, `nan`, `inf` or missing (then NaN, see `isMissing`) and not all are blank;
    /// nil in a column of text. Made when it is first asked for. Rows of another table are numbers where its column is.
    public var numbers: [Double]? { store.allNumbers }
    /// Whether the column has numbers.
    public var isNumeric: Bool { numbers != nil }
    /// Whether the column has numbers, as `isNumeric` says, found out without keeping them all: for columns of which little more is asked.
    public var isOfNumbers: Bool { store.isOfNumbers }
    /// The number of rows.
    public var count: Int { store.source.count }

    /// The cell of a row as written, quotes undone, read where it lies; empty where there is no such row.
    public func text(_ row: Int) -> String { row >= 0 && row < count ? store.source.text(row) : "" }

    /// The number in the cell of a row, read where it lies, whatever the other cells are: NaN where it is missing, nil where it is text
    /// or there is no such row.
    public func number(_ row: Int) -> Double? { row >= 0 && row < count ? store.source.number(row) : nil }

    /// Whether the cell of a row is missing: it is blank or, in a column of numbers, NaN or a word such as `None` (see `isMissing`).
    public func isMissing(_ row: Int) -> Bool {
        let cell = text(row)
        return isBlankCell(cell) || Datasets.isMissing(cell) && isNumeric
    }

    /// The same column under another name.
    public func renamed(_ name: String) -> Column { Column(name: name, unit: unit, header: name, store: store) }

    /// Whether two columns have the same name, unit, cells and numbers; NaN equals NaN.
    public static func == (a: Column, b: Column) -> Bool {
        guard a.name == b.name, a.unit == b.unit else { return false }
        if a.store === b.store { return true }
        guard a.count == b.count, (0..<a.count).allSatisfy({ a.store.source.text($0) == b.store.source.text($0) }) else { return false }
        guard let x = a.numbers, let y = b.numbers else { return a.numbers == nil && b.numbers == nil }
        return x.count == y.count && zip(x, y).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    }

    /// Whether a column may be meant by a name: its own, or one with its unit in brackets as in a header.
    func answers(to wanted: String) -> Bool {
        if name == wanted || header == wanted { return true }
        let (plain, written) = nameAndUnit(ofHeader: wanted)
        return written != nil && plain == name && sameUnit(written, unit)
    }
}
