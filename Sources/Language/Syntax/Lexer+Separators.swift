extension Lexer {
    /// Drops the ends of line that do not separate: the innermost open bracket decides, and a line goes on after an
    /// infix operator and before `>>`, `|>` and `else`. Also tells whether the text stops short.
    static func separators(_ tokens: [Token]) -> (kept: [Token], unfinished: Bool) {
        var kept: [Token] = []
        kept.reserveCapacity(tokens.count)
        var stack: [String] = []
        var unfinished = false
        // The next token that is no end of line.
        var next = 0
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .symbol(let text):
                if text == "(" || text == "[" || text == "{" { stack.append(text) }
                if text == ")" || text == "]" || text == "}", !stack.isEmpty { stack.removeLast() }
                kept.append(token)
            case .newline:
                if let innermost = stack.last, innermost != "{" { continue }
                guard let previous = kept.last, previous.kind != .newline else { continue }
                next = max(next, index + 1)
                while next < tokens.count, tokens[next].kind == .newline { next += 1 }
                if goesOn(after: kept) || goesOn(before: tokens[min(next, tokens.count)...]) { continue }
                kept.append(token)
            case .end:
                unfinished = !stack.isEmpty || goesOn(after: kept)
                kept.append(token)
            default: kept.append(token)
            }
        }
        return (kept, unfinished)
    }

    private static let openSymbols: Set<String> = [
        ">>", "|>", "==", "!=", "<=", ">=", "<", ">", "..", "+", "-", "*", "/", "^", ",", "=", ":",
    ]
    private static let openWords: Set<String> = ["in", "like", "and", "or", "not"]

    private static func goesOn(after tokens: [Token]) -> Bool {
        switch tokens.last?.kind {
        case .symbol(let text): openSymbols.contains(text)
        // Behind a dot any word is the name of a field.
        case .name(let word): openWords.contains(word) && tokens.dropLast().last?.kind != .symbol(".")
        default: false
        }
    }

    private static func goesOn(before next: ArraySlice<Token>) -> Bool {
        switch next.first?.kind {
        case .symbol(">>"), .symbol("|>"): true
        // Before a colon any word is the name of a field.
        case .name("else"): next.dropFirst().first?.kind != .symbol(":")
        default: false
        }
    }
}
