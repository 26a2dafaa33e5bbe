import Diagnostics

extension Evaluator {
    /// The value of an expression. `expecting` lets words of a fixed set stand without quotes; it is not yet checked.
    func evaluate(_ expression: Expression, scope: Scope?, expecting type: ValueType?) -> Value {
        guard !exhausted, !unwinding, spend(expression.span) else { return .poison }
        let span = expression.span
        switch expression.kind {
        case .number(let value, _): return .number(value)
        case .bool(let value): return .bool(value)
        case .none: return .none
        case .missing: return .poison
        case .text(let parts):
            // The input of a model whose name needs quotes.
            if type == .signal, case .literal(let name)? = parts.first, parts.count == 1, case .signal? = scope?.find(name) {
                return scope?.find(name) ?? .poison
            }
            return text(parts, span, scope: scope)
        case .name(let name): return resolve(name, span, scope: scope, expecting: type)
        case .list(let items):
            let values = items.map { ListItem(evaluate($0, scope: scope, expecting: type?.item)) }
            return values.contains { $0.value.isPoison } ? .poison : bounded(.list(values), span)
        case .record(let entries):
            var fields = Fields()
            for entry in entries {
                let value = evaluate(entry.value, scope: scope, expecting: type?.field(entry.name.text))
                fields[entry.name.text] = Field(value, Origin(entry.value.span))
                entryNames[entry.value.span] = entry.name.span
            }
            return fields.values.contains { $0.value.isPoison } ? .poison : bounded(.record(fields), span)
        case .negate(let inner):
            let value = evaluate(inner, scope: scope, expecting: nil)
            if value.isPoison { return .poison }
            if let number = value.number { return .number(-number) }
            return operate("*", Field(.number(-1), Origin(span)), Field(value, Origin(inner.span)), span)
        case .not(let inner):
            let value = evaluate(inner, scope: scope, expecting: .bool)
            if value.isCondition { return operate("not", [Field(value, Origin(inner.span))], span) }
            return truth(value, inner.span).map { .bool(!$0) } ?? .poison
        case .binary(let operation, let left, let right): return binary(operation, left, right, span, scope: scope)
        case .range(let from, let to, let by): return range(from, to, by, span, scope: scope)
        case .member(let base, let name): return member(base, name, span, scope: scope, expecting: type)
        case .index(let base, let items): return index(base, items, span, scope: scope)
        case .call(let callee, let arguments):
            return call(callee, arguments.map { .init(label: $0.label, source: .expression($0.value)) }, span, scope: scope)
        case .pipe(let value, let name, let arguments):
            let piped = evaluate(value, scope: scope, expecting: nil)
            if piped.isPoison { return .poison }
            let callee = Expression(kind: .name(name.text), span: name.span, depth: 1)
            let first = GivenArgument(label: nil, source: .value(piped, value.span))
            return call(callee, [first] + arguments.map { .init(label: $0.label, source: .expression($0.value)) }, span, scope: scope)
        case .with(let base, let body):
            let value = evaluate(base, scope: scope, expecting: nil)
            return self.with(value, base.span, body, span, scope: scope)
        case .object(let kind, let body): return object(kind: kind, label: nil, base: nil, body: body, span: span, scope: scope)
        case .loop(let variables, let lets, let body): return loop(variables, lets, body, span, scope: scope, expecting: type)
        case .conditional(let condition, let then, let otherwise):
            guard let holds = truth(condition, scope: scope) else { return .poison }
            guard let block = holds ? then : otherwise else { return .none }
            return self.block(block, scope: scope, expecting: type)
        }
    }

    /// The value of a block: that of its last expression.
    private func block(_ block: Block, scope: Scope?, expecting type: ValueType?) -> Value {
        let inner = Scope(scope)
        var last: Value = .none
        for statement in block.statements {
            switch statement.kind {
            case .binding(let binding): inner.values[binding.name.text] = evaluate(binding.value, scope: inner, expecting: nil)
            case .expression(let expression): last = evaluate(expression, scope: inner, expecting: type)
            default: return fail(Diagnostic("syntax", "only `let` and an expression can stand here", at: statement.span))
            }
        }
        return last
    }

    /// The truth value of a condition, or nil after a diagnostic.
    func truth(_ expression: Expression, scope: Scope?) -> Bool? {
        truth(evaluate(expression, scope: scope, expecting: .bool), expression.span)
    }

