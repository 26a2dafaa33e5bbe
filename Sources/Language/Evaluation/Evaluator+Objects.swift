import Diagnostics

extension Evaluator {
    /// The object that a named declaration makes, with what the command line says about its fields.
    func object(_ declaration: Declaration) -> Value {
        guard let kind = library.kinds[declaration.kind.text] else { return unknownKind(declaration.kind) }
        if kind.isInner {
            return fail(
                Diagnostic(
                    "syntax", "`\(kind.name)` cannot stand on its own", at: declaration.kind.span,
                    hint: library.outerKind(of: kind.name).map {
                        "write `\($0.name) name { \(kind.name) \(declaration.name.text) { ... } }`"
                    }))
        }
        var base: Object?
        if let expression = declaration.base {
            let value = evaluate(expression, scope: nil, expecting: nil)
            if value.isPoison { return .poison }
            guard case .object(let object) = value else {
                return fail(Diagnostic("type", "`like` expected something declared, found \(value.phrase)", at: expression.span))
            }
            guard object.kind == declaration.kind.text else {
                return fail(Diagnostic("type", "`\(declaration.kind.text)` cannot be like \(value.phrase)", at: expression.span))
            }
            base = object
        }
        var body = declaration.body
        for (index, override) in overrides.enumerated() where override.path.first == declaration.name.text && override.path.count > 1 {
            usedOverrides.insert(index)
            guard let value = overrideExpression(override, type: fieldType(override.path.dropFirst(), of: declaration.kind.text)) else {
                return .poison
            }
            let path = override.path.dropFirst().map { Name($0, value.span) }
            // What the command line says comes last and wins.
            body.members.removeAll { if case .field(let names, _) = $0 { names.map(\.text) == path.map(\.text) } else { false } }
            body.members.append(.field(path, value))
        }
        let span = declaration.kind.span.union(declaration.name.span)
        return object(kind: declaration.kind, label: declaration.name.text, base: base, body: body, span: span, scope: nil)
    }

    private func unknownKind(_ kind: Name) -> Value {
        let near = nearMiss(kind.text, among: library.kinds.keys)
        return fail(
            Diagnostic(
                "unknown-kind", "nothing of kind `\(kind.text)` can be declared", at: kind.span,
                label: near.map { "did you mean `\($0)`?" },
                hint: near == nil
                    ? "kinds are \(library.kinds.values.filter { !$0.isInner }.map(\.name).sorted().joined(separator: ", "))" : nil))
    }

    /// Evaluates a body into an object of a kind: `base` with whole fields replaced, dotted ones inside.
    func object(kind kindName: Name, label: String?, base: Object?, body: Body, span: SourceSpan, scope: Scope?) -> Value {
        guard let kind = library.kinds[kindName.text] else { return unknownKind(kindName) }
        var object = Object(kind: kind.name, name: label, origin: Origin(span))
        object.given = base?.given ?? Fields()
        object.network = base?.network
        object.isBroken = body.isBroken || base?.isBroken == true
        if kind.hasNetwork {
            network(of: kind, body, into: &object, scope: scope)
        }
        var seen: Set<String> = []
        for member in gathered(rowsFirst(body.members, kind), into: object) {
            switch member {
            case .fields(let name, let inner): fields(inner, of: name, of: kind, into: &object, scope: scope)
            case .one(.field(let path, let value)): field(path, value, of: kind, into: &object, seen: &seen, scope: scope)
            case .one(.input(let name, _)) where !kind.hasNetwork:
                object.isBroken = true
                report(
                    Diagnostic(
                        "syntax", "`\(kind.name)` has no inputs of its own", at: name.span,
                        hint: library.networkKind?.network?.misplaced))
            case .one(.inner(let innerKind, let name, let body)):
                if let inner = kind.inner, inner.kind == innerKind.text {
                    add(name, body, inner, to: &object, seen: &seen, scope: scope)
                } else {
                    object.isBroken = true
                    misplaced(innerKind.text, name, in: kind)
                }
            case .one(.expression(let expression)) where !kind.hasNetwork:
                object.isBroken = true
                report(
                    Diagnostic(
                        "syntax", "`\(kind.name)` expected a field such as `\(kind.fields.first?.name ?? "name"): value`",
                        at: expression.span))
            default: break
            }
        }
        for parameter in kind.fields {
            if let given = object.given[parameter.name] {
                object.fields[parameter.name] = given
            } else if case .fallback(let value) = parameter.presence {
                object.fields[parameter.name] = Field(value, Origin())
            } else if !object.isBroken {
                object.isBroken = true
                report(
                    Diagnostic(
                        "missing-field", "`\(label ?? kind.name)` expected the field `\(parameter.name)` (\(parameter.summary))", at: span))
            }
        }
        guard !object.isBroken, !exhausted else {
            object.isBroken = true
            return .poison
        }
        kind.adjust?(&object, context)
        // Its check may plan rows and build a network, which take time and memory: loops that make a great many are long.
        if kind.check != nil { steps += Evaluator.objectSteps }
        do {
            let before = context.reported.count
            try kind.check?(object, context)
            if context.reported[min(before, context.reported.count)...].contains(where: { $0.severity == .error }) { return .poison }
        } catch let diagnostic as Diagnostic {
            return fail(diagnostic.at(span))
        } catch {
            return ended(by: error, span)
        }
        return .object(object)
    }

