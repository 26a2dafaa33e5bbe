import Diagnostics
import Glibc
import Storage
import Synchronization

/// Reads a table of values with separators between them, plain or packed: RFC 4180, a header in the first line, UTF-8.
///
/// The header tells the separator (`Table.separator`): a comma; or where there is none outside quotes a tab or a semicolon, whichever it
/// has more of, or a bar. Where it has commas and others, the first row tells too. Lines end with LF, CRLF or CR; a byte order mark, blank
/// lines and, before the header, a line `sep=;` and comments (lines that begin with `#`) are passed over. A quote inside an unquoted
/// cell is an ordinary character. `name [unit]` in the header is a name and a unit, where `Unit` reads what is in the brackets and no
/// other column would have the same name. A column is numeric where each cell is a number as Python's `float` has it (blanks around
/// it, `inf` and `infinity` allowed, digit separators not) or missing (see `isMissing`), and not all are blank.
///
/// A large file is read on all processors. Its text is kept as it is, with two bytes a cell that say where it lies; columns are made of it
/// when they are asked for.
///
/// Throws `cannot-read`, and `bad-data` with the line for a row of the wrong length, a name used twice, an unclosed quote,
/// text behind a quoted cell, bytes that are not UTF-8, a zero byte, no header or no rows.
public func readCSV(path: String) throws -> Table { try readCSV(path: path, pieceSize: nil) }

/// Reads a table in pieces of about so many bytes; where it is nil, of as many as suit the length of the file.
func readCSV(path: String, pieceSize: Int?) throws -> Table {
    let file = try FileBytes.read(path: path)
    guard let base = file.withBytes({ $0.baseAddress }), file.count > 0 else {
        throw Diagnostic("bad-data", "expected a header, found an empty file", data: DataPlace(file: path, line: 1))
    }
    // The bytes lie still as long as `file` lives, which the columns hold.
    return try withExtendedLifetime(file) { try CSVReader(path, file, base, pieceSize).table() }
}

/// A reader of the text of a table.
private struct CSVReader {
    private let path: String
    private let file: FileBytes
    private let base: UnsafePointer<UInt8>
    private let count: Int
    private let pieceSize: Int

    init(_ path: String, _ file: FileBytes, _ base: UnsafePointer<UInt8>, _ pieceSize: Int?) {
        self.path = path
        self.file = file
        self.base = base
        count = file.count
        self.pieceSize = pieceSize ?? min(4 << 20, max(1 << 18, file.count / 32))
    }

    func table() throws -> Table {
        if let coding = otherCoding(base, count: count) {
            throw fault("expected UTF-8 text, found \(coding)", line: 1, hint: recoding(from: coding))
        }
        guard let dialect = Dialect(base, count: count) else {
            try checkText(firstNotUTF8(base, from: 0, to: count))
            throw fault("expected a header, found an empty file", line: 1)
        }
        let (start, line, separator) = (dialect.header, dialect.line, dialect.separator)
        let header = PieceParser(base: base, count: count, separator: separator, width: nil).parse(
            from: start, limit: start + 1, furthest: count)
        if let fault = header.fault {
            try checkText(firstNotUTF8(base, from: 0, to: count))
            throw self.fault(fault.message, line: line + fault.line, hint: fault.hint)
        }
        let width = header.piece.cells
        let cells = TextCells(file, base: base, width: width, pieces: [header.piece])
        let headers = (0..<width).map { trimmed(cells.text(0, $0)) }

        let parser = PieceParser(base: base, count: count, separator: separator, width: width)
        let pieces = try pieces(parser, from: header.end)
        var seen: Set<String> = []
        for name in headers where !seen.insert(name).inserted {
            throw fault("expected each column to have a name of its own, found `\(name)` twice", line: line)
        }
        let (kept, lines) = try joined(parser, pieces, from: header.end, line: line + header.lineCount)
        guard !lines.isEmpty else { throw fault("expected rows under the header, found none", line: line) }
        let text = TextCells(file, base: base, width: width, pieces: kept)
        let columns = zip(headers, namesAndUnits(ofHeaders: headers)).enumerated().map { index, column in
            Column(
                name: column.1.name, unit: column.1.unit, header: column.0, store: ColumnStore(ReadCells(table: text, column: index)))
        }
        return try Table(file: path, columns: columns, lines: lines, separator: Character(Unicode.Scalar(separator)))
    }

