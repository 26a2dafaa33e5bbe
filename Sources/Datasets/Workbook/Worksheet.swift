import Diagnostics

/// One row of a sheet: its number from 1, and the cells that hold something, by column from 0.
struct SheetRow {
    let number: Int
    var cells: [(column: Int, text: String)]
}

/// Reads the rows of a sheet that hold something, with at most 20 million cells.
struct WorksheetReader {
    static let mostRows = 1 << 20, mostColumns = 1 << 14, mostCells = 20_000_000

    let file: String
    let shared: [String]
    private(set) var rows: [SheetRow] = []
    private var cell: Cell?
    private var lastRow = 0, nextColumn = 0, cells = 0

    /// A cell that is open.
    private struct Cell {
        let column: Int, kind: String
        var value = "", inline = CellText()
        var isValue = false, hasValue = false, hasFormula = false
    }

    init(file: String, shared: [String]) {
        self.file = file
        self.shared = shared
    }

    mutating func take(_ event: XMLEvent) throws {
        switch event {
        case .start("row", let attributes): try startRow(attributes.first { $0.name == "r" }?.value)
        case .start("c", let attributes): try startCell(attributes)
        case .end("c"): try endCell()
        case .start("v", _):
            cell?.isValue = true
            cell?.hasValue = true
        case .end("v"): cell?.isValue = false
        case .start("f", _): cell?.hasFormula = true
        case .text(let text) where cell?.isValue == true: cell?.value += text
        default: cell?.inline.take(event)
        }
    }

    private mutating func startRow(_ written: String?) throws {
        // A row without a number follows the one before.
        guard let number = written.map({ Int($0) }) ?? lastRow + 1, number > lastRow, number <= WorksheetReader.mostRows else {
            throw workbookFault(
                file, "expected a row from \(lastRow + 1) to \(WorksheetReader.mostRows), found `\((written ?? "").prefix(20))`")
        }
        lastRow = number
        nextColumn = 0
        if rows.last?.cells.isEmpty == true { rows.removeLast() }
        rows.append(SheetRow(number: number, cells: []))
    }

    private mutating func startCell(_ attributes: [XMLAttribute]) throws {
        guard let row = rows.last else { throw workbookFault(file, "expected cells within rows, found one outside") }
        guard cell == nil else { throw workbookFault(file, "expected cells side by side, found one within another", row: row.number) }
        // A cell without a name follows the one before.
        var column = nextColumn
        if let written = attributes.first(where: { $0.name == "r" })?.value {
            guard let place = columnIndex(of: written, row: row.number), place >= nextColumn else {
                throw workbookFault(
                    file, "expected a cell of this row behind those before it, found `\(written.prefix(20))`", row: row.number)
            }
            column = place
        }
        guard column < WorksheetReader.mostColumns else {
            throw workbookFault(file, "expected at most \(WorksheetReader.mostColumns) columns, found more", row: row.number)
        }
        nextColumn = column + 1
        cell = Cell(column: column, kind: attributes.first { $0.name == "t" }?.value ?? "n")
    }

    private mutating func endCell() throws {
        guard let done = cell, let row = rows.last else { return }
        cell = nil
        let text = try text(of: done, row: row.number)
        guard !isBlankCell(text) else { return }
        cells += 1
        guard cells <= WorksheetReader.mostCells else {
            throw workbookFault(file, "expected at most \(WorksheetReader.mostCells) cells, found more", row: row.number)
        }
        rows[rows.count - 1].cells.append((done.column, text))
    }

    private func text(of cell: Cell, row: Int) throws -> String {
        func fault(_ message: String, hint: String? = nil) -> Diagnostic {
            workbookFault(file, "\(message) in cell `\(columnName(cell.column))\(row)`", row: row, hint: hint)
        }
        // A text may be empty; the value of a formula that was never computed is, too, and has no type.
        guard !cell.hasFormula || !cell.value.isEmpty || cell.hasValue && cell.kind != "n" else {
            throw fault(
                "expected the value of a formula, found the formula alone",
                hint: "open the workbook in a spreadsheet program and save it, which computes them")
        }
        guard cell.hasValue || cell.kind == "inlineStr" else { return "" }
        switch cell.kind {
        case "n":
            guard cell.value.isEmpty || cellNumber(cell.value)?.isFinite == true else {
                throw fault("expected a number, found `\(cell.value.prefix(40))`")
            }
            return cell.value
        case "s":
            guard let index = Int(cell.value), shared.indices.contains(index) else {
                throw fault("expected one of \(shared.count) shared texts, found `\(cell.value.prefix(20))`")
            }
            return shared[index]
        case "b":
            guard cell.value == "0" || cell.value == "1" else { throw fault("expected 0 or 1, found `\(cell.value.prefix(20))`") }
            return cell.value == "1" ? "true" : "false"
        case "inlineStr": return cell.inline.text
        // The text of a formula, an error such as #DIV/0!, a date as text.
        case "str", "e", "d": return cell.value
        default: throw fault("expected a number, a text or a truth value, found a cell of type `\(cell.kind.prefix(20))`")
        }
    }
}

/// The column, from 0, of a cell's name such as `AB12`; nil where it is none of that row.
private func columnIndex(of name: String, row: Int) -> Int? {
    let letters = name.utf8.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    guard (1...3).contains(letters.count), name.utf8.dropFirst(letters.count).elementsEqual(String(row).utf8) else { return nil }
    return letters.reduce(0) { $0 * 26 + Int($1 - UInt8(ascii: "A")) + 1 } - 1
}

/// The letters of a column, from 0: A, B, ..., Z, AA.
func columnName(_ column: Int) -> String {
    var rest = column + 1
    var letters: [Character] = []
    while rest > 0 {
        letters.append(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8((rest - 1) % 26))))
        rest = (rest - 1) / 26
    }
    return String(letters.reversed())
}