    /// The members of a body, those before the others that say which rows the name `row` stands for.
    private func rowsFirst(_ members: [Body.Member], _ kind: Kind) -> [Body.Member] {
        guard let name = kind.row else { return members }
        func isRows(_ member: Body.Member) -> Bool {
            if case .field(let path, _) = member { path.first?.text == name } else { false }
        }
        return members.filter(isRows) + members.filter { !isRows($0) }
    }

    /// The scope of a field: in an object that has rows the name `row` stands for them.
    private func scope(_ scope: Scope?, ofField name: String, in object: Object, _ kind: Kind) -> Scope? {
        guard let rows = kind.row, rows != name, let table = object.given[rows], let call = table.value.call else { return scope }
        let inner = Scope(scope)
        inner.values["row"] = .call(Call("[row]", ["rows": table], type: call.type, origin: table.origin))
        return inner
    }

    /// A member of a body, or several that change the inside of one declared thing.
    private enum Gathered {
        case one(Body.Member)
        case fields(Name, [Body.Member])
    }

    /// The members of a body in order; those that change the inside of one declared thing, as `data.target.column` and
    /// `data.target.scale` do, stand together where the first stood: the thing is checked when all of them are made.
    private func gathered(_ members: [Body.Member], into object: Object) -> [Gathered] {
        /// The field whose inside a member changes; nil for another member.
        func head(_ member: Body.Member) -> Name? {
            guard case .field(let path, _) = member, path.count > 1, case .object? = object.given[path[0].text]?.value else { return nil }
            return path[0]
        }
        var result: [Gathered] = []
        var begun: Set<String> = []
        for member in members {
            guard let name = head(member) else {
                result.append(.one(member))
                continue
            }
            let group = members.filter { head($0)?.text == name.text }
            if group.count == 1 {
                result.append(.one(member))
            } else if begun.insert(name.text).inserted {
                let inner = group.map { member -> Body.Member in
                    guard case .field(let path, let value) = member else { return member }
                    return .field(Array(path.dropFirst()), value)
                }
                result.append(.fields(name, inner))
            }
        }
        return result
    }

    /// Evaluates several fields inside the declared thing that a field holds.
    private func fields(_ members: [Body.Member], of name: Name, of kind: Kind, into object: inout Object, scope: Scope?) {
        guard case .object(let inner)? = object.given[name.text]?.value else { return }
        let spans = members.compactMap { if case .field(_, let value) = $0 { value.span } else { nil } }
        let body = Body(members: members, span: spans.dropFirst().reduce(spans.first ?? name.span) { $0.union($1) })
        let value = self.object(
            kind: Name(inner.kind, name.span), label: inner.label, base: inner, body: body, span: name.span.union(body.span), scope: scope)
        guard !value.isPoison else {
            object.isBroken = true
            return
        }
        object.given[name.text] = Field(value, object.given[name.text]?.origin ?? Origin(body.span))
    }

    /// Evaluates one field of a body, or what a dotted path leads to inside it.
    private func field(
        _ path: [Name], _ expression: Expression, of kind: Kind, into object: inout Object, seen: inout Set<String>, scope: Scope?
    ) {
        guard let first = path.first, let parameter = kind.fields.first(where: { $0.name == first.text }) else {
            object.isBroken = true
            if let first = path.first {
                unknownField(first, of: kind.name, among: kind.fields.map(\.name) + (kind.hasNetwork ? ["input"] : []))
            }
            return
        }
        let scope = self.scope(scope, ofField: first.text, in: object, kind)
        let dotted = path.map(\.text).joined(separator: ".")
        guard seen.insert(dotted).inserted else {
            object.isBroken = true
            report(Diagnostic("twice", "`\(dotted)` is given twice", at: first.span))
            return
        }
        if path.count == 1 {
            let value = evaluate(expression, scope: scope, expecting: parameter.type)
            guard let fitted = coerce(value, parameter.type, what: "`\(first.text)`", span: expression.span) else {
                object.isBroken = true
                return
            }
            object.given[first.text] = Field(fitted, Origin(expression.span))
            return
        }
        let before = object.given[first.text]?.value ?? parameter.fallback
        guard let value = replacing(path.dropFirst(), in: before, parameter.type, of: first.text, by: expression, scope: scope),
            let fitted = coerce(value, parameter.type, what: "`\(first.text)`", span: expression.span)
        else {
            object.isBroken = true
            return
        }
        object.given[first.text] = Field(fitted, object.given[first.text]?.origin ?? Origin(expression.span))
    }

