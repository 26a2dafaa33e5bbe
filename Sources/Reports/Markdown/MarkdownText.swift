/// Texts as Markdown: what a renderer shows is the text that was given.
enum MarkdownText {
    /// A text on one line, within a paragraph, a heading or a cell: marks of Markdown and HTML stand for themselves.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in visible(text).unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "$", "#", "!": result.append(contentsOf: ["\\", scalar])
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\n": result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// A text in a cell of a table.
    static func cell(_ text: String) -> String { text.isEmpty ? " " : escaped(text) }

    /// A text as a paragraph: what would begin a list, a heading or a quotation does not.
    static func paragraph(_ text: String) -> String { withoutMark(escaped(text)) }

    /// A remark of ours as a paragraph, the names in it as code.
    static func remark(_ text: String) -> String {
        withoutMark(
            remarkPieces(text).enumerated().map { $0.offset % 2 == 0 || $0.element.isEmpty ? escaped($0.element) : code($0.element) }
                .joined())
    }

    /// A line that begins a paragraph: white space at its beginning and the marks of lists, rules and headings mean nothing.
    static func withoutMark(_ line: String) -> String {
        let rest = line.unicodeScalars.drop { $0 == " " }
        guard let first = rest.first else { return "" }
        if "-+=:".unicodeScalars.contains(first) { return "\\" + String(rest) }
        let digits = rest.prefix { ("0"..."9").contains($0) }
        let tail = rest.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = tail.first, mark == "." || mark == ")" else { return String(rest) }
        return String(digits) + "\\" + String(tail)
    }

    /// A text as code within a line.
    static func code(_ text: String) -> String {
        let plain = visible(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
        let fence = String(repeating: "`", count: longestRun(of: "`", in: plain) + 1)
        // A space beside a backtick, and beside a text of spaces alone, belongs to the fence.
        let isBare = fence.count == 1 && plain.first != " "
        return isBare ? fence + plain + fence : "\(fence) \(plain) \(fence)"
    }

    /// Lines as a block of code, within a fence that they do not hold.
    static func fenced(_ text: String, language: String) -> String {
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)"
    }

    /// A path or an address as the destination of a link in angle brackets.
    static func destination(_ path: String) -> String {
        // Only before a semicolon could it begin the name of a character.
        let and = path.utf8.contains(UInt8(ascii: ";")) ? "&amp;" : "&"
        return path.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "&"): text += and
            case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x60, 0x7C, 0x7F...: text += percent(byte)
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
    }

    /// A byte of an address by its number.
    static func percent(_ byte: UInt8) -> String {
        "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
    }

    private static func longestRun(of mark: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var run = 0
        for scalar in text.unicodeScalars {
            run = scalar == mark ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
