import Builtins
import Diagnostics
import Language

/// The reference of the language as text, from the descriptions the checker works by.
public enum Reference {
    /// One page on a builtin or a kind; nil where nothing has that name.
    public static func page(_ name: String) -> String? {
        if let builtin = catalogue.builtins[name] { return page(builtin) }
        if let kind = catalogue.kinds[name] { return page(kind) }
        return nil
    }

    /// What to say where nothing has that name.
    public static func unknown(_ name: String) -> Diagnostic {
        if let foreign = catalogue.foreignNames[name] { return Diagnostic("unknown-name", "nothing is called `\(name)`", hint: foreign) }
        let near = nearMiss(name, among: Array(catalogue.builtins.keys).sorted() + catalogue.kinds.keys.sorted())
        return Diagnostic("unknown-name", "nothing is called `\(name)`", hint: near.map { "did you mean `\($0)`?" } ?? "`ecdx help` lists everything")
    }

    /// Kinds and builtins with a line each, by family.
    public static var overview: String {
        var text = "Kinds\n"
        for kind in catalogue.kinds.values.sorted(by: { $0.name < $1.name }) { text += line(kind.name, kind.summary) }
        for family in Set(catalogue.builtins.values.map(\.family)).sorted() {
            text += "\n\(family)\n"
            for builtin in catalogue.builtins.values.filter({ $0.family == family }).sorted(by: { $0.name < $1.name }) { text += line(builtin.name, builtin.summary) }
        }
        return text
    }

    /// The text with its long lines broken between words, each piece indented as its line was.
    public static func fitted(_ text: String, to width: Int?) -> String {
        guard let width, width > 30 else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard displayWidth(String(line)) > width else { return String(line) }
            let indent = String(line.prefix { $0 == " " })
            // The overview has names in its first column: what follows stands below the second.
            let hanging = line.dropFirst(indent.count).firstRange(of: "  ") != nil ? 22 : indent.count
            let pieces = wrapped(String(line.dropFirst(hanging)), to: width - hanging)
            return pieces.enumerated().map { ($0.offset == 0 ? String(line.prefix(hanging)) : String(repeating: " ", count: hanging)) + $0.element }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func line(_ name: String, _ summary: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 20 - name.count)) + summary + "\n"
    }

    private static func page(_ builtin: Builtin) -> String {
        var text = "\(builtin.signature)\n\n  \(builtin.summary)\n"
        if !builtin.parameters.isEmpty { text += "\n" }
        for parameter in builtin.parameters { text += describe(parameter) }
        text += "\n  gives \(builtin.result.phrase)\n"
        return text + examples(builtin.examples)
    }

    private static func page(_ kind: Kind) -> String {
        var text = "\(kind.name) NAME { field: value ... }\n\n  \(kind.summary)\n"
        if kind.hasNetwork { text += "\n  input NAME: [height, width, channels]\n  NAME >> layer >> layer\n" }
        if !kind.fields.isEmpty { text += "\n" }
        for field in kind.fields {
            text += describe(field)
            if case .record(let inner) = field.type { for entry in inner { text += describe(entry, indent: 6) } }
        }
        if !kind.memberNames.isEmpty { text += "\n  has " + kind.memberNames.map { ".\($0)" }.joined(separator: ", ") + "\n" }
        return text + examples(kind.examples)
    }

    private static func describe(_ parameter: Parameter, indent: Int = 2) -> String {
        var fallback = ""
        if case .fallback(let value) = parameter.presence { fallback = " = " + source(of: value) }
        let head = String(repeating: " ", count: indent) + parameter.name + fallback
        let type = if case .record = parameter.type { "a record" } else { parameter.type.phrase }
        return "\(head)\n\(String(repeating: " ", count: indent + 4))\(type): \(parameter.summary)\n"
    }

    private static func examples(_ examples: [Example]) -> String {
        guard !examples.isEmpty else { return "" }
        return "\n" + examples.map { $0.code.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }
}
