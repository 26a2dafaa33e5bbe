import Diagnostics

extension Parser {
    mutating func primary(withBodies: Bool) -> Expression? {
        let token = current
        func leaf(_ kind: Expression.Kind) -> Expression { Expression(kind: kind, span: token.span, depth: 1) }
        switch token.kind {
        case .number(let value, let percent):
            advance()
            return leaf(.number(value, percent: percent))
        case .string(let pieces):
            advance()
            return text(pieces, token.span)
        case .symbol("["): return list()
        case .symbol("{"): return record()
        case .symbol("("):
            advance()
            guard let inner = expression() else { return nil }
            if current.isSymbol(",") { return tuple(inner, opened: token) }
            let end = current.span
            let complaints = diagnostics.count
            close(")", opened: token)
            guard diagnostics.count == complaints else { return nil }
            return Expression(kind: inner.kind, span: token.span.union(end), depth: inner.depth)
        case .name(let word): return self.word(word, token, withBodies: withBodies)
        case .symbol, .newline, .end:
            expected("an expression", hint: hintForExpression)
            return nil
        }
    }

    /// Reports `(a, b)`, which other languages have, and reads it as the list that was meant.
    private mutating func tuple(_ first: Expression, opened: Token) -> Expression? {
        report(Diagnostic("syntax", "expected `)`, found `,`", at: current.span, hint: "a list stands in square brackets: `[a, b]`"))
        return nested(nil) { parser in
            var items = [first]
            while parser.accept(symbol: ","), !parser.current.isSymbol(")") {
                guard let item = parser.expression() else { return nil }
                items.append(item)
            }
            let end = parser.current.span
            guard parser.accept(symbol: ")") else { return nil }
            return parser.node(.list(items), opened.span.union(end), over: items)
        }
    }

    private mutating func word(_ word: String, _ token: Token, withBodies: Bool) -> Expression? {
        func leaf(_ kind: Expression.Kind) -> Expression { Expression(kind: kind, span: token.span, depth: 1) }
        switch word {
        case "true", "false":
            advance()
            return leaf(.bool(word == "true"))
        case "none":
            advance()
            return leaf(.none)
        case "for": return loop()
        case "if": return conditional()
        case _ where reservedWords.contains(word):
            expected("an expression", hint: "`\(word)` is a word of the language")
            return nil
        case _ where withBodies && grammar.kinds.contains(word) && peek(1).isSymbol("{"):
            advance()
            let body = body()
            return node(.object(Name(word, token.span), body), token.span.union(body.span), over: [], body.depth)
        default:
            advance()
            return leaf(.name(word))
        }
    }

    private mutating func text(_ pieces: [StringPiece], _ span: SourceSpan) -> Expression? {
        var parts: [TextPart] = []
        var depth = 1
        for piece in pieces {
            switch piece {
            case .literal(let text): parts.append(.literal(text))
            case .escaped(let text): parts.append(.escaped(text))
            case .code(let tokens):
                let inner: Expression? = nested(nil) { parser in
                    var sub = Parser(tokens: tokens, diagnostics: parser.diagnostics, file: parser.file, grammar: parser.grammar)
                    // Handed over and back, not copied: there may be many.
                    parser.diagnostics = []
                    sub.nesting = parser.nesting
                    sub.endName = "`)`"
                    let value = sub.expression()
                    if value != nil, !sub.isAtEnd { sub.expected("`)`") }
                    parser.diagnostics = sub.diagnostics
                    parser.aborted = parser.aborted || sub.aborted
                    return value
                }
                guard let inner else { return Expression(kind: .missing, span: span, depth: 1) }
                depth = max(depth, inner.depth + 1)
                parts.append(.code(inner))
            }
        }
        return Expression(kind: .text(parts), span: span, depth: depth)
    }

