import Builtins
import Language

/// An open bracket at the cursor, and how far its contents have come.
struct CursorFrame {
    enum Kind: Hashable {
        /// The outermost level of a script.
        case script
        /// The braces of a `for` or an `if`.
        case block
        /// The braces of a declaration of this kind.
        case body(String)
        /// The braces of a record, `{ name: value }`, where a value of this type is expected.
        case record(ValueType?)
        /// The parentheses after a name; the value before `|>` is the first argument.
        case arguments(String, piped: Bool)
        case list(ValueType?)
        case group(ValueType?)
        /// The brackets behind a value.
        case index
    }

    var kind: Kind
    /// The fields or named arguments given so far.
    var given: Set<String> = []
    /// The number of positional arguments before this one.
    var position = 0
    /// The path of the field before the colon, such as `target`, `column` behind `target.column:`; empty before a colon.
    var path: [String] = []
    /// The tokens of the current member, argument or statement, after its colon; brackets inside left out.
    var item: [Token] = []

    /// Whether a new member, argument or statement begins here.
    var isAtStart: Bool { item.isEmpty && path.isEmpty }
}

extension CursorFrame {
    /// The brackets open behind these tokens, outermost first, the script itself at the beginning.
    static func frames(of tokens: [Token], knowing names: SessionNames) -> [CursorFrame] {
        var frames = [CursorFrame(kind: .script)]
        for (index, token) in tokens.enumerated() {
            let last = frames.count - 1
            switch token.kind {
            case .symbol("{"):
                frames.append(CursorFrame(kind: frames[last].braces(tokens[..<index], names)))
            case .symbol("("):
                if case .name(let callee)? = tokens[..<index].last?.kind, !reservedWords.contains(callee) {
                    let piped = index > 1 && tokens[index - 2].isSymbol("|>")
                    frames.append(CursorFrame(kind: .arguments(callee, piped: piped), position: piped ? 1 : 0))
                } else {
                    frames.append(CursorFrame(kind: .group(frames[last].slot(names))))
                }
            case .symbol("["):
                let behind = tokens[..<index].last.map { $0.isValueEnd } ?? false
                frames.append(CursorFrame(kind: behind ? .index : .list(frames[last].slot(names)?.item)))
            case .symbol(")"), .symbol("]"), .symbol("}"):
                if frames.count > 1 { frames.removeLast() }
                frames[frames.count - 1].item.append(token)
            case .symbol(","), .newline: frames[last].endItem(isComma: token.kind != .newline)
            case .symbol(":"): frames[last].colon(token)
            default: frames[last].item.append(token)
            }
        }
        return frames
    }

    private mutating func endItem(isComma: Bool) {
        if case .arguments = kind, path.isEmpty, isComma { position += 1 }
        if case .script = kind, isComma { return }
        path = []
        item = []
    }

    private mutating func colon(_ token: Token) {
        let names = item.compactMap(\.fieldName)
        switch kind {
        case .body, .record, .arguments:
            guard path.isEmpty, let first = names.first else { return }
            // `input plane:` of a model gives no field.
            if first != "input" { given.insert(names.joined(separator: ".")) }
            path = names
            item = []
        default: item.append(token)
        }
    }

    /// The kind of the brace that follows these tokens.
    private func braces(_ before: ArraySlice<Token>, _ names: SessionNames) -> Kind {
        func word(_ back: Int) -> String? {
            let index = before.endIndex - back
            guard index >= before.startIndex, case .name(let name) = before[index].kind else { return nil }
            return name
        }
        if let word = word(1) {
            if names.kinds.contains(word) { return .body(word) }
            if word == "with" {
                if case .object(let kind)? = names.subject(of: before.dropLast())?.type { return .body(kind) }
                return .record(nil)
            }
            if word == "else" { return .block }
        }
        let words = item.compactMap { token -> String? in if case .name(let name) = token.kind { name } else { nil } }
        if let first = words.first, words.contains("like") || words.count == 2, item.count >= 2 {
            if names.kinds.contains(first) { return .body(first) }
            if first == "stage" { return .record(nil) }
        }
        if words.contains("for") || words.contains("if") { return .block }
        return .record(slot(names))
    }

    /// The type expected at the place this frame has come to, where that is known.
    func slot(_ names: SessionNames) -> ValueType? {
        switch kind {
        case .body(let name):
            guard let first = path.first, let field = catalogue.kinds[name]?.fields.first(where: { $0.name == first }) else { return nil }
            return path.dropFirst().reduce(field.type as ValueType?) { $0?.field($1) }
        case .record(let type): return path.first.flatMap { type?.field($0) }
        case .arguments(let callee, _):
            guard let builtin = catalogue.builtins[callee] else { return nil }
            if let name = path.first { return builtin.parameters.first { $0.name == name }?.type }
            return builtin.parameters.indices.contains(position) ? builtin.parameters[position].type : nil
        case .list(let item): return item
        case .group(let type): return type
        case .script, .block: return verbSlot
        case .index: return nil
        }
    }

    /// The type that the words of an action ask for.
    private var verbSlot: ValueType? {
        guard let types = (item.first?.verb).flatMap({ catalogue.actions[$0] }) else { return nil }
        switch item.last?.kind {
        case .name("to"): return .path
        case .name("on"): return types.on
        default: return item.count == 1 ? types.subject ?? types.offered : nil
        }
    }
}

extension Token {
    /// The verb of an action that the token is; nil for any other.
    var verb: Verb? { if case .name(let word) = kind { Verb(rawValue: word) } else { nil } }

    /// Whether a bracket behind this token applies to a value that ends here.
    var isValueEnd: Bool {
        switch kind {
        case .name(let word): !reservedWords.contains(word)
        case .symbol(")"), .symbol("]"): true
        default: false
        }
    }
}

extension ValueType {
    /// The fields of a record, if one with known fields may stand here.
    var fieldsInside: [Parameter]? {
        alternatives.lazy.compactMap { if case .record(let fields) = $0 { fields } else { nil } }.first
    }

    /// Whether a path of a file may stand here.
    var takesPath: Bool { alternatives.contains { [.path, .template].contains($0) } }

    /// The words that may stand here, `none` and truth values among them; nil where anything else may too.
    var onlyWords: [String]? {
        let each = alternatives.map { type -> [String]? in
            let words = type.someWords
            return words.isEmpty ? nil : words
        }
        return each.contains { $0 == nil } ? nil : each.flatMap { $0 ?? [] }
    }

    /// The words among what may stand here.
    var someWords: [String] {
        alternatives.flatMap { type -> [String] in
            switch type {
            case .bool: ["true", "false"]
            case .none: ["none"]
            default: type.words
            }
        }
    }

    /// Whether a value of this type may stand where `wanted` is expected. `any` takes no part: it says nothing.
    func fits(_ wanted: ValueType) -> Bool {
        wanted.alternatives.contains { wanted in alternatives.contains { $0.isOne(of: wanted) } }
    }

    /// Whether a value of this type, which has no alternatives, may stand where `wanted`, which has none, is expected.
    private func isOne(of wanted: ValueType) -> Bool {
        switch (wanted, self) {
        case (.tensor(let a), .tensor(let b)): a.hasCell(as: b)
        case (.number, .number), (.bool, .bool), (.text, .text), (.path, .text), (.template, .text), (.range, .range),
            (.function, .function):
            true
        case (.list(let a, _), .list(let b, _)): b == .any || b.fits(a)
        case (.object(let a), .object(let b)): a == b
        case (.sort(let a), .sort(let b)): a == b
        default: false
        }
    }
}
