import Diagnostics
import Storage

/// Reads a table of comma-separated values, plain or gzip: RFC 4180, a header in the first line, UTF-8.
///
/// Lines end with LF, CRLF or CR; a byte order mark and empty lines at the end are passed over. A quote inside an unquoted
/// cell is an ordinary character. An empty cell is a missing value. A column is numeric where each cell is a number as
/// Python's `float` has it (blanks around it, `nan`, `inf` and `infinity` allowed, digit separators not) or missing, and
/// not all are missing.
///
/// Throws `cannot-read`, and `bad-data` with the line for a row of the wrong length, a name used twice, an unclosed quote,
/// text behind a quoted cell, bytes that are not UTF-8, no header or no rows.
public func readCSV(path: String) throws -> Table {
    let bytes = try FileBytes.read(path: path)
    return try bytes.withBytes { buffer in
        var parser = CSVParser(buffer, file: path)
        return try parser.table()
    }
}

/// A parser of a table's text, moving forward cell by cell.
private struct CSVParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String
    private var place = 0
    private var line = 1
    /// The cells read so far, row by row, and the texts of those that were quoted.
    private var cells: [Cell] = []
    private var quoted: [String] = []

    /// A stretch of the file; or, where `count` is negative, the number of a quoted cell.
    private struct Cell {
        let start: Int
        let count: Int
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
    }

    mutating func table() throws -> Table {
        try checkText()
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { place = 3 }
        guard !skipEmptyEnd() else { throw fault("expected a header, found an empty file", line: 1) }
        try row()
        let names = (0..<cells.count).map { trimmed(text(of: cells[$0])) }
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw fault("expected each column to have a name of its own, found `\(name)` twice", line: 1)
        }
        cells.removeAll()
        quoted.removeAll()
        var lines: [Int] = []
        while !skipEmptyEnd() {
            let start = line
            let before = cells.count
            try row()
            guard cells.count - before == names.count else {
                throw fault("expected \(names.count) cells, found \(cells.count - before)", line: start)
            }
            lines.append(start)
        }
        guard !lines.isEmpty else { throw fault("expected rows under the header, found none", line: 1) }
        let columns = names.indices.map { column(names[$0], at: $0, of: names.count, rows: lines.count) }
        return try Table(file: file, columns: columns, lines: lines)
    }

    private func column(_ name: String, at index: Int, of width: Int, rows: Int) -> Column {
        var texts: [String] = []
        var numbers: [Double] = []
        var isNumeric = true
        var isEmpty = true
        texts.reserveCapacity(rows)
        numbers.reserveCapacity(rows)
        for place in stride(from: index, to: cells.count, by: width) {
            let cell = cells[place]
            let string = text(of: cell)
            texts.append(string)
            guard isNumeric else { continue }
            if let number = number(cell, string) { numbers.append(number) } else { isNumeric = false }
            isEmpty = isEmpty && isMissing(string)
        }
        return Column(name: name, cells: texts, numbers: isNumeric && !isEmpty ? numbers : nil)
    }

    private func text(of cell: Cell) -> String {
        cell.count < 0
            ? quoted[cell.start]
            : String(decoding: UnsafeBufferPointer(rebasing: bytes[cell.start..<(cell.start + cell.count)]), as: UTF8.self)
    }

    /// The number a cell holds: NaN where it is missing, nil where it is text.
    private func number(_ cell: Cell, _ string: String) -> Double? {
        // The common case, without a copy; a comma, a line end or the zero bytes behind the text stop the scan.
        if cell.count > 0 {
            let inPlace = UnsafeBufferPointer(rebasing: bytes[cell.start..<(cell.start + cell.count)])
            if let value = decimal(inPlace), isPlain(inPlace) { return value }
        }
        return isMissing(string) ? .nan : cellNumber(string)
    }

    /// Whether only empty lines are left, which are then passed over.
    private mutating func skipEmptyEnd() -> Bool {
        var p = place
        while p < bytes.count, bytes[p] == UInt8(ascii: "\n") || bytes[p] == UInt8(ascii: "\r") { p += 1 }
        if p == bytes.count { place = p }
        return place == bytes.count
    }

    /// Reads the cells of one row and the end of its line.
    private mutating func row() throws {
        while true {
            if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                let cell = try quotedCell()
                cells.append(Cell(start: quoted.count, count: -1))
                quoted.append(cell)
            } else {
                let start = place
                while place < bytes.count, !endsCell(bytes[place]) { place += 1 }
                cells.append(Cell(start: start, count: place - start))
            }
            guard place < bytes.count else { return }
            let stop = bytes[place]
            place += 1
            if stop == UInt8(ascii: ",") { continue }
            if stop == UInt8(ascii: "\r"), place < bytes.count, bytes[place] == UInt8(ascii: "\n") { place += 1 }
            line += 1
            return
        }
    }

    private mutating func quotedCell() throws -> String {
        let opened = line
        var text: [UInt8] = []
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\n")
                    || (byte == UInt8(ascii: "\r") && !(place < bytes.count && bytes[place] == UInt8(ascii: "\n")))
                {
                    line += 1
                }
                text.append(byte)
                continue
            }
            if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                text.append(byte)
                place += 1
                continue
            }
            guard place == bytes.count || endsCell(bytes[place]) else {
                throw fault("expected a comma or the end of the line behind a quoted cell, found more text", line: line)
            }
            return String(decoding: text, as: UTF8.self)
        }
        throw fault("expected a closing quote for the cell that opens here, found the end of the file", line: opened)
    }

    private func endsCell(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private func checkText() throws {
        guard String(validating: bytes, as: UTF8.self) == nil else { return }
        // Only a broken file pays for being looked at line by line.
        var number = 1
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { break }
            number += 1
        }
        throw fault("expected UTF-8 text, found other bytes", line: number)
    }

    private func fault(_ message: String, line: Int) -> Diagnostic {
        Diagnostic("bad-data", message, data: DataPlace(file: file, line: line))
    }
}

/// Whether a cell is free of Fortran's exponents, which density files have and which are no numbers in a table.
func isPlain(_ cell: some Sequence<UInt8>) -> Bool {
    var previous: UInt8 = 0
    for byte in cell {
        if byte | 0x20 == UInt8(ascii: "d") { return false }
        if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"), previous != 0, previous | 0x20 != UInt8(ascii: "e") { return false }
        previous = byte
    }
    return true
}

/// The number a cell holds, blanks around it allowed; nil for text and for a missing value.
func cellNumber(_ cell: String) -> Double? {
    let text = trimmed(cell)
    // Room behind the number, as `decimal` needs it.
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    let plain =
        isPlain(text.utf8) ? bytes.withUnsafeBufferPointer { decimal(UnsafeBufferPointer(rebasing: $0.prefix(text.utf8.count))) } : nil
    if let plain { return plain }
    switch text.lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
}

private func trimmed(_ text: String) -> String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { $0 != 32 && $0 != 9 }), let last = bytes.lastIndex(where: { $0 != 32 && $0 != 9 }) else {
        return ""
    }
    return String(text[first...last])
}