    /// Adds an inner object to those of another, or puts it in the place of the one of that name that was there before.
    private func add(
        _ name: Name, _ body: Body, _ inner: InnerObjects, to object: inout Object, seen: inout Set<String>, scope: Scope?
    ) {
        guard seen.insert("\(inner.kind) \(name.text)").inserted else {
            object.isBroken = true
            report(Diagnostic("twice", "the \(inner.kind) `\(name.text)` is given twice", at: name.span))
            return
        }
        let value = self.object(
            kind: Name(inner.kind, name.span), label: name.text, base: nil, body: body, span: name.span, scope: scope)
        guard case .object = value else {
            object.isBroken = true
            return
        }
        var objects: [ListItem] = if case .list(let items)? = object.given[inner.field]?.value { items } else { [] }
        if let place = objects.firstIndex(where: { $0.value.object?.label == name.text }) {
            objects[place] = ListItem(value)
        } else {
            objects.append(ListItem(value))
        }
        object.given[inner.field] = Field(.list(objects), Origin(name.span))
    }

    /// Reports an inner object in the body of a kind that has none of its kind.
    private func misplaced(_ innerKind: String, _ name: Name, in kind: Kind) {
        let outer = library.outerKind(of: innerKind)
        report(
            Diagnostic(
                "syntax", "`\(kind.name)` has no \(outer?.inner?.field ?? innerKind)", at: name.span,
                hint: outer.map { "`\(innerKind)` belongs in \($0.phrase)" }))
    }

    /// Reports a field that there is none of, with what was perhaps meant.
    func unknownField(_ name: Name, of what: String, among known: [String]) {
        if let foreign = library.foreignNames[name.text] {
            report(Diagnostic("unknown-field", "`\(what)` has no field `\(name.text)`", at: name.span, label: foreign))
            return
        }
        let near = nearMiss(name.text, among: known)
        report(
            Diagnostic(
                "unknown-field", "`\(what)` has no field `\(name.text)`", at: name.span, label: near.map { "did you mean `\($0)`?" },
                hint: near == nil && !known.isEmpty ? "it has \(known.map { "`\($0)`" }.joined(separator: ", "))" : nil))
    }

    /// Evaluates the inputs, lets and final expression of a model.
    private func network(of kind: Kind, _ body: Body, into object: inout Object, scope: Scope?) {
        let members = body.members.filter {
            switch $0 {
            case .input, .binding, .expression: true
            case .field, .inner: false
            }
        }
        guard !members.isEmpty else {
            if object.network == nil, !body.isBroken {
                object.isBroken = true
                report(
                    Diagnostic(
                        "empty-model", "\(kind.phrase) expected \(kind.network?.contents ?? "a network"), found nothing", at: body.span))
            }
            return
        }
        // A variation that gives layers alone keeps the inputs.
        let isNew = members.contains { if case .input = $0 { true } else { false } }
        let inputs = isNew ? [] : object.network?.inputs ?? []
        networks.append(Network(inputs: inputs))
        defer { networks.removeLast() }
        let inner = Scope(scope)
        for (index, input) in inputs.enumerated() { inner.values[input.name] = .signal(index) }
        for case .input(let name, let shape) in members {
            let value = evaluate(shape, scope: scope, expecting: .list(.number(.count()), count: nil))
            guard let fitted = coerce(value, .list(.number(.count()), count: nil), what: "`input \(name.text)`", span: shape.span) else {
                object.isBroken = true
                continue
            }
            if inner.values[name.text] != nil {
                object.isBroken = true
                report(Diagnostic("twice", "the input `\(name.text)` is declared twice", at: name.span))
            }
            let last = networks.count - 1
            inner.values[name.text] = .signal(networks[last].inputs.count)
            networks[last].inputs.append(NetworkInput(name: name.text, shape: fitted, origin: Origin(shape.span)))
        }
        guard !object.isBroken else { return }
        let input = networks.last?.inputs.first?.name ?? kind.network?.input ?? "input"
        var output: (Value, SourceSpan)?
        for member in members {
            switch member {
            case .binding(let binding): inner.values[binding.name.text] = evaluate(binding.value, scope: inner, expecting: nil)
            case .expression(let expression):
                if output != nil {
                    object.isBroken = true
                    if body.isBroken { return }
                    report(
                        Diagnostic(
                            "two-outputs", "\(kind.phrase) ends in one expression, found a second", at: expression.span,
                            hint: "name the first with `let`"))
                    return
                }
                output = (evaluate(expression, scope: inner, expecting: .signal), expression.span)
            default: break
            }
        }
        guard let output else {
            object.isBroken = true
            if body.isBroken { return }
            report(
                Diagnostic(
                    "empty-model", "\(kind.phrase) expected an expression such as `\(input) >> \(kind.network?.chain ?? "...")`",
                    at: body.span))
            return
        }
        switch output.0 {
        case .signal(let index):
            let last = networks.count - 1
            networks[last].output = index
            object.network = networks[last]
        case .poison: object.isBroken = true
        default:
            object.isBroken = true
            report(
                Diagnostic(
                    "type", "\(kind.phrase) ends in a signal, found \(output.0.phrase)", at: output.1,
                    hint: "begin with an input: `\(input) >> ...`"))
        }
    }
}
