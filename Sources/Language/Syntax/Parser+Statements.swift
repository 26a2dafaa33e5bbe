import Diagnostics

extension Parser {
    mutating func statement() -> Statement? {
        let start = current
        guard case .name(let word) = start.kind else { return expressionStatement(start) }
        switch word {
        case "use": return useStatement(start)
        case "param": return paramStatement(start)
        case "let":
            advance()
            guard let binding = binding() else { return nil }
            return Statement(kind: .binding(binding), span: start.span.union(binding.value.span))
        case "def": return functionStatement(start)
        default: break
        }
        if let verb = Verb(rawValue: word) { return action(start, verb) }
        if !reservedWords.contains(word), case .name(let second) = peek(1).kind, !reservedWords.contains(second) || second == "like",
            peek(2).isSymbol("{") || peek(2).isName("like") || grammar.kinds.contains(word)
        {
            return declaration(start)
        }
        if peek(1).isSymbol("="), !reservedWords.contains(word) {
            report(Diagnostic("syntax", "a name is given with `let`", at: start.span, hint: "write `let \(word) = ...`"))
            return nil
        }
        return expressionStatement(start)
    }

    private mutating func expressionStatement(_ start: Token) -> Statement? {
        guard let value = expression() else { return nil }
        return Statement(kind: .expression(value), span: value.span)
    }

    private mutating func useStatement(_ start: Token) -> Statement? {
        advance()
        guard case .string(let pieces) = current.kind, pieces.count == 1, case .literal(let path) = pieces[0] else {
            expected("the name of a module in quotes", hint: "as in `use \"common.ecdx\"`")
            return nil
        }
        let span = advance().span
        return Statement(kind: .use(path, span), span: start.span.union(span))
    }

    private mutating func paramStatement(_ start: Token) -> Statement? {
        advance()
        guard let name = freshName("a name for the parameter") else { return nil }
        guard accept(symbol: ":") else {
            expected("`:` and a type", hint: "as in `param folder: Path = \"data\"`")
            return nil
        }
        guard case .name(let type) = current.kind else {
            expected("a type", hint: "one of \(paramTypes.joined(separator: ", "))")
            return nil
        }
        let typeName = Name(type, advance().span)
        guard accept(symbol: "=") else {
            expected("`=` and a default value")
            return nil
        }
        let value = expression() ?? missing
        return Statement(kind: .param(name, type: typeName, value), span: start.span.union(value.span))
    }

    /// Parses `name = expression`, after `let`.
    mutating func binding() -> LetBinding? {
        guard let name = freshName("a name") else { return nil }
        guard accept(symbol: "=") else {
            expected("`=` and a value")
            return nil
        }
        return LetBinding(name: name, value: expression() ?? missing)
    }

    /// A placeholder for an expression that could not be read: the name before it is declared all the same.
    private var missing: Expression { Expression(kind: .missing, span: current.span, depth: 1) }

    /// Parses a name that something new may have; nil after a diagnostic.
    mutating func freshName(_ what: String) -> Name? {
        guard case .name(let text) = current.kind else {
            expected(what)
            return nil
        }
        guard !reservedWords.contains(text) else {
            report(Diagnostic("reserved", "`\(text)` is a word of the language and cannot be a name", at: current.span))
            return nil
        }
        return Name(text, advance().span)
    }

    private mutating func functionStatement(_ start: Token) -> Statement? {
        advance()
        guard let name = freshName("a name for the function") else { return nil }
        let open = current
        guard accept(symbol: "(") else {
            expected("`(` and parameters", hint: "as in `def twice(x) = 2 * x`")
            return nil
        }
        roles.attached.insert(open.span.start)
        var parameters: [DefParameter] = []
        var names: Set<String> = []
        let complaints = diagnostics.count
        while !current.isSymbol(")"), !isAtEnd {
            guard let parameter = freshName("the name of a parameter") else { return nil }
            if !names.insert(parameter.text).inserted {
                report(Diagnostic("twice", "the parameter `\(parameter.text)` is declared twice", at: parameter.span))
            }
            var type: Name?
            if accept(symbol: ":") {
                guard case .name(let text) = current.kind else {
                    expected("a type")
                    return nil
                }
                type = Name(text, advance().span)
            }
            var fallback: Expression?
            if accept(symbol: "=") {
                guard let value = expression() else { return nil }
                fallback = value
            }
            parameters.append(DefParameter(name: parameter, type: type, fallback: fallback))
            if !accept(symbol: ",") { break }
        }
        close(")", opened: open, orComma: true)
        guard accept(symbol: "=") else {
            expected("`=` and what the function gives", hint: "as in `def twice(x) = 2 * x`")
            return Statement(kind: .function(name, parameters, missing), span: start.span.union(name.span))
        }
        var body = expression() ?? missing
        if diagnostics.count > complaints { body.kind = .missing }
        return Statement(kind: .function(name, parameters, body), span: start.span.union(body.span))
    }

    private mutating func declaration(_ start: Token) -> Statement? {
        guard case .name(let kindText) = start.kind else { return nil }
        let kind = Name(kindText, advance().span)
        guard let name = freshName("a name for the \(kindText)") else { return nil }
        var base: Expression?
        if accept(word: "like") {
            guard let expression = postfix(withBodies: false) else { return nil }
            base = expression
        }
        guard current.isSymbol("{") else {
            expected("`{` and the fields of `\(name.text)`", hint: hintForBody(of: kindText, name.text))
            return nil
        }
        let body = body()
        return Statement(
            kind: .declaration(Declaration(kind: kind, name: name, base: base, body: body)), span: start.span.union(body.span))
    }

