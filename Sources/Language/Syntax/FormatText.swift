import Diagnostics

/// A token as the formatter sees it.
struct FormatToken {
    var text: String
    /// The columns that the token takes.
    var width: Int
    /// Whether the token is a name, in quotes or not, as opposed to punctuation and other literals.
    var isWord = false
    /// Whether the token is punctuation or an operator, unlike a string of the same characters.
    var isSymbol = false
    var isSign = false
    var isAttached = false
    var isSliceColon = false
    var isLoopComma = false

    func isSymbol(_ other: String) -> Bool { isSymbol && text == other }
    func isWord(_ other: String) -> Bool { isWord && text == other }
    var opens: Bool { isSymbol && (text == "(" || text == "[" || text == "{") }
    var closes: Bool { isSymbol && (text == ")" || text == "]" || text == "}") }
    var isChain: Bool { isSymbol && (text == ">>" || text == "|>") }

    /// The looseness of an infix operator, 0 the loosest; nil for what is none. Chains are apart.
    var looseness: Int? {
        if isWord { return text == "or" ? 0 : text == "and" ? 1 : nil }
        guard isSymbol, !isSign else { return nil }
        switch text {
        case "==", "!=", "<", "<=", ">", ">=": return 2
        case "+", "-": return 3
        case "*", "/": return 4
        case "^": return 5
        default: return nil
        }
    }
}

/// A comment between two tokens.
struct Remark {
    var text: String
    /// Whether the comment is on a line of its own, not behind what stands before it.
    var standsAlone: Bool
    var blankBefore: Bool
    var isCell: Bool
}

/// The gap between two tokens: its comments and ends of line.
struct Gap {
    enum Place {
        /// The places behind an opening bracket and before a closing one.
        case open, close
        /// The places between statements or members, and between items of a list or arguments.
        case separator, comma
        case inner
    }
    var remarks: [Remark] = []
    /// The number of ends of line before the next token; 2 where there is a blank line.
    var lines = 0
    /// Whether a new line, or a comma in braces, ends a statement or a member here.
    var separates = false
    var place = Place.inner

    /// Whether the next token begins a line.
    var isBroken: Bool { lines > 0 || !remarks.isEmpty }

    /// The gap that is left once the token between two gaps is gone.
    func joined(with next: Gap) -> Gap {
        var joined = next
        joined.separates = separates || next.separates
        if var first = next.remarks.first {
            first.standsAlone = first.standsAlone || isBroken
            first.blankBefore = first.blankBefore || lines > 1
            joined.remarks = remarks + [first] + next.remarks.dropFirst()
        } else {
            joined.remarks = remarks
            joined.lines = max(lines, next.lines)
        }
        return joined
    }
}

/// The tokens of a script and what stands between them: `gaps[i]` is before `tokens[i]`, the last gap before the end.
struct FormatText {
    private(set) var tokens: [FormatToken] = []
    var gaps: [Gap] = []
    /// The position of the bracket that matches a bracket.
    private(set) var partner: [Int] = []
    /// The position of the bracket that a gap is in, -1 for none.
    private(set) var parent: [Int] = []
    /// The number of brackets that a gap is in.
    private(set) var depth: [Int] = []
    /// The gaps on the level of an opening bracket: behind it, at separators and commas, before its partner.
    private(set) var members: [[Int]] = []

    /// Reads the tokens and gaps of a tree; nil where brackets do not match.
    init?(_ tree: SyntaxTree) {
        read(tree)
        guard findBrackets() else { return nil }
        settleCommas()
        guard findBrackets() else { return nil }
        settleLines()
    }

    private mutating func read(_ tree: SyntaxTree) {
        let lexed = Lexer.lex(tree.text, file: tree.file)
        let bytes = Array(tree.text.utf8)
        let cells = Set(lexed.cells.map(\.span.start))
        var comments = lexed.comments[...]
        var gap = Gap()
        var at = 0
        func lines(to end: Int) -> Int { min(2, bytes[at..<max(at, end)].count { $0 == 0x0A }) }
        for token in lexed.tokens {
            if token.kind == .newline {
                gap.separates = true
                continue
            }
            while let comment = comments.first, comment.start < token.span.start || token.kind == .end {
                let before = lines(to: comment.start)
                gap.remarks.append(
                    Remark(
                        text: trimmed(bytes[comment.start..<comment.end]), standsAlone: before > 0 || tokens.isEmpty,
                        blankBefore: before > 1,
                        isCell: cells.contains(comment.start)))
                at = comment.end
                comments.removeFirst()
            }
            gap.lines = lines(to: token.span.start)
            gaps.append(gap)
            gap = Gap()
            at = token.span.end
            guard token.kind != .end else { return }
            tokens.append(FormatToken(token, bytes[token.span.start..<token.span.end], tree.roles))
        }
    }

