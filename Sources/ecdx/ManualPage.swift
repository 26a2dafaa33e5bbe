import ArgumentParser
import Diagnostics
import Storage

/// A generator of the part of docs/ecdx.1 that describes the subcommands, in the mdoc language, from what the subcommands
/// say of themselves.
enum ManualPage {
    static func commands() throws -> String {
        guard let list = try JSONValue(parsing: Array(Ecdx._dumpHelp().utf8))["command"]?["subcommands"]?.arrayValue else {
            throw Diagnostic("internal", "the command line does not describe itself")
        }
        return list.filter { $0["shouldDisplay"]?.boolValue != false && !isOfTheParser($0) }.map(section).joined()
    }

    /// Whether a command is the `help` that the parser adds of its own behind ours.
    private static func isOfTheParser(_ command: JSONValue) -> Bool {
        command["arguments"]?.arrayValue?.contains { $0["valueName"]?.stringValue == "subcommands" } == true
    }

    private static func section(_ command: JSONValue) -> String {
        let name = command["commandName"]?.stringValue ?? ""
        let arguments = (command["arguments"]?.arrayValue ?? []).filter { argument in
            argument["shouldDisplay"]?.boolValue != false && !["help", "version"].contains(argument["preferredName"]?["name"]?.stringValue)
        }
        let paragraphs = [command["abstract"], command["discussion"]].compactMap { $0?.stringValue }.filter { !$0.isEmpty }
        var text = ".Ss ecdx \(name)\n" + paragraphs.map { escaped($0) + "\n" }.joined(separator: ".Pp\n")
        let nested = command["subcommands"]?.arrayValue ?? []
        if !arguments.isEmpty {
            text += ".Bl -tag -width Ds\n"
            for argument in arguments { text += item(argument) }
            text += ".El\n"
        }
        return text
            + nested.filter { $0["shouldDisplay"]?.boolValue != false }.map { inner in
                guard case .object(var members) = inner else { return "" }
                members["commandName"] = .string(name + " " + (inner["commandName"]?.stringValue ?? ""))
                return section(.object(members))
            }.joined()
    }

    private static func item(_ argument: JSONValue) -> String {
        let value = argument["valueName"]?.stringValue ?? ""
        let summary = escaped([argument["abstract"], argument["discussion"]].compactMap { $0?.stringValue }.joined(separator: "\n"))
        guard argument["kind"]?.stringValue != "positional" else {
            let dots = argument["isRepeating"]?.boolValue == true ? " ..." : ""
            return (argument["isOptional"]?.boolValue == true ? ".It Op Ar " : ".It Ar ") + escaped(value) + dots + "\n\(summary)\n"
        }
        let names = (argument["names"]?.arrayValue ?? []).map { name in
            (name["kind"]?.stringValue == "short" ? "Fl " : "Fl \\-") + escaped(name["name"]?.stringValue ?? "")
        }
        let takesValue = argument["kind"]?.stringValue == "option"
        return ".It " + names.map { takesValue ? "\($0) Ar \(escaped(value))" : $0 }.joined(separator: " , ") + "\n\(summary)\n"
    }

    /// Escapes a text for mdoc: a sentence a line, with nothing left in it that would be taken for a request or a hyphen to
    /// break at.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing(". ", with: ".\n").replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("`", with: "\\(ga")
        return plain.split(separator: "\n").flatMap { folded(String($0)) }.map { line in
            line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
        }.joined(separator: "\n")
    }

    /// Folds a line into lines of at most 78 bytes, as mdoc wants its source.
    private static func folded(_ line: String) -> [String] {
        var lines: [String] = []
        for word in line.split(separator: " ") {
            if let last = lines.last, last.utf8.count + 1 + word.utf8.count <= 78 {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
