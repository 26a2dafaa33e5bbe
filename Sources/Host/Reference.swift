import Builtins
import Diagnostics
import Experiments
import Language

/// The reference of the language as text, from the descriptions the checker works by and the library's own comments.
public enum Reference {
    /// The page on a builtin, a kind or a function of the library; nil where nothing has that name.
    public static func page(_ name: String) -> String? {
        if let builtin = catalogue.builtins[name] { return page(builtin) }
        if let kind = catalogue.kinds[name] { return page(kind) }
        return library.first { $0.name == name }.map(page)
    }

    /// The functions of the library.
    static let library = StandardLibrary.functions()

    /// The diagnostic for a name that nothing has.
    public static func unknown(_ name: String) -> Diagnostic {
        if let foreign = catalogue.foreignNames[name] { return Diagnostic("unknown-name", "nothing is called `\(name)`", hint: foreign) }
        let near = nearMiss(name, among: catalogue.builtins.keys.sorted() + catalogue.kinds.keys.sorted() + library.map(\.name) + names)
        return Diagnostic(
            "unknown-name", "nothing is called `\(name)`", hint: near.map { "did you mean `\($0)`?" } ?? "`ecdx help` lists everything")
    }

    /// The families of builtins in the order in which a script comes to them, with those nobody thought of at the end.
    static var families: [String] {
        let order = ["Sources", "Densities", "Tensors", "Splits", "Layers", "Training", "Search spaces", "Results", "Figures"]
        let all = Set(catalogue.builtins.values.map(\.family))
        return order.filter(all.contains) + all.subtracting(order).sorted()
    }

    static func builtins(of family: String) -> [Builtin] {
        catalogue.builtins.values.filter { $0.family == family }.sorted { $0.name < $1.name }
    }

    /// The overview of kinds, builtins and library with a line each, by family.
    public static var overview: String {
        var text = "Kinds\n"
        for kind in catalogue.kinds.values.sorted(by: { $0.name < $1.name }) { text += line(kind.name, firstSentence(kind.summary)) }
        for family in families {
            text += "\n\(family)\n"
            for builtin in builtins(of: family) { text += line(builtin.name, firstSentence(builtin.summary)) }
        }
        if !library.isEmpty { text += "\nLibrary\n" }
        for function in library { text += line(function.name, function.summary) }
        return text
    }

    /// Breaks the long lines of a text between words, each piece indented as its line was.
    public static func fitted(_ text: String, to width: Int?) -> String {
        guard let width, width > 30 else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard displayWidth(String(line)) > width else { return String(line) }
            let indent = String(line.prefix { $0 == " " })
            // Code keeps its lines.
            if indent.count >= codeIndent { return String(line) }
            // The overview has names in its first column: what follows stands below the second.
            let hanging = line.dropFirst(indent.count).firstRange(of: "  ") != nil ? 22 : indent.count
            let pieces = wrapped(String(line.dropFirst(hanging)), to: width - hanging)
            return pieces.enumerated().map {
                ($0.offset == 0 ? String(line.prefix(hanging)) : String(repeating: " ", count: hanging)) + $0.element
            }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func firstSentence(_ text: String) -> String {
        text.firstRange(of: ". ").map { String(text[..<$0.lowerBound]) + "." } ?? text
    }

    private static func line(_ name: String, _ summary: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 20 - name.count)) + summary + "\n"
    }

    private static func page(_ builtin: Builtin) -> String {
        var text = "\(builtin.signature)\n\n  \(builtin.summary)\n"
        if !builtin.parameters.isEmpty { text += "\n" }
        for parameter in builtin.parameters {
            text += describe(parameter)
            for entry in parameter.type.recordFields { text += describe(entry, indent: 4) }
        }
        text += "\n  gives \(builtin.result.phrase)\n"
        return text + examples(builtin.examples)
    }

    private static func page(_ kind: Kind) -> String {
        var text = "\(kind.name) NAME { field: value ... }\n\n  \(kind.summary)\n"
        if kind.hasNetwork { text += "\n  input NAME: [height, width, channels]\n  NAME >> layer >> layer\n" }
        if !kind.fields.isEmpty { text += "\n" }
        for field in kind.fields {
            text += describe(field)
            for entry in field.type.recordFields { text += describe(entry, indent: 4) }
        }
        if !kind.members.isEmpty { text += "\n  to look at\n" }
        for member in kind.members {
            let inner = member.members.isEmpty ? "" : ": " + member.members.map { "`.\($0.name)`" }.joined(separator: ", ")
            text += "    .\(member.name)\n      \(member.type): \(member.summary)\(inner)\n"
        }
        return text + examples(kind.examples)
    }

    private static func page(_ function: DocumentedFunction) -> String {
        "\(function.signature)\n\n  \(function.comment)\n\n  a function of the library, \(function.file)\n"
    }

    private static func describe(_ parameter: Parameter, indent: Int = 2) -> String {
        let head = String(repeating: " ", count: indent) + parameter.name + (parameter.fallback.map { " = " + source(of: $0) } ?? "")
        let below = String(repeating: " ", count: indent + 2)
        // Of a list of names that say it all, such as those of colour maps, there is no line for each.
        let choices = parameter.type.choices.count > 12 ? [] : parameter.type.choices.map { "\(below)  \($0.name): \($0.summary)\n" }
        return "\(head)\n\(below)\(parameter.kindOfValue): \(parameter.summary)\n" + choices.joined()
    }

    /// The number of columns by which code is indented on a page.
    private static let codeIndent = 8

    private static func examples(_ examples: [Example]) -> String {
        var text = ""
        for example in examples {
            text += example.setting == .crystals ? "\n  example, after the declarations of `ecdx help experiment`\n\n" : "\n  example\n\n"
            text += example.code.split(separator: "\n", omittingEmptySubsequences: false).map {
                String(repeating: " ", count: codeIndent) + $0 + "\n"
            }.joined()
        }
        return text
    }
}

extension Parameter {
    /// The value that the parameter takes: its type, its unit, and whether it may vary.
    var kindOfValue: String {
        let plain = if case .record = type { "a record" } else { type.phrase }
        return plain + (unit.map { " (\($0))" } ?? "") + (type.mayVary ? ", or a search space" : "")
    }
}

extension ValueType {
    /// The fields of the record that the type takes, be it among other things.
    var recordFields: [Parameter] {
        alternatives.flatMap { type -> [Parameter] in if case .record(let fields) = type { fields } else { [] } }
    }
}
