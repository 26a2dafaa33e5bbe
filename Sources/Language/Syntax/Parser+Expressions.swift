import Diagnostics

extension Parser {
    /// Parses an expression; nil after a diagnostic.
    mutating func expression() -> Expression? {
        nested(nil) { $0.pipeline() }
    }

    /// Builds a node one level above the deepest of `parts`, or stops reading where the tree grows too deep.
    mutating func node(_ kind: Expression.Kind, _ span: SourceSpan, over parts: [Expression], _ inside: Int = 0) -> Expression? {
        let depth = 1 + max(inside, parts.map(\.depth).max() ?? 0)
        guard depth <= Parser.depthLimit else {
            abort("this has more than \(Parser.depthLimit) levels", at: span)
            return nil
        }
        return Expression(kind: kind, span: span, depth: depth)
    }

    private mutating func pipeline() -> Expression? {
        guard var left = chain() else { return nil }
        while accept(symbol: "|>") {
            guard case .name(let text) = current.kind else {
                expected("the name of a function after `|>`")
                return nil
            }
            let name = Name(text, advance().span)
            var arguments: [Argument] = []
            var span = left.span.union(name.span)
            if current.isSymbol("(") {
                guard let (list, end) = self.arguments() else { return nil }
                arguments = list
                span = span.union(end)
            }
            guard let next = node(.pipe(left, name, arguments), span, over: [left] + arguments.map(\.value)) else { return nil }
            left = next
        }
        return left
    }

    private mutating func chain() -> Expression? {
        infix([(">>", .chain)]) { $0.disjunction() }
    }

    private mutating func disjunction() -> Expression? {
        infixWord("or", .or) { parser in
            parser.infixWord("and", .and) { $0.negation() }
        }
    }

    private mutating func negation() -> Expression? {
        let start = current
        guard accept(word: "not") else { return comparison() }
        guard let inner = nested(nil, { $0.negation() }) else { return nil }
        return node(.not(inner), start.span.union(inner.span), over: [inner])
    }

    private static let comparisons: [String: BinaryOperator] = [
        "==": .equal, "!=": .notEqual, "<=": .lessOrEqual, ">=": .greaterOrEqual, "<": .less, ">": .greater,
    ]

    private mutating func comparison() -> Expression? {
        guard let left = range() else { return nil }
        guard case .symbol(let symbol) = current.kind, let operation = Self.comparisons[symbol] else { return left }
        advance()
        guard let right = range() else { return nil }
        return node(.binary(operation, left, right), left.span.union(right.span), over: [left, right])
    }

    private mutating func range() -> Expression? {
        guard let from = sum() else { return nil }
        guard accept(symbol: "..") else { return from }
        guard let to = sum() else { return nil }
        var step: Expression?
        if current.isName("by") {
            advance()
            guard let by = sum() else { return nil }
            step = by
        }
        let parts = [from, to] + (step.map { [$0] } ?? [])
        return node(.range(from, to, by: step), from.span.union(parts.last?.span ?? to.span), over: parts)
    }

    private mutating func sum() -> Expression? {
        infix([("+", .add), ("-", .subtract)]) { parser in
            parser.infix([("*", .multiply), ("/", .divide)]) { $0.factor() }
        }
    }

    private mutating func factor() -> Expression? {
        let start = current
        if accept(symbol: "-") {
            roles.signs.insert(start.span.start)
            guard let inner = nested(nil, { $0.factor() }) else { return nil }
            return node(.negate(inner), start.span.union(inner.span), over: [inner])
        }
        guard let base = postfix(withBodies: true) else { return nil }
        guard accept(symbol: "^") else { return base }
        guard let power = nested(nil, { $0.factor() }) else { return nil }
        return node(.binary(.power, base, power), base.span.union(power.span), over: [base, power])
    }

    private mutating func infix(_ operators: [(String, BinaryOperator)], _ operand: (inout Parser) -> Expression?) -> Expression? {
        guard var left = operand(&self) else { return nil }
        while case .symbol(let symbol) = current.kind, let (_, operation) = operators.first(where: { $0.0 == symbol }) {
            advance()
            guard let right = operand(&self) else { return nil }
            guard let next = node(.binary(operation, left, right), left.span.union(right.span), over: [left, right]) else { return nil }
            left = next
        }
        return left
    }

    private mutating func infixWord(_ word: String, _ operation: BinaryOperator, _ operand: (inout Parser) -> Expression?) -> Expression? {
        guard var left = operand(&self) else { return nil }
        while accept(word: word) {
            guard let right = operand(&self) else { return nil }
            guard let next = node(.binary(operation, left, right), left.span.union(right.span), over: [left, right]) else { return nil }
            left = next
        }
        return left
    }