    private func truth(_ value: Value, _ span: SourceSpan) -> Bool? {
        if value.isPoison { return nil }
        if let bool = value.bool { return bool }
        if value.isCondition {
            report(
                Diagnostic(
                    "type", "expected `true` or `false`, found \(value.phrase), which holds in some rows and not in others", at: span))
        } else if case .call = value {
            report(
                Diagnostic(
                    "deferred", "a condition cannot rest on something that has yet to be computed", at: span,
                    hint: "decide with a `param`"))
        } else {
            report(Diagnostic("type", "expected `true` or `false`, found \(value.phrase)", at: span))
        }
        return nil
    }

    /// The value of `and` or `or`; of conditions on rows row by row.
    private func junction(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ span: SourceSpan, scope: Scope?) -> Value
    {
        let a = evaluate(left, scope: scope, expecting: .bool)
        if a.isPoison { return .poison }
        if !a.isCondition {
            guard let first = truth(a, left.span) else { return .poison }
            if first == (operation == .or) { return .bool(first) }
        }
        let b = evaluate(right, scope: scope, expecting: .bool)
        if b.isPoison { return .poison }
        // `true and condition` is the condition.
        if !a.isCondition { return b.isCondition ? b : truth(b, right.span).map { .bool($0) } ?? .poison }
        guard b.isCondition else {
            guard let second = truth(b, right.span) else { return .poison }
            return second == (operation == .or) ? .bool(second) : a
        }
        return operate(operation.rawValue, [Field(a, Origin(left.span)), Field(b, Origin(right.span))], span)
    }

    /// The text of a literal with the values of the code in it.
    private func text(_ parts: [TextPart], _ span: SourceSpan, scope: Scope?) -> Value {
        var pieces: [Text.Piece] = []
        var first: Value?
        for part in parts {
            switch part {
            case .literal(let literal): pieces += Evaluator.placeholders(in: literal)
            case .escaped(let literal): pieces.append(.plain(literal))
            case .code(let expression):
                let value = evaluate(expression, scope: scope, expecting: nil)
                if pieces.isEmpty, first == nil { first = value }
                switch value {
                case .poison: return .poison
                case .number(let number): pieces.append(.plain(written(number)))
                case .text(let text): pieces.append(.plain(text.string))
                case .word(let word): pieces.append(.plain(word))
                case .bool(let bool): pieces.append(.plain(bool ? "true" : "false"))
                default:
                    return fail(
                        Diagnostic("type", "only text, numbers and words can stand in a string, found \(value.phrase)", at: expression.span)
                    )
                }
            }
        }
        return joined(pieces, start(of: span, first: first), span)
    }

    /// The text of pieces in a row, bounded in length.
    private func joined(_ pieces: [Text.Piece], _ start: PathStart?, _ span: SourceSpan) -> Value {
        let length = pieces.reduce(0) { if case .plain(let text) = $1 { $0 + text.utf8.count } else { $0 } }
        guard length <= Evaluator.textLimit else {
            return fail(Diagnostic("budget", "this text is longer than \(Evaluator.textLimit) characters", at: span))
        }
        var text = Text(pieces: pieces.isEmpty ? [.plain("")] : pieces)
        text.start = start
        return .text(text)
    }

