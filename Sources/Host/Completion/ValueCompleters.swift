import Builtins
import Language

/// Completes members behind a dot, by the value before it.
struct MemberCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        guard question.follows(".") else { return .pass }
        let before = question.place.tokens.dropLast()
        if let subject = question.names.subject(of: before) { return .only(question.names.members(of: subject).map { .init($0) }) }
        // `validation.loss`, where no such name is declared.
        if case .name(let part)? = before.last?.kind {
            return .only(monitors.filter { $0.hasPrefix(part + ".") }.map { .init(String($0.dropFirst(part.utf8.count + 1))) })
        }
        return .only([])
    }
}

/// Completes functions behind `|>`, by what they are given, and layers behind `>>`.
struct FunctionCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        if question.follows("|>") {
            let subject = question.names.subject(of: question.place.tokens.dropLast())
            let known = catalogue.builtins.values.filter { $0.parameters.first != nil }
            let fitting = known.filter { builtin in
                subject?.type.map { type in builtin.parameters.first.map { type.fits($0.type) } ?? false } ?? true
            }
            let builtins = fitting.isEmpty ? known : fitting
            return .only(builtins.sorted { $0.name < $1.name }.map { $0.candidate(besides: 1) } + functions(question.names))
        }
        if question.follows(">>") {
            let layers = catalogue.builtins.values.filter { $0.result.fits(.sort(.layer)) }.sorted { $0.name < $1.name }
            let networks = question.names.names(fitting: Self.networks)
            return .only(layers.map { $0.candidate() } + networks.map { .init($0) } + functions(question.names, giving: Self.networks))
        }
        return .pass
    }

    private static let networks: [ValueType] = [.sort(.layer), .object("model"), .object("backbone")]

    /// The functions whose result is one of these types, or not known.
    private func functions(_ names: SessionNames, giving wanted: [ValueType] = []) -> [Completions.Candidate] {
        names.functions.filter { function in
            wanted.isEmpty || function.value.gives.map { gives in wanted.contains { gives.fits($0) } } ?? true
        }
        .keys.sorted().map { .init($0, suffix: "(") }
    }
}

/// Completes named arguments of the function whose parentheses are open, those not given yet.
struct ArgumentCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        let frame = question.frame
        guard case .arguments(let callee, _) = frame.kind, frame.isAtStart else { return .pass }
        let names: [String]
        if let builtin = catalogue.builtins[callee] {
            names = builtin.parameters.map(\.name)
        } else if let function = question.names.functions[callee] {
            names = function.parameters
        } else {
            return .pass
        }
        return .also(names.dropFirst(frame.position).filter { !frame.given.contains($0) }.map { .init($0, suffix: ": ") })
    }
}

/// Completes words, where a parameter or a field takes words.
struct WordCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        guard let expected = question.expected else { return .pass }
        if let only = expected.onlyWords {
            let isNamed = !question.frame.path.isEmpty
            // What watches a run may not watch its holdout.
            let words = only.filter { !$0.hasPrefix("holdout.") }.map { Completions.Candidate($0) }
            return isNamed && words.contains { question.matches($0.text) } ? .only(words) : .also(words)
        }
        let words = expected.someWords.map { Completions.Candidate($0) }
        return words.isEmpty ? .pass : .also(words)
    }
}

/// Completes names and functions that give what is expected; where none begins as what was typed, anything may.
struct FittingCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        guard let expected = question.expected, expected.onlyWords == nil else { return .pass }
        var found: [Completions.Candidate] = question.names.fresh.filter { $0.kind.map { ValueType.object($0).fits(expected) } ?? false }
            .map { .init($0.name) }
        found += question.names.names(fitting: [expected]).map { .init($0) }
        found += catalogue.builtins.values.filter { $0.result.fits(expected) }.sorted { $0.name < $1.name }.map { $0.candidate() }
        found += question.names.functions.filter { $0.value.gives?.fits(expected) ?? false }.keys.sorted().map { .init($0, suffix: "(") }
        return found.contains { question.matches($0.text) } ? .only(found) : .pass
    }
}

/// Completes every name that can be used: declarations first, then the library, builtins, kinds and words of the language.
struct NameCompleter: Completer {
    var isLastResort: Bool { true }

    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        let names = question.names
        var found: [Completions.Candidate] = question.locals.map { .init($0) }
        found += names.declared.filter(question.matches).map { name in .init(name, suffix: names.functions[name] == nil ? "" : "(") }
        found += names.library.map { .init($0, suffix: names.functions[$0] == nil ? "" : "(") }
        found += catalogue.builtins.values.sorted { $0.name < $1.name }.map { $0.candidate() }
        let begins = question.frame.item.isEmpty
        switch question.frame.kind {
        case .script where begins: found += (names.kinds.sorted() + Self.statements).map { .init($0, suffix: " ") }
        default: found += names.kinds.filter { catalogue.kinds[$0] != nil }.sorted().map { .init($0, suffix: " { ") }
        }
        found += Self.expressions.map { .init($0) }
        if let form = question.frame.item.first?.verb?.form, form.to != .absent, question.frame.item.count > 1 {
            found += [.init("to", suffix: " ")]
        }
        return .only(found)
    }

    private static let statements = statementWords.sorted()
    private static let expressions = ["and", "else", "false", "for", "if", "in", "none", "not", "or", "true", "with"]
}

extension CompletionQuestion {
    /// The local names of the current statement: inputs, `let`s, loop variables and parameters.
    var locals: [String] {
        let tokens = place.tokens
        var found: [String] = []
        for (index, token) in tokens.enumerated() where index + 1 < tokens.count {
            guard case .name(let word) = token.kind, case .name(let name) = tokens[index + 1].kind else { continue }
            if ["input", "let", "for"].contains(word), !reservedWords.contains(name) { found.append(name) }
        }
        guard let start = tokens.firstIndex(where: { $0.isName("def") }),
            let open = tokens[start...].firstIndex(where: { $0.isSymbol("(") })
        else { return found }
        for index in open..<tokens.count {
            if tokens[index].isSymbol(")") { break }
            guard tokens[index].isSymbol("(") || tokens[index].isSymbol(","), index + 1 < tokens.count,
                case .name(let name) = tokens[index + 1].kind
            else { continue }
            found.append(name)
        }
        return found
    }
}

extension Builtin {
    /// The name, with `(` where something must be given beside the first `besides` parameters.
    func candidate(besides count: Int = 0) -> Completions.Candidate {
        .init(name, suffix: parameters.dropFirst(count).contains(where: \.isRequired) ? "(" : "")
    }
}
