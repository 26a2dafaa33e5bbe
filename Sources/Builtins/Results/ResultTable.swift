import Datasets
import Diagnostics
import Storage

/// A table of results: cells as they are printed, and as they are in CSV.
public struct ResultTable: Sendable, Hashable {
    /// A column of a table: its header, and how and where it is shown.
    public struct Column: Sendable, Hashable {
        /// Text above the column, without the unit.
        public var header: String
        /// Unit of the numbers; nil where they have none.
        public var unit: String?
        /// Whether the cells are numbers, which stand at the right.
        public var isNumeric: Bool
        /// Place where the column is shown.
        public var place: Place

        /// The places where a column is shown: an interval is one column for people, and two for programs.
        public enum Place: String, Sendable, Hashable { case everywhere, screen, file }

        /// Creates a column, by default one of numbers that is shown everywhere.
        public init(_ header: String, unit: String? = nil, isNumeric: Bool = true, in place: Place = .everywhere) {
            self.header = withoutUnitOf(header, unit)
            self.unit = unit
            self.isNumeric = isNumeric
            self.place = place
        }
    }

    /// A cell of a table: its text for people, and for files.
    public struct Cell: Sendable, Hashable {
        /// Text for people.
        public var text: String
        /// Text for files, with every digit.
        public var exact: String

        /// Creates a cell, by default with the same text for people and for files.
        public init(_ text: String, exact: String? = nil) {
            self.text = text
            self.exact = exact ?? text
        }
    }

    /// Columns from left to right.
    public var columns: [Column]
    /// Cells by row and column.
    public var rows: [[Cell]]
    /// Lines of text below the table.
    public var notes: [String]

    /// Creates a table from its columns and rows.
    public init(columns: [Column], rows: [[Cell]], notes: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.notes = notes
    }

    /// The table as CSV (RFC 4180): a header with units in brackets, then the rows with every digit. Texts that a spreadsheet
    /// would carry out as a formula have an apostrophe before them.
    public var csv: String {
        let kept = columns.indices.filter { columns[$0].place != .screen }
        let header = kept.map { index in Datasets.header(ofColumn: columns[index].header, unit: columns[index].unit) }
        var text = ""
        func append(_ cells: some Sequence<String>) {
            var isFirst = true
            for cell in cells {
                if !isFirst { text += "," }
                isFirst = false
                text += Self.quoted(cell)
            }
            text += "\n"
        }
        append(header.lazy.map(Self.inert))
        let holdsText = columns.map { !$0.isNumeric }
        for row in rows {
            append(
                kept.lazy.map { index in
                    let cell = row.indices.contains(index) ? row[index].exact : ""
                    return holdsText[index] ? Self.inert(cell) : cell
                })
        }
        return text
    }

    /// A text that no spreadsheet takes for a formula: ids, labels and names of columns come from files of others, and what
    /// begins with `=`, `@`, a tab or a carriage return is carried out where the table is opened. Signs are left alone, since
    /// adsorbates and columns are named `-OH` and `+-`.
    private static func inert(_ text: String) -> String {
        let marks: [UInt8] = [0x3D, 0x40, 0x09, 0x0D]
        guard let first = text.utf8.first, marks.contains(first), text.utf8.count > 1 else { return text }
        return "'" + text
    }

    /// A cell as it stands in a file: in quotes where it holds a comma, a quote or an end of line.
    public static func quoted(_ cell: String) -> String {
        // Beyond ASCII there are further ends of line.
        let isPlain = cell.utf8.allSatisfy { $0 < 0x80 && $0 != 0x2C && $0 != 0x22 && !(0x0A...0x0D).contains($0) }
        guard !isPlain, cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}

extension ResultTable {
    /// The largest number of rows that are printed whole.
    public static let mostPrinted = 200
    /// The number of rows that are printed of a table with more.
    static let pageRows = 40

    /// Creates a table of results with the rows of a file as they are.
    init(_ table: Table) { self.init(table, rows: table.count) }

    private init(_ table: Table, rows: Int) {
        self.init(
            columns: table.columns.map { Column($0.name, unit: $0.unit, isNumeric: $0.isOfNumbers) },
            rows: (0..<rows).map { row in table.columns.map { Cell($0.text(row)) } })
    }

    /// The rows of a file as they are printed: all of them, or a page of many. Of a million rows a page of texts is made, and all cells
    /// are looked at, since one that is no number makes a column one of text.
    public static func page(of table: Table) -> ResultTable {
        guard table.count > mostPrinted else { return ResultTable(table) }
        return ResultTable(table, rows: pageRows).noting(rows: table.count)
    }

    /// Writes the rows of a file as the CSV that `csv` gives of all of them, without holding them. Throws what the sink and `between`
    /// throw, which is called again and again.
    public static func writeCSV(of table: Table, to sink: some ByteSink, between: () throws -> Void = {}) throws {
        try sink.write(ResultTable(table, rows: 0).csv)
        try table.writeLines(to: sink, between: between) { quoted($1 ? $0 : inert($0)) }
    }

    /// The table as it is printed: whole, or a page of many rows with their number. A file gets all of them.
    public var page: ResultTable {
        guard rows.count > Self.mostPrinted else { return self }
        return ResultTable(columns: columns, rows: Array(rows.prefix(Self.pageRows)), notes: notes).noting(rows: rows.count)
    }

    private func noting(rows count: Int) -> ResultTable {
        var copy = self
        copy.notes.insert("the first \(rows.count) of \(count) rows; `table ... to \"FILE.csv\"` writes them all", at: 0)
        return copy
    }
}
