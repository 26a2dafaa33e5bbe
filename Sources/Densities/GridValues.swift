import Diagnostics
import Storage

/// What the numbers of a grid in a file are. Neither cube nor XSF files say it in a way that a program can trust, so it is the caller
/// who does; nothing is guessed from the values.
public enum GridQuantity: Sendable, Hashable {
    /// A density of electrons or of spin per bohr^3, which becomes one per A^3.
    case perCubicBohr
    /// A density that is per A^3 already.
    case perCubicAngstrom
    /// Another field (a potential, an orbital, a localisation function): the numbers stay as the file has them, in its unit.
    case asWritten

    /// What a number of the file is multiplied by.
    var factor: Double { self == .perCubicBohr ? 1 / (bohr * bohr * bohr) : 1 }
}

/// The length of a bohr in A (CODATA 2018).
let bohr = 0.529177210903

/// The numbers of a grid as a file announces them: how many there are, and how a message calls them.
struct GridBlock {
    /// Points along a, b and c.
    let grid: [Int]
    /// The numbers at each point.
    var fields = 1

    /// How many numbers there are; nil where that is no number of a machine.
    var count: Int? {
        guard let points = gridPoints(grid), fields > 0 else { return nil }
        let (product, overflow) = points.multipliedReportingOverflow(by: fields)
        return overflow ? nil : product
    }

    var phrase: String {
        let number = count.map(String.init) ?? "too many"
        return fields == 1
            ? "\(number) values on a \(gridText(grid)) grid" : "\(number) values, \(fields) at each point of a \(gridText(grid)) grid"
    }
}

extension TextPieces {
    /// Checks that the text behind `place` can hold the numbers of a grid, and returns how many they are. Throws `bad-data` for a grid
    /// that the file is too short for; no memory is asked for before this.
    func checkRoom(for block: GridBlock, line: Int? = nil) throws -> Int {
        try Self.check(block, cursor: cursor, bytes: mostLeft, line: line)
        guard let count = block.count else { return 0 }
        // Of a long gzip file only reading it tells the length; see `checkRoom` of CHGCAR files.
        if !knowsLength, count > stored { try Self.check(block, cursor: cursor, bytes: countedLength() - placeInText, line: line) }
        return count
    }

    /// Throws unless `bytes` bytes can hold a digit and a blank for each number.
    static func check(_ block: GridBlock, cursor: TextCursor, bytes: Int, line: Int? = nil) throws(Diagnostic) {
        guard let count = block.count, count <= max(0, bytes) / 2 + 1 else {
            throw cursor.fault(
                "expected \(block.phrase), found a file too short for them",
                line: line ?? cursor.lineNumber(at: max(cursor.start, cursor.place - 1)))
        }
    }

    /// Reads the numbers of a grid and gives each to `take`, in the order of the file; leaves `place` behind the last. Throws
    /// `bad-data` for too few, for anything else among them, and for one that the end of the file seems to cut in two.
    @inline(__always)
    func numbers(of block: GridBlock, count: Int, take: (Double) -> Void) throws {
        let first = placeInText
        var p = place
        var end = endOfWords
        var run = NumberRun()
        var form: NumberForm?
        var some = [Double](repeating: 0, count: 512)
        var index = 0
        while index < count {
            var value = 0.0
            var start = p
            // Of the last two the form counts as well.
            if index < count - 2 {
                let most = min(some.count, count - 2 - index)
                let got = some.withUnsafeMutableBufferPointer { buffer in
                    buffer.baseAddress.map { run.read(&p, end: end, into: $0, most: most) } ?? 0
                }
                for place in 0..<got { take(some[place]) }
                index += got
                if got == most { continue }
            }
            while isBlank(p.pointee) { p += 1 }
            start = p
            guard index >= count - 2, p < end, let next = scanDecimal(p, &value), isBlank(next.pointee) || next == end, value.isFinite
            else {
                guard p >= end, !isLast else { throw fault(at: p, in: block, found: index, since: first) }
                p = try more(from: p)
                end = endOfWords
                continue
            }
            p = next
            if index >= count - 2 {
                let found = NumberForm(start, p)
                if index == count - 1, p == self.end, let form, form != found {
                    throw cursor.fault(
                        "expected \(block.phrase), found the end of the file in the middle of the last of them: `\(word(at: start).text)`",
                        line: cursor.lineNumber(at: start))
                }
                form = found
            }
            take(value)
            index += 1
        }
        place = p
    }

