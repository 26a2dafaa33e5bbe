import Diagnostics

/// An argument as it was given: an expression still to be evaluated in the light of its parameter, or a value.
struct GivenArgument {
    /// The sources of an argument's value.
    enum Source {
        case expression(Expression)
        case value(Value, SourceSpan)
    }
    var label: Name?
    var source: Source

    var span: SourceSpan {
        switch source {
        case .expression(let expression): expression.span
        case .value(_, let span): span
        }
    }
}

extension Evaluator {
    /// The value of a call, of a builtin or of a function.
    func call(_ callee: Expression, _ arguments: [GivenArgument], _ span: SourceSpan, scope: Scope?) -> Value {
        if case .name(let name) = callee.kind, scope?.find(name) == nil, !isDeclared(name) {
            if let builtin = library.builtins[name] { return call(builtin, callee.span, arguments, span, scope: scope) }
            if library.grammar.kinds.contains(name) {
                return fail(
                    Diagnostic("syntax", "`\(name)` is declared with braces", at: callee.span, hint: "write `\(name) { field: value }`"))
            }
            if force(name, span: callee.span) == nil { return unknown(name, callee.span, scope: scope) }
        }
        let value = evaluate(callee, scope: scope, expecting: nil)
        switch value {
        case .poison: return .poison
        case .function(let function): return apply(function, arguments, span, scope: scope)
        default:
            var hint: String?
            if case .member(_, let name) = callee.kind { hint = "what a value has is looked at without brackets: `.\(name.text)`" }
            return fail(Diagnostic("type", "expected a function before `(`, found \(value.phrase)", at: callee.span, hint: hint))
        }
    }

    /// The value of an argument, evaluated in the light of its parameter's type.
    private func value(of argument: GivenArgument, scope: Scope?, expecting type: ValueType?) -> Value {
        switch argument.source {
        case .expression(let expression): evaluate(expression, scope: scope, expecting: type)
        case .value(let value, _): value
        }
    }

    /// The value of a builtin's call: arguments put to their parameters and coerced, defaults filled in, and checked.
    func call(_ builtin: Builtin, _ place: SourceSpan, _ arguments: [GivenArgument], _ span: SourceSpan, scope: Scope?) -> Value {
        var given: [String: Field] = [:]
        var next = 0
        var broken = false
        for argument in arguments {
            let parameter: Parameter
            if let label = argument.label {
                guard let found = builtin.parameters.first(where: { $0.name == label.text }) else {
                    broken = true
                    unknownArgument(label, of: builtin)
                    continue
                }
                parameter = found
            } else {
                guard next < builtin.parameters.count else {
                    broken = true
                    report(
                        Diagnostic(
                            "too-many-arguments", "`\(builtin.name)` takes \(Self.count(builtin.parameters.count)), found one more",
                            at: argument.span, notes: builtin.parameters.isEmpty ? [] : [builtin.signature]))
                    break
                }
                parameter = builtin.parameters[next]
                next += 1
            }
            if given[parameter.name] != nil {
                broken = true
                report(Diagnostic("twice", "`\(parameter.name)` is given twice", at: argument.label?.span ?? argument.span))
                continue
            }
            let value = value(of: argument, scope: self.scope(scope, ofRow: builtin, given), expecting: parameter.type)
            let complaints = diagnostics.count
            guard let fitted = coerce(value, parameter.type, what: "`\(parameter.name)` of `\(builtin.name)`", span: argument.span) else {
                broken = true
                if let advice = parameter.advice, value.record != nil || value.isDeferredNumber, diagnostics.count == complaints + 1 {
                    diagnostics[complaints].hints = [advice]
                }
                continue
            }
            given[parameter.name] = Field(fitted, Origin(argument.span))
        }
        for parameter in builtin.parameters where given[parameter.name] == nil && !broken {
            switch parameter.presence {
            case .fallback(let value): given[parameter.name] = Field(value, Origin())
            case .required:
                broken = true
                report(
                    Diagnostic(
                        "missing-argument", "`\(builtin.name)` expected `\(parameter.name)` (\(parameter.summary))", at: place,
                        notes: [builtin.signature]))
            }
        }
        guard !broken else { return .poison }
        if builtin.result == .signal { return join(builtin, given, span) }
        let arguments = Fields(builtin.parameters.compactMap { parameter in given[parameter.name].map { (parameter.name, $0) } })
        let call = Call(builtin.name, arguments, type: builtin.result, origin: Origin(span))
        if bounded(.call(call), span).isPoison { return .poison }
        do {
            return try builtin.check?(call, context) ?? .call(call)
        } catch let diagnostic as Diagnostic {
            return fail(diagnostic.at(span))
        } catch {
            return ended(by: error, span)
        }
    }

