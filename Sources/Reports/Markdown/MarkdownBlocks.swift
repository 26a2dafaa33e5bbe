/// The blocks of a text in Markdown: a subset of CommonMark with tables. Nothing is an error, and HTML in the text is text.
public func markdownBlocks(_ text: String) -> [MarkdownBlock] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        MarkdownLine(line.last == "\r" ? line.dropLast() : line)
    }
    // A CR LF is one character.
    if text.contains("\r\n") {
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { MarkdownLine($0) }
    }
    return MarkdownBlockParser(lines: lines, depth: 0).blocks()
}

/// A line of a text in Markdown without its indentation, and how deep that is.
struct MarkdownLine {
    /// Columns of white space before the text.
    var indent: Int
    /// The text behind it.
    var text: Substring

    init(_ line: Substring) {
        var indent = 0
        var rest = line
        while let first = rest.first, first == " " || first == "\t" {
            indent += first == "\t" ? 4 - indent % 4 : 1
            rest = rest.dropFirst()
        }
        self.init(indent: indent, text: rest)
    }

    init(indent: Int, text: Substring) {
        self.indent = indent
        self.text = text
    }

    var isBlank: Bool { text.isEmpty }

    /// The line without some columns of its indentation.
    func without(_ columns: Int) -> MarkdownLine { MarkdownLine(indent: max(0, indent - columns), text: text) }

    /// The line with its indentation as blanks.
    var whole: String { String(repeating: " ", count: indent) + text }

    /// The level and words of a heading `## so`; nil for other lines.
    var heading: (level: Int, words: Substring)? {
        let level = text.prefix { $0 == "#" }.count
        guard indent < 4, (1...6).contains(level) else { return nil }
        var words = text.dropFirst(level)
        guard words.isEmpty || words.first == " " || words.first == "\t" else { return nil }
        words = trimmed(words)
        // Marks at the end are an ornament.
        let bare = trimmedEnd(words, where: { $0 == "#" })
        if bare.isEmpty || bare.last == " " { words = trimmed(bare) }
        return (level, words)
    }

    /// Whether the line is a rule.
    var isRule: Bool {
        guard indent < 4, let mark = text.first, "*-_".contains(mark) else { return false }
        return text.filter { $0 != " " && $0 != "\t" }.count >= 3 && text.allSatisfy { $0 == mark || $0 == " " || $0 == "\t" }
    }

    /// The mark, its length and the language of a fence before code; nil for other lines.
    var fence: (mark: Character, length: Int, language: String)? {
        guard indent < 4, let mark = text.first, mark == "`" || mark == "~" else { return nil }
        let length = text.prefix { $0 == mark }.count
        let rest = trimmed(text.dropFirst(length))
        guard length >= 3, mark == "~" || !rest.contains("`") else { return nil }
        return (mark, length, String(rest.prefix { $0 != " " }))
    }

    /// The mark of a list item: what tells its list from another, its number, and the columns up to its text.
    var item: (mark: Character, start: Int?, width: Int, rest: MarkdownLine)? {
        guard indent < 4, let first = text.first, !isRule else { return nil }
        var mark = first
        var start: Int?
        var length = 1
        if !"-+*".contains(first) {
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let end = text.dropFirst(digits.count).first
            guard (1...9).contains(digits.count), let number = Int(digits), let end, end == "." || end == ")" else { return nil }
            (mark, start, length) = (end, number, digits.count + 1)
        }
        let rest = MarkdownLine(text.dropFirst(length))
        guard rest.isBlank || rest.indent > 0 else { return nil }
        // Where code stands first, one blank belongs to the mark.
        let gap = rest.isBlank || rest.indent > 4 ? 1 : rest.indent
        return (mark, start, indent + length + gap, rest.without(gap))
    }

    /// The text behind `>`; nil for other lines.
    var quoted: MarkdownLine? {
        guard indent < 4, text.first == ">" else { return nil }
        let rest = MarkdownLine(text.dropFirst())
        return rest.without(1)
    }

    /// Whether the line begins another block than a paragraph.
    var beginsBlock: Bool { heading != nil || isRule || fence != nil || quoted != nil || item != nil }
}

/// A text without white space at both ends.
func trimmed(_ text: Substring) -> Substring {
    trimmedEnd(text.drop { $0 == " " || $0 == "\t" }, where: { $0 == " " || $0 == "\t" })
}

/// A text without some characters at its end.
func trimmedEnd(_ text: Substring, where isDropped: (Character) -> Bool) -> Substring {
    var rest = text
    while let last = rest.last, isDropped(last) { rest = rest.dropLast() }
    return rest
}
