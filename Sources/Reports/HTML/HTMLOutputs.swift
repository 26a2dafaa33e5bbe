/// What actions gave, and the code that they stand in.
extension HTMLReportWriter {
    /// Writes code, each line with its number and a place that outputs lead to.
    mutating func code(_ cell: ReportDocument.Cell) {
        html.markup("<pre class=\"code\" tabindex=\"0\"><code>")
        let source = Array(cell.source.utf8)
        var highlights = cell.highlights[...]
        var start = 0
        var number = cell.line
        // Blank lines at both ends show nothing.
        var lines = source.split(separator: 0x0A, omittingEmptySubsequences: false).map { line -> Range<Int> in
            defer { start += line.count + 1 }
            return start..<(start + (line.last == 0x0D ? line.count - 1 : line.count))
        }
        func isBlank(_ line: Range<Int>) -> Bool { source[line].allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        while let first = lines.first, isBlank(first) {
            lines.removeFirst()
            number += 1
        }
        for line in lines {
            html.markup("<span class=\"l\" id=\"L")
            html.number(number)
            html.markup("\" data-n=\"")
            html.number(number)
            html.markup("\">")
            var at = line.lowerBound
            while let next = highlights.first, next.start < line.upperBound {
                let (from, to) = (max(at, next.start), min(next.end, line.upperBound))
                if from < to {
                    html.text(String(decoding: source[at..<from], as: UTF8.self))
                    mark(next.kind)
                    html.text(String(decoding: source[from..<to], as: UTF8.self))
                    html.markup("</span>")
                    at = to
                }
                // A text of several lines goes on in the next.
                if next.end > line.upperBound { break }
                highlights.removeFirst()
            }
            html.text(String(decoding: source[at..<line.upperBound], as: UTF8.self))
            html.markup("</span>\n")
            number += 1
        }
        html.markup("</code></pre>\n")
    }

    private mutating func mark(_ kind: ReportDocument.Highlight.Kind) {
        switch kind {
        case .keyword: html.markup("<span class=\"k\">")
        case .kind: html.markup("<span class=\"t\">")
        case .builtin: html.markup("<span class=\"b\">")
        case .field: html.markup("<span class=\"f\">")
        case .number: html.markup("<span class=\"v\">")
        case .string: html.markup("<span class=\"s\">")
        case .comment: html.markup("<span class=\"r\">")
        }
    }

    /// Writes an output.
    mutating func output(_ output: ReportDocument.Output) {
        switch output.content {
        case .lines(let lines):
            html.markup("<div class=\"output\">")
            place(output.line)
            // Numbers below one another stay so, and are scrolled; sentences are wrapped.
            let isAligned = lines.contains { $0.first?.isWhitespace == true }
            html.markup(isAligned ? "<pre class=\"lines\" tabindex=\"0\">" : "<pre class=\"lines wrapped\" tabindex=\"0\">")
            for line in lines {
                html.text(line)
                html.markup("\n")
            }
            html.markup("</pre></div>\n")
        case .table(let grid): table(grid, line: output.line)
        case .figure(let picture): figure(picture, line: output.line)
        case .file(let path):
            html.markup("<p class=\"written\">Written to <code>")
            html.text(path)
            html.markup("</code>")
            place(output.line)
            html.markup("</p>\n")
        case .diagnostic(let severity, let text):
            if severity == "error" { html.markup("<div class=\"diagnostic error\">") } else { html.markup("<div class=\"diagnostic\">") }
            place(output.line)
            html.markup("<pre tabindex=\"0\">")
            diagnostic(text)
            html.markup("</pre></div>\n")
        }
    }

    /// Writes a diagnostic: words may go on in the next line, excerpts with marks below them may not.
    private mutating func diagnostic(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isExcerpt = line.drop { $0 == " " || $0.isNumber }.hasPrefix("|")
            if !isExcerpt { html.markup("<span>") }
            html.text(line)
            if isExcerpt { html.markup("\n") } else { html.markup("</span>") }
        }
    }