    /// The scope of an argument: in that of a function of rows the name `row` stands for the table that was given.
    private func scope(_ scope: Scope?, ofRow builtin: Builtin, _ given: [String: Field]) -> Scope? {
        guard let name = builtin.row, let table = given[name] else { return scope }
        let inner = Scope(scope)
        inner.values["row"] = table.value
        return inner
    }

    /// Reports an argument that a builtin does not have, with what was perhaps meant.
    private func unknownArgument(_ label: Name, of builtin: Builtin) {
        if let foreign = library.foreignNames[label.text] {
            report(Diagnostic("unknown-argument", "`\(builtin.name)` has no argument `\(label.text)`", at: label.span, label: foreign))
            return
        }
        let near = nearMiss(label.text, among: builtin.parameters.map(\.name))
        report(
            Diagnostic(
                "unknown-argument", "`\(builtin.name)` has no argument `\(label.text)`", at: label.span,
                label: near.map { "did you mean `\($0)`?" },
                notes: near == nil ? [builtin.signature] : []))
    }

    private static func count(_ arguments: Int) -> String {
        arguments == 0 ? "no arguments" : arguments == 1 ? "one argument" : "\(arguments) arguments"
    }

    /// The value of a function's body with the arguments of a call.
    private func apply(_ function: Function, _ arguments: [GivenArgument], _ span: SourceSpan, scope: Scope?) -> Value {
        guard callDepth < Evaluator.callLimit else {
            unwinding = true
            return fail(Diagnostic("endless-recursion", "`\(function.name)` calls itself more than \(Evaluator.callLimit) deep", at: span))
        }
        if case .missing = function.body.kind { return .poison }
        let inner = Scope(nil)
        var next = 0
        var places: [String: SourceSpan] = [:]
        for argument in arguments {
            let parameter: DefParameter
            if let label = argument.label {
                guard let found = function.parameters.first(where: { $0.name.text == label.text }) else {
                    let near = nearMiss(label.text, among: function.parameters.map(\.name.text))
                    return fail(
                        Diagnostic(
                            "unknown-argument", "`\(function.name)` has no argument `\(label.text)`", at: label.span,
                            label: near.map { "did you mean `\($0)`?" }))
                }
                parameter = found
            } else {
                guard next < function.parameters.count else {
                    return fail(
                        Diagnostic(
                            "too-many-arguments", "`\(function.name)` takes \(Self.count(function.parameters.count)), found one more",
                            at: argument.span))
                }
                parameter = function.parameters[next]
                next += 1
            }
            guard inner.values[parameter.name.text] == nil else {
                return fail(Diagnostic("twice", "`\(parameter.name.text)` is given twice", at: argument.span))
            }
            let type = parameter.type.flatMap { self.type(named: $0) }
            let value = value(of: argument, scope: scope, expecting: type)
            guard let fitted = fitted(value, parameter, of: function, span: argument.span) else { return .poison }
            inner.values[parameter.name.text] = fitted
            places[parameter.name.text] = argument.span
        }
        let outer = isInLibrary
        let said = diagnostics.count
        isInLibrary = function.isLibrary
        defer {
            isInLibrary = outer
            if function.isLibrary, !outer { tellCaller(of: function, span, places, from: said) }
        }
        // A default sees the parameters before it.
        let before = Scope(nil)
        for parameter in function.parameters {
            if inner.values[parameter.name.text] == nil {
                guard let fallback = parameter.fallback else {
                    return fail(Diagnostic("missing-argument", "`\(function.name)` expected `\(parameter.name.text)`", at: span))
                }
                let value = evaluate(fallback, scope: before, expecting: parameter.type.flatMap { self.type(named: $0) })
                guard let fitted = fitted(value, parameter, of: function, span: fallback.span) else { return .poison }
                inner.values[parameter.name.text] = fitted
            }
            before.values[parameter.name.text] = inner.values[parameter.name.text]
        }
        callDepth += 1
        defer {
            callDepth -= 1
            if callDepth == 0 { unwinding = false }
        }
        return evaluate(function.body, scope: inner, expecting: nil)
    }

