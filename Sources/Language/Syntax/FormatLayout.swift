/// The columns of a script's tokens, found from where its lines end.
struct ScriptLayout {
    var text: FormatText
    /// The column in which each token begins.
    private(set) var column: [Int]
    /// The column in which comments on lines of their own begin, by gap.
    private(set) var remarkColumn: [Int]
    /// Blanks before a token that make it stand under another.
    var padding: [Int]
    /// The indentation of what a token belongs to, for operators of chains.
    private(set) var itemIndent: [Int]
    /// Whether a chain operator is the first of its kind in its expression.
    private(set) var leadsChain: [Bool]

    /// The most columns between the beginning of an expression and its first `>>` for others to stand under it.
    static let hanging = 20

    init(_ text: FormatText) {
        self.text = text
        let zeros = [Int](repeating: 0, count: text.gaps.count)
        (column, remarkColumn, padding, itemIndent) = (zeros, zeros, zeros, zeros)
        leadsChain = .init(repeating: false, count: text.gaps.count)
    }

    /// Gives every statement its lines and columns.
    mutating func arrange() {
        var start = 0
        while start < text.tokens.count {
            var end = start + 1
            while end < text.tokens.count, text.gaps[end].place != .separator || text.parent[end] >= 0 { end += 1 }
            repeat {
                align(start..<end)
                place(start..<end)
            } while breakLongLines(start..<end)
            start = end
        }
    }

    /// An open bracket, or the statement itself, with its indentation.
    private struct Frame {
        /// The indentation of the line the bracket opens on, and of what is in it.
        var outside = 0, inside = 0
        /// The indentation of the line the item at hand begins on.
        var item = 0
        /// The column of the chain operators that begin lines, by operator.
        var chains: [String: Int] = [:]
    }

    /// Finds the columns of a statement.
    private mutating func place(_ statement: Range<Int>) {
        var stack = [Frame()]
        var at = 0
        var indent = 0
        for index in statement {
            let gap = text.gaps[index]
            let token = text.tokens[index]
            let isBroken = gap.isBroken && index > statement.lowerBound
            var start = 0
            switch gap.place {
            case .close:
                let closed = stack.count > 1 ? stack.removeLast() : Frame()
                start = closed.outside
                remarkColumn[index] = closed.inside
            case .open, .separator, .comma:
                start = stack[stack.count - 1].inside
                remarkColumn[index] = start
                stack[stack.count - 1].item = isBroken ? start : indent
                stack[stack.count - 1].chains = [:]
            case .inner:
                let frame = stack[stack.count - 1]
                start = frame.item + ScriptFormatter.indentation
                if token.isWord("else") { start = frame.item }
                if token.isChain { start = frame.chains[token.text] ?? start }
                remarkColumn[index] = start
                itemIndent[index] = frame.item
            }
            if isBroken {
                at = start
                indent = start
            } else if index > statement.lowerBound {
                at += text.blanks(before: index) + padding[index]
            }
            column[index] = at
            if token.isChain { joinChain(index, &stack[stack.count - 1], isBroken: isBroken) }
            at += token.width
            if token.opens { stack.append(Frame(outside: indent, inside: indent + ScriptFormatter.indentation, item: indent)) }
        }
    }

    private mutating func joinChain(_ index: Int, _ frame: inout Frame, isBroken: Bool) {
        leadsChain[index] = frame.chains[text.tokens[index].text] == nil
        guard leadsChain[index] else { return }
        let isFar = !isBroken && column[index] - frame.item > Self.hanging
        frame.chains[text.tokens[index].text] = isFar ? frame.item + ScriptFormatter.indentation : column[index]
    }
}

extension FormatText {
    /// The columns between a token and the one before it on its line; a comma between members counts.
    func blanks(before index: Int) -> Int {
        guard index > 0 else { return 0 }
        if gaps[index].place == .separator { return 2 }
        let left = tokens[index - 1]
        let right = tokens[index]
        if left.opens && right.closes { return 0 }
        if left.isSymbol("{") || right.isSymbol("}") { return 1 }
        if left.isSymbol(",") { return 1 }
        if left.opens || right.closes || right.isSymbol(",") || right.isSymbol(":") || right.isAttached || left.isSign { return 0 }
        for token in [left, right] where token.isSymbol(".") || token.isSymbol("..") { return 0 }
        return left.isSliceColon ? 0 : 1
    }
}
