import Diagnostics

/// Reads a sheet of a workbook (`.xlsx`) as a table: the first row that holds something has the names of the columns.
///
/// Cells are texts as the file has them: numbers with their digits, truth values as `true` and `false`, dates as the numbers
/// of days that they are kept as, formulas as the values that were computed when the workbook was saved. Which columns are
/// numeric, which cells of them are missing, and what a header says of units, is as in `readCSV`. Columns without a name and
/// without values are passed over. A row's line is its number in the sheet. Where `sheet` is nil the workbook must have one
/// sheet.
///
/// Throws `cannot-read`; `unknown-sheet`, with the nearest name; and `bad-data` for a file that is no workbook, is cut off,
/// damaged, encrypted or unpacks to too much (see `ZipArchive`), for a name used twice, values under no name, an empty row
/// between others, a formula without a value, no header or no rows.
public func readXLSX(path: String, sheet: String? = nil) throws -> Table {
    let workbook = try Workbook(path: path)
    let chosen = try workbook.sheet(sheet)
    guard let part = chosen.part, let contents = try workbook.archive.contents(of: part) else {
        throw workbookFault(path, "expected cells in the sheet `\(chosen.name)`, found none: it is a chart, or its part is missing")
    }
    var reader = try WorksheetReader(file: path, shared: workbook.sharedStrings())
    try forEach(contents, part, path) { try reader.take($0) }
    return try table(of: reader.rows.filter { !$0.cells.isEmpty }, sheet: chosen.name, file: path)
}

private func table(of rows: [SheetRow], sheet: String, file: String) throws -> Table {
    guard let header = rows.first else { throw workbookFault(file, "expected a header, found nothing in the sheet `\(sheet)`") }
    var places: [Int: Int] = [:]
    var names: [String] = []
    var seen: Set<String> = []
    for (column, text) in header.cells {
        let name = withoutBlanks(text)
        guard !name.isEmpty else { continue }
        guard seen.insert(name).inserted else {
            throw workbookFault(file, "expected each column to have a name of its own, found `\(name)` twice", row: header.number)
        }
        places[column] = names.count
        names.append(name)
    }
    guard !names.isEmpty, rows.count > 1 else {
        throw workbookFault(file, "expected rows under the header, found none in the sheet `\(sheet)`", row: header.number)
    }
    guard names.count <= WorksheetReader.mostCells / rows.count else {
        throw workbookFault(file, "expected at most \(WorksheetReader.mostCells) cells, found \(rows.count) rows of \(names.count) columns")
    }
    var cells = [[String]](repeating: [], count: names.count)
    var lines: [Int] = []
    for row in rows.dropFirst() {
        guard row.number == (lines.last ?? header.number) + 1 else {
            throw workbookFault(file, "expected values, found an empty row", row: (lines.last ?? header.number) + 1, hint: "remove the row")
        }
        lines.append(row.number)
        for index in cells.indices { cells[index].append("") }
        for (column, text) in row.cells {
            guard let place = places[column] else {
                throw workbookFault(
                    file,
                    "expected a name in the header for column `\(columnName(column))`, found none above the value `\(text.prefix(40))`",
                    row: row.number)
            }
            cells[place][lines.count - 1] = text
        }
    }
    let columns = zip(names, zip(namesAndUnits(ofHeaders: names), cells)).map { header, column in
        let given = GivenCells(cells: column.1, values: columnNumbers(column.1))
        return Column(name: column.0.name, unit: column.0.unit, header: header, store: ColumnStore(given))
    }
    return try Table(file: file, columns: columns, lines: lines)
}

/// The text without the blanks around it.
func withoutBlanks(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) else {
        return ""
    }
    return String(text[first...last])
}