    /// Writes a link to the line that an output belongs to.
    private mutating func place(_ line: Int?) {
        guard let line else { return }
        html.markup("<a class=\"place\" href=\"#L")
        html.number(line)
        html.markup("\">line ")
        html.number(line)
        html.markup("</a>")
    }

    private mutating func figure(_ picture: ReportDocument.Picture, line: Int?) {
        html.markup("<figure>\n")
        // As an image nothing in it runs, whatever the file holds.
        switch picture.mediaType {
        case "image/svg+xml": image("<img src=\"data:image/svg+xml;base64,", picture)
        case "image/png": image("<img src=\"data:image/png;base64,", picture)
        default: break
        }
        html.markup("<figcaption>")
        html.text(picture.caption)
        if let file = picture.file {
            html.markup(" <code class=\"file\">")
            html.text(file)
            html.markup("</code>")
        }
        place(line)
        html.markup("</figcaption>\n</figure>\n")
    }

    private mutating func image(_ start: StaticString, _ picture: ReportDocument.Picture) {
        html.markup(start)
        html.encoded(picture.bytes)
        html.markup("\" alt=")
        html.attribute(picture.caption.isEmpty ? picture.file ?? "figure" : picture.caption)
        if let width = picture.shownWidth {
            html.markup(" width=\"")
            html.number(width)
            html.markup("\"")
        }
        html.markup(">\n")
    }

    /// Writes a table whose rows a click on a header sorts.
    mutating func table(_ grid: ReportDocument.ResultGrid, line: Int?) {
        html.markup("<figure class=\"table\">\n")
        if !grid.title.isEmpty || grid.file != nil || line != nil {
            html.markup("<figcaption>")
            html.text(grid.title)
            if let file = grid.file {
                html.markup(" <code class=\"file\">")
                html.text(file)
                html.markup("</code>")
            }
            place(line)
            html.markup("</figcaption>\n")
        }
        html.markup("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=")
        html.attribute(grid.title.isEmpty ? "Table" : grid.title)
        html.markup("><table class=\"grid\">\n<thead>\n<tr>")
        for column in grid.columns {
            html.markup("<th scope=\"col\"")
            kind(isNumeric: column.isNumeric, column.header)
            html.markup(">")
            html.text(column.header)
            if let unit = column.unit, !unit.isEmpty {
                html.markup(" <span class=\"unit\">")
                html.text(unit)
                html.markup("</span>")
            }
            html.markup("</th>")
        }
        html.markup("</tr>\n</thead>\n<tbody>\n")
        for (index, row) in grid.rows.enumerated() {
            html.markup("<tr>")
            for (place, column) in grid.columns.enumerated() {
                let text = row.indices.contains(place) ? row[place] : ""
                let digits = grid.exact.indices.contains(index) ? grid.exact[index] : []
                let exact = digits.indices.contains(place) ? digits[place] : text
                html.markup("<td")
                kind(isNumeric: column.isNumeric, text)
                if column.isNumeric, exact != text {
                    html.markup(" data-v=")
                    html.attribute(exact)
                }
                html.markup(">")
                html.text(text)
                html.markup("</td>")
            }
            html.markup("</tr>\n")
        }
        html.markup("</tbody>\n</table></div>\n")
        for note in grid.notes {
            html.markup("<p class=\"note\">")
            html.text(note)
            html.markup("</p>\n")
        }
        html.markup("</figure>\n")
    }

    /// Writes how a cell stands: numbers at the right, and texts that are long on several lines.
    private mutating func kind(isNumeric: Bool, _ text: String) {
        // Characters are counted no further than is needed.
        let isLong = text.utf8.count > 36 && text.prefix(37).count > 36
        switch (isNumeric, isLong) {
        case (true, false): html.markup(" class=\"n\"")
        case (true, true): html.markup(" class=\"n long\"")
        case (false, true): html.markup(" class=\"long\"")
        case (false, false): break
        }
    }
}