    /// Checks that nothing but blanks follows the numbers of a grid. Throws `bad-data`.
    func checkEnd(of block: GridBlock) throws {
        var p = place
        while true {
            while p < end, isBlank(p.pointee) { p += 1 }
            if p < end || isLast { break }
            p = try more(from: p)
        }
        guard p < end else { return }
        throw cursor.fault("expected \(block.phrase) and the end of the file, found more", line: cursor.lineNumber(at: p))
    }

    private func fault(at p: UnsafePointer<UInt8>, in block: GridBlock, found: Int, since first: Int) -> Diagnostic {
        let cursor = cursor
        guard p < end else {
            // Now the length of a gzip file is known as well.
            let room = placeInText + (p - place) - first
            do { try Self.check(block, cursor: cursor, bytes: room) } catch { return error }
            let last = end > start && (end - 1).pointee == UInt8(ascii: "\n") ? end - 1 : end
            return cursor.fault("expected \(block.phrase), found \(found) before the end of the file", line: cursor.lineNumber(at: last))
        }
        return cursor.fault(
            "expected value \(found + 1) of \(block.phrase), found \(shown([word(at: p)]))", line: cursor.lineNumber(at: p))
    }

    private func word(at p: UnsafePointer<UInt8>) -> TextCursor.Token {
        var stop = p
        while stop < end, !isBlank(stop.pointee) { stop += 1 }
        return TextCursor.Token(start: p, count: stop - p)
    }
}

/// How a number is printed: a program prints all the numbers of a grid alike, so that one in another form at the end of a file without a
/// last line feed was cut in two.
private struct NumberForm: Equatable {
    /// The digits behind the point, and the bytes from the exponent on.
    var fraction = 0, exponent = 0

    init(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        var p = start
        var isBehindPoint = false
        if p < end, p.pointee == UInt8(ascii: "-") || p.pointee == UInt8(ascii: "+") { p += 1 }
        while p < end, p.pointee == UInt8(ascii: ".") || p.pointee &- 48 <= 9 {
            if p.pointee == UInt8(ascii: ".") { isBehindPoint = true } else if isBehindPoint { fraction += 1 }
            p += 1
        }
        exponent = end - p
    }
}

/// Reads what stands at the beginning of a text file, and no more of the file than that takes. `parse` is called again with more of the
/// text where it ran out of it. Throws `cannot-read`, `bad-data` for gzip data that are damaged, and what `parse` throws.
func readHead<H>(path: String, empty: String, _ parse: (inout TextCursor, _ mostBytes: Int) throws -> H) throws -> H {
    var wanted = 1 << 14
    while true {
        let bytes = try FileBytes.head(path: path, wanted: wanted)
        let isWhole = bytes.count < wanted
        let head: H? = try bytes.withBytes { buffer in
            guard let start = TextCursor(buffer, file: path, whole: isWhole) else { throw emptyFile(path, expected: empty) }
            try checkIsText(buffer, path)
            var text = start
            do {
                return try parse(&text, bytes.mostText)
            } catch  where text.ranOut && !isWhole && wanted < 1 << 28 {
                try start.checkLines()
                return nil
            }
        }
        if let head { return head }
        wanted *= 8
    }
}

func emptyFile(_ path: String, expected: String) -> Diagnostic {
    Diagnostic("bad-data", "expected \(expected), found an empty file", data: DataPlace(file: path))
}
