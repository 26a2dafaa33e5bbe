/// The texts of the scripts that spans refer to, by file name.
public struct SourceMap: Sendable {
    private struct Source: Sendable {
        var text: String
        /// The UTF-8 offset at which each line begins.
        var lines: [Int]

        init(_ text: String) {
            var text = text
            text.makeContiguousUTF8()
            self.text = text
            lines = [0]
            for (offset, byte) in text.utf8.enumerated() where byte == 0x0A { lines.append(offset + 1) }
        }

        /// The line, from 0, that holds an offset.
        func line(of offset: Int) -> Int {
            var low = 0
            var high = lines.count
            while high - low > 1 {
                let middle = (low + high) / 2
                if lines[middle] <= offset { low = middle } else { high = middle }
            }
            return low
        }

        /// The text between two offsets, as far as there is some.
        func slice(_ from: Int, _ to: Int) -> Substring {
            let utf8 = text.utf8
            let end = utf8.index(utf8.startIndex, offsetBy: max(0, to), limitedBy: utf8.endIndex) ?? utf8.endIndex
            let start = utf8.index(utf8.startIndex, offsetBy: max(0, min(from, to)), limitedBy: end) ?? end
            return text[start..<end]
        }
    }

    private var sources: [String: Source]
    /// The files whose excerpts need no name above them: the script itself, or what was typed.
    private var plain: Set<String> = []

    /// Creates a map from texts by file name.
    public init(_ texts: [String: String] = [:]) { sources = texts.mapValues(Source.init) }

    /// Adds the text of a file, or replaces it; excerpts of a script need no file name above them.
    public mutating func add(_ file: String, text: String, isScript: Bool = false) {
        sources[file] = Source(text)
        if isScript { plain.insert(file) }
    }

    /// Whether an excerpt of this file names it: true beside a script, for its modules and for values on the command line.
    func isElsewhere(_ file: String) -> Bool { !plain.isEmpty && !plain.contains(file) }

    /// The text of a file; nil where it was not added.
    public func text(of file: String) -> String? { sources[file]?.text }

    /// The text at a place; nil where its file was not added.
    public func text(of span: SourceSpan) -> String? { sources[span.file].map { String($0.slice(span.start, span.end)) } }

    /// The text of a line, counted from 1, without its end.
    func line(_ number: Int, of file: String) -> Substring? {
        guard let source = sources[file], source.lines.indices.contains(number - 1) else { return nil }
        let end = number < source.lines.count ? source.lines[number] - 1 : source.text.utf8.count
        return source.slice(source.lines[number - 1], end)
    }

    /// The text of a span, and its first line with the number of it, from 1; nil where the file was not added.
    public func place(of span: SourceSpan) -> (text: String, number: Int, line: String)? {
        guard let source = sources[span.file] else { return nil }
        let number = source.line(of: span.start) + 1
        return (String(source.slice(span.start, span.end)), number, String(line(number, of: span.file) ?? ""))
    }

    /// The line and column (both from 1; columns count Unicode scalars) of a UTF-8 offset.
    public func position(of offset: Int, in file: String) -> (line: Int, column: Int)? {
        guard let source = sources[file] else { return nil }
        let line = source.line(of: offset)
        return (line + 1, source.slice(source.lines[line], offset).unicodeScalars.count + 1)
    }
}

/// A renderer that turns diagnostics into text for people.
public struct Renderer: Sendable {
    /// The texts that excerpts are taken from.
    public var sources: SourceMap
    /// Whether escape sequences colour the text.
    public var color: Bool

    /// Creates a renderer.
    public init(sources: SourceMap, color: Bool = false) {
        self.sources = sources
        self.color = color
    }

    /// Renders a diagnostic for a reader: message, the line of the script, carets, notes and hints. No trailing newline.
    public func render(_ diagnostic: Diagnostic) -> String {
        var lines: [String] = []
        var message = escapeControls(diagnostic.message)
        if let data = diagnostic.data {
            let place = data.line.map { "`\(data.file)` line \($0)" } ?? "`\(data.file)`"
            message = escapeControls(place) + ": " + message
        }
        lines.append(paint("\(diagnostic.severity.rawValue)[\(diagnostic.id)]", diagnostic.severity) + ": " + message)
        if let span = diagnostic.span { lines += excerpt(span, label: diagnostic.label, severity: diagnostic.severity) }
        for note in diagnostic.notes { lines.append("  " + escapeControls(note)) }
        for hint in diagnostic.hints { lines.append("  hint: " + escapeControls(hint)) }
        return lines.joined(separator: "\n")
    }

