import Diagnostics

/// Dotted paths: replacing inside what is there.
extension Evaluator {
    /// The value of `base with { field: value, dotted.path: value }`, for something declared or a record.
    func with(_ base: Value, _ place: SourceSpan, _ body: Body, _ span: SourceSpan, scope: Scope?) -> Value {
        switch base {
        case .poison: return .poison
        case .object(let object):
            return self.object(kind: Name(object.kind, place), label: object.label, base: object, body: body, span: span, scope: scope)
        case .record(var fields):
            if body.isBroken { return .poison }
            for member in body.members {
                guard case .field(let path, let expression) = member else {
                    return fail(Diagnostic("syntax", "a record has fields alone", at: body.span, hint: "write `name: value`"))
                }
                guard let name = path.first, let known = fields[name.text] else {
                    // Says what is wrong with the path.
                    _ = replacing(path[...], in: .record(fields), nil, of: "record", by: expression, scope: scope)
                    return .poison
                }
                // In place: a record may have as many fields as a body has members.
                let replaced = replacing(path.dropFirst(), in: known.value, nil, of: name.text, by: expression, scope: scope)
                guard let value = replaced else { return .poison }
                fields[name.text] = Field(value, Origin(expression.span))
            }
            return bounded(.record(fields), span)
        default: return fail(Diagnostic("type", "`with` expected something declared or a record, found \(base.phrase)", at: place))
        }
    }

    /// The value with that of an expression in place of what stands at `path` in it: a field of a record or of something
    /// declared, an argument of a call. `what`: the name of the value in messages. nil after a diagnostic.
    func replacing(
        _ path: ArraySlice<Name>, in value: Value?, _ type: ValueType?, of what: String, by expression: Expression, scope: Scope?
    ) -> Value? {
        guard let name = path.first else {
            let value = evaluate(expression, scope: scope, expecting: type)
            guard let type else { return value.isPoison ? nil : value }
            return coerce(value, type, what: "`\(what)`", span: expression.span)
        }
        switch value {
        case .poison: return nil
        case .object(let object):
            let body = Body(members: [.field(Array(path), expression)], span: expression.span)
            let span = name.span.union(expression.span)
            let result = self.object(
                kind: Name(object.kind, name.span), label: object.label, base: object, body: body, span: span, scope: scope)
            return result.isPoison ? nil : result
        case .call(var call):
            guard let builtin = library.builtins[call.builtin], let parameter = builtin.parameters.first(where: { $0.name == name.text })
            else {
                unknownField(name, of: call.builtin, among: library.builtins[call.builtin]?.parameters.map(\.name) ?? [])
                return nil
            }
            let inner = "\(parameter.name)` of `\(builtin.name)"
            guard let argument = replacing(path.dropFirst(), in: call[name.text], parameter.type, of: inner, by: expression, scope: scope)
            else { return nil }
            call.arguments[name.text] = Field(argument, Origin(expression.span))
            call.type = builtin.result
            do {
                return try builtin.check?(call, context) ?? .call(call)
            } catch let diagnostic as Diagnostic {
                report(diagnostic.at(expression.span))
                return nil
            } catch {
                _ = ended(by: error, expression.span)
                return nil
            }
        default: return replacing(name, path.dropFirst(), inRecord: value, type, of: what, by: expression, scope: scope)
        }
    }

    private func replacing(
        _ name: Name, _ rest: ArraySlice<Name>, inRecord value: Value?, _ type: ValueType?, of what: String, by expression: Expression,
        scope: Scope?
    ) -> Value? {
        var fields = value?.record ?? Fields()
        let inner = type?.field(name.text)
        if inner == nil {
            guard type?.takesRecord != false, value?.record != nil || type?.takesRecord == true else {
                let found = value.map(\.phrase) ?? "nothing"
                report(
                    Diagnostic(
                        "unknown-field", "`\(what)` has no field `\(name.text)`: it is \(found)", at: name.span,
                        hint: value?.isNone == true ? "give the whole of it: `\(what): ...`" : nil))
                return nil
            }
            guard type == nil, fields[name.text] != nil else {
                unknownField(name, of: what, among: type?.fieldNames ?? fields.keys.sorted())
                return nil
            }
        }
        guard let replaced = replacing(rest, in: fields[name.text]?.value, inner, of: name.text, by: expression, scope: scope) else {
            return nil
        }
        fields[name.text] = Field(replaced, Origin(expression.span))
        return .record(fields)
    }

    /// The type of a field of a kind; nil for one that lies deeper, or that the kind has not.
    func fieldType(_ path: ArraySlice<String>, of kind: String) -> ValueType? {
        guard path.count == 1, let name = path.first else { return nil }
        return library.kinds[kind]?.fields.first { $0.name == name }?.type
    }

    /// The value of a `let`, with what the command line says about the inside of it.
    func overridden(_ value: Value, of name: Name) -> Value {
        var result = value
        for (index, override) in overrides.enumerated() where override.path.first == name.text && override.path.count > 1 {
            switch result {
            case .object, .record: break
            default: continue
            }
            usedOverrides.insert(index)
            var kind: String?
            if case .object(let object) = result { kind = object.kind }
            guard let expression = overrideExpression(override, type: kind.flatMap { fieldType(override.path.dropFirst(), of: $0) }) else {
                return .poison
            }
            let path = override.path.dropFirst().map { Name($0, expression.span) }
            guard let value = replacing(path[...], in: result, nil, of: name.text, by: expression, scope: nil) else { return .poison }
            result = value
        }
        return result
    }

    /// The advice on an override that names nothing; nil where there is none.
    func adviceOnOverride(_ override: Override) -> String? {
        guard let first = override.path.first else { return nil }
        if let binding = globals[first] {
            switch binding.statement.kind {
            case .binding: return override.path.count == 1 ? "declare it with `param \(first): Number = ...`" : nil
            case .function: return "`\(first)` is a function"
            case .declaration(let declaration):
                return "name a field, as in `--set \(first).\(library.kinds[declaration.kind.text]?.fields.last?.name ?? "field")=...`"
            default: return nil
            }
        }
        return nearMiss(first, among: globals.keys).map { "did you mean `\($0)`?" }
    }
}
