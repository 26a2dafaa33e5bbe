import Diagnostics

/// A place in the text of a file, moving forward line by line. Valid only while the bytes are.
struct TextCursor {
    typealias Token = UnsafeBufferPointer<UInt8>

    let file: String
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    /// False where the text was cut from a longer one: then a line without its line feed is not whole.
    let whole: Bool
    var place: UnsafePointer<UInt8>
    /// The number of the line last read, from 1.
    private(set) var line = 0
    /// Whether a line was asked for that the text does not hold.
    private(set) var ranOut = false

    /// Nil for an empty text.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, file: String, whole: Bool) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
        self.file = file
        self.start = start
        self.end = start + bytes.count
        self.whole = whole
        place = start
    }

    /// The words of the next line; nil at the end of the text.
    mutating func nextWords() -> [Token]? {
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
    func lineNumber(at place: UnsafePointer<UInt8>) -> Int {
        var count = 1
        var p = start
        while p < place, p < end {
            if p.pointee == UInt8(ascii: "\n") { count += 1 }
            p += 1
        }
        return count
    }

    /// A `bad-data` at the line last read, or the one given.
    func fault(_ message: String, line: Int? = nil) -> Diagnostic {
        Diagnostic("bad-data", message, data: DataPlace(file: file, line: line ?? self.line))
    }

    /// A `bad-data` for a text that stops where something was still expected.
    func endFault(_ expected: String) -> Diagnostic {
        let last = end > start && (end - 1).pointee == UInt8(ascii: "\n") ? end - 1 : end
        return fault("expected \(expected), found the end of the file", line: lineNumber(at: last))
    }
}

/// The white space of ASCII, line feed included.
@inline(__always)
func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }

extension TextCursor.Token {
    var text: String { String(decoding: self, as: UTF8.self) }

    /// The token as a whole number; nil where it is none or does not fit.
    var integer: Int? { count <= 20 ? Int(text) : nil }
}

/// Words as a message shows them: in backticks, cut where they are long.
func shown(_ words: [TextCursor.Token]) -> String {
    guard !words.isEmpty else { return "an empty line" }
    let text = words.prefix(8).map { String(decoding: $0.prefix(40), as: UTF8.self) }.joined(separator: " ")
    return "`\(text.prefix(60))\(words.count > 8 || text.count > 60 ? " ..." : "")`"
}
