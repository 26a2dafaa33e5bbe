import ArgumentParser
import Diagnostics

/// A command line that the parser of arguments refused, in the words of ecdx.
struct UsageFault {
    /// The subcommand, such as `run` or `runs list`; empty where the line names none.
    let command: String
    /// What the parser says, without what it says around it.
    private let said: String
    /// What the parser's help says of the option or the argument at fault; nil where it says nothing.
    private let help: String?
    private let options: [String]
    /// The first option of the line that the subcommand does not have: it matters more than what else is missing.
    private let unknown: String?

    /// Creates the fault of a line. `message`: the whole message of the parser.
    init(message: String, arguments: [String]) {
        let lines = message.split(separator: "\n").map(String.init)
        said = String((lines.first ?? "").trimmingPrefix("Error: "))
        help = lines.first { $0.hasPrefix("Help:") }.flatMap(Self.summary)
        let usage = lines.first { $0.hasPrefix("Usage: ecdx") } ?? ""
        command = usage.dropFirst("Usage: ecdx".count).split(separator: " ").prefix { $0.first?.isLetter ?? false }.joined(separator: " ")
        options = usage.matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) } + ["--help", "--version"]
        unknown = arguments.filter { $0.hasPrefix("--") && $0.count > 2 }.map { String($0.prefix { $0 != "=" }) }.first { [options] in
            !options.contains($0)
        }
    }

    /// The summary of an option or an argument in a line of help, `Help:  --threads <threads>  Threads of the engine.`
    private static func summary(_ line: String) -> String? {
        let parts = line.split(separator: "  ", omittingEmptySubsequences: true)
        return parts.count > 2 ? String(parts[2...].joined(separator: "  ")) : nil
    }

    /// The diagnostic: what was expected, what was found, what to do.
    var diagnostic: Diagnostic {
        let name = command.isEmpty ? "ecdx" : "ecdx \(command)"
        let page = "`\(command.isEmpty ? "ecdx help" : "ecdx help \(command)")` shows what it takes"
        // What stands in single quotes is what the line holds, or how the parser writes an option.
        let quoted = said.matches(of: /'([^']*)'/).map { String($0.output.1) }
        func usage(_ message: String, _ note: String? = nil, hint: String? = nil) -> Diagnostic {
            Diagnostic("usage", message, notes: note.map { [$0] } ?? [], hint: hint ?? page)
        }
        let ours = said.firstRange(of: ": `").map { String(said[said.index($0.lowerBound, offsetBy: 2)...]) }
        if said.hasPrefix("`") { return usage(said) }
        if let ours, said.hasPrefix("The value") { return usage(ours) }
        if let option = said.hasPrefix("Unknown option") ? quoted.first : said.hasPrefix("Missing expected") ? unknown : nil {
            return usage("`\(name)` has no option `\(option)`", hint: nearMiss(option, among: options).map { "did you mean `\($0)`?" })
        }
        if said.hasPrefix("Missing expected argument"), let argument = quoted.first {
            let shown = argument.filter { !"<>.".contains($0) && $0 != " " }.uppercased()
            return usage("`\(name)` expected \(shown), found nothing", help.map { "\(shown): \($0)" })
        }
        if said.hasPrefix("Missing value for"), let option = quoted.first?.split(separator: " ").first {
            return usage("`\(option)` expected a value behind it, found none", help.map { "\(option): \($0)" })
        }
        if said.hasPrefix("The value"), quoted.count > 1, let option = quoted[1].split(separator: " ").first {
            return usage("`\(option)` expected another value, found `\(quoted[0])`", help.map { "\(option): \($0)" })
        }
        if said.contains("nexpected argument") {
            let words = quoted.joined(separator: " ").split(separator: " ").map { "`\($0.filter { $0 != "," })`" }
            return usage("`\(name)` expected nothing more, found \(joinedByAnd(words))")
        }
        return usage(said.replacing("'", with: "`"))
    }
}
