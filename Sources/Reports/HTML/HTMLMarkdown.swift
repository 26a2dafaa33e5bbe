/// Writes text in Markdown as HTML.
struct HTMLMarkdown {
    /// The headings of the text, in order, with the places that links lead to.
    private var headings: ArraySlice<HTMLAnchors.Entry>

    init(headings: [HTMLAnchors.Entry]) { self.headings = headings[...] }

    /// Writes blocks.
    mutating func write(_ blocks: [MarkdownBlock], to html: inout HTMLText) {
        for block in blocks { write(block, to: &html) }
    }

    private mutating func write(_ block: MarkdownBlock, to html: inout HTMLText) {
        switch block {
        case .heading(_, let words): heading(words, to: &html)
        case .paragraph(let words):
            html.markup("<p>")
            Self.write(words, to: &html)
            html.markup("</p>\n")
        case .code(let code, _):
            html.markup("<pre class=\"sample\" tabindex=\"0\"><code>")
            html.text(code)
            html.markup("</code></pre>\n")
        case .quote(let inner):
            html.markup("<blockquote>\n")
            write(inner, to: &html)
            html.markup("</blockquote>\n")
        case .rule: html.markup("<hr>\n")
        case .list(let start, let isTight, let items): list(start, isTight, items, to: &html)
        case .table(let header, let alignments, let rows): table(header, alignments, rows, to: &html)
        }
    }

    private mutating func heading(_ words: [MarkdownInline], to html: inout HTMLText) {
        guard let entry = headings.popFirst() else { return }
        html.markup("<h")
        html.number(entry.level)
        html.markup(" id=")
        html.attribute(entry.id)
        html.markup(">")
        Self.write(words, to: &html)
        html.markup("</h")
        html.number(entry.level)
        html.markup(">\n")
    }

    private mutating func list(_ start: Int?, _ isTight: Bool, _ items: [[MarkdownBlock]], to html: inout HTMLText) {
        if let start {
            html.markup("<ol start=\"")
            html.number(start)
            html.markup("\">\n")
        } else {
            html.markup("<ul>\n")
        }
        for item in items {
            html.markup("<li>")
            for block in item {
                if isTight, case .paragraph(let words) = block {
                    Self.write(words, to: &html)
                    html.markup("\n")
                } else {
                    write(block, to: &html)
                }
            }
            html.markup("</li>\n")
        }
        if start != nil { html.markup("</ol>\n") } else { html.markup("</ul>\n") }
    }

    private mutating func table(
        _ header: [[MarkdownInline]], _ alignments: [MarkdownBlock.Alignment], _ rows: [[[MarkdownInline]]], to html: inout HTMLText
    ) {
        html.markup("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n<thead>\n<tr>")
        for (index, cell) in header.enumerated() {
            html.markup("<th scope=\"col\"")
            Self.align(alignments, index, to: &html)
            Self.write(cell, to: &html)
            html.markup("</th>")
        }
        html.markup("</tr>\n</thead>\n<tbody>\n")
        for row in rows {
            html.markup("<tr>")
            for (index, cell) in row.enumerated() {
                html.markup("<td")
                Self.align(alignments, index, to: &html)
                Self.write(cell, to: &html)
                html.markup("</td>")
            }
            html.markup("</tr>\n")
        }
        html.markup("</tbody>\n</table></div>\n")
    }

    private static func align(_ alignments: [MarkdownBlock.Alignment], _ index: Int, to html: inout HTMLText) {
        switch alignments.indices.contains(index) ? alignments[index] : .left {
        case .left: html.markup(">")
        case .centre: html.markup(" class=\"c\">")
        case .right: html.markup(" class=\"n\">")
        }
    }

    private static func write(_ inlines: [MarkdownInline], to html: inout HTMLText) {
        for inline in inlines {
            switch inline {
            case .text(let text): html.text(text)
            case .emphasis(let inner):
                html.markup("<em>")
                write(inner, to: &html)
                html.markup("</em>")
            case .strong(let inner):
                html.markup("<strong>")
                write(inner, to: &html)
                html.markup("</strong>")
            case .code(let code):
                html.markup("<code>")
                html.text(code)
                html.markup("</code>")
            case .link(let inner, let address):
                guard isSafeAddress(address) else {
                    write(inner, to: &html)
                    continue
                }
                html.markup("<a href=")
                html.attribute(address)
                html.markup(" rel=\"noreferrer\">")
                write(inner, to: &html)
                html.markup("</a>")
            case .picture(let words):
                html.markup("<span class=\"picture\">")
                html.text(words.isEmpty ? "picture" : words)
                html.markup("</span>")
            case .softBreak: html.markup("\n")
            case .lineBreak: html.markup("<br>\n")
            }
        }
    }
}