    private mutating func list() -> Expression? {
        let open = advance()
        return nested(nil) { parser in
            var items: [Expression] = []
            while !parser.current.isSymbol("]"), !parser.isAtEnd {
                guard let item = parser.expression() else { return nil }
                items.append(item)
                if !parser.accept(symbol: ",") { break }
            }
            let end = parser.current.span
            let complaints = parser.diagnostics.count
            parser.close("]", opened: open, orComma: true, hint: parser.hintForItems)
            guard parser.diagnostics.count == complaints else { return nil }
            return parser.node(.list(items), open.span.union(end), over: items)
        }
    }

    private mutating func record() -> Expression? {
        let open = advance()
        return nested(nil) { parser in
            var entries: [RecordEntry] = []
            var names: Set<String> = []
            while true {
                while parser.current.kind == .newline || parser.current.isSymbol(",") { parser.advance() }
                if parser.current.isSymbol("}") || parser.isAtEnd { break }
                guard parser.current.isName || parser.current.isString, parser.peek(1).isSymbol(":") else {
                    parser.expected("a field such as `name: value`")
                    return nil
                }
                guard let name = parser.fieldName() else { return nil }
                parser.advance()
                guard let value = parser.expression() else { return nil }
                if !names.insert(name.text).inserted {
                    parser.report(Diagnostic("twice", "`\(name.text)` is given twice", at: name.span))
                }
                entries.append(RecordEntry(name: name, value: value))
                guard parser.current.kind == .newline || parser.current.isSymbol(",") || parser.current.isSymbol("}") else {
                    if !parser.isAtEnd {
                        parser.expected("a new line, `,` or `}`")
                        return nil
                    }
                    break
                }
            }
            let end = parser.current.span
            parser.close("}", opened: open)
            return parser.node(.record(entries), open.span.union(end), over: entries.map(\.value))
        }
    }

    private mutating func loop() -> Expression? {
        let start = advance()
        var variables: [LoopVariable] = []
        repeat {
            guard let name = freshName("the name of a loop variable") else { return nil }
            guard accept(word: "in") else {
                expected("`in` and a list or range")
                return nil
            }
            guard let sequence = expression() else { return nil }
            variables.append(LoopVariable(name: name, sequence: sequence))
        } while loopComma()
        let open = current
        guard accept(symbol: "{") else {
            expected("`{` and what each turn gives", hint: hintForLoop)
            return nil
        }
        return nested(nil) { parser in
            var lets: [LetBinding] = []
            while parser.current.kind == .newline { parser.advance() }
            while parser.accept(word: "let") {
                guard let binding = parser.binding() else { return nil }
                lets.append(binding)
                while parser.current.kind == .newline || parser.current.isSymbol(",") { parser.advance() }
            }
            if case .name(let word) = parser.current.kind, let verb = Verb(rawValue: word) {
                parser.report(
                    Diagnostic(
                        "action-in-loop", "`\(verb.rawValue)` cannot stand in a `for`", at: parser.current.span,
                        hint: "a `for` gives a list; act on the list after it"))
                return nil
            }
            guard let body = parser.expression() else { return nil }
            while parser.current.kind == .newline { parser.advance() }
            let end = parser.current.span
            parser.close("}", opened: open)
            return parser.node(
                .loop(variables, lets: lets, body: body), start.span.union(end),
                over: [body] + lets.map(\.value) + variables.map(\.sequence))
        }
    }

    /// Accepts the comma between two variables of a `for`.
    private mutating func loopComma() -> Bool {
        let place = current.span.start
        guard accept(symbol: ",") else { return false }
        roles.loopCommas.insert(place)
        return true
    }

    private mutating func conditional() -> Expression? {
        let start = advance()
        guard let condition = expression(), let then = block() else { return nil }
        var otherwise: Block?
        if accept(word: "else") {
            if current.isName("if") {
                guard let nested = nested(nil, { $0.conditional() }) else { return nil }
                otherwise = Block(statements: [Statement(kind: .expression(nested), span: nested.span)], span: nested.span)
            } else {
                guard let block = block() else { return nil }
                otherwise = block
            }
        }
        return node(
            .conditional(condition, then: then, otherwise: otherwise), start.span.union(otherwise?.span ?? then.span), over: [condition],
            max(then.depth, otherwise?.depth ?? 0))
    }
}