    /// A stretch of the file and what was read in it on the guess that a row begins there.
    private struct Guess: Sendable {
        var start: Int
        var end: Int
        var parsed: ParsedPiece?
    }

    /// Reads stretches of the file side by side, each from the beginning of a line. A line begins a row unless it lies in a quoted cell,
    /// which shows when the stretch before it is read to its end. Throws where there is no UTF-8.
    private func pieces(_ parser: PieceParser, from start: Int) throws -> [Guess] {
        var cuts = [start]
        while let last = cuts.last, count - last > pieceSize, let found = memchr(base + last + pieceSize, 10, count - last - pieceSize) {
            let next = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
            guard next < count else { break }
            cuts.append(next)
        }
        let guesses = cuts.indices.map { Guess(start: cuts[$0], end: $0 + 1 < cuts.count ? cuts[$0 + 1] : count) }
        let done = Mutex((guesses: guesses, broken: Int?.none))
        let reach = count - start > 4 * pieceSize ? 2 * pieceSize : count
        concurrently(guesses.count, threads: tableThreads(guesses.count)) { number in
            let guess = guesses[number]
            // A wrong guess must not run through the rest of the file with a quote that it takes for an opening one.
            let furthest = number == 0 ? parser.count : min(parser.count, guess.end + reach)
            let parsed = parser.parse(from: guess.start, limit: guess.end, furthest: furthest)
            let first = number == 0 ? 0 : guess.start
            let zero = memchr(parser.base + first, 0, guess.end - first).map { UnsafeRawPointer($0) - UnsafeRawPointer(parser.base) }
            let broken = firstNotUTF8(parser.base, from: first, to: zero ?? guess.end) ?? zero
            done.withLock {
                $0.guesses[number].parsed = parsed
                if let broken { $0.broken = min(broken, $0.broken ?? broken) }
            }
        }
        return try done.withLock {
            try checkText($0.broken)
            return $0.guesses
        }
    }

    /// The pieces that follow one another from the first row on, and the line of each row. Throws the first fault of a row.
    private func joined(_ parser: PieceParser, _ guesses: [Guess], from start: Int, line first: Int) throws -> ([CellPiece], [Int]) {
        var kept: [CellPiece] = []
        var lines: [Int] = []
        lines.reserveCapacity(guesses.reduce(0) { $0 + ($1.parsed?.lines.count ?? 0) })
        var place = start
        var line = first
        for guess in guesses {
            var parsed = place == guess.start ? guess.parsed : nil
            while place < guess.end {
                let piece =
                    parsed.flatMap { $0.isUnsure ? nil : $0 } ?? parser.parse(from: place, limit: guess.end, furthest: parser.count)
                parsed = nil
                if let fault = piece.fault { throw self.fault(fault.message, line: line + fault.line, hint: fault.hint) }
                for number in piece.lines { lines.append(line + Int(number)) }
                if !piece.piece.rows.isEmpty { kept.append(piece.piece) }
                line += piece.lineCount
                guard piece.end > place else { break }
                place = piece.end
            }
        }
        return (kept, lines)
    }

    private func checkText(_ broken: Int?) throws {
        guard let broken else { return }
        let line = UnsafeBufferPointer(start: base, count: broken).count { $0 == UInt8(ascii: "\n") } + 1
        guard base[broken] != 0 else {
            throw fault("expected text, found a zero byte", line: line, hint: "see whether the file is one of text, and whole")
        }
        throw fault("expected UTF-8 text, found other bytes", line: line, hint: recoding(from: "WINDOWS-1252"))
    }

    /// How a file of another coding is made one of UTF-8.
    private func recoding(from coding: String) -> String { "make it so: `iconv -f \(coding) -t UTF-8 \(lastName(of: path)) > new.csv`" }

    private func fault(_ message: String, line: Int, hint: String? = nil) -> Diagnostic {
        Diagnostic("bad-data", message, data: DataPlace(file: path, line: line), hint: hint)
    }
}