    /// The argument of a function coerced to the type of its parameter; nil after a diagnostic.
    private func fitted(_ value: Value, _ parameter: DefParameter, of function: Function, span: SourceSpan) -> Value? {
        if value.isPoison { return nil }
        guard let name = parameter.type else { return value }
        guard let type = type(named: name) else { return nil }
        return coerce(value, type, what: "`\(parameter.name.text)` of `\(function.name)`", span: span)
    }

    /// Applies a layer to several signals, as in `concatenate(a, b)`.
    private func join(_ builtin: Builtin, _ given: [String: Field], _ span: SourceSpan) -> Value {
        let signals = builtin.parameters.compactMap { parameter -> Int? in
            if case .signal(let signal)? = given[parameter.name]?.value { signal } else { nil }
        }
        guard let last = networks.indices.last else {
            let kind = library.networkKind
            return fail(
                Diagnostic(
                    "type", "`\(builtin.name)` joins signals of \(kind?.phrase ?? "a network")", at: span,
                    hint: kind.map { "write it inside `\($0.name) name { ... }`" }))
        }
        // In place: a copy for every layer would make long networks slow.
        let layer = Value.call(Call(builtin.name, [:], type: library.appliedSort.map(ValueType.sort) ?? .signal, origin: Origin(span)))
        networks[last].applications.append(.init(layer: layer, inputs: signals, origin: Origin(span)))
        return .signal(networks[last].inputs.count + networks[last].applications.count - 1)
    }

    /// The call of the layer that takes a word and nothing else, such as `activation(relu)`; nil where none does.
    private func layer(taking word: String) -> String? {
        let takers = library.builtins.values.filter {
            guard case .sort(let sort) = $0.result else { return false }
            return sort.isApplied && $0.parameters.count == 1 && $0.parameters[0].type.words.contains(word)
        }
        return takers.map(\.name).min().map { "\($0)(\(word))" }
    }

    /// The value of `left >> right`: a signal through layers, or layers in a row.
    func chain(_ left: Field, _ right: Field, _ span: SourceSpan) -> Value {
        func layers(_ field: Field) -> [Field]? {
            switch field.value {
            case .layers(let list): list
            case .call(let call): if case .sort(let sort) = call.type, sort.isApplied { [field] } else { nil }
            case .object(let object) where library.kinds[object.kind]?.isApplied == true: [field]
            default: nil
            }
        }
        let applied = library.appliedSort?.phrase ?? "something to apply"
        guard let next = layers(right) else {
            let advice = right.value.word.flatMap { layer(taking: $0) }
            return fail(
                Diagnostic(
                    "type", "`>>` expected \(applied) on its right, found \(right.value.phrase)", at: right.origin.span ?? span,
                    label: advice.map { "write `\($0)`" }))
        }
        if case .signal(var signal) = left.value, let last = networks.indices.last {
            for layer in next {
                networks[last].applications.append(.init(layer: layer.value, inputs: [signal], origin: layer.origin))
                signal = networks[last].inputs.count + networks[last].applications.count - 1
            }
            return .signal(signal)
        }
        guard let first = layers(left) else {
            return fail(
                Diagnostic(
                    "type", "`>>` expected an input or \(applied) on its left, found \(left.value.phrase)", at: left.origin.span ?? span))
        }
        return bounded(.layers(first + next), span)
    }
}