    private mutating func action(_ start: Token, _ verb: Verb) -> Statement? {
        advance()
        guard let subject = expression() else { return nil }
        var span = start.span.union(subject.span)
        var target: Expression?
        var on: Expression?
        var asGiven = false
        let form = verb.form
        if let wanted = form.on {
            guard accept(word: "on") else {
                expected("`on` and \(wanted)", hint: form.example.map { "as in `\($0)`" })
                return nil
            }
            guard let data = expression() else { return nil }
            on = data
            span = span.union(data.span)
        }
        if form.mayBeAsGiven, accept(word: "as") {
            guard current.isName("given") else {
                expected("`given` behind `as`", hint: form.exampleAsGiven.map { "as in `\($0)`" })
                return nil
            }
            span = span.union(advance().span)
            asGiven = true
        }
        if form.to != .absent, accept(word: "to") {
            guard let path = expression() else { return nil }
            target = path
            span = span.union(path.span)
        } else if form.to == .required {
            expected("`to` and the path of a file")
            return nil
        }
        return Statement(kind: .action(verb, subject, on: on, asGiven: asGiven, to: target), span: span)
    }

    /// Parses `{ member sep member }`, with the brace as the current token.
    mutating func body() -> Body {
        let open = advance()
        let empty = Body(members: [], span: open.span)
        return nested(empty) { parser in
            var members: [Body.Member] = []
            let before = parser.diagnostics.count
            func broken(_ parser: Parser) -> Bool { parser.diagnostics.count > before || parser.aborted }
            while true {
                while parser.current.kind == .newline || parser.current.isSymbol(",") { parser.advance() }
                if parser.current.isSymbol("}") || parser.isAtEnd { break }
                // An action cannot stand here: the brace before it was not closed.
                if parser.startsStatement, !parser.current.isName("let"), !parser.peek(1).isSymbol(":"), !parser.peek(1).isSymbol(".") {
                    break
                }
                let place = parser.index
                let complaints = parser.diagnostics.count
                if let member = parser.member() { members.append(member) }
                if parser.current.kind != .newline, !parser.current.isSymbol(","), !parser.current.isSymbol("}") {
                    if parser.diagnostics.count == complaints, !parser.isAtEnd { parser.expected("a new line, `,` or `}`") }
                    parser.recover(inBody: true, from: place)
                }
                if parser.index == place { parser.advance() }
            }
            let end = parser.current.span
            parser.close("}", opened: open)
            return Body(members: members, span: open.span.union(end), isBroken: broken(parser))
        }
    }

    private mutating func member() -> Body.Member? {
        if case .name(let word) = current.kind {
            if word == "let", !peek(1).isSymbol(":") {
                advance()
                return binding().map { .binding($0) }
            }
            if word == "input", peek(1).isName || peek(1).isString, peek(2).isSymbol(":") {
                advance()
                guard let name = fieldName() else { return nil }
                advance()
                return expression().map { .input(name, $0) }
            }
            if word == "input", case .name(let input) = peek(1).kind, peek(2).isSymbol("=") {
                report(
                    Diagnostic(
                        "syntax", "an input is declared with `:`, found `=`", at: peek(2).span,
                        hint: "write `input \(input): [height, width, channels]`"))
                return nil
            }
            if grammar.innerKinds.contains(word), case .name(let inner) = peek(1).kind, peek(2).isSymbol("{") {
                let kind = Name(word, advance().span)
                let name = Name(inner, advance().span)
                return .inner(kind, name, body())
            }
            if let path = path() {
                advance()
                return expression().map { .field(path, $0) }
            }
            if peek(1).isSymbol("="), !reservedWords.contains(word) {
                report(Diagnostic("syntax", "a field is given with `:`, found `=`", at: peek(1).span, hint: "write `\(word): ...`"))
                return nil
            }
        }
        if current.isString, peek(1).isSymbol(":") {
            guard let name = fieldName() else { return nil }
            advance()
            return expression().map { .field([name], $0) }
        }
        return expression().map { .expression($0) }
    }

    /// Parses a dotted path, if one stands here with a `:` behind it; leaves the colon as the current token.
    private mutating func path() -> [Name]? {
        var names: [Name] = []
        var ahead = 0
        while case .name(let text) = peek(ahead).kind {
            names.append(Name(text, peek(ahead).span))
            ahead += 1
            if peek(ahead).isSymbol(":") {
                index += ahead
                return names
            }
            guard peek(ahead).isSymbol(".") else { return nil }
            ahead += 1
        }
        return nil
    }

    /// Parses the `{ statements }` of an `if`; nil after a diagnostic.
    mutating func block() -> Block? {
        let open = current
        guard accept(symbol: "{") else {
            expected("`{`")
            return nil
        }
        return nested(nil) { parser in
            var statements: [Statement] = []
            while true {
                while parser.current.kind == .newline { parser.advance() }
                if parser.current.isSymbol("}") || parser.isAtEnd { break }
                let before = parser.index
                let complaints = parser.diagnostics.count
                if let statement = parser.statement() { statements.append(statement) }
                if parser.current.kind != .newline, !parser.current.isSymbol("}") {
                    if parser.diagnostics.count == complaints, !parser.isAtEnd { parser.expected("a new line or `}`") }
                    parser.recover(inBody: true, from: before)
                    if parser.current.isSymbol(",") { parser.advance() }
                }
                if parser.index == before { parser.advance() }
            }
            let end = parser.current.span
            parser.close("}", opened: open)
            return Block(statements: statements, span: open.span.union(end))
        }
    }
}

/// The types a `param` can have.
public let paramTypes = ["Number", "Text", "Bool", "Path", "List"]
