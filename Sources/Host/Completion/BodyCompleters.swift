import Builtins
import Language

/// Completes fields inside fields at the start of a member: `target.column: `.
struct DottedFieldCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        let frame = question.frame
        guard case .body(let name) = frame.kind, frame.path.isEmpty, question.follows("."), let kind = catalogue.kinds[name] else {
            return .pass
        }
        var path: [String] = []
        for (index, token) in frame.item.enumerated() {
            if index % 2 == 1 { if token.isSymbol(".") { continue } else { return .pass } }
            guard case .name(let name) = token.kind else { return .pass }
            path.append(name)
        }
        guard let first = path.first, let field = kind.fields.first(where: { $0.name == first }) else { return .pass }
        let type = path.dropFirst().reduce(field.type as ValueType?) { $0?.field($1) }
        return .only(fields(type?.fieldsInside ?? [], given: [], question))
    }
}

/// Completes fields of the kind or the record whose braces are open, those not given yet.
struct FieldCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        let frame = question.frame
        guard frame.isAtStart else { return .pass }
        switch frame.kind {
        case .body(let name):
            guard let kind = catalogue.kinds[name] else { return .only([]) }
            let own = fields(kind.fields, given: frame.given, question)
            return kind.hasNetwork
                ? .also(own + [.init("input", suffix: " "), .init("let", suffix: " ")] + question.locals.map { .init($0) }) : .only(own)
        case .record(let type?):
            return type.fieldsInside.map { .only(fields($0, given: frame.given, question)) } ?? .only([])
        case .record(nil): return .only([])
        default: return .pass
        }
    }
}

/// Turns fields into candidates. One that is given already is offered where nothing else begins as what was typed.
private func fields(_ parameters: [Parameter], given: Set<String>, _ question: CompletionQuestion) -> [Completions.Candidate] {
    let open = parameters.filter { !given.contains($0.name) }
    let shown = open.contains { question.matches($0.name) } ? open : parameters
    return shown.map { .init($0.name, suffix: ": ") }
}

/// Ends completion where something gets a new name: there is nothing to offer but what comes with it.
struct NewNameCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        let frame = question.frame
        let item = frame.item
        guard case .name(let last)? = item.last?.kind else { return typeOfParam(question) }
        switch frame.kind {
        case .script, .block:
            if ["let", "def", "param"].contains(last), item.count == 1 { return .only([]) }
            if item.count == 1, question.names.kinds.contains(last) { return .only([]) }
            if item.count == 2, case .name(let kind) = item[0].kind, question.names.kinds.contains(kind) {
                return .only([.init("like", suffix: " ")])
            }
            if last == "like", case .name(let kind) = item[0].kind { return .only(objects(of: kind, question.names)) }
        case .body: if last == "input" || last == "let" { return .only([]) }
        default: break
        }
        return last == "for" ? .only([]) : .pass
    }

    /// Offers the few types that `param folder: ` takes.
    private func typeOfParam(_ question: CompletionQuestion) -> CompletionAnswer {
        let item = question.frame.item
        guard item.count == 3, item[0].isName("param"), item[2].isSymbol(":") else { return .pass }
        return .only(paramTypes.map { .init($0, suffix: " = ") })
    }

    private func objects(of kind: String, _ names: SessionNames) -> [Completions.Candidate] {
        let here = names.fresh.filter { $0.kind == kind }.map(\.name)
        return (here + names.names(fitting: [.object(kind)])).map { .init($0, suffix: " { ") }
    }
}
