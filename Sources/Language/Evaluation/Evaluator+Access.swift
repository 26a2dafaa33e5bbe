import Diagnostics

extension Evaluator {
    /// The value of `base.name`: a metric such as `validation.loss`, a field, a member of something declared, an argument of a
    /// setting, or a builtin applied to what is computed later.
    func member(_ base: Expression, _ name: Name, _ span: SourceSpan, scope: Scope?, expecting type: ValueType?) -> Value {
        if let known = type?.dottedWords, case .name(let part) = base.kind, scope?.find(part) == nil, !isDeclared(part) {
            let word = "\(part).\(name.text)"
            if known.words.contains(word) { return .word(word) }
            let near = known.meant(by: part, name.text).map { "did you mean `\($0)`?" }
            let examples = known.examples.map { "`\($0)`" }.joined(separator: " or ")
            return fail(
                Diagnostic(
                    "unknown-monitor", "\(known.complaint) `\(word)`", at: span, label: near,
                    hint: near == nil && !examples.isEmpty ? "such as \(examples)" : nil))
        }
        let value = evaluate(base, scope: scope, expecting: nil)
        switch value {
        case .poison: return .poison
        case .record(let fields):
            return member(of: fields, name, span)
        case .object(let object):
            if object.isBroken { return .poison }
            guard let kind = library.kinds[object.kind] else { return .poison }
            do {
                if let value = try kind.member?(object, name.text, Origin(span), context) { return value }
            } catch let diagnostic as Diagnostic {
                return fail(diagnostic.at(span))
            } catch {
                return ended(by: error, span)
            }
            if let field = object.fields[name.text] { return field.value }
            let known = kind.memberNames + kind.fields.map(\.name)
            return noField(name, of: "`\(object.label ?? object.kind)`", among: known)
        case .call(let call):
            if call.isSetting {
                if let argument = call.arguments[name.text] { return argument.value }
                return noField(name, of: call.type.phrase, among: call.arguments.keys.sorted())
            }
            let own = library.valueMembers.filter { accepts(value, $0.type) }
            do {
                for known in own where known.members.contains(where: { $0.name == name.text }) {
                    if let found = try known.member(Field(value, Origin(base.span)), name.text, Origin(span), context) { return found }
                }
            } catch let diagnostic as Diagnostic {
                return fail(diagnostic.at(name.span))
            } catch {
                return ended(by: error, span)
            }
            if let applied = applied(name, to: value, base.span, span, scope: scope) { return applied }
            let known = library.builtins.values.filter { builtin in
                guard let first = builtin.parameters.first, case .any = first.type else {
                    return builtin.parameters.first.map { accepts(value, $0.type) } ?? false
                }
                return false
            }
            let members = own.flatMap { $0.members.map(\.name) }
            return noField(name, of: call.type.phrase, among: members + Set(known.map(\.name)).subtracting(members).sorted())
        default:
            if library.builtins[name.text]?.parameters.first?.type != .any,
                let applied = applied(name, to: value, base.span, span, scope: scope)
            {
                return applied
            }
            return fail(Diagnostic("type", "\(value.phrase) has no fields", at: name.span))
        }
    }

    /// The value of a builtin of one argument that is applied by a dot, as in `al.max`; nil where there is none that takes the value.
    private func applied(_ name: Name, to value: Value, _ place: SourceSpan, _ span: SourceSpan, scope: Scope?) -> Value? {
        guard let builtin = library.builtins[name.text], let first = builtin.parameters.first,
            builtin.parameters.dropFirst().allSatisfy({ !$0.isRequired }),
            accepts(value, first.type) || value.isColumn && takesColumns(first.type)
        else { return nil }
        let given = GivenArgument(label: nil, source: .value(value, place))
        return call(Expression(kind: .name(name.text), span: name.span, depth: 1), [given], span, scope: scope)
    }

    /// The value of a field of a record.
    func member(of fields: Fields, _ name: Name, _ span: SourceSpan) -> Value {
        if let field = fields[name.text] { return asked(field.value, span) }
        return noField(name, of: "this record", among: fields.keys.sorted())
    }

    /// The value of a field that is asked for. What a member such as `bulk.holdout.r2` stands for is checked only then, since it
    /// lies in one record with others.
    private func asked(_ value: Value, _ span: SourceSpan) -> Value {
        guard let call = value.call, call.builtin.first?.isLetter == true, let check = library.operators[call.builtin]?.check else {
            return value
        }
        do {
            return try check(call, context)
        } catch let diagnostic as Diagnostic {
            return fail(diagnostic.at(span))
        } catch {
            return ended(by: error, span)
        }
    }

    /// Reports that there is no such field, with what was perhaps meant.
    private func noField(_ name: Name, of what: String, among known: [String]) -> Value {
        if let foreign = library.foreignNames[name.text] {
            return fail(Diagnostic("unknown-field", "\(what) has no field `\(name.text)`", at: name.span, label: foreign))
        }
        let near = nearMiss(name.text, among: known)
        return fail(
            Diagnostic(
                "unknown-field", "\(what) has no field `\(name.text)`", at: name.span, label: near.map { "did you mean `\($0)`?" },
                hint: near == nil && !known.isEmpty ? "it has \(known.prefix(14).map { "`\($0)`" }.joined(separator: ", "))" : nil))
    }
}
