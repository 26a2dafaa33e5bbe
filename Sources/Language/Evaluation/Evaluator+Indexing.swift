import Diagnostics

extension Evaluator {
    /// The value of brackets: `list[2]`, `runs[seed: 3]`, `list[1:4]`, `volume[:, 0, 2:8]`, `table["column"]`.
    func index(_ base: Expression, _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        let value = evaluate(base, scope: scope, expecting: nil)
        switch value {
        case .poison: return .poison
        case .list(let list): return index(list, items, span, scope: scope)
        case .text(let text):
            // A text is a list of characters, and what is taken of it is text again.
            let taken = index(text.string.map { ListItem(.text(Text(String($0)))) }, items, span, scope: scope)
            return taken.items.map { .text(Text($0.compactMap(\.string).joined())) } ?? taken
        case .range:
            guard let list = expand(value, base.span) else { return .poison }
            return index(list, items, span, scope: scope)
        case .call(let call):
            switch call.type {
            case .tensor: return slice(value, base.span, items, span, scope: scope)
            case .sort(let sort) where sort.hasColumns: return column(value, base.span, items, span, scope: scope)
            default: break
            }
        case .object(let object) where library.kinds[object.kind]?.hasColumns == true:
            return column(value, base.span, items, span, scope: scope)
        case .record(let fields):
            if items.count == 1, case .at(let expression)? = items.first { return field(of: fields, expression, span, scope: scope) }
        default: break
        }
        return fail(Diagnostic("type", "expected a list or a tensor before `[`, found \(value.phrase)", at: base.span))
    }

    /// The field of a record by its name in quotes, which may be any: `record["PBE + U"]`.
    private func field(of fields: Fields, _ expression: Expression, _ span: SourceSpan, scope: Scope?) -> Value {
        let name = evaluate(expression, scope: scope, expecting: .text)
        if name.isPoison { return .poison }
        guard let name = name.string else {
            return fail(Diagnostic("type", "expected the name of a field in quotes, found \(name.phrase)", at: expression.span))
        }
        return member(of: fields, Name(name, expression.span), span)
    }

    private func index(_ list: [ListItem], _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        if case .labelled? = items.first { return select(list, items, span, scope: scope) }
        guard items.count == 1, let item = items.first else {
            return fail(Diagnostic("type", "a list takes one position, found \(items.count)", at: span))
        }
        switch item {
        case .at(let expression):
            guard let position = position(expression, scope: scope) else { return .poison }
            let place = position < 0 ? position + list.count : position
            guard list.indices.contains(place) else {
                let hint = "positions count from 0, and from the end as -1, -2" + (list.isEmpty ? "" : "; the last is at \(list.count - 1)")
                return fail(
                    Diagnostic("out-of-range", "there is no item \(position) in a list of \(list.count)", at: expression.span, hint: hint))
            }
            return list[place].value
        case .slice(let from, let to, let by, let place):
            guard let ends = ends(from, to, by, scope: scope) else { return .poison }
            func counted(_ end: Int) -> Int { end < 0 ? end + list.count : end }
            let low = counted(ends.from ?? 0)
            let high = ends.to.map(counted) ?? list.count
            guard low >= 0, low <= high, high <= list.count else {
                return fail(Diagnostic("out-of-range", "this slice does not lie in a list of \(list.count)", at: place))
            }
            return .list(stride(from: low, to: high, by: ends.by ?? 1).map { list[$0] })
        case .labelled: return .poison
        }
    }

    /// A whole number, or nil after a diagnostic.
    private func position(_ expression: Expression, scope: Scope?) -> Int? {
        let value = evaluate(expression, scope: scope, expecting: .number(.any))
        if value.isPoison { return nil }
        if let place = value.integer { return place }
        report(
            Diagnostic(
                "type", "a position expected a whole number, found \(value.number.map(written) ?? value.phrase)", at: expression.span))
        return nil
    }

    /// The ends and the step of a slice, nil where one is left out; nil after a diagnostic.
    private func ends(
        _ from: Expression?, _ to: Expression?, _ by: Expression?, scope: Scope?
    ) -> (from: Int?, to: Int?, by: Int?)? {
        var found: [Int?] = []
        for end in [from, to, by] {
            guard let end else {
                found.append(nil)
                continue
            }
            guard let place = position(end, scope: scope) else { return nil }
            found.append(place)
        }
        if let by, let step = found[2], step < 1 {
            report(
                Diagnostic(
                    "range", "the step of a slice expected a whole number of at least 1, found \(step)", at: by.span,
                    hint: step == -1 ? "`reversed(list)` turns a list round" : nil))
            return nil
        }
        return (found[0], found[1], found[2])
    }

    /// The call of the operator `[]` for positions and slices of something that is computed later.
    private func slice(_ value: Value, _ place: SourceSpan, _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        guard let builtin = library.operators["[]"] else { return .poison }
        var places: [ListItem] = []
        var first: SourceSpan?
        for item in items {
            switch item {
            case .at(let expression):
                guard let position = position(expression, scope: scope) else { return .poison }
                places.append(ListItem(.number(Double(position))))
                first = first.map { $0.union(expression.span) } ?? expression.span
            case .slice(let from, let to, let by, let place):
                guard let ends = ends(from, to, by, scope: scope) else { return .poison }
                // A step stands there only where it is given: results of slices without one keep their keys.
                let parts = [ends.from, ends.to] + (ends.by.map { [$0] } ?? [])
                places.append(ListItem(.list(parts.map { ListItem($0.map { .number(Double($0)) } ?? .none) })))
                first = first.map { $0.union(place) } ?? place
            case .labelled(let name, _):
                return fail(
                    Diagnostic(
                        "unknown-label", "a tensor has positions, no label `\(name.text)`", at: name.span,
                        hint: "labels are the variables of the `for` that made a list"))
            }
        }
        let arguments = [
            GivenArgument(label: nil, source: .value(value, place)),
            GivenArgument(label: nil, source: .value(.list(places), first ?? span)),
        ]
        return call(builtin, span, arguments, span, scope: scope)
    }

    /// The call of the operator `[name]` for `table["column"]`.
    private func column(_ value: Value, _ place: SourceSpan, _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        guard let builtin = library.operators["[name]"] else { return .poison }
        guard items.count == 1, case .at(let expression)? = items.first else {
            return fail(
                Diagnostic("type", "\(value.phrase) takes the name of one column in brackets", at: span, hint: "as in `[\"volume\"]`"))
        }
        let name = evaluate(expression, scope: scope, expecting: .text)
        if name.isPoison { return .poison }
        guard name.string != nil else {
            return fail(Diagnostic("type", "expected the name of a column in quotes, found \(name.phrase)", at: expression.span))
        }
        let arguments = [
            GivenArgument(label: nil, source: .value(value, place)), GivenArgument(label: nil, source: .value(name, expression.span)),
        ]
        return call(builtin, span, arguments, span, scope: scope)
    }

    /// The item of a list with these labels, or the list of all where several have them.
    private func select(_ list: [ListItem], _ items: [IndexItem], _ span: SourceSpan, scope: Scope?) -> Value {
        var chosen = list
        for item in items {
            guard case .labelled(let name, let expression) = item else {
                return fail(Diagnostic("type", "labels and positions cannot be mixed", at: span))
            }
            let known = Set(list.flatMap { $0.labels.keys })
            guard known.contains(name.text) else {
                return fail(
                    Diagnostic(
                        "unknown-label", "the items of this list have no label `\(name.text)`", at: name.span,
                        label: nearMiss(name.text, among: known.sorted()).map { "did you mean `\($0)`?" },
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
