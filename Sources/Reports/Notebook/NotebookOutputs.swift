import Storage

extension Notebook {
    /// An output as notebooks have it: streams for lines and warnings, data by media type for tables and figures.
    static func json(_ output: ReportDocument.Output) -> JSONValue {
        switch output.content {
        case .lines(let lines): stream("stdout", lines.map { $0 + "\n" }.joined())
        case .file(let path): stream("stdout", "wrote: \(path)\n")
        case .diagnostic(let severity, let text): stream("stderr", text.hasPrefix(severity) ? text + "\n" : "\(severity): \(text)\n")
        case .table(let grid):
            display(["text/html": multiline(HTMLTable.text(grid)), "text/plain": multiline(plain(grid))])
        case .figure(let picture): figure(picture)
        }
    }

    private static func stream(_ name: String, _ text: String) -> JSONValue {
        ["name": .string(name), "output_type": "stream", "text": multiline(visible(text))]
    }

    private static func display(_ data: [String: JSONValue], metadata: JSONValue = [:]) -> JSONValue {
        ["data": .object(data), "metadata": metadata, "output_type": "display_data"]
    }

    private static func figure(_ picture: ReportDocument.Picture) -> JSONValue {
        var data: [String: JSONValue] = ["text/plain": multiline(picture.alternative)]
        // A picture made of text is text in a notebook, any other base64.
        if picture.mediaType == "image/svg+xml" {
            data[picture.mediaType] = multiline(String(decoding: picture.bytes, as: UTF8.self))
        } else if picture.fileEnding != nil, !picture.bytes.isEmpty {
            data[picture.mediaType] = .string(String(decoding: base64(picture.bytes), as: UTF8.self))
        }
        var metadata: [String: JSONValue] = ["alt": .string(picture.alternative)]
        if let width = picture.shownWidth { metadata["width"] = .integer(width) }
        return display(data, metadata: .object([picture.mediaType: .object(metadata)]))
    }

    /// A table with its columns under one another, for where only text is shown.
    private static func plain(_ grid: ReportDocument.ResultGrid) -> String {
        let rows = [grid.columns.map(\.label)] + grid.rows.map(grid.cells)
        let widths = grid.columns.indices.map { column in rows.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        let body = rows.map { row in
            let texts = grid.columns.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].unicodeScalars.count)
                return grid.columns[column].isNumeric ? space + row[column] : row[column] + space
            }
            return texts.joined(separator: "  ")
        }
        return ((grid.title.isEmpty ? [] : [grid.title]) + body + grid.notes).joined(separator: "\n")
    }
}

/// Tables as HTML that stands by itself: no styles but the side on which a column stands.
enum HTMLTable {
    /// The table with its title and its notes.
    static func text(_ grid: ReportDocument.ResultGrid) -> String {
        let sides = grid.columns.map { $0.isNumeric ? " style=\"text-align: right\"" : " style=\"text-align: left\"" }
        func row(_ texts: [String], _ tag: String) -> String {
            "<tr>" + zip(texts, sides).map { "<\(tag)\($1)>\(escapedHTML($0))</\(tag)>" }.joined() + "</tr>"
        }
        var parts = ["<table>"]
        if !grid.title.isEmpty { parts.append("<caption>\(escapedHTML(grid.title))</caption>") }
        parts.append("<thead>\(row(grid.columns.map(\.label), "th"))</thead>")
        parts += ["<tbody>"] + grid.rows.map { row(grid.cells(of: $0), "td") } + ["</tbody>", "</table>"]
        return (parts + grid.notes.map { "<p>\(escapedHTML($0))</p>" }).joined(separator: "\n")
    }
}

/// A text with the characters that mean something in HTML written as what they stand for.
private func escapedHTML(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in visible(text).unicodeScalars {
        switch scalar {
        case "&": result.append(contentsOf: "&amp;".unicodeScalars)
        case "<": result.append(contentsOf: "&lt;".unicodeScalars)
        case ">": result.append(contentsOf: "&gt;".unicodeScalars)
        case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
        case "'": result.append(contentsOf: "&#39;".unicodeScalars)
        // Jupyter and nbconvert set formulas between dollars in HTML too.
        case "$": result.append(contentsOf: "<span>$</span>".unicodeScalars)
        default: result.append(scalar)
        }
    }
    return String(result)
}
