import Diagnostics
import Language

/// The dependents of redeclared names: values that changed because names were declared anew.
enum Staleness {
    /// The names whose values have changed, each with those of `declared` that it rests on.
    ///
    /// `text` gives the declaration of a name. A function is compared by what is made with it.
    static func stale(
        declared: Set<String>, before: [String: Value], after: [String: Value], text: (String) -> String?
    ) -> [(name: String, rests: [String])] {
        let functions = after.filter { if case .function = $0.value { true } else { false } }.keys
        let changed = after.keys.filter { name in
            guard !declared.contains(name), let old = before[name], !functions.contains(name), let new = after[name] else { return false }
            return old != new
        }
        guard !changed.isEmpty else { return [] }
        let between = Set(changed).union(functions).subtracting(declared)
        var uses: [String: Set<String>] = [:]
        for name in between { uses[name] = text(name).map { namesUsed(in: $0) } ?? [] }
        return changed.sorted().compactMap { name in
            var reached: Set<String> = []
            var pending = [name]
            while let next = pending.popLast() {
                for used in uses[next] ?? [] where reached.insert(used).inserted { pending.append(used) }
            }
            let rests = reached.intersection(declared).sorted()
            return rests.isEmpty ? nil : (name, rests)
        }
    }

    /// The words of a text that may be names of something: not those behind a dot or before a colon.
    static func namesUsed(in text: String) -> Set<String> { namesUsed(in: Lexer.lex(text, file: "declaration").tokens) }

    private static func namesUsed(in tokens: [Token]) -> Set<String> {
        var found: Set<String> = []
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .name(let name):
                if index > 0, tokens[index - 1].isSymbol(".") { continue }
                if index + 1 < tokens.count, tokens[index + 1].isSymbol(":") { continue }
                found.insert(name)
            case .string(let pieces):
                for case .code(let inner) in pieces { found.formUnion(namesUsed(in: inner)) }
            default: break
            }
        }
        return found
    }

    /// The notes on stale names, one line for each name that was declared anew: `` `bulk` rests on `cnn`: it is computed
    /// anew ``.
    static func notes(_ stale: [(name: String, rests: [String])]) -> [String] {
        Set(stale.flatMap(\.rests)).sorted().map { declared in
            let names = stale.filter { $0.rests.contains(declared) }.map { "`\($0.name)`" }
            let shown = names.count > 5 ? names.prefix(4).joined(separator: ", ") + " and \(names.count - 4) more" : joinedByAnd(names)
            return
                "\(shown) \(names.count == 1 ? "rests" : "rest") on `\(declared)`: \(names.count == 1 ? "it is" : "they are") computed anew"
        }
    }
}
