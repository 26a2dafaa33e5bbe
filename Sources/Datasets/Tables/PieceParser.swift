import Glibc

/// What is wrong with a row, with the number of line ends before it.
struct RowFault: Sendable {
    var line: Int
    var message: String
    var hint: String?
}

/// The rows of a stretch of text.
struct ParsedPiece: Sendable {
    var piece: CellPiece
    /// The number of line ends between the beginning of the stretch and each row.
    var lines: [UInt32] = []
    /// The number of line ends in all.
    var lineCount = 0
    /// The place behind the last row.
    var end: Int
    var fault: RowFault?
    /// Whether a cell in quotes ran on too far to be followed on a guess.
    var isUnsure = false
}

/// A parser of rows of cells (RFC 4180) from any place at which a row begins.
struct PieceParser: @unchecked Sendable {
    /// The text, which stays as it is; 16 bytes behind it may be read.
    let base: UnsafePointer<UInt8>
    let count: Int
    let separator: UInt8
    /// The number of cells of each row; nil where the first may have any.
    let width: Int?

    private static let quote = UInt8(ascii: "\""), feed = UInt8(ascii: "\n"), carriage = UInt8(ascii: "\r")

    /// Reads the rows that begin from `start` on, before `limit`. Cells in quotes may go on to `furthest`. Stops at the first fault.
    func parse(from start: Int, limit: Int, furthest: Int) -> ParsedPiece {
        var result = ParsedPiece(piece: CellPiece(start: start), end: start)
        read(&result, from: start, limit: limit, furthest: furthest)
        return result
    }

    private func read(_ result: inout ParsedPiece, from start: Int, limit: Int, furthest: Int) {
        var piece = CellPiece(start: start)
        var lines: [UInt32] = []
        var line = 0
        var place = start
        let width = width ?? -1
        defer {
            piece.trim()
            result.piece = piece
            result.lines = lines
            result.lineCount = line
            result.end = place
        }
        while place < limit {
            if let next = blankLine(place) {
                place = next
                line += 1
                continue
            }
            let row = place
            let firstLine = line
            let before = piece.cells
            guard line <= Int(UInt32.max), piece.begin(row) else { return }
            lines.append(UInt32(truncatingIfNeeded: line))
            while true {
                if base[place] == Self.quote, place < count {
                    switch closing(place, furthest: furthest, line: &line) {
                    case .closed(let next): place = next
                    case .isTooFar:
                        result.isUnsure = true
                        return
                    case .isOpen(let line):
                        result.fault = RowFault(
                            line: line, message: "expected a closing quote for the cell that opens here, found the end of the file",
                            hint: nil)
                        return
                    }
                    guard place == count || endsCell(base[place]) else {
                        result.fault = RowFault(
                            line: line,
                            message: "expected \(separatorName) or the end of the line behind a quoted cell, found more text",
                            hint: "write a quote inside a quoted cell twice")
                        return
                    }
                } else {
                    while place < count, !endsCell(base[place]) { place += 1 }
                }
                guard piece.add(place + 1 - row) else {
                    result.fault = RowFault(line: firstLine, message: "expected a row of less than 4 GB, found a longer one", hint: nil)
                    return
                }
                guard place < count else { break }
                let stop = base[place]
                place += 1
                if stop == separator { continue }
                if stop == Self.carriage, place < count, base[place] == Self.feed { place += 1 }
                line += 1
                break
            }
            let found = piece.cells - before
            if width >= 0, found != width {
                result.fault = RowFault(
                    line: firstLine, message: "expected \(width) cells, found \(found)", hint: raggedHint(found, width, row..<place))
                return
            }
            if lines.count == 1, width > 0 {
                // As many rows as there would be if all were as long as the first, and some more.
                let rows = (limit - start) / max(1, place - row)
                piece.reserve(rows: rows + rows / 16 + 1, width: width)
                lines.reserveCapacity(rows + rows / 16 + 1)
            }
        }
    }

    /// The place behind a line of nothing but blanks; nil where there is none.
    @inline(__always)
    func blankLine(_ start: Int) -> Int? {
        // Nearly all rows are told by their first byte.
        if base[start] > 32 { return nil }
        var place = start
        while place < count, base[place] == 32 || base[place] == 9 && separator != 9 { place += 1 }
        guard place < count else { return place }
        if base[place] == Self.feed { return place + 1 }
        guard base[place] == Self.carriage else { return nil }
        return place + 1 < count && base[place + 1] == Self.feed ? place + 2 : place + 1
    }

    private enum Closing {
        case closed(Int)
        case isOpen(Int)
        case isTooFar
    }

    /// The place behind the quote that closes the cell that one at `start` opens.
    private func closing(_ start: Int, furthest: Int, line: inout Int) -> Closing {
        let opened = line
        var place = start + 1
        while place < count {
            let byte = base[place]
            place += 1
            if byte == Self.quote {
                if place < count, base[place] == Self.quote { place += 1 } else { return .closed(place) }
            } else if byte == Self.feed || byte == Self.carriage && !(place < count && base[place] == Self.feed) {
                line += 1
                if place > furthest { return .isTooFar }
            }
        }
        return furthest < count ? .isTooFar : .isOpen(opened)
    }

    @inline(__always)
    private func endsCell(_ byte: UInt8) -> Bool { byte == separator || byte == Self.feed || byte == Self.carriage }

    private var separatorName: String {
        switch separator {
        case 9: "a tab"
        case UInt8(ascii: ";"): "a semicolon"
        case UInt8(ascii: "|"): "a bar"
        default: "a comma"
        }
    }

    private func raggedHint(_ found: Int, _ width: Int, _ row: Range<Int>) -> String {
        let bytes = UnsafeBufferPointer(start: base + row.lowerBound, count: row.count)
        if bytes.first == UInt8(ascii: "#") { return "comments stand before the header alone: remove the line" }
        let names: KeyValuePairs = [UInt8(ascii: ";"): "semicolons", 9: "tabs", UInt8(ascii: ","): "commas", UInt8(ascii: "|"): "bars"]
        if found < width, let own = names.first(where: { $0.key == separator }),
            let other = names.first(where: { name in name.key != separator && bytes.count { $0 == name.key } >= width - 1 })
        {
            return "the header has \(own.value) between its cells, and this row has \(other.value): write one of them in all lines"
        }
        return found > width
            ? "does a cell hold \(separatorName)? put quotes around it"
            : "write an empty cell for each that is missing, and see whether a quote is left open"
    }
}
