import Builtins
import Diagnostics
import Language
import Reports

extension ReportDocument {
    /// A script without outputs: its cells, and what stands before the first mark as one.
    public init(_ tree: SyntaxTree, script: String) {
        let bytes = Array(tree.text.utf8)
        var cells: [Cell] = []
        let colours = CodeHighlights(tree)
        var (seen, lines) = (0, 1)
        /// The line of a place, none before the last that was asked for.
        func line(of offset: Int) -> Int {
            while seen < offset {
                if bytes[seen] == 0x0A { lines += 1 }
                seen += 1
            }
            return lines
        }
        /// Adds what stands between two places; of a cell of text the comments that it begins with, the rest as code.
        func add(_ title: String, isMarkdown: Bool, _ start: Int, _ end: Int) {
            let split = isMarkdown ? Self.endOfComments(bytes, start, end) : start
            if isMarkdown {
                let words = Self.withoutMarks(String(decoding: bytes[start..<split], as: UTF8.self))
                cells.append(Cell(title: title, kind: .markdown, source: words, line: line(of: start)))
            }
            let code = String(decoding: bytes[split..<end], as: UTF8.self)
            let isEmpty = code.allSatisfy(\.isWhitespace)
            guard !isEmpty || !isMarkdown && !title.isEmpty else { return }
            cells.append(
                Cell(
                    title: isMarkdown ? "" : title, kind: .code, source: code, line: line(of: split),
                    highlights: colours.between(split, end)))
        }
        let marks = tree.cells.sorted { $0.span.start < $1.span.start }
        add("", isMarkdown: false, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, marks.first?.span.start ?? bytes.count)
        for (index, mark) in marks.enumerated() {
            let end = index + 1 < marks.count ? marks[index + 1].span.start : bytes.count
            var start = min(mark.span.end, end)
            while start < end, bytes[start] != 0x0A { start += 1 }
            add(mark.title, isMarkdown: mark.isMarkdown, min(start + 1, end), end)
        }
        self.init(title: Self.title(of: cells) ?? script, script: script, cells: cells, text: tree.text)
    }

    /// The first heading of the first cell of text.
    private static func title(of cells: [Cell]) -> String? {
        guard let cell = cells.first(where: { $0.kind == .markdown }) else { return nil }
        for case .heading(_, let words) in markdownBlocks(cell.source) {
            let title = words.map(\.words).joined()
            return title.isEmpty ? nil : title
        }
        return nil
    }

    /// The end of the comments and blank lines that a stretch begins with.
    private static func endOfComments(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            let line = bytes[at..<end].prefix { $0 != 0x0A }
            let first = line.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
            guard first == nil || first == 0x23 else { break }
            at = min(line.endIndex + 1, end)
        }
        return at
    }

    /// Comments without `#` and the blank behind it.
    private static func withoutMarks(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { line -> Substring in
            var rest = line.drop { $0 == " " || $0 == "\t" }
            guard rest.first == "#" else { return "" }
            rest = rest.dropFirst()
            return rest.first == " " ? rest.dropFirst() : rest
        }.joined(separator: "\n")
    }

    /// The cell that a line of the script stands in: the last that begins before it.
    func cell(ofLine line: Int) -> Int? { cells.lastIndex { $0.line <= line } ?? (cells.isEmpty ? nil : 0) }
}
