import Storage

/// A document as one file of HTML that needs no other and runs nothing but the sorting of its tables. The same document gives the same
/// bytes. Throws what hashing throws.
public func htmlReport(_ document: ReportDocument) throws -> [UInt8] {
    var writer = HTMLReportWriter(document)
    return try writer.written()
}

/// Writes a document as HTML, from its head to its end.
struct HTMLReportWriter {
    let document: ReportDocument
    /// What is written so far.
    var html = HTMLText()
    private let anchors: HTMLAnchors

    init(_ document: ReportDocument) {
        self.document = document
        anchors = HTMLAnchors(document)
    }

    mutating func written() throws -> [UInt8] {
        html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        // Nothing is loaded from anywhere, and of styles and scripts only those with these hashes count.
        html.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
        html.encoded(try digest(htmlStyle))
        html.markup("'; script-src 'sha256-")
        html.encoded(try digest(htmlScript))
        html.markup("'; img-src data:; base-uri 'none'; form-action 'none'\">\n")
        html.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.markup("<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
        html.text(document.title)
        html.markup("</title>\n<style>")
        html.own(htmlStyle)
        html.markup("</style>\n</head>\n<body>\n<header>\n<h1>")
        html.text(document.title)
        html.markup("</h1>\n<p class=\"origin\">Report of <code>")
        html.text(document.script)
        html.markup("</code></p>\n</header>\n")
        contents()
        html.markup("<main>\n")
        for index in document.cells.indices { cell(index) }
        provenance()
        html.markup("</main>\n<script>")
        html.own(htmlScript)
        html.markup("</script>\n</body>\n</html>\n")
        return html.bytes
    }

    private func digest(_ text: String) throws -> [UInt8] {
        let digits = Array(try sha256(text).hex)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    private mutating func contents() {
        guard anchors.entries.count > 2 else { return }
        html.markup("<nav aria-label=\"Contents\">\n<ol>\n")
        for entry in anchors.entries {
            if entry.level > 2 { html.markup("<li class=\"inner\"><a href=") } else { html.markup("<li><a href=") }
            html.attribute("#" + entry.id)
            html.markup(">")
            html.text(entry.words)
            html.markup("</a></li>\n")
        }
        html.markup("</ol>\n</nav>\n")
    }

    private mutating func cell(_ index: Int) {
        let cell = document.cells[index]
        switch cell.kind {
        case .markdown: html.markup("<section class=\"cell words\">\n")
        case .code: html.markup("<section class=\"cell\">\n")
        }
        if let entry = anchors.title(ofCell: index) { heading(entry) }
        switch cell.kind {
        case .markdown:
            var markdown = HTMLMarkdown(headings: anchors.headings(ofCell: index))
            markdown.write(anchors.blocks(ofCell: index), to: &html)
        case .code: if cell.source.contains(where: { !$0.isWhitespace }) { code(cell) }
        }
        if !cell.outputs.isEmpty {
            html.markup("<div class=\"outputs\">\n")
            for item in cell.outputs { output(item) }
            html.markup("</div>\n")
        }
        html.markup("</section>\n")
    }

    private mutating func heading(_ entry: HTMLAnchors.Entry) {
        html.markup("<h2 id=")
        html.attribute(entry.id)
        html.markup(">")
        html.text(entry.words)
        html.markup("</h2>\n")
    }

    private mutating func provenance() {
        guard !document.provenance.isEmpty, let entry = anchors.provenance else { return }
        html.markup("<section class=\"provenance\">\n")
        heading(entry)
        for section in document.provenance {
            html.markup("<h3>")
            html.text(section.heading)
            html.markup("</h3>\n")
            for line in section.lines {
                html.markup("<p>")
                remark(line)
                html.markup("</p>\n")
            }
            if let grid = section.table { table(grid, line: nil) }
        }
        html.markup("</section>\n")
    }

    /// Writes a remark, in which names stand between back quotes.
    private mutating func remark(_ line: String) {
        let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
        guard pieces.count.isMultiple(of: 2) == false else { return html.text(line) }
        for (index, piece) in pieces.enumerated() {
            if !index.isMultiple(of: 2) { html.markup("<code>") }
            html.text(piece)
            if !index.isMultiple(of: 2) { html.markup("</code>") }
        }
    }
}