    /// Renders several diagnostics in the order given, a blank line between two.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { render($0) }.joined(separator: "\n\n")
    }

    /// Renders a diagnostic in one line: `file:line:column: error[id]: message`.
    public func short(_ diagnostic: Diagnostic) -> String {
        var place = ""
        if let span = diagnostic.span, let at = sources.position(of: span.start, in: span.file) {
            place = "\(span.file):\(at.line):\(at.column): "
        }
        var data = ""
        if let where_ = diagnostic.data { data = where_.file + (where_.line.map { ":\($0)" } ?? "") + ": " }
        return escapeControls("\(place)\(diagnostic.severity.rawValue)[\(diagnostic.id)]: \(data)\(diagnostic.message)")
    }

    private func excerpt(_ span: SourceSpan, label: String?, severity: Severity) -> [String] {
        guard let text = sources.text(of: span.file), let at = sources.position(of: span.start, in: span.file) else {
            return ["  in \(escapeControls(span.file))" + (label.map { ": " + escapeControls($0) } ?? "")]
        }
        guard let source = sources.line(at.line, of: span.file) else { return [] }
        let scalars = Array(source.unicodeScalars)
        // A line of a mangled script may be a megabyte long: show a window around the place.
        let from = max(0, at.column - 1 - 100)
        let to = min(scalars.count, from + 200)
        guard from <= to else { return [] }
        var shown = ""
        var padding = ""
        var carets = ""
        var width = 0
        let spanScalars = text.utf8.count >= span.end ? scalarCount(text, span) : 1
        for (index, scalar) in scalars[from..<to].enumerated() {
            let column = from + index
            // The mark that some editors begin a file with is no part of its first line.
            let isMark = scalar == "\u{FEFF}" && at.line == 1 && column == 0
            let glyph = isMark ? "" : scalar == "\t" ? " " : escapeControls(String(scalar))
            shown += glyph
            if column < at.column - 1 {
                padding += String(repeating: " ", count: glyph.count)
            } else if width < spanScalars {
                carets += String(repeating: "^", count: glyph.count)
                width += 1
            }
        }
        if carets.isEmpty { carets = "^" }
        let number = String(at.line)
        let place = sources.isElsewhere(span.file) ? ["  in \(escapeControls(span.file))"] : []
        let gutter = String(repeating: " ", count: number.count)
        let mark = paint(carets, severity) + (label.map { " " + escapeControls($0) } ?? "")
        return place + ["  \(number) | \(shown)", "  \(gutter) | \(padding)\(mark)"]
    }

    private func scalarCount(_ text: String, _ span: SourceSpan) -> Int {
        let utf8 = text.utf8
        guard let start = utf8.index(utf8.startIndex, offsetBy: span.start, limitedBy: utf8.endIndex),
            let end = utf8.index(utf8.startIndex, offsetBy: span.end, limitedBy: utf8.endIndex), start <= end
        else { return 1 }
        return max(1, text.unicodeScalars[start..<end].count)
    }

    private func paint(_ text: String, _ severity: Severity) -> String {
        guard color else { return text }
        let code =
            switch severity {
            case .error: "31"
            case .warning: "33"
            case .note: "36"
            }
        return "\u{1B}[1;\(code)m\(text)\u{1B}[0m"
    }
}

/// Spells out the control characters of a text, so that data and servers cannot drive a terminal, and those that show nothing.
public func escapeControls(_ text: String) -> String {
    // Printing ASCII, which most texts are, holds none.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if isControl(scalar) { result += "\\u{\(String(scalar.value, radix: 16))}" } else { result.unicodeScalars.append(scalar) }
    }
    return result
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    // C0, DEL, C1, and the marks that reorder text (a way to make a script read as what it is not).
    if value < 0x20 || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) {
        return true
    }
    guard value >= 0x80 else { return false }
    switch scalar.properties.generalCategory {
    case .lineSeparator, .paragraphSeparator: return true
    // Spaces that look like the plain one and are none, as a web page or a word processor gives them.
    case .spaceSeparator: return value != 0x3000
    // What shows nothing: names that look alike would be told apart by nobody. Joiners belong to words and to emoji.
    case .format: return scalar.properties.isDefaultIgnorableCodePoint && value != 0x200C && value != 0x200D
    default: return false
    }
}
