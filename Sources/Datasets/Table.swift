import Diagnostics

/// Rows of named columns, with the place each row came from.
public struct Table: Sendable, Equatable {
    /// The file the table was read from, for messages.
    public let file: String
    /// The columns in their order.
    public private(set) var columns: [Column]
    /// The line of the file on which each row begins, from 1.
    public let lines: [Int]
    /// What stands between two cells of the file: a comma, a semicolon, a tab or a bar; nil where the table comes from no text.
    public let separator: Character?

    /// Makes a table of columns. Throws `shape` unless every column has a cell, and a number if any, for each line.
    public init(file: String, columns: [Column], lines: [Int], separator: Character? = nil) throws {
        for column in columns {
            let numbers = (column.store.source as? GivenCells)?.values?.count ?? lines.count
            guard column.count == lines.count, numbers == lines.count else {
                throw Diagnostic("shape", "expected \(lines.count) cells in column `\(column.name)`, found \(column.count)")
            }
        }
        self.file = file
        self.columns = columns
        self.lines = lines
        self.separator = separator
    }

    /// The number of rows.
    public var count: Int { lines.count }
    /// The names of the columns in their order.
    public var columnNames: [String] { columns.map(\.name) }

    /// The column named `name`, or `name [unit]` as a header has it. Throws `unknown-column`, with the nearest name as a hint.
    public func column(_ name: String) throws -> Column {
        if let column = columns.first(where: { $0.name == name }) ?? columns.first(where: { $0.answers(to: name) }) { return column }
        let near = nearMiss(name, among: columnNames)
        let isUndivided = columns.count == 1 && separator != nil && columns[0].name.contains { " :|/".contains($0) }
        let hint =
            near.map { "did you mean `\($0)`?" }
            ?? (isUndivided
                ? "its only column is `\(columns[0].name.prefix(60))`: commas, semicolons, tabs or bars part the cells of a file" : nil)
            ?? "its columns are \(columnNames.prefix(20).joined(separator: ", "))\(columns.count > 20 ? ", ..." : "")"
        throw Diagnostic("unknown-column", "there is no column `\(name)`", data: DataPlace(file: file, line: 1), hint: hint)
    }

    /// The same table with the unit of a column set. Throws `unknown-column`.
    public func settingUnit(_ unit: String?, ofColumn name: String) throws -> Table {
        let wanted = try column(name).name
        var copy = self
        for index in copy.columns.indices where copy.columns[index].name == wanted { copy.columns[index].unit = unit }
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
        let numbers = column.numbers
        return try (rows ?? Array(0..<count)).map { row in
            guard row >= 0, row < count else {
                throw Diagnostic("shape", "expected a row below \(count), found \(row)", data: DataPlace(file: file))
            }
            guard let number = numbers?[row] ?? column.number(row), number.isFinite else {
                throw noNumber(in: column, row: row, "expected a finite number")
            }
            return number
        }
    }

    /// The numbers of a column, NaN where one is missing. Throws `unknown-column`, and `bad-data` with the line of the first cell that is
    /// text, or for a column in which nothing stands.
    public func numbers(ofColumn name: String) throws -> [Double] {
        let column = try column(name)
        if let numbers = column.numbers { return numbers }
        let first = (0..<count).first { column.number($0) == nil }
        throw noNumber(in: column, row: first ?? 0, "expected numbers")
    }

    /// What is said of a cell that holds no number that can be used.
    private func noNumber(in column: Column, row: Int, _ expected: String) -> Diagnostic {
        let cell = column.text(row)
        let found = isBlankCell(cell) ? "an empty cell" : "`\(cell.prefix(40))`"
        let hint: String
        if isMissing(cell) {
            hint = "say `missing: drop` to leave such rows out, or fill the cell in"
        } else if let number = cellNumber(cell) {
            // Infinity has no word of its own.
            hint = "leave such rows out: `where(row[\(inQuotes(column.name))] \(number > 0 ? "< 1e300" : "> -1e300"))`"
        } else {
            hint = cellAdvice(cell, in: column)
        }
        return Diagnostic("bad-data", "\(expected) in column `\(column.name)`, found \(found)", data: place(ofRow: row), hint: hint)
    }
}
