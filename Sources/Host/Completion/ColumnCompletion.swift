import Builtins
import Language

/// Completes names of columns inside a string: in brackets behind a table, `t["k`, where an argument names a column, `by: "ph`, and in the
/// braces of a path, `"pictures/{Sam`.
struct ColumnCompleter {
    /// Arguments and fields that name a column in quotes.
    private static let labels: Set<String> = ["by", "column", "id", "label", "x", "y"]

    /// The columns that may stand in a string whose text begins at `start`; nil where none is named there.
    func completions(_ question: CompletionQuestion, from start: Int) -> Completions? {
        let typed = slice(of: question.text, from: start, to: question.offset)
        let tokens = question.place.tokens
        // An escape stands for another character than it shows.
        guard !typed.utf8.contains(0x5C) else { return nil }
        if let open = typed.lastIndex(of: "{"), !typed[open...].contains("}") {
            let inner = typed[typed.index(after: open)...]
            return found(all(question), beginning: String(inner), from: question.offset - inner.utf8.count, suffix: "}")
        }
        if tokens.last?.isSymbol("[") == true {
            let before = tokens.dropLast()
            if before.last?.isName("row") == true {
                return found(all(question), beginning: typed, from: start, suffix: "\"]")
            }
            guard case .value(let value)? = question.names.subject(of: before[...]), hasColumns(value) else { return nil }
            return found(question.names.columns(value), beginning: typed, from: start, suffix: "\"]")
        }
        guard tokens.last?.isSymbol(":") == true, case .name(let label)? = tokens.dropLast().last?.kind, Self.labels.contains(label) else {
            return nil
        }
        return found(all(question), beginning: typed, from: start, suffix: "\"")
    }

    /// The columns of all tables and data sets of the session, each once.
    private func all(_ question: CompletionQuestion) -> [String] {
        var seen: Set<String> = []
        return question.names.sorted.flatMap { entry -> [String] in
            guard let value = question.names.values[entry.name], hasColumns(value) else { return [] }
            return question.names.columns(value)
        }.filter { seen.insert($0).inserted }
    }

    private func hasColumns(_ value: Value) -> Bool {
        if case .call(let call) = value, case .sort(let sort) = call.type { return sort.hasColumns }
        return value.object.map { catalogue.kinds[$0.kind]?.hasColumns == true } ?? false
    }

    private func found(_ names: [String], beginning typed: String, from start: Int, suffix: String) -> Completions? {
        // A name that a string cannot hold as it is would have to be escaped.
        let fitting = names.filter { $0.hasPrefix(typed) && !$0.isEmpty && !$0.contains { "\"\\{}\n".contains($0) } }
        guard !fitting.isEmpty else { return nil }
        return Completions(replaceFrom: start, fitting.prefix(1000).map { .init($0, suffix: suffix) })
    }
}
