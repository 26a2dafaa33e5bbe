import Glibc

/// What tells how a table is written: where its header begins, and what stands between two cells.
struct Dialect {
    /// The place of the header.
    var header: Int
    /// The line of the header, from 1.
    var line: Int
    var separator: UInt8

    /// Nil where there is no header. Passed over before it are a byte order mark, blank lines, the line `sep=;` that Excel writes, and
    /// comments: lines that begin with `#` and are no header of the line behind them.
    init?(_ base: UnsafePointer<UInt8>, count: Int) {
        let reader = DialectReader(base: base, count: count)
        var place = reader.lineWithText(count >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF ? 3 : 0, line: 1)
        guard place.start < count else { return nil }
        var said: UInt8?
        while place.start < count {
            let next = reader.next(place)
            if said == nil, let separator = reader.saidSeparator(place.start) {
                said = separator
            } else {
                guard base[place.start] == UInt8(ascii: "#"), next.start < count,
                    base[next.start] == UInt8(ascii: "#") || !reader.isHeader(place.start, of: next.start)
                else { break }
            }
            place = next
        }
        guard place.start < count else { return nil }
        (header, line) = (place.start, place.line)
        separator = said ?? reader.separator(ofHeaderAt: place.start, row: reader.next(place).start)
    }
}

/// The coding of a text that is no UTF-8, where its first bytes tell it: `UTF-16` with a mark, `UTF-16LE` or `UTF-16BE` without one.
func otherCoding(_ base: UnsafePointer<UInt8>, count: Int) -> String? {
    guard count >= 4 else { return nil }
    if base[0] == 0xFF && base[1] == 0xFE || base[0] == 0xFE && base[1] == 0xFF { return "UTF-16" }
    if base[0] != 0, base[1] == 0, base[2] != 0, base[3] == 0 { return "UTF-16LE" }
    return base[0] == 0 && base[1] != 0 && base[2] == 0 && base[3] != 0 ? "UTF-16BE" : nil
}

/// How often each mark stands in a line, outside quotes.
private struct Marks {
    var commas = 0
    /// Commas that are in no brackets.
    var bareCommas = 0
    /// Commas between two digits.
    var decimalCommas = 0
    var semicolons = 0
    var tabs = 0
    var bars = 0

    func of(_ separator: UInt8) -> Int {
        switch separator {
        case UInt8(ascii: ";"): semicolons
        case 9: tabs
        case UInt8(ascii: "|"): bars
        default: commas
        }
    }
}

private struct DialectReader {
    let base: UnsafePointer<UInt8>
    let count: Int

    /// The place of the next line that is not blank.
    func lineWithText(_ start: Int, line: Int) -> (start: Int, line: Int) {
        let parser = PieceParser(base: base, count: count, separator: UInt8(ascii: ","), width: nil)
        var (start, line) = (start, line)
        while start < count, let next = parser.blankLine(start) { (start, line) = (next, line + 1) }
        return (start, line)
    }

    /// The place of the line with text behind that at a place.
    func next(_ place: (start: Int, line: Int)) -> (start: Int, line: Int) {
        var end = endOfLine(place.start)
        guard end < count else { return (count, place.line) }
        let isCarriage = base[end] == UInt8(ascii: "\r")
        end += 1
        if isCarriage, end < count, base[end] == UInt8(ascii: "\n") { end += 1 }
        return lineWithText(end, line: place.line + 1)
    }

    private func endOfLine(_ start: Int) -> Int {
        var place = start
        while place < count, base[place] != UInt8(ascii: "\n"), base[place] != UInt8(ascii: "\r") { place += 1 }
        return place
    }

    /// The separator in a line `sep=;`; nil for another line.
    func saidSeparator(_ start: Int) -> UInt8? {
        let line = UnsafeBufferPointer(start: base + start, count: endOfLine(start) - start)
        guard line.count == 5, line.prefix(4).map({ $0 == 61 ? $0 : $0 | 0x20 }) == Array("sep=".utf8) else { return nil }
        return [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 9].contains(line[4]) ? line[4] : nil
    }

    /// Whether a line that begins with `#` is the header of the one behind it: it has as many cells, and no blank behind the mark, or
    /// numbers below it, as numpy writes them.
    func isHeader(_ start: Int, of row: Int) -> Bool {
        let separator = separator(ofHeaderAt: start, row: row)
        let cells = marks(start).of(separator)
        guard cells == marks(row).of(separator) else { return false }
        if cells > 0, start + 1 < count, base[start + 1] != UInt8(ascii: " ") { return true }
        let line = UnsafeBufferPointer(start: base + row, count: endOfLine(row) - row)
        return line.split(separator: separator).contains { cellNumber(String(decoding: $0, as: UTF8.self)) != nil }
    }

    /// The separator of a header: a comma; where it has none outside quotes, or semicolons and all commas in brackets
    /// (`id;E (eV, PBE)`), semicolons or tabs, whichever it has more of, or bars. Where it has commas and others, what the first row has
    /// as many of as the header: `id;E, eV` above `a;1,5`.
    func separator(ofHeaderAt start: Int, row: Int) -> UInt8 {
        let header = marks(start)
        let others = [(UInt8(ascii: ";"), header.semicolons), (9, header.tabs)].filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
        let first = row < count ? marks(row) : Marks()
        if header.bareCommas > 0 || header.commas > 0 && others.isEmpty {
            let commasFit = first.commas == header.commas && first.commas > first.decimalCommas
            let other = others.first { $0.1 == first.of($0.0) }
            return other.map { commasFit ? UInt8(ascii: ",") : $0.0 } ?? UInt8(ascii: ",")
        }
        if let other = others.first { return other.0 }
        return header.bars > 0 && header.bars == first.bars ? UInt8(ascii: "|") : UInt8(ascii: ",")
    }

    private func marks(_ start: Int) -> Marks {
        var marks = Marks()
        var depth = 0
        var place = start
        var beginsCell = true
        func isDigit(_ place: Int) -> Bool { place >= start && place < count && base[place] >= 48 && base[place] <= 57 }
        while place < count {
            let byte = base[place]
            let began = beginsCell
            beginsCell = false
            switch byte {
            case UInt8(ascii: "\"") where began:
                place += 1
                // A quote within the cell is written twice, which closes it and opens it again.
                while place < count, base[place] != UInt8(ascii: "\"") { place += 1 }
                beginsCell = true
            case UInt8(ascii: ","):
                marks.commas += 1
                if depth <= 0 { marks.bareCommas += 1 }
                if isDigit(place - 1), isDigit(place + 1) { marks.decimalCommas += 1 }
                beginsCell = true
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case 9:
                marks.tabs += 1
                beginsCell = true
            case UInt8(ascii: ";"):
                marks.semicolons += 1
                beginsCell = true
            case UInt8(ascii: "|"):
                marks.bars += 1
                beginsCell = true
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return marks
            default: break
            }
            place += 1
        }
        return marks
    }
}
