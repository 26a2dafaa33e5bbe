/// Blocks of Markdown as LaTeX.
enum LaTeXMarkdown {
    /// LaTeX nests four lists of a kind and six in all; deeper ones stand as paragraphs.
    private static let deepest = 4
    private static let headings = ["section", "subsection", "subsubsection", "paragraph", "paragraph", "paragraph"]

    /// The blocks of a text, parted by empty lines.
    static func text(_ blocks: [MarkdownBlock], depth: Int = 0) -> String {
        blocks.map { one($0, depth: depth) }.joined(separator: "\n\n")
    }

    private static func one(_ block: MarkdownBlock, depth: Int) -> String {
        switch block {
        case .heading(let level, let words):
            "\\\(headings[min(max(level, 1), 6) - 1]){\(line(words))}"
        case .paragraph(let words): inlines(words)
        case .code(let text, _): LaTeXReport.code(text)
        case .rule: "\\begin{center}\\rule{0.4\\linewidth}{0.4pt}\\end{center}"
        case .quote(let inner):
            depth < deepest ? "\\begin{quote}\n\(text(inner, depth: depth + 1))\n\\end{quote}" : text(inner, depth: depth)
        case .list(let start, _, let items): list(start, items, depth: depth)
        case .table(let header, let alignments, let rows): table(header, alignments, rows)
        }
    }

    private static func list(_ start: Int?, _ items: [[MarkdownBlock]], depth: Int) -> String {
        let texts = items.map { text($0, depth: depth + 1) }
        guard depth < deepest else { return texts.map { "\\textbullet{} " + $0 }.joined(separator: "\n\n") }
        let kind = start == nil ? "itemize" : "enumerate"
        let first = start.map { $0 == 1 ? "" : "\n\\startat{\($0)}" } ?? ""
        return "\\begin{\(kind)}\(first)\n" + texts.map { "\\item{} " + $0 }.joined(separator: "\n") + "\n\\end{\(kind)}"
    }

    private static func table(
        _ header: [[MarkdownInline]], _ alignments: [MarkdownBlock.Alignment], _ rows: [[[MarkdownInline]]]
    ) -> String {
        let sides = header.indices.map { index in
            switch alignments.indices.contains(index) ? alignments[index] : .left {
            case .left: "l"
            case .centre: "c"
            case .right: "r"
            }
        }
        func row(_ cells: [[MarkdownInline]]) -> String {
            "    " + header.indices.map { cells.indices.contains($0) ? line(cells[$0]) : "" }.joined(separator: " & ") + " \\\\"
        }
        let tabular =
            ["\\begin{tabular}{@{}\(sides.joined())@{}}", "    \\toprule", row(header), "    \\midrule"] + rows.map(row)
            + ["    \\bottomrule", "\\end{tabular}"]
        return LaTeXReport.centred("\\fitted{%\n\(tabular.joined(separator: "\n"))}")
    }

    /// Pieces of a paragraph where no line may end.
    private static func line(_ words: [MarkdownInline]) -> String { inlines(words, breaks: " ") }

    private static func inlines(_ words: [MarkdownInline], breaks: String = "\\newline{}\n") -> String {
        words.map { word in
            switch word {
            case .text(let text): LaTeXText.escaped(text)
            case .picture(let text): "\\emph{\(LaTeXText.escaped(text))}"
            case .emphasis(let inner): "\\emph{\(inlines(inner, breaks: breaks))}"
            case .strong(let inner): "\\textbf{\(inlines(inner, breaks: breaks))}"
            case .code(let text): "\\texttt{\(LaTeXText.escaped(text))}"
            case .link(let inner, let address):
                address.hasPrefix("#")
                    ? inlines(inner, breaks: breaks) : "\\href{\(LaTeXText.address(address))}{\(inlines(inner, breaks: breaks))}"
            case .softBreak: breaks == " " ? " " : "\n"
            case .lineBreak: breaks
            }
        }
        .joined()
    }
}