    /// Matches brackets and tells the places of gaps. False where brackets do not match.
    private mutating func findBrackets() -> Bool {
        partner = .init(repeating: -1, count: tokens.count)
        parent = .init(repeating: -1, count: gaps.count)
        depth = .init(repeating: 0, count: gaps.count)
        members = .init(repeating: [], count: tokens.count)
        var stack: [Int] = []
        for index in gaps.indices {
            (parent[index], depth[index]) = (stack.last ?? -1, stack.count)
            let before = index > 0 ? tokens[index - 1] : nil
            let after = index < tokens.count ? tokens[index] : nil
            if after == nil || before == nil {
                gaps[index].place = .separator
            } else if after?.closes == true {
                gaps[index].place = .close
            } else if before?.opens == true {
                gaps[index].place = .open
            } else if gaps[index].separates {
                gaps[index].place = .separator
            } else if before?.isSymbol(",") == true, before?.isLoopComma == false {
                gaps[index].place = .comma
            } else {
                gaps[index].place = .inner
            }
            if let open = stack.last, gaps[index].place != .inner { members[open].append(index) }
            guard let after else { return stack.isEmpty }
            if after.opens { stack.append(index) }
            if after.closes {
                guard let open = stack.popLast() else { return false }
                (partner[open], partner[index]) = (index, open)
            }
        }
        return stack.isEmpty
    }

    /// Removes commas in braces: an end of line, or a comma printed in its place, separates. The others stand behind what
    /// they follow, before any comment; behind the last item only where the closing bracket has a line of its own.
    private mutating func settleCommas() {
        let brackets = parent
        var isBroken = [Bool](repeating: false, count: tokens.count)
        for (index, gap) in gaps.enumerated() where gap.isBroken && brackets[index] >= 0 {
            let beforeComma = index < tokens.count && tokens[index].isSymbol(",") && !tokens[index].isLoopComma
            if gap.place != .inner || beforeComma { isBroken[brackets[index]] = true }
        }
        let (oldTokens, oldGaps) = (tokens, gaps)
        tokens = []
        gaps = []
        var gap = oldGaps.first ?? Gap()
        for (index, token) in oldTokens.enumerated() {
            let next = oldGaps[index + 1]
            let bracket = brackets[index]
            guard token.isSymbol(",") else {
                tokens.append(token)
                gaps.append(gap)
                gap = next
                continue
            }
            gap = gap.joined(with: next)
            if bracket >= 0, oldTokens[bracket].text == "{", !token.isLoopComma {
                gap.separates = true
                continue
            }
            if index + 1 < oldTokens.count, oldTokens[index + 1].closes, bracket >= 0, !isBroken[bracket] { continue }
            tokens.append(token)
            gaps.append(Gap())
        }
        gaps.append(gap)
    }

    /// Keeps the ends of line that a layout may have.
    private mutating func settleLines() {
        for index in tokens.indices where gaps[index].place == .inner {
            // A line begins with `>>`, it does not end with it.
            let next = index + 1
            if tokens[index].isChain, gaps[next].place == .inner, gaps[next].remarks.isEmpty, gaps[next].lines > 0 {
                gaps[index].lines = max(1, gaps[index].lines)
                gaps[next].lines = 0
            }
            if gaps[index].remarks.isEmpty, !mayBreak(index) { gaps[index].lines = 0 }
        }
        for index in tokens.indices where tokens[index].opens {
            guard let first = members[index].first, let last = members[index].last else { continue }
            if first == last, gaps[first].remarks.isEmpty { gaps[first].lines = 0 }
            if members[index].contains(where: { gaps[$0].isBroken }) { open(index) }
        }
    }

    /// Gives the inside of a bracket lines of its own.
    mutating func open(_ bracket: Int) {
        for index in [bracket + 1, partner[bracket]] { gaps[index].lines = max(1, gaps[index].lines) }
    }

    /// Whether the inside of a bracket has lines of its own.
    func isOpen(_ bracket: Int) -> Bool { gaps[bracket + 1].isBroken }

    /// Whether a line may end before a token in the middle of an expression.
    private func mayBreak(_ index: Int) -> Bool {
        if tokens[index].isChain { return true }
        guard index > 0 else { return false }
        let before = tokens[index - 1]
        return before.looseness != nil || before.isSymbol("=") || before.isSymbol(":") && !before.isSliceColon || before.isLoopComma
            || before.isChain
    }
}

extension FormatToken {
    init(_ token: Token, _ bytes: ArraySlice<UInt8>, _ roles: TokenRoles) {
        text = String(decoding: bytes, as: UTF8.self)
        // Printing ASCII, which most tokens are: a column a byte.
        width = bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? bytes.count : text.count
        let start = token.span.start
        switch token.kind {
        case .name: isWord = true
        case .symbol: isSymbol = true
        case .string where roles.names.contains(start):
            isWord = true
            // Quotes around a name that needs none say nothing.
            if let name = token.literalText, isPlainName(name) { (text, width) = (name, name.count) }
        default: break
        }
        isSign = roles.signs.contains(start)
        isAttached = roles.attached.contains(start)
        isSliceColon = roles.slices.contains(start)
        isLoopComma = roles.loopCommas.contains(start)
    }
}
