import Diagnostics

/// Turns tokens into a tree. Recovers from every error, so that one script can show several.
public struct Parser {
    /// The most brackets, bodies and blocks inside one another.
    static let nestingLimit = 150
    /// The most levels of an expression tree, `a + b + c + ...` included.
    static let depthLimit = 400

    var tokens: [Token]
    var index = 0
    var diagnostics: [Diagnostic]
    var nesting = 0
    var roles = TokenRoles()
    /// Whether the text is nested too deep: nothing more is read or said.
    var aborted = false
    /// The name of the end of the tokens in messages: the end of the script, or of what stands in a string.
    var endName = "the end of the script"
    let file: String
    let grammar: Grammar
    /// The places that were complained of: two complaints about one place are one. Gathered at the first complaint of this
    /// parser, from the diagnostics that it began with.
    private var complained: Set<Int>?
    private let given: Int

    /// Parses the text of a script; `file` is its name in spans and diagnostics, `grammar` what the library adds. Never fails.
    public static func parse(_ text: String, file: String, grammar: Grammar) -> SyntaxTree {
        let lexed = Lexer.lex(text, file: file)
        var parser = Parser(tokens: lexed.tokens, diagnostics: lexed.diagnostics, file: file, grammar: grammar)
        let statements = parser.script()
        return SyntaxTree(
            file: file, text: text, statements: statements, cells: lexed.cells, comments: lexed.comments,
            diagnostics: parser.diagnostics, roles: parser.roles, isUnfinished: lexed.isUnfinished)
    }

    init(tokens: [Token], diagnostics: [Diagnostic], file: String, grammar: Grammar) {
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.file = file
        self.grammar = grammar
        given = diagnostics.count
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
        if let start = diagnostic.span?.start {
            var places = complained.take() ?? Set(diagnostics.prefix(given).compactMap { $0.span?.start })
            let isNew = places.insert(start).inserted
            complained = places
            guard isNew else { return }
        }
        diagnostics.append(diagnostic)
    }

    mutating func expected(_ what: String, hint: String? = nil) {
        var place = current.span
        // The end may be lines below what lacks something.
        if isAtEnd, index > 0 {
            place.start = min(place.start, tokens[index - 1].span.end)
            place.end = place.start
        }
        report(Diagnostic("syntax", "expected \(what), found \(describe(current))", at: place, hint: hint))
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .name(let text): "`\(text.prefix(40))`"
        case .number: "a number"
        case .string: "a string"
        case .symbol(let text): "`\(text.prefix(24))`"
        case .newline: "the end of the line"
        case .end: endName
        }
    }

    /// Expects the bracket that closes `opened`; reports where that stands if it is never closed.
    mutating func close(_ symbol: String, opened: Token, orComma: Bool = false, hint: String? = nil) {
        if accept(symbol: symbol) { return }
        let text = if case .symbol(let text) = opened.kind { text } else { "(" }
        let place = opened.span
        // The brace that ends what the bracket stands in.
        let isPassed = symbol != "}" && current.isSymbol("}")
        if isAtEnd || startsStatement || isPassed {
            report(Diagnostic("unclosed-bracket", "`\(text)` is never closed", at: place, hint: "add `\(symbol)`"))
        } else {
            expected("`\(symbol)`" + (orComma ? " or `,`" : ""), hint: hint)
        }
    }

    /// Whether the current token begins a statement and nothing else: a bracket before it was not closed.
    var startsStatement: Bool {
        guard case .name(let word) = current.kind else { return false }
        return statementWords.contains(word)
    }

    /// Runs `body` one bracket deeper, or stops reading for good where that is too deep.
    mutating func nested<T>(_ fallback: T, _ body: (inout Parser) -> T) -> T {
        guard nesting < Parser.nestingLimit else {
            abort("this is nested more than \(Parser.nestingLimit) deep", at: current.span)
            return fallback
        }
        nesting += 1
        defer { nesting -= 1 }
        return body(&self)
    }

    mutating func abort(_ message: String, at span: SourceSpan) {
        report(Diagnostic("too-deep", message, at: span, hint: "give the inner parts names with `let`"))
        aborted = true
        index = max(0, tokens.count - 1)
    }

    /// Skips to the next separator of the level that `start` stands on, past anything bracketed since.
    mutating func recover(inBody: Bool, from start: Int) {
        var open: [String] = []
        for token in tokens[min(start, index)..<index] { if case .symbol(let text) = token.kind { Self.follow(text, &open) } }
        while !isAtEnd {
            switch current.kind {
            case .newline where open.isEmpty: return
            case .symbol(",") where inBody && open.isEmpty: return
            case .symbol("}") where inBody && !open.contains("{"): return
            case .symbol(let text): Self.follow(text, &open)
            default: break
            }
            advance()
        }
    }

    /// Keeps the brackets that are open; one in braces that was not closed ends with them.
    private static func follow(_ text: String, _ open: inout [String]) {
        switch text {
        case "(", "[", "{": open.append(text)
        case ")": if open.last == "(" { open.removeLast() }
        case "]": if open.last == "[" { open.removeLast() }
        case "}": if let place = open.lastIndex(of: "{") { open.removeSubrange(place...) }
        default: break
        }
    }

    mutating func script() -> [Statement] {
        var statements: [Statement] = []
        while true {
            while current.kind == .newline { advance() }
            if isAtEnd { return statements }
            let before = index
            let complaints = diagnostics.count
            let statement = statement()
            if let statement { statements.append(statement) }
            if current.kind != .newline, !isAtEnd {
                if diagnostics.count == complaints { expected("the end of the line", hint: hint(after: statement)) }
                // An expression that goes on as it should not is no expression to look at.
                if statement?.declaredName == nil, statement != nil { statements.removeLast() }
                if let last = statements.indices.last, statement != nil, case .binding(var binding) = statements[last].kind,
                    current.isName || current.isString || current.isSymbol("=")
                {
                    binding.value.kind = .missing
                    statements[last].kind = .binding(binding)
                }
                // The next line begins where this one stopped short, unless an open bracket swallowed the ends of line.
                if !startsStatement || diagnostics.last?.id != "syntax" { recover(inBody: false, from: before) }
            }
            if index == before { advance() }
        }
    }
}
