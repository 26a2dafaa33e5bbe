import Builtins
import Language

extension Reference {
    /// The whole reference as Markdown: the second part of LANGUAGE.md.
    public static var markdown: String {
        var text = ""
        for kind in catalogue.kinds.values.sorted(by: { $0.name < $1.name }) {
            text += "### `\(kind.name)`\n\n\(kind.summary)\n\n"
            if kind.hasNetwork { text += "Its body holds `input NAME: [height, width, channels]`, perhaps `let`, and one last expression of layers.\n\n" }
            if !kind.fields.isEmpty { text += table("field", kind.fields) }
            for field in kind.fields {
                if case .record(let inner) = field.type { text += "Fields of `\(field.name)`:\n\n" + table("field", inner) }
            }
            if !kind.memberNames.isEmpty { text += "To look at: " + kind.memberNames.map { "`.\($0)`" }.joined(separator: ", ") + ".\n\n" }
            text += code(kind.examples)
        }
        for family in Set(catalogue.builtins.values.map(\.family)).sorted() {
            text += "### \(family)\n\n"
            for builtin in catalogue.builtins.values.filter({ $0.family == family }).sorted(by: { $0.name < $1.name }) {
                text += "#### `\(builtin.signature)`\n\n\(builtin.summary) Gives \(builtin.result.phrase).\n\n"
                if !builtin.parameters.isEmpty { text += table("argument", builtin.parameters) }
                text += code(builtin.examples)
            }
        }
        return text
    }

    private static func table(_ heading: String, _ parameters: [Parameter]) -> String {
        var text = "| \(heading) | is | default | meaning |\n| --- | --- | --- | --- |\n"
        for parameter in parameters {
            let type = if case .record = parameter.type { "a record" } else { parameter.type.phrase }
            let fallback = if case .fallback(let value) = parameter.presence { "`\(source(of: value))`" } else { "required" }
            text += "| `\(parameter.name)` | \(escaped(type)) | \(escaped(fallback)) | \(escaped(parameter.summary)) |\n"
        }
        return text + "\n"
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static func code(_ examples: [Example]) -> String {
        examples.map { "```\n\($0.code)\n```\n\n" }.joined()
    }
}
