import Diagnostics

/// A text table for readers: columns with a header and a unit, rows of text, footnotes. A value; printing it is `lines`.
public struct TextTable: Sendable, Hashable {
    /// The alignment of a column.
    public enum Alignment: Sendable, Hashable {
        /// Left, for words: such a column is narrowed first when the table is too wide.
        case left
        /// Right, for numbers: never cut unless the screen cannot hold one.
        case right
    }

    /// A column of a table.
    public struct Column: Sendable, Hashable {
        /// The header.
        public var header: String
        /// The unit, printed in a row of its own below the headers, for example `GPa`.
        public var unit: String?
        /// The alignment of header and cells.
        public var alignment: Alignment

        /// Creates a column, by default of numbers.
        public init(_ header: String, unit: String? = nil, alignment: Alignment = .right) {
            self.header = header
            self.unit = unit
            self.alignment = alignment
        }
    }

    /// The title above the table.
    public var title: String?
    /// The columns, from left to right.
    public var columns: [Column]
    /// The cells, row by row. A row may be shorter than the columns; what is missing is blank, what is over is left out.
    public var rows: [[String]]
    /// The lines below the table, whole sentences.
    public var footnotes: [String]

    /// Creates a table.
    public init(title: String? = nil, columns: [Column], rows: [[String]] = [], footnotes: [String] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.footnotes = footnotes
    }

    /// Formats the table as lines of at most `width` columns (nil: as wide as it wants to be). Columns of words are
    /// narrowed first, then the table is broken into blocks that each repeat the first column. `ascii` keeps to plain
    /// ASCII.
    public func lines(width: Int? = nil, ascii: Bool = false) -> [String] {
        let ellipsis = ascii ? "~" : "…"
        var result: [String] = []
        if let title { result.append(cut(escapeControls(title), width, ellipsis)) }
        let layout = TableLayout(self, width: width)
        for (index, block) in layout.blocks.enumerated() {
            if index > 0 { result.append("") }
            result += layout.lines(of: block, ascii: ascii)
        }
        for footnote in footnotes { result += wrapped(escapeControls(footnote), to: width) }
        return result
    }

    /// Formats the table as one text that ends in a newline: `lines`, joined.
    public func text(width: Int? = nil, ascii: Bool = false) -> String {
        lines(width: width, ascii: ascii).map { $0 + "\n" }.joined()
    }

    private func cut(_ line: String, _ width: Int?, _ ellipsis: String) -> String {
        width.map { truncated(line, to: $0, ellipsis: ellipsis) } ?? line
    }
}

/// Wraps a text at blanks into lines of at most `width` columns; a longer word stands alone on its line.
func wrapped(_ text: String, to width: Int?) -> [String] {
    guard let width, displayWidth(text) > width else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, displayWidth(line) + 1 + displayWidth(word) > width {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
}

/// The layout of a table: the widths of its columns and which of them stand side by side.
private struct TableLayout {
    static let gap = 2
    /// The least width of a column of words.
    static let narrowest = 8

    let columns: [TextTable.Column]
    let rows: [[String]]
    var widths: [Int]
    var blocks: [[Int]] = []
    let limit: Int?

    init(_ table: TextTable, width: Int?) {
        columns = table.columns.map {
            TextTable.Column(escapeControls($0.header), unit: $0.unit.map(escapeControls), alignment: $0.alignment)
        }
        let count = columns.count
        rows = table.rows.map { row in
            (0..<count).map { $0 < row.count ? escapeControls(row[$0]) : "" }
        }
        limit = width.map { max(1, $0) }
        widths = columns.map { max(displayWidth($0.header), $0.unit.map { displayWidth($0) } ?? 0) }
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], displayWidth(cell)) }
        }
        narrowWords()
        split()
    }

    /// Narrows the widest column of words, again and again, until the table fits or all of them are narrow.
    private mutating func narrowWords() {
        guard let limit else { return }
        while widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) > limit {
            let words = widths.indices.filter { columns[$0].alignment == .left && widths[$0] > Self.narrowest }
            guard let widest = words.max(by: { widths[$0] < widths[$1] }) else { return }
            // One column at a time down to the next, which is what steps of one would come to.
            let excess = widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) - limit
            let next = words.filter { $0 != widest }.map { widths[$0] }.max() ?? Self.narrowest
            widths[widest] -= min(excess, max(1, widths[widest] - max(next, Self.narrowest)))
        }
    }

    private mutating func split() {
        guard let limit else {
            blocks = [Array(columns.indices)]
            return
        }
        for index in widths.indices { widths[index] = min(widths[index], limit) }
        var block: [Int] = []
        var used = 0
        for index in columns.indices {
            if !block.isEmpty, used + Self.gap + widths[index] > limit {
                blocks.append(block)
                let first = widths[0] + Self.gap + widths[index]
                block = first <= limit && index != 0 ? [0] : []
                used = block.isEmpty ? -Self.gap : widths[0]
            } else if block.isEmpty {
                used = -Self.gap
            }
            block.append(index)
            used += Self.gap + widths[index]
        }
        // A block of the first column alone says nothing that the others do not repeat.
        if !block.isEmpty { blocks.append(block) }
        if blocks.count > 1, blocks[0] == [0], blocks.dropFirst().contains(where: { $0.first == 0 }) { blocks.removeFirst() }
    }

    func lines(of block: [Int], ascii: Bool) -> [String] {
        let ellipsis = ascii ? "~" : "…"
        func line(_ cell: (Int) -> String) -> String {
            var parts: [String] = []
            for index in block {
                let text = truncated(cell(index), to: widths[index], ellipsis: ellipsis)
                parts.append(padded(text, to: widths[index], right: columns[index].alignment == .right))
            }
            let joined = parts.joined(separator: String(repeating: " ", count: Self.gap))
            var end = joined.endIndex
            while end > joined.startIndex, case let last = joined.index(before: end), joined[last] == " " { end = last }
            return String(joined[..<end])
        }
        var result = [line { columns[$0].header }]
        if block.contains(where: { columns[$0].unit != nil }) { result.append(line { columns[$0].unit ?? "" }) }
        let total = block.reduce(0) { $0 + widths[$1] } + Self.gap * max(0, block.count - 1)
        result.append(String(repeating: ascii ? "-" : "─", count: total))
        for row in rows { result.append(line { row[$0] }) }
        return result
    }
}
