import Diagnostics

/// A place in the text of a file, or in the piece of it that is in memory, moving forward line by line. Valid only while the bytes are.
package struct TextCursor {
    /// The bytes of one word of the text.
    package typealias Token = UnsafeBufferPointer<UInt8>

    /// The name of the file in diagnostics.
    package let file: String
    /// The first byte of the text in memory.
    package let start: UnsafePointer<UInt8>
    /// The place behind the last byte of the text in memory.
    package let end: UnsafePointer<UInt8>
    /// Whether the text is all there is; where it was cut from a longer one, a line without its line feed is not whole.
    package let whole: Bool
    /// The next byte to be read.
    package var place: UnsafePointer<UInt8>
    /// The most bytes of text behind `end`; nil where not known.
    package let rest: Int?
    /// The line feeds of the text before `start`.
    private let linesBefore: Int
    /// The number of the line last read, from 1.
    package private(set) var line = 0
    /// Whether a line was asked for that the text does not hold.
    package private(set) var ranOut = false

    /// Starts at the beginning of a text; nil for an empty one.
    package init?(_ bytes: UnsafeBufferPointer<UInt8>, file: String, whole: Bool) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
        self.file = file
        self.start = start
        self.end = start + bytes.count
        self.whole = whole
        rest = whole ? 0 : nil
        linesBefore = 0
        place = start
    }

    /// Starts at the place of a text of which a piece is in memory, behind the line of the number given.
    init(_ text: TextPieces, line: Int) {
        file = text.path
        start = text.start
        end = text.end
        whole = text.isLast
        place = text.place
        rest = text.knowsLength ? max(0, text.mostLeft - (text.end - text.place)) : nil
        linesBefore = text.linesBefore
        self.line = line
    }

    /// The words of the next line; nil at the end of the text.
    package mutating func nextWords() -> [Token]? {
        var p = place
        var words: [Token] = []
        while true {
            while p < end, p.pointee != UInt8(ascii: "\n"), isBlank(p.pointee) { p += 1 }
            if p == end || p.pointee == UInt8(ascii: "\n") { break }
            let first = p
            while p < end, !isBlank(p.pointee) { p += 1 }
            words.append(Token(start: first, count: p - first))
        }
        if p == end, p == place || !whole {
            ranOut = true
            return nil
        }
        place = p == end ? p : p + 1
        line += 1
        return words
    }

    /// The number of the line that `place` stands on, by counting.
    package func lineNumber(at place: UnsafePointer<UInt8>) -> Int {
        var count = 1 + linesBefore
        var p = start
        while p < place, p < end {
            if p.pointee == UInt8(ascii: "\n") { count += 1 }
            p += 1
        }
        return count
    }

    /// A `bad-data` diagnostic at the line last read, or the one given.
    package func fault(_ message: String, line: Int? = nil) -> Diagnostic {
        Diagnostic("bad-data", message, data: DataPlace(file: file, line: line ?? self.line))
    }

    /// A `bad-data` diagnostic for a text that stops where something was still expected.
    package func endFault(_ expected: String) -> Diagnostic {
        let last = end > start && (end - 1).pointee == UInt8(ascii: "\n") ? end - 1 : end
        return fault("expected \(expected), found the end of the file", line: lineNumber(at: last))
    }
}

/// Whether a byte is white space of ASCII, line feed included.
@inlinable @inline(__always)
package func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }

extension TextCursor.Token {
    /// The token as text; bytes that are not UTF-8 become replacement characters.
    package var text: String { String(decoding: self, as: UTF8.self) }

    /// The token as a whole number; nil where it is none or does not fit.
    package var integer: Int? { count <= 20 ? Int(text) : nil }
}

/// Words as a message shows them: in backticks, cut where they are long.
package func shown(_ words: [TextCursor.Token]) -> String {
    guard !words.isEmpty else { return "an empty line" }
    let text = words.prefix(8).map { String(decoding: $0.prefix(40), as: UTF8.self) }.joined(separator: " ")
    return "`\(text.prefix(60))\(words.count > 8 || text.count > 60 ? " ..." : "")`"
}
