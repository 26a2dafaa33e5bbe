/// Tables as LaTeX with the rules of booktabs.
public enum LaTeXTable {
    /// From how many characters on a column of text breaks its lines.
    private static let longText = 40

    /// A table as a `tabular` with the rules of booktabs: numbers at the right, units in the head, long texts in columns that break (for
    /// which a document needs the packages `booktabs` and `array`). The title and the notes are left to the document around it.
    public static func tabular(_ grid: ReportDocument.ResultGrid) -> String { tabular(grid, rows: grid.rows[...]) }

    /// The rows of one page of a long table.
    static func tabular(_ grid: ReportDocument.ResultGrid, rows: ArraySlice<[String]>) -> String {
        guard !grid.columns.isEmpty else { return "" }
        let sides = sides(of: grid)
        let head = grid.columns.map { column in
            let header = LaTeXText.escaped(column.header)
            return column.unit.map { header.isEmpty ? LaTeXText.unit($0) : "\(header) (\(LaTeXText.unit($0)))" } ?? header
        }
        let body = rows.map { row in
            zip(grid.cells(of: row), grid.columns).map { $1.isNumeric ? LaTeXText.number($0) : LaTeXText.escaped($0) }
        }
        func line(_ cells: [String]) -> String { "    " + cells.joined(separator: " & ") + " \\\\" }
        return
            (["\\begin{tabular}{@{}\(sides)@{}}", "    \\toprule", line(head), "    \\midrule"] + body.map(line)
            + ["    \\bottomrule", "\\end{tabular}"]).joined(separator: "\n")
    }

    /// How the columns stand. It is asked of the whole table, so that its parts are alike.
    private static func sides(of grid: ReportDocument.ResultGrid) -> String {
        let isLong = grid.columns.indices.map { column in
            !grid.columns[column].isNumeric
                && grid.rows.contains { $0.indices.contains(column) && $0[column].unicodeScalars.count > longText }
        }
        let width = [1: "0.5", 2: "0.3", 3: "0.2"][isLong.count { $0 }] ?? "0.15"
        return zip(grid.columns, isLong).map { column, isLong in
            if isLong { return ">{\\raggedright\\arraybackslash}p{\(width)\\linewidth}" }
            return column.isNumeric ? "r" : "l"
        }
        .joined()
    }
}
