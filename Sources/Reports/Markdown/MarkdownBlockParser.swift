/// Takes blocks from lines, one after the other.
struct MarkdownBlockParser {
    let lines: [MarkdownLine]
    /// How many quotations and lists the lines stand in.
    let depth: Int
    private var at = 0
    /// Deeper than this a mark is text: nobody reads that, and a hostile text must not use up the stack.
    private static let deepest = 16

    init(lines: [MarkdownLine], depth: Int) {
        self.lines = lines
        self.depth = depth
    }

    /// All blocks.
    func blocks() -> [MarkdownBlock] {
        var parser = self
        var found: [MarkdownBlock] = []
        while let block = parser.next() { found.append(block) }
        return found
    }

    private var line: MarkdownLine? { lines.indices.contains(at) ? lines[at] : nil }

    private mutating func next() -> MarkdownBlock? {
        while line?.isBlank == true { at += 1 }
        guard let line else { return nil }
        if line.indent >= 4 { return indentedCode() }
        if let heading = line.heading {
            at += 1
            return .heading(level: heading.level, markdownInlines(String(heading.words)))
        }
        if line.isRule {
            at += 1
            return .rule
        }
        if let fence = line.fence { return fencedCode(fence, indent: line.indent) }
        if depth < Self.deepest {
            if line.quoted != nil { return quote() }
            if let item = line.item { return list(item) }
        }
        return table() ?? paragraph()
    }

    private mutating func indentedCode() -> MarkdownBlock {
        var code: [String] = []
        while let line, line.isBlank || line.indent >= 4 {
            code.append(line.without(4).whole)
            at += 1
        }
        while code.last?.allSatisfy({ $0 == " " }) == true { code.removeLast() }
        return .code(code.joined(separator: "\n"), language: "")
    }

    private mutating func fencedCode(_ fence: (mark: Character, length: Int, language: String), indent: Int) -> MarkdownBlock {
        at += 1
        var code: [String] = []
        while let line {
            at += 1
            let marks = line.text.prefix { $0 == fence.mark }.count
            if line.indent < 4, marks >= fence.length, trimmed(line.text.dropFirst(marks)).isEmpty { break }
            code.append(line.without(indent).whole)
        }
        return .code(code.joined(separator: "\n"), language: fence.language)
    }

    private mutating func quote() -> MarkdownBlock {
        var inner: [MarkdownLine] = []
        while let line {
            if let quoted = line.quoted {
                inner.append(quoted)
            } else if line.isBlank || line.beginsBlock || inner.last?.isBlank == true || line.indent >= 4 {
                break
            } else {
                inner.append(line)
            }
            at += 1
        }
        return .quote(MarkdownBlockParser(lines: inner, depth: depth + 1).blocks())
    }

    private mutating func list(_ first: (mark: Character, start: Int?, width: Int, rest: MarkdownLine)) -> MarkdownBlock {
        var items: [[MarkdownBlock]] = []
        var isTight = true
        while let mark = line?.item, mark.mark == first.mark, (mark.start == nil) == (first.start == nil) {
            var inner = [mark.rest]
            at += 1
            while let line {
                if line.isBlank {
                    // Blank lines belong to the item where it goes on behind them.
                    guard let next = lines[at...].first(where: { !$0.isBlank }), next.indent >= mark.width else { break }
                    inner.append(line)
                } else if line.indent >= mark.width {
                    inner.append(line.without(mark.width))
                } else if inner.last?.isBlank == true || line.beginsBlock {
                    break
                } else {
                    inner.append(line.without(line.indent))
                }
                at += 1
            }
            let blocks = MarkdownBlockParser(lines: inner, depth: depth + 1).blocks()
            if blocks.count > 1, inner.contains(where: \.isBlank) { isTight = false }
            items.append(blocks)
            let end = at
            while line?.isBlank == true { at += 1 }
            if at > end {
                if let next = line?.item, next.mark == first.mark { isTight = false } else { at = end }
            }
        }
        return .list(start: first.start, isTight: isTight, items: items)
    }

    private mutating func paragraph() -> MarkdownBlock {
        var words: [String] = []
        while let line, !line.isBlank {
            if !words.isEmpty {
                if line.indent < 4, let mark = line.text.first, mark == "=" || mark == "-",
                    trimmedEnd(line.text, where: { $0 == " " }).allSatisfy({ $0 == mark })
                {
                    at += 1
                    return .heading(level: mark == "=" ? 1 : 2, markdownInlines(words.joined(separator: "\n")))
                }
                // A number in the middle of a sentence begins no list, unless it is the first.
                let isNumber = line.item.map { $0.start != nil && $0.start != 1 || $0.rest.isBlank } ?? false
                if line.beginsBlock, !isNumber { break }
            }
            words.append(String(line.text))
            at += 1
        }
        return .paragraph(markdownInlines(words.joined(separator: "\n")))
    }

    private mutating func table() -> MarkdownBlock? {
        guard let line, line.text.contains("|"), lines.indices.contains(at + 1), let alignments = Self.alignments(lines[at + 1]) else {
            return nil
        }
        let header = Self.cells(line.text)
        guard header.count == alignments.count else { return nil }
        at += 2
        var rows: [[[MarkdownInline]]] = []
        while let line = self.line, !line.isBlank, line.text.contains("|"), line.heading == nil, line.fence == nil {
            let cells = Self.cells(line.text).prefix(header.count).map { markdownInlines($0) }
            rows.append(cells + Array(repeating: [], count: header.count - cells.count))
            at += 1
        }
        return .table(header: header.map { markdownInlines($0) }, alignments: alignments, rows: rows)
    }

    /// How columns stand, by the line below the header of a table; nil where it is none.
    private static func alignments(_ line: MarkdownLine) -> [MarkdownBlock.Alignment]? {
        guard line.text.contains("-"), line.text.contains("|") || line.text.contains(":") else { return nil }
        let cells = cells(line.text)
        var found: [MarkdownBlock.Alignment] = []
        for cell in cells {
            let dashes = cell.drop { $0 == ":" }.prefix { $0 == "-" }
            let (isLeft, isRight) = (cell.hasPrefix(":"), cell.hasSuffix(":"))
            guard !dashes.isEmpty, cell.count == dashes.count + (isLeft ? 1 : 0) + (isRight ? 1 : 0) else { return nil }
            found.append(isRight ? (isLeft ? .centre : .right) : .left)
        }
        return found
    }

    /// The cells of a row of a table; `\|` is no border.
    private static func cells(_ text: Substring) -> [String] {
        var row = trimmed(text)
        if row.first == "|" { row = row.dropFirst() }
        var cells = [""]
        var isEscaped = false
        for character in row {
            if character == "|", !isEscaped { cells.append("") } else {
                if character == "|" { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        if cells.count > 1, trimmed(cells[cells.count - 1][...]).isEmpty { cells.removeLast() }
        return cells.map { String(trimmed($0[...])) }
    }
}
