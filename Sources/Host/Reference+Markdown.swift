import Builtins
import Language

extension Reference {
    /// The whole reference as Markdown: the second part of LANGUAGE.md.
    public static var markdown: String {
        var text = "## Kinds\n\n"
        for kind in catalogue.kinds.values.sorted(by: { $0.name < $1.name }) { text += section(kind) }
        for family in families {
            text += "## \(family)\n\n"
            for builtin in builtins(of: family) {
                text += "### `\(builtin.signature)`\n\n\(builtin.summary) Gives \(builtin.result.phrase).\n\n"
                if !builtin.parameters.isEmpty { text += table("argument", builtin.parameters) }
                text += tables(ofRecordsIn: builtin.parameters)
                text += code(builtin.examples)
            }
        }
        for known in catalogue.valueMembers {
            text += "## What \(known.type.phrase) has\n\nTo look at, as in `x.\(known.members.first?.name ?? "max")`:\n\n"
            text += table(of: known.members)
        }
        if !library.isEmpty { text += "## Library\n\nFunctions in the language itself, in `stdlib/`.\n\n" }
        for function in library { text += "### `\(function.signature)`\n\n\(function.comment) In `\(function.file)`.\n\n" }
        text += "## The declarations of the examples\n\nSome examples rest on these:\n\n```\n\(Example.crystals)```\n"
        return text
    }

    private static func section(_ kind: Kind) -> String {
        var text = "### `\(kind.name)`\n\n\(kind.summary)\n\n"
        if kind.hasNetwork {
            text += "Its body holds `input NAME: [height, width, channels]`, perhaps `let`, and one last expression of layers.\n\n"
        }
        if !kind.fields.isEmpty { text += table("field", kind.fields) }
        text += tables(ofRecordsIn: kind.fields)
        if !kind.members.isEmpty {
            text += "To look at:\n\n" + table(of: kind.members)
        }
        return text + code(kind.examples)
    }

    private static func tables(ofRecordsIn parameters: [Parameter]) -> String {
        parameters.filter { !$0.type.recordFields.isEmpty }.map {
            "Fields of `\($0.name)`:\n\n" + table("field", $0.type.recordFields)
        }.joined()
    }

    private static func table(of members: [Member]) -> String {
        "| member | is | meaning |\n| --- | --- | --- |\n"
            + members.map { member in
                let inner = member.members.map { "`.\($0.name)`: \($0.summary)" }.joined(separator: "; ")
                return
                    "| `.\(member.name)` | \(escaped(member.type)) | \(escaped(member.summary + (inner.isEmpty ? "" : ". " + inner))) |\n"
            }.joined() + "\n"
    }

    private static func table(_ heading: String, _ parameters: [Parameter]) -> String {
        var text = "| \(heading) | is | default | meaning |\n| --- | --- | --- | --- |\n"
        for parameter in parameters {
            let fallback = parameter.fallback.map { "`\(source(of: $0))`" } ?? "required"
            let choices = parameter.type.choices.count > 12 ? [] : parameter.type.choices.map { "`\($0.name)`: \($0.summary)" }
            let meaning = parameter.summary + (choices.isEmpty ? "" : ". " + choices.joined(separator: "; "))
            text += "| `\(parameter.name)` | \(escaped(parameter.kindOfValue)) | \(escaped(fallback)) | \(escaped(meaning)) |\n"
        }
        return text + "\n"
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static func code(_ examples: [Example]) -> String {
        examples.map { "```\n\($0.code)\n```\n\n" }.joined()
    }
}
