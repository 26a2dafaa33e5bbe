import Diagnostics

/// Turns tokens into a tree. Recovers from every error, so that one script can show several.
public struct Parser {
    /// Brackets, bodies and blocks inside one another.
    static let nestingLimit = 150
    /// Levels of an expression tree, `a + b + c + ...` included.
    static let depthLimit = 400

    var tokens: [Token]
    var index = 0
    var diagnostics: [Diagnostic]
    var nesting = 0
    /// Set once the text is nested too deep: nothing more is read or said.
    var aborted = false
    let file: String

    public static func parse(_ text: String, file: String) -> SyntaxTree {
        let lexed = Lexer.lex(text, file: file)
        var parser = Parser(tokens: lexed.tokens, diagnostics: lexed.diagnostics, file: file)
        let statements = parser.script()
        return SyntaxTree(
            file: file, text: text, statements: statements, cells: lexed.cells, comments: lexed.comments,
            diagnostics: parser.diagnostics, isUnfinished: lexed.isUnfinished)
    }

    init(tokens: [Token], diagnostics: [Diagnostic], file: String) {
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.file = file
    }

    var current: Token { peek(0) }

    func peek(_ ahead: Int) -> Token {
        let place = index + ahead
        if place < tokens.count { return tokens[place] }
        return tokens.last ?? Token(kind: .end, span: SourceSpan(file: file, start: 0, end: 0))
    }

    @discardableResult
    mutating func advance() -> Token {
        let token = current
        if index < tokens.count - 1 { index += 1 }
        return token
    }

    var isAtEnd: Bool { current.kind == .end }

    mutating func accept(symbol: String) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func accept(word: String) -> Bool {
        guard current.isName(word) else { return false }
        advance()
        return true
    }

    mutating func report(_ diagnostic: Diagnostic) {
        guard !aborted else { return }
        // Two complaints about one place are one complaint.
        if let last = diagnostics.last, last.span?.start == diagnostic.span?.start, last.span?.file == diagnostic.span?.file { return }
        diagnostics.append(diagnostic)
    }

    mutating func expected(_ what: String, hint: String? = nil) {
        report(Diagnostic("syntax", "expected \(what), found \(describe(current))", at: current.span, hint: hint))
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .name(let text): "`\(text.prefix(40))`"
        case .number: "a number"
        case .string: "a string"
        case .symbol(let text): "`\(text)`"
        case .newline: "the end of the line"
        case .end: "the end of the script"
        }
    }

    /// Expects the bracket that closes `open`; says where it was opened where it is missing.
    mutating func close(_ symbol: String, opened: Token) {
        if accept(symbol: symbol) { return }
        let text = if case .symbol(let text) = opened.kind { text } else { "(" }
        let place = opened.span
        if isAtEnd {
            report(Diagnostic("unclosed-bracket", "`\(text)` is never closed", at: place, hint: "add `\(symbol)`"))
        } else {
            expected("`\(symbol)` or `,`")
        }
    }

    /// Runs `body` one bracket deeper, or stops reading for good where that is too deep.
    mutating func nested<T>(_ fallback: T, _ body: (inout Parser) -> T) -> T {
        guard nesting < Parser.nestingLimit else {
            abort(at: current.span)
            return fallback
        }
        nesting += 1
        defer { nesting -= 1 }
        return body(&self)
    }

    mutating func abort(at span: SourceSpan) {
        report(Diagnostic("too-deep", "this is nested more than \(Parser.nestingLimit) deep", at: span, hint: "give the inner parts names with `let`"))
        aborted = true
        index = max(0, tokens.count - 1)
    }

    /// Skips to the next separator of this level, past anything bracketed.
    mutating func recover(inBody: Bool) {
        var open = 0
        while !isAtEnd {
            switch current.kind {
            case .newline where open == 0: return
            case .symbol("(" ), .symbol("["), .symbol("{"): open += 1
            case .symbol(","): if inBody, open == 0 { return }
            case .symbol(")"), .symbol("]"), .symbol("}"):
                if open == 0 {
                    if inBody && current.isSymbol("}") { return }
                } else { open -= 1 }
            default: break
            }
            advance()
        }
    }

    mutating func script() -> [Statement] {
        var statements: [Statement] = []
        while true {
            while current.kind == .newline { advance() }
            if isAtEnd { return statements }
            let before = index, complaints = diagnostics.count
            if let statement = statement() { statements.append(statement) }
            if current.kind != .newline, !isAtEnd {
                if diagnostics.count == complaints {
                    expected("the end of the line", hint: missingCallHint())
                }
                recover(inBody: false)
            }
            if index == before { advance() }
        }
    }

    private func missingCallHint() -> String? {
        current.isSymbol("=") ? "a name is given with `let name = value`" : nil
    }
}
