import Diagnostics

/// A column of a table: its cells as they are written, and as numbers where all of them are.
public struct Column: Sendable, Equatable {
    /// The name of the column.
    public let name: String
    /// The unit the numbers are in, where one is known.
    public var unit: String?
    /// One cell for each row, as written, quotes undone; empty where the value is missing.
    public let cells: [String]
    /// One number for each row where every cell is a number, `nan`, `inf` or missing (then NaN); nil in a column of text.
    public let numbers: [Double]?

    /// Makes a column of its parts without a check.
    public init(name: String, unit: String? = nil, cells: [String], numbers: [Double]?) {
        self.name = name
        self.unit = unit
        self.cells = cells
        self.numbers = numbers
    }

    /// Whether the column has numbers.
    public var isNumeric: Bool { numbers != nil }
}

/// Rows of named columns, with the place each row came from.
public struct Table: Sendable, Equatable {
    /// The file the table was read from, for messages.
    public let file: String
    /// The columns in their order.
    public private(set) var columns: [Column]
    /// The line of the file on which each row begins, from 1.
    public let lines: [Int]

    /// Makes a table of columns. Throws `shape` unless every column has a cell, and a number if any, for each line.
    public init(file: String, columns: [Column], lines: [Int]) throws {
        for column in columns where column.cells.count != lines.count || column.numbers.map({ $0.count != lines.count }) == true {
            throw Diagnostic("shape", "expected \(lines.count) cells in column `\(column.name)`, found \(column.cells.count)")
        }
        self.file = file
        self.columns = columns
        self.lines = lines
    }

    /// The number of rows.
    public var count: Int { lines.count }
    /// The names of the columns in their order.
    public var columnNames: [String] { columns.map(\.name) }

    /// The column named `name`. Throws `unknown-column`, with the nearest name as a hint.
    public func column(_ name: String) throws -> Column {
        if let column = columns.first(where: { $0.name == name }) { return column }
        let near = nearMiss(name, among: columnNames)
        let hint =
            near.map { "did you mean `\($0)`?" }
            ?? "its columns are \(columnNames.prefix(20).joined(separator: ", "))\(columns.count > 20 ? ", ..." : "")"
        throw Diagnostic("unknown-column", "there is no column `\(name)`", data: DataPlace(file: file, line: 1), hint: hint)
    }

    /// The same table with the unit of a column set. Throws `unknown-column`.
    public func settingUnit(_ unit: String?, ofColumn name: String) throws -> Table {
        _ = try column(name)
        var copy = self
        for index in copy.columns.indices where copy.columns[index].name == name { copy.columns[index].unit = unit }
        return copy
    }

    /// The place of a row in the file.
    public func place(ofRow row: Int) -> DataPlace {
        DataPlace(file: file, line: lines.indices.contains(row) ? lines[row] : nil)
    }

    /// The targets of a column: one finite number for each row of `rows`, or for each row of the table.
    ///
    /// Throws `unknown-column`, and `bad-data` with the line for a cell that is missing, text, `nan` or infinite.
    public func targets(column name: String, rows: [Int]? = nil) throws -> [Double] {
        let column = try column(name)
        return try (rows ?? Array(0..<count)).map { row in
            guard column.cells.indices.contains(row) else {
                throw Diagnostic("shape", "expected a row below \(count), found \(row)", data: DataPlace(file: file))
            }
            let cell = column.cells[row]
            let number = column.numbers?[row] ?? cellNumber(cell)
            guard let number, number.isFinite else {
                let found = isMissing(cell) ? "an empty cell" : "`\(cell.prefix(40))`"
                throw Diagnostic(
                    "bad-data", "expected a finite number in column `\(name)`, found \(found)", data: place(ofRow: row),
                    hint: "remove the row, or fill the cell in")
            }
            return number
        }
    }
}

/// Whether a cell holds nothing but blanks.
func isMissing(_ cell: String) -> Bool { cell.utf8.allSatisfy { $0 == 32 || $0 == 9 } }
