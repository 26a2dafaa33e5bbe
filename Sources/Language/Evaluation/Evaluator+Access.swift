import Diagnostics

extension Evaluator {
    func member(_ base: Expression, _ name: Name, _ span: SourceSpan, scope: Scope?, expecting type: ValueType?) -> Value {
        if type?.takesMonitor == true, case .name(let part) = base.kind, scope?.find(part) == nil, globals[part] == nil {
            let monitor = "\(part).\(name.text)"
            if monitors.contains(monitor) { return .word(monitor) }
            let near = nearMiss(monitor, among: monitors).map { "did you mean `\($0)`?" }
            return fail(Diagnostic("unknown-monitor", "a run has no quantity `\(monitor)`", at: span, label: near, hint: near == nil ? "such as `validation.loss` or `train.mse`" : nil))
        }
        let value = evaluate(base, scope: scope, expecting: nil)
        switch value {
        case .poison: return .poison
        case .record(let fields):
            if let field = fields[name.text] { return field.value }
            return noField(name, of: "this record", among: fields.keys.sorted())
        case .object(let object):
            if object.isBroken { return .poison }
            guard let kind = library.kinds[object.kind] else { return .poison }
            if let value = kind.member?(object, name.text, Origin(span)) { return value }
            if let field = object.fields[name.text] { return field.value }
            let known = kind.memberNames + kind.fields.map(\.name)
            return noField(name, of: "`\(object.label ?? object.kind)`", among: known)
        case .call(let call):
            let given = GivenArgument(label: nil, source: .value(value, base.span))
            if let builtin = library.builtins[name.text], let first = builtin.parameters.first,
               builtin.parameters.dropFirst().allSatisfy({ !$0.isRequired }), accepts(value, first.type) {
                return self.call(Expression(kind: .name(name.text), span: name.span, depth: 1), [given], span, scope: scope)
            }
            let known = library.builtins.values.filter { builtin in
                guard let first = builtin.parameters.first, case .any = first.type else {
                    return builtin.parameters.first.map { accepts(value, $0.type) } ?? false
                }
                return false
            }
            return noField(name, of: call.type.phrase, among: known.map(\.name).sorted())
        default:
            return fail(Diagnostic("type", "\(value.phrase) has no fields", at: name.span))
        }
    }

    private func noField(_ name: Name, of what: String, among known: [String]) -> Value {
        let near = nearMiss(name.text, among: known)
        return fail(Diagnostic(
            "unknown-field", "\(what) has no field `\(name.text)`", at: name.span, label: near.map { "did you mean `\($0)`?" },
            hint: near == nil && !known.isEmpty ? "it has \(known.prefix(12).map { "`\($0)`" }.joined(separator: ", "))" : nil))
    }

    /// `list[2]`, `runs[seed: 3]`, `list[1:4]`.
    func index(_ base: Expression, _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        let value = evaluate(base, scope: scope, expecting: nil)
        if value.isPoison { return .poison }
        guard case .list(let list) = value else {
            return fail(Diagnostic("type", "expected a list before `[`, found \(value.phrase)", at: base.span))
        }
        if case .labelled = items[0] { return select(list, items, span, scope: scope) }
        guard items.count == 1 else {
            return fail(Diagnostic("type", "a list takes one position, found \(items.count)", at: span))
        }
        switch items[0] {
        case .at(let expression):
            let position = evaluate(expression, scope: scope, expecting: .number(.any))
            guard !position.isPoison else { return .poison }
            guard let place = position.integer else {
                return fail(Diagnostic("type", "a position expected a whole number, found \(position.number.map(written) ?? position.phrase)", at: expression.span))
            }
            guard list.indices.contains(place) else {
                return fail(Diagnostic("out-of-range", "there is no item \(place) in a list of \(list.count)", at: expression.span, hint: "positions count from 0"))
            }
            return list[place].value
        case .slice(let from, let to, let place):
            let ends = [from, to].map { $0.map { evaluate($0, scope: scope, expecting: .number(.any)) } }
            let low = ends[0]?.integer ?? 0, high = ends[1]?.integer ?? list.count
            guard ends.allSatisfy({ $0 == nil || $0?.integer != nil }), low >= 0, low <= high, high <= list.count else {
                return fail(Diagnostic("out-of-range", "this slice does not lie in a list of \(list.count)", at: place))
            }
            return .list(Array(list[low..<high]))
        case .labelled: return .poison
        }
    }

    private func select(_ list: [ListItem], _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        var chosen = list
        for item in items {
            guard case .labelled(let name, let expression) = item else {
                return fail(Diagnostic("type", "labels and positions cannot be mixed", at: span))
            }
            let known = Set(list.flatMap { $0.labels.keys })
            guard known.contains(name.text) else {
                return fail(Diagnostic(
                    "unknown-label", "the items of this list have no label `\(name.text)`", at: name.span, label: nearMiss(name.text, among: known.sorted()).map { "did you mean `\($0)`?" },
                    hint: known.isEmpty ? "labels are the variables of the `for` that made a list" : nil))
            }
            let wanted = evaluate(expression, scope: scope, expecting: nil)
            if wanted.isPoison { return .poison }
            chosen = chosen.filter { $0.labels[name.text] == wanted }
        }
        switch chosen.count {
        case 0: return fail(Diagnostic("out-of-range", "no item of this list has these labels", at: span))
        case 1: return chosen[0].value
        default: return .list(chosen)
        }
    }
}
