extension MarkdownText {
    /// Blocks as Markdown that every renderer reads alike: HTML in the text is text, links lead to the web or into the document.
    static func blocks(_ blocks: [MarkdownBlock]) -> String { joined(blocks, isTight: false) }

    private static func joined(_ blocks: [MarkdownBlock], isTight: Bool) -> String {
        var text = ""
        var previous: MarkdownBlock?
        // A list behind a list of its kind has other marks, or they would be one.
        var isOther = false
        for block in blocks {
            isOther = !isOther && previous.map { areListsOfOneKind($0, block) } ?? false
            if previous != nil { text += isTight && !needsRoom(block) ? "\n" : "\n\n" }
            text += one(block, isOther: isOther)
            previous = block
        }
        return text
    }

    private static func areListsOfOneKind(_ a: MarkdownBlock, _ b: MarkdownBlock) -> Bool {
        if case .list(let a, _, _) = a, case .list(let b, _, _) = b { return (a == nil) == (b == nil) }
        return false
    }

    /// Whether a block would go on the paragraph before it: a list that does not begin with 1, and a table.
    private static func needsRoom(_ block: MarkdownBlock) -> Bool {
        switch block {
        case .list(let start?, _, _): start != 1
        case .table, .paragraph: true
        default: false
        }
    }

    private static func one(_ block: MarkdownBlock, isOther: Bool) -> String {
        switch block {
        case .heading(let level, let words): String(repeating: "#", count: min(max(level, 1), 6)) + " " + line(words)
        case .paragraph(let words): lines(of: inlines(words)).map(withoutMark).joined(separator: "\n")
        case .code(let text, let language):
            fenced(text, language: String(language.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "+-._#".contains($0)) }))
        case .rule: "___"
        case .quote(let inner): lines(of: joined(inner, isTight: false)).map { $0.isEmpty ? ">" : "> " + $0 }.joined(separator: "\n")
        case .list(let start, let isTight, let items): list(start, isTight, items, isOther: isOther)
        case .table(let header, let alignments, let rows): table(header, alignments, rows)
        }
    }

    private static func list(_ start: Int?, _ isTight: Bool, _ items: [[MarkdownBlock]], isOther: Bool) -> String {
        items.enumerated().map { index, item in
            let mark = start.map { "\($0 + index)" + (isOther ? ")" : ".") } ?? (isOther ? "*" : "-")
            let margin = String(repeating: " ", count: mark.count + 1)
            let text = lines(of: joined(item, isTight: isTight)).enumerated().map {
                $0.offset == 0 || $0.element.isEmpty ? $0.element : margin + $0.element
            }
            return item.isEmpty ? mark : mark + " " + text.joined(separator: "\n")
        }
        .joined(separator: isTight ? "\n" : "\n\n")
    }

    private static func table(
        _ header: [[MarkdownInline]], _ alignments: [MarkdownBlock.Alignment], _ rows: [[[MarkdownInline]]]
    ) -> String {
        func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let sides = header.indices.map { index in
            switch alignments.indices.contains(index) ? alignments[index] : .left {
            case .left: ":---"
            case .centre: ":---:"
            case .right: "---:"
            }
        }
        let body = rows.map { cells in row(header.indices.map { cells.indices.contains($0) ? line(cells[$0], inTable: true) : " " }) }
        return ([row(header.map { line($0, inTable: true) }), row(sides)] + body).joined(separator: "\n")
    }

    /// Pieces of a paragraph where no line may end.
    private static func line(_ words: [MarkdownInline], inTable: Bool = false) -> String {
        lines(of: inlines(words, breaks: " ", inTable: inTable)).joined(separator: " ")
    }

    private static func inlines(_ words: [MarkdownInline], breaks: String = "\\\n", inTable: Bool = false) -> String {
        words.map { word in
            switch word {
            case .text(let text): return escaped(text)
            case .picture(let text): return escaped(text)
            case .emphasis(let inner): return "*\(inlines(inner, breaks: breaks, inTable: inTable))*"
            case .strong(let inner): return "**\(inlines(inner, breaks: breaks, inTable: inTable))**"
            // Within a table a bar ends a cell, in code too.
            case .code(let text): return inTable ? code(text).replacing("|", by: "\\|") : code(text)
            case .link(let inner, let address):
                return "[\(inlines(inner, breaks: breaks, inTable: inTable))](<\(destination(address))>)"
            case .softBreak: return "\n"
            case .lineBreak: return breaks
            }
        }
        .joined()
    }
}

extension String {
    /// A copy with every character `mark` replaced.
    fileprivate func replacing(_ mark: Unicode.Scalar, by text: String) -> String {
        unicodeScalars.reduce(into: "") { $1 == mark ? $0.append(text) : $0.unicodeScalars.append($1) }
    }
}