    /// Splits literal text at `{name}`.
    static func placeholders(in literal: String) -> [Text.Piece] {
        if !literal.utf8.contains(0x7B) { return literal.isEmpty ? [] : [.plain(literal)] }
        var pieces: [Text.Piece] = []
        var plain = ""
        var rest = Substring(literal)
        while let open = rest.firstIndex(of: "{") {
            let after = rest.index(after: open)
            guard let close = rest[after...].firstIndex(of: "}") else { break }
            let name = rest[after..<close]
            plain += rest[..<open]
            // Names of columns are those of a file: `Sample Name`, `my-id`.
            if name.contains(where: { $0.isLetter || $0.isNumber }), !name.contains(where: { $0.isNewline || $0 == "{" || $0 == "\"" }) {
                if !plain.isEmpty { pieces.append(.plain(plain)) }
                plain = ""
                pieces.append(.placeholder(String(name)))
            } else {
                plain += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        plain += rest
        if !plain.isEmpty { pieces.append(.plain(plain)) }
        return pieces
    }

    /// The value of a name: a word of the expected type, a local name, a declaration, or a builtin without arguments.
    private func resolve(_ name: String, _ span: SourceSpan, scope: Scope?, expecting type: ValueType?) -> Value {
        if let type, type.words.contains(name) || type.item?.words.contains(name) == true { return .word(name) }
        if let value = scope?.find(name) { return value }
        if let value = force(name, span: span) { return value }
        if let builtin = library.builtins[name] {
            if let type, isOtherThanChosen(builtin, type) {
                mismatch(of: "`\(name)`", with: type, span)
                return .poison
            }
            return call(Expression(kind: .name(name), span: span, depth: 1), [], span, scope: scope)
        }
        if library.words.contains(name) { return .word(name) }
        return unknown(name, span, scope: scope, expecting: type)
    }

    /// Reports a name that nothing has, with what was perhaps meant.
    func unknown(_ name: String, _ span: SourceSpan, scope: Scope?, expecting type: ValueType? = nil) -> Value {
        // The declaration may stand in what could not be read.
        if losesText { return .poison }
        if let foreign = library.foreignNames[name] {
            return fail(Diagnostic("unknown-name", "nothing is called `\(name)`", at: span, label: foreign))
        }
        let words = type?.words ?? []
        let near = nearMiss(name, among: words + visibleNames(scope))
        if near == nil, type?.takesText == true {
            return fail(
                Diagnostic(
                    "unknown-name", "nothing is called `\(name.shortened)`", at: span,
                    label: "text stands in quotes: `\"\(name.shortened)\"`"))
        }
        return fail(
            Diagnostic(
                "unknown-name", "nothing is called `\(name.shortened)`", at: span, label: near.map { "did you mean `\($0)`?" },
                // Where words of a fixed set may stand, one of them is meant.
                hint: library.advice(toChooseOf: type, beside: near)))
    }

    /// Whether a name that stands alone where a choice is expected is a function that gives none of it, such as `transform: sqrt`.
    private func isOtherThanChosen(_ builtin: Builtin, _ type: ValueType) -> Bool {
        builtin.parameters.contains(where: \.isRequired) && !library.choices(of: type).isEmpty
            && !type.alternatives.contains(builtin.result)
    }

    /// Reports a name that is none of the choices of a type.
    private func mismatch(of name: String, with type: ValueType, _ span: SourceSpan) {
        report(Diagnostic("type", "expected \(type.phrase), found \(name)", at: span, hint: library.advice(besidePhraseOf: type)))
    }

    /// The value of an operator with two sides; numbers are worked out now, what is computed later becomes a call.
    private func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ span: SourceSpan, scope: Scope?) -> Value {
        if operation == .and || operation == .or {
            return junction(operation, left, right, span, scope: scope)
        }
        let a = evaluate(left, scope: scope, expecting: operation == .chain ? .signal : nil)
        let b = evaluate(right, scope: scope, expecting: nil)
        if a.isPoison || b.isPoison { return .poison }
        if operation == .chain { return chain(Field(a, Origin(left.span)), Field(b, Origin(right.span)), span) }
        // Of columns row by row.
        if operation.compares, [a, b].contains(where: { $0.isDeferredNumber || $0.isColumn }), library.operators[operation.rawValue] != nil
        {
            return operate(operation.rawValue, [Field(a, Origin(left.span)), Field(b, Origin(right.span))], span)
        }
        // Equality looks into lists and records, and at tables; the other operators know numbers alone.
        let comparesAll = operation == .equal || operation == .notEqual
        if [a, b].contains(where: { comparesAll ? $0.isDeferred : $0.isDeferredNumber }),
            operation.compares || library.operators[operation.rawValue] == nil
        {
            return fail(
                Diagnostic(
                    "deferred", "a comparison cannot rest on something that has yet to be computed", at: span, hint: "decide with a `param`"
                ))
        }
        switch operation {
        case .equal: return .bool(a.isSame(as: b))
        case .notEqual: return .bool(!a.isSame(as: b))
        default: break
        }
        if operation == .add, case .text(let first) = a, case .text(let second) = b {
            return joined(first.pieces + second.pieces, first.start, span)
        }
        guard let x = a.number, let y = b.number else {
            if library.operators[operation.rawValue] != nil {
                return operate(operation.rawValue, Field(a, Origin(left.span)), Field(b, Origin(right.span)), span)
            }
            return fail(Diagnostic("type", "`\(operation.rawValue)` expected two numbers, found \(a.phrase) and \(b.phrase)", at: span))
        }
        let result: Double
        switch operation {
        case .add: result = x + y
        case .subtract: result = x - y
        case .multiply: result = x * y
        case .divide: result = x / y
        case .power: result = power(x, y)
        case .less: return .bool(x < y)
        case .lessOrEqual: return .bool(x <= y)
        case .greater: return .bool(x > y)
        case .greaterOrEqual: return .bool(x >= y)
        default: return .poison
        }
        guard result.isFinite else {
            return fail(Diagnostic("not-a-number", "`\(written(x)) \(operation.rawValue) \(written(y))` is not a number", at: span))
        }
        return .number(result)
    }

    /// The call of an operator where a side is computed later: the builtin of that name in `operators`.
    private func operate(_ name: String, _ left: Field, _ right: Field, _ span: SourceSpan) -> Value {
        func isNumeric(_ value: Value) -> Bool { value.number != nil || value.isDeferredNumber }
        guard let builtin = library.operators[name], isNumeric(left.value), isNumeric(right.value) else {
            let complaint = Diagnostic(
                "type", "`\(name)` expected two numbers or tensors, found \(left.value.phrase) and \(right.value.phrase)", at: span,
                hint: advice(on: [left.value, right.value]))
            return fail(remarked(complaint, on: [left.value, right.value]))
        }
        return operate(builtin.name, [left, right], span)
    }

    /// The advice on sides of an operator that are no numbers; nil where there is none.
    private func advice(on sides: [Value]) -> String? {
        func isText(_ value: Value) -> Bool { value.string != nil }
        if sides.contains(where: isText), sides.contains(where: { $0.number != nil }) { return "a number stands in a text as `\"\\(n)\"`" }
        let isNumbers = sides.contains { $0.items.map { !$0.isEmpty && $0.allSatisfy { $0.number != nil } } ?? false }
        return isNumbers ? "one computes with a list of numbers as `tensor([1, 2])`, or with its items: `for x in list { 2 * x }`" : nil
    }

    private func operate(_ name: String, _ sides: [Field], _ span: SourceSpan) -> Value {
        guard let builtin = library.operators[name] else { return .poison }
        let arguments = sides.map { GivenArgument(label: nil, source: .value($0.value, $0.origin.span ?? span)) }
        return call(builtin, span, arguments, span, scope: nil)
    }

    private func range(_ from: Expression, _ to: Expression, _ by: Expression?, _ span: SourceSpan, scope: Scope?) -> Value {
        let ends = [from, to].map { evaluate($0, scope: scope, expecting: .number(.any)) }
        let step = by.map { evaluate($0, scope: scope, expecting: .number(.any)) } ?? .number(1)
        if (ends + [step]).contains(where: \.isPoison) { return .poison }
        guard let a = ends[0].number, let b = ends[1].number, let by = step.number else {
            return fail(Diagnostic("type", "a range expected numbers, found \(ends[0].phrase) and \(ends[1].phrase)", at: span))
        }
        guard by > 0 else {
            return fail(Diagnostic("range", "the step of a range expected a number above 0, found \(written(by))", at: span))
        }
        return .range(from: a, to: b, by: by)
    }

    /// The items of a list, or of a range with both ends included; nil after a diagnostic.
    func expand(_ value: Value, _ span: SourceSpan) -> [ListItem]? {
        switch value {
        case .list(let items): return items
        case .range(let from, let to, let by):
            let count = ((to - from) / by + 1e-9).rounded(.down) + 1
            guard count >= 1 else { return [] }
            guard count <= Double(Evaluator.listLimit) else {
                report(Diagnostic("budget", "this range has more than \(Evaluator.listLimit) items", at: span))
                return nil
            }
            return (0..<Int(count)).map { ListItem(.number(from + Double($0) * by)) }
        case .poison: return nil
        default:
            report(Diagnostic("type", "expected a list or a range, found \(value.phrase)", at: span))
            return nil
        }
    }

    /// The list that a `for` gives: the value of its body for every combination of its variables, labelled by them.
    private func loop(
        _ variables: [LoopVariable], _ lets: [LetBinding], _ body: Expression, _ span: SourceSpan, scope: Scope?, expecting type: ValueType?
    ) -> Value {
        var results: [ListItem] = []
        var broken = false
        func turn(_ depth: Int, _ scope: Scope, _ labels: [String: Value]) {
            guard !broken, !exhausted, !unwinding else { return }
            if depth == variables.count {
                let inner = Scope(scope)
                for binding in lets { inner.values[binding.name.text] = evaluate(binding.value, scope: inner, expecting: nil) }
                let value = evaluate(body, scope: inner, expecting: type?.item)
                if value.isPoison {
                    broken = true
                    return
                }
                results.append(ListItem(value.named(by: labels), labels: labels))
                if results.count > Evaluator.listLimit {
                    broken = true
                    report(Diagnostic("budget", "this loop gives more than \(Evaluator.listLimit) items", at: span))
                }
                return
            }
            let variable = variables[depth]
            let sequence = evaluate(variable.sequence, scope: scope, expecting: nil)
            guard let items = expand(sequence, variable.sequence.span) else {
                broken = true
                return
            }
            for item in items {
                let inner = Scope(scope)
                inner.values[variable.name.text] = item.value
                turn(depth + 1, inner, labels.merging([variable.name.text: item.value]) { $1 })
            }
        }
        turn(0, Scope(scope), [:])
        return broken || exhausted || unwinding ? .poison : bounded(.list(results), span)
    }
}
