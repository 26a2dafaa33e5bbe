/// The pieces of a paragraph in Markdown.
public func markdownInlines(_ text: String) -> [MarkdownInline] {
    var parser = MarkdownInlineParser(text)
    return parser.inlines()
}

/// Takes a paragraph apart, character by character. What is not understood is text.
private struct MarkdownInlineParser {
    private let text: [Unicode.Scalar]
    private var at = 0
    private var words = String.UnicodeScalarView()
    private var nodes: [MarkdownNode] = []
    /// Places of the brackets in `nodes` that nothing closed yet.
    private var brackets: [Int] = []
    /// Lengths of back quotes that nothing closes further on.
    private var unclosed: Set<Int> = []
    private static let longestAddress = 2000
    /// How deep parentheses may stand in an address.
    private static let deepestAddress = 32

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    private func scalar(_ index: Int) -> Unicode.Scalar? { text.indices.contains(index) ? text[index] : nil }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[range])
        return String(view)
    }

    private mutating func flush() {
        if !words.isEmpty { nodes.append(.done(.text(String(words)), depth: 0)) }
        words = String.UnicodeScalarView()
    }

    mutating func inlines() -> [MarkdownInline] {
        while let next = scalar(at) {
            switch next {
            case "\\": escape()
            case "`": code()
            case "*", "_": delimiter(next)
            case "[": bracket(isPicture: false)
            case "!" where scalar(at + 1) == "[": bracket(isPicture: true)
            case "]": close()
            case "<": address()
            case "&": entity()
            case "\n": lineEnd()
            default:
                words.append(next)
                at += 1
            }
        }
        flush()
        return resolved(nodes[...]).inlines
    }

    private mutating func escape() {
        let next = scalar(at + 1)
        if next == "\n" {
            flush()
            nodes.append(.done(.lineBreak, depth: 0))
            at += 2
            skipBlanks()
        } else if let next, next.isASCII, next.properties.generalCategory.isMark {
            words.append(next)
            at += 2
        } else {
            words.append("\\")
            at += 1
        }
    }

    private mutating func skipBlanks() { while scalar(at) == " " { at += 1 } }

    private mutating func lineEnd() {
        var blanks = 0
        while words.last == " " {
            words.removeLast()
            blanks += 1
        }
        flush()
        at += 1
        skipBlanks()
        if scalar(at) != nil { nodes.append(.done(blanks >= 2 ? .lineBreak : .softBreak, depth: 0)) }
    }

    private mutating func code() {
        let start = at
        while scalar(at) == "`" { at += 1 }
        let length = at - start
        var end = at
        while !unclosed.contains(length), end < text.count {
            guard text[end] == "`" else {
                end += 1
                continue
            }
            let mark = end
            while scalar(end) == "`" { end += 1 }
            if end - mark == length {
                var code = string(at..<mark).replacing("\n", with: " ")
                if code.hasPrefix(" "), code.hasSuffix(" "), code.contains(where: { $0 != " " }) {
                    code = String(code.dropFirst().dropLast())
                }
                flush()
                nodes.append(.done(.code(code), depth: 0))
                at = end
                return
            }
        }
        unclosed.insert(length)
        words.append(contentsOf: text[start..<at])
    }

    private mutating func delimiter(_ mark: Unicode.Scalar) {
        let start = at
        while scalar(at) == mark { at += 1 }
        let (before, after) = (scalar(start - 1) ?? "\n", scalar(at) ?? "\n")
        let (isSpaceBefore, isSpaceAfter) = (before.properties.isWhitespace, after.properties.isWhitespace)
        let (isMarkBefore, isMarkAfter) = (before.properties.generalCategory.isMark, after.properties.generalCategory.isMark)
        let opens = !isSpaceAfter && (!isMarkAfter || isSpaceBefore || isMarkBefore)
        let closes = !isSpaceBefore && (!isMarkBefore || isSpaceAfter || isMarkAfter)
        flush()
        nodes.append(
            mark == "*"
                ? .delimiter(mark, at - start, opens: opens, closes: closes)
                : .delimiter(mark, at - start, opens: opens && (!closes || isMarkBefore), closes: closes && (!opens || isMarkAfter)))
    }

    private mutating func bracket(isPicture: Bool) {
        flush()
        brackets.append(nodes.count)
        nodes.append(.bracket(isPicture: isPicture))
        at += isPicture ? 2 : 1
    }

    private mutating func close() {
        flush()
        at += 1
        guard let open = brackets.popLast(), case .bracket(let isPicture) = nodes[open] else { return words.append("]") }
        guard let (address, end) = destination() else { return words.append("]") }
        let inner = resolved(nodes[(open + 1)...])
        if isPicture {
            nodes.removeSubrange(open...)
            nodes.append(.done(.picture(inner.inlines.map(\.words).joined()), depth: 0))
        } else if isSafeAddress(address) {
            nodes.removeSubrange(open...)
            nodes.append(.done(.link(inner.inlines, address: address), depth: inner.depth + 1))
            // There is no link within a link.
            brackets.removeAll { nodes[$0] == .bracket(isPicture: false) }
        } else {
            // Where it would lead is there to read, and nothing to follow.
            return words.append("]")
        }
        at = end
    }

    /// The address in `(address "title")` behind a bracket, and where that ends.
    private func destination() -> (address: String, end: Int)? {
        guard scalar(at) == "(" else { return nil }
        let limit = min(text.count, at + Self.longestAddress)
        var end = at + 1
        while end < limit, text[end] == " " || text[end] == "\n" { end += 1 }
        let start = end
        var depth = 0
        while end < limit, text[end].value > 0x20 {
            if text[end] == "(" { depth += 1 }
            guard depth <= Self.deepestAddress else { return nil }
            if text[end] == ")" {
                if depth == 0 { break }
                depth -= 1
            }
            end += 1
        }
        let address = string(start..<end)
        while end < limit, text[end] == " " || text[end] == "\n" { end += 1 }
        if end < limit, text[end] == "\"" || text[end] == "'" {
            let quote = text[end]
            end += 1
            while end < limit, text[end] != quote { end += 1 }
            end += 1
            while end < limit, text[end] == " " || text[end] == "\n" { end += 1 }
        }
        guard end < limit, text[end] == ")" else { return nil }
        let bare = address.hasPrefix("<") && address.hasSuffix(">") ? String(address.dropFirst().dropLast()) : address
        return (bare, end + 1)
    }

    /// An address between `<` and `>`.
    private mutating func address() {
        var end = at + 1
        let limit = min(text.count, at + Self.longestAddress)
        while end < limit, text[end].value > 0x20, text[end] != "<", text[end] != ">" { end += 1 }
        let address = string((at + 1)..<end)
        guard end < limit, text[end] == ">", !address.hasPrefix("#"), isSafeAddress(address) else {
            words.append("<")
            at += 1
            return
        }
        flush()
        nodes.append(.done(.link([.text(address)], address: address), depth: 1))
        at = end + 1
    }

    /// The few entities that stand for what would be a mark.
    private mutating func entity() {
        let known: [(String, Unicode.Scalar)] = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{A0}")]
        let ahead = string(at..<min(text.count, at + 6))
        if let (name, scalar) = known.first(where: { ahead.hasPrefix($0.0) }) {
            words.append(scalar)
            at += name.count
        } else {
            words.append("&")
            at += 1
        }
    }
}

extension Unicode.GeneralCategory {
    /// Whether this is punctuation or a symbol.
    fileprivate var isMark: Bool {
        switch self {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