    /// Parses a primary expression and the fields, positions, calls and `with` behind it. `withBodies: false` where a `{`
    /// that follows belongs to a declaration.
    mutating func postfix(withBodies: Bool) -> Expression? {
        guard var value = primary(withBodies: withBodies) else { return nil }
        while true {
            switch current.kind {
            case .symbol("."):
                advance()
                guard case .name(let text) = current.kind else {
                    expected("the name of a field after `.`", hint: hintForField)
                    return nil
                }
                let name = Name(text, advance().span)
                guard let next = node(.member(value, name), value.span.union(name.span), over: [value]) else { return nil }
                value = next
            case .symbol("["):
                guard let next = indexing(value) else { return nil }
                value = next
            case .symbol("("):
                guard let (list, end) = arguments(),
                    let next = node(.call(value, list), value.span.union(end), over: [value] + list.map(\.value))
                else { return nil }
                value = next
            case .name("with") where withBodies:
                advance()
                guard current.isSymbol("{") else {
                    expected("`{` and the fields to change", hint: "as in `bulk with { epochs: 200 }`")
                    return nil
                }
                let body = body()
                guard let next = node(.with(value, body), value.span.union(body.span), over: [value], body.depth) else { return nil }
                value = next
            default: return value
            }
        }
    }

    /// Parses the arguments `(a, b: c)`, and gives the span of the closing bracket too; nil after a diagnostic.
    private mutating func arguments() -> ([Argument], SourceSpan)? {
        let open = advance()
        roles.attached.insert(open.span.start)
        return nested(nil) { parser in
            var list: [Argument] = []
            var hasEquals = false
            while !parser.current.isSymbol(")"), !parser.isAtEnd {
                var label: Name?
                if case .name(let text) = parser.current.kind, parser.peek(1).isSymbol(":") {
                    label = Name(text, parser.advance().span)
                    parser.advance()
                } else if case .name(let text) = parser.current.kind, parser.peek(1).isSymbol("="), !reservedWords.contains(text) {
                    // Read as it was meant, and said once for all of them.
                    if !hasEquals {
                        parser.report(
                            Diagnostic(
                                "syntax", "an argument is named with `:`, found `=`", at: parser.peek(1).span, hint: "write `\(text): ...`")
                        )
                    }
                    hasEquals = true
                    label = Name(text, parser.advance().span)
                    parser.advance()
                }
                guard let value = parser.expression() else { return nil }
                list.append(Argument(label: label, value: value))
                if !parser.accept(symbol: ",") { break }
            }
            let end = parser.current.span
            let complaints = parser.diagnostics.count
            parser.close(")", opened: open, orComma: true)
            return parser.diagnostics.count == complaints ? (list, end) : nil
        }
    }

    private mutating func indexing(_ value: Expression) -> Expression? {
        let open = advance()
        roles.attached.insert(open.span.start)
        let items: ([IndexItem], SourceSpan)? = nested(nil) { parser in
            var items: [IndexItem] = []
            while !parser.current.isSymbol("]"), !parser.isAtEnd {
                guard let item = parser.indexItem() else { return nil }
                items.append(item)
                if !parser.accept(symbol: ",") { break }
            }
            let end = parser.current.span
            let complaints = parser.diagnostics.count
            parser.close("]", opened: open, orComma: true)
            return parser.diagnostics.count == complaints ? (items, end) : nil
        }
        guard let (list, end) = items else { return nil }
        if list.isEmpty {
            report(Diagnostic("syntax", "expected a position between `[` and `]`", at: open.span.union(end)))
            return nil
        }
        return node(.index(value, list), value.span.union(end), over: [value] + list.flatMap(\.expressions))
    }

    private mutating func indexItem() -> IndexItem? {
        let start = current
        if case .name(let text) = current.kind, peek(1).isSymbol(":"), !reservedWords.contains(text) {
            let name = Name(text, advance().span)
            advance()
            return expression().map { .labelled(name, $0) }
        }
        var from: Expression?
        if !current.isSymbol(":") {
            guard let value = expression() else { return nil }
            from = value
        }
        let colon = current.span.start
        guard accept(symbol: ":") else { return from.map { .at($0) } }
        roles.slices.insert(colon)
        var span = start.span
        var isAtEnd: Bool { current.isSymbol("]") || current.isSymbol(",") }
        var to: Expression?
        if !isAtEnd, !current.isSymbol(":") {
            guard let value = expression() else { return nil }
            to = value
            span = span.union(value.span)
        }
        let second = current.span.start
        guard accept(symbol: ":") else { return .slice(from, to, nil, span) }
        roles.slices.insert(second)
        if isAtEnd { return .slice(from, to, nil, span) }
        guard let by = expression() else { return nil }
        return .slice(from, to, by, span.union(by.span))
    }
}

extension IndexItem {
    var expressions: [Expression] {
        switch self {
        case .at(let value), .labelled(_, let value): [value]
        case .slice(let from, let to, let by, _): [from, to, by].compactMap { $0 }
        }
    }
}
