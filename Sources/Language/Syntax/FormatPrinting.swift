extension ScriptLayout {
    /// The text of the script in its layout.
    var printed: String {
        var page = Page()
        for (index, gap) in text.gaps.enumerated() {
            // No blank line directly inside a bracket.
            var isInside = gap.place == .open || gap.place == .close && index > 0 && text.tokens[index - 1].opens
            let mayBlank = gap.place != .inner
            for (place, remark) in gap.remarks.enumerated() {
                if place == 0, !remark.standsAlone {
                    page.end(with: remark.text)
                    continue
                }
                page.begin(
                    at: remark.isCell ? 0 : remarkColumn[index], blank: !isInside && (remark.isCell || mayBlank && remark.blankBefore))
                page.add(remark.text)
                isInside = false
            }
            guard index < text.tokens.count else { break }
            if gap.isBroken || index == 0 {
                page.begin(
                    at: column[index], blank: !isInside && mayBlank && gap.place != .close && gap.lines > 1,
                    goesOn: text.tokens[index].isChain)
            } else {
                let comma = gap.place == .separator ? "," : ""
                page.add(comma + String(repeating: " ", count: text.blanks(before: index) - comma.count + padding[index]))
            }
            page.add(text.tokens[index].text)
        }
        return page.text
    }
}

/// Lines with comments behind them.
private struct Page {
    private struct Line {
        var code: String
        var indent: Int
        /// Whether an operator begins the line.
        var goesOn = false
        var remark: String?
    }
    private var lines: [Line] = []

    /// Lines whose comments stand under one another.
    private struct Group {
        private(set) var lines: [(line: Line, width: Int)] = []
        /// The least and the greatest width of the lines; nil where there are none.
        private(set) var widths: ClosedRange<Int>?

        mutating func add(_ line: Line, _ width: Int) {
            lines.append((line, width))
            widths = widths.map { min($0.lowerBound, width)...max($0.upperBound, width) } ?? width...width
        }

        /// Prints the lines and begins anew.
        mutating func settle(_ out: inout String) {
            let widest = widths?.upperBound ?? 0
            for (line, width) in lines {
                out += line.code
                out += String(repeating: " ", count: widest - width + 2)
                out += line.remark ?? ""
                out += "\n"
            }
            self = Group()
        }
    }

    /// The most columns that a line may be longer than another for their comments to stand under one another.
    private static let spread = 32

    mutating func begin(at column: Int, blank: Bool, goesOn: Bool = false) {
        if blank, !lines.isEmpty { lines.append(Line(code: "", indent: 0)) }
        lines.append(Line(code: String(repeating: " ", count: column), indent: column, goesOn: goesOn))
    }

    mutating func add(_ text: String) { lines[lines.count - 1].code += text }

    mutating func end(with remark: String) { lines[lines.count - 1].remark = remark }

    /// The text of the page. The comments behind consecutive lines of one indentation, or of one chain, stand under one
    /// another, if the lines are about as long.
    var text: String {
        var out = ""
        var group = Group()
        for line in lines {
            guard line.remark != nil else {
                group.settle(&out)
                out += line.code
                out += "\n"
                continue
            }
            let width = line.code.count
            let isAlike = line.goesOn || group.lines.first.map { $0.line.indent == line.indent } ?? true
            let widths = group.widths.map { min($0.lowerBound, width)...max($0.upperBound, width) } ?? width...width
            if !isAlike || widths.upperBound - widths.lowerBound > Self.spread { group.settle(&out) }
            group.add(line, width)
        }
        group.settle(&out)
        return out
    }
}
