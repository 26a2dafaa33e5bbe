/// A cell of a notebook beside the text of a script that it stands for. A cell of text that goes on in code is two: notebooks have no
/// cell that is both.
struct CellText: Hashable {
    /// What the cell holds.
    var kind: ReportDocument.Cell.Kind
    /// The words behind the mark of a cell of text. Those of code stand in its source, where people see them.
    var title = ""
    /// The text as a notebook shows it: Markdown without `# `; code, with the line of its mark where that has words.
    var source: String
    /// Whether the cell begins with a mark of its own.
    var isMarked = true

    /// The text of a cell as it is written where nothing else is known: its mark, its lines, and the end of the last one.
    var script: String {
        switch kind {
        case .code: (CellMarkLine(source) == nil ? "# %%\n" : "") + (source.isEmpty ? "" : source + "\n")
        case .markdown:
            (["# %% [markdown]" + (title.isEmpty ? "" : " " + title)] + (source.isEmpty ? [] : lines(of: source).map(comment)))
                .joined(separator: "\n") + "\n"
        }
    }

    /// The same before another cell: an empty line lies between.
    func script(isLast: Bool) -> String { isLast ? script : script + "\n" }

    /// The cells of a piece of a script that has at most one mark, in its first line, with the text that each of them is of.
    static func cells(of text: String) -> [(cell: CellText, text: String)] {
        let plain = withoutByteOrderMark(text)
        guard let mark = CellMarkLine(plain) else { return [(CellText(kind: .code, source: withoutTail(plain), isMarked: false), text)] }
        let body = plain[mark.end...]
        guard mark.isMarkdown else {
            let head = mark.title.isEmpty ? "" : "# %% " + mark.title
            let source = withoutTail(body)
            return [(CellText(kind: .code, source: [head, source].filter { !$0.isEmpty }.joined(separator: "\n")), text)]
        }
        let end = endOfComments(body)
        let words = lines(of: String(body[..<end])).map(uncommented).joined(separator: "\n")
        let prose = CellText(kind: .markdown, title: mark.title, source: withoutHTML(withoutTail(words)))
        let code = body[end...]
        if code.isEmpty { return [(prose, text)] }
        let tail = String(code)
        return [
            (prose, String(Substring(text.utf8.dropLast(tail.utf8.count)))),
            (CellText(kind: .code, source: withoutTail(withoutByteOrderMark(tail)), isMarked: false), tail),
        ]
    }

    /// Whether a text has a mark behind its first line: such a text is several cells.
    static func hasMarkInside(_ text: String) -> Bool { pieces(of: text).count > 1 }

    /// The pieces of a script, each from its mark to the next.
    static func pieces(of script: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        let all = lines(of: script)
        for (index, line) in all.enumerated() {
            if !piece.isEmpty, CellMarkLine(line) != nil {
                pieces.append(piece)
                piece = ""
            }
            piece += index == all.count - 1 ? line : line + "\n"
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}

/// The line `# %%` with which a cell begins, as the language reads it.
struct CellMarkLine {
    /// The words behind `# %%`, and behind `[markdown]` where that stands.
    var title: String
    /// Whether the cell is marked `[markdown]`.
    var isMarkdown: Bool
    /// The place behind the line and its end.
    var end: String.Index

    /// Reads the mark in the first line of a text; nil where that is no mark.
    init?(_ text: String) {
        let bytes = text.utf8
        let lineEnd = bytes.firstIndex(of: 0x0A)
        end = lineEnd.map { bytes.index(after: $0) } ?? text.endIndex
        var line = Substring(bytes[..<(lineEnd ?? text.endIndex)]).unicodeScalars
        if line.last == "\r" { line.removeLast() }
        line = line.drop { $0 == " " || $0 == "\t" }
        guard line.starts(with: "# %%".unicodeScalars) else { return nil }
        var words = line.dropFirst(4).drop { $0 == " " }
        isMarkdown = words.starts(with: "[markdown]".unicodeScalars)
        if isMarkdown { words = words.dropFirst("[markdown]".unicodeScalars.count).drop { $0 == " " } }
        title = String(words)
    }
}

/// The lines of a text, as the language counts them: a line feed alone ends one.
func lines(of text: String) -> [String] {
    text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
}

/// A line of text as a comment. One that would begin a cell has no space behind the `#`.
func comment(_ line: String) -> String {
    if line.isEmpty { return "#" }
    return line.utf8.starts(with: "%%".utf8) ? "#" + line : "# " + line
}

/// The text of a comment; an empty line stays one.
private func uncommented(_ line: String) -> String {
    var rest = line.unicodeScalars.drop { $0 == " " || $0 == "\t" }
    if rest.last == "\r" { rest.removeLast() }
    guard rest.first == "#" else { return "" }
    rest.removeFirst()
    if rest.first == " " { rest.removeFirst() }
    return String(rest)
}

/// The place of the first line that is neither empty nor a comment.
private func endOfComments(_ text: Substring) -> String.Index {
    let bytes = text.utf8
    var start = text.startIndex
    while start < text.endIndex {
        let content = bytes[start...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        guard content == nil || content == 0x0A || content == UInt8(ascii: "#") else { return start }
        guard let end = bytes[start...].firstIndex(of: 0x0A) else { return text.endIndex }
        start = bytes.index(after: end)
    }
    return start
}

/// A text without white space at its end.
func withoutTail(_ text: some StringProtocol) -> String {
    var bytes = Array(text.utf8)
    while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0D || last == 0x0A { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
}

/// A text in Markdown in which HTML is text. To our language it always is; Jupyter's converters would carry it out.
private func withoutHTML(_ text: String) -> String {
    let bytes = text.utf8
    let isHTML = zip(bytes, bytes.dropFirst()).contains { first, next in
        first == UInt8(ascii: "<") && (next | 0x20 >= 0x61 && next | 0x20 <= 0x7A || "/!?".utf8.contains(next))
    }
    return isHTML ? MarkdownText.blocks(markdownBlocks(text)) : text
}

private func withoutByteOrderMark(_ text: String) -> String {
    text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
}
