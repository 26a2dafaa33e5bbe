import Diagnostics

/// A command line of the prompt, resolved: the full name of the command and its argument.
struct CommandCall: Equatable {
    var name: String
    var argument: String
    /// Whether the command was written with a `!` behind the name.
    var isForced = false

    /// Parses `:name argument`. A beginning of a name will do if it is the beginning of one only. `?name` is `:help name`.
    /// Throws `unknown-command`, `ambiguous-command`, `command-argument`.
    init(_ text: String, among commands: [ReplCommand]) throws(Diagnostic) {
        let (word, rest) = Self.split(text)
        let forcing = word.count > 1 && word.hasSuffix("!")
        let plain = forcing ? String(word.dropLast()) : word
        let able = forcing ? commands.filter { $0.forced != nil } : commands
        let matches = able.filter { $0.name == plain }
        let candidates = matches.isEmpty && !plain.isEmpty ? able.filter { $0.name.hasPrefix(plain) } : matches
        guard let command = candidates.first else {
            let hint = nearMiss(word, among: commands.map(\.name)).map { "did you mean `:\($0)`?" } ?? ":help lists the commands"
            throw Diagnostic("unknown-command", "there is no command `:\(word)`", hint: hint)
        }
        guard candidates.count == 1 else {
            let names = candidates.map { "`:\($0.name)`" }.joined(separator: ", ")
            throw Diagnostic(
                "ambiguous-command", "expected one command, found that `:\(word)` begins \(names)", hint: "type one letter more")
        }
        if rest.isEmpty, command.argument.isRequired, let placeholder = command.argument.placeholder {
            throw Diagnostic("command-argument", "`:\(command.name)` needs \(placeholder)", hint: "type `:\(command.name) \(placeholder)`")
        }
        if !rest.isEmpty, command.argument == .none {
            throw Diagnostic(
                "command-argument", "`:\(command.name)` takes nothing after it, found `\(rest)`", hint: "type `:\(command.name)` alone")
        }
        name = command.name
        argument = rest
        isForced = forcing
    }

    static func split(_ text: String) -> (word: String, argument: String) {
        let line = trimmed(text)
        if line.hasPrefix("?") { return ("help", trimmed(String(line.dropFirst()))) }
        let afterColon = line.dropFirst()
        let word = afterColon.prefix { !$0.isWhitespace }
        return (String(word), trimmed(String(afterColon.dropFirst(word.count))))
    }
}

/// The completions in a command line: names of commands, then what the command takes.
func commandCompletions(of line: String, at point: Int, among commands: [ReplCommand], in session: (any ReplSession)? = nil) -> Completions
{
    let typed = slice(of: line, from: 0, to: point)
    guard let mark = typed.utf8.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "?") }) else { return .none }
    let start = typed.utf8.distance(from: typed.startIndex, to: mark) + 1
    let behind = String(typed.utf8.dropFirst(start)) ?? ""
    if typed.utf8[mark] == UInt8(ascii: "?") {
        return argumentCompletions(of: behind.drop { $0 == " " }, taking: .reference("NAME", required: false), in: line, at: point, session)
    }
    guard let blank = behind.utf8.firstIndex(of: UInt8(ascii: " ")) else {
        let names = commands.map { Completions.Candidate($0.name, suffix: $0.argument == .none ? "" : " ") }
        return .matching(names, in: line, from: start, to: point)
    }
    guard let call = try? CommandCall(":" + behind[..<blank] + " x", among: commands),
        let command = commands.first(where: { $0.name == call.name })
    else { return .none }
    return argumentCompletions(of: behind[blank...].drop { $0 == " " }, taking: command.argument, in: line, at: point, session)
}

private func argumentCompletions(
    of argument: Substring, taking kind: ReplCommand.Argument, in line: String, at point: Int, _ session: (any ReplSession)?
) -> Completions {
    let start = point - argument.utf8.count
    func names(_ names: [String]) -> Completions { .matching(names.map { .init($0) }, in: line, from: start, to: point) }
    switch kind {
    case .none, .text: return .none
    case .file: return pathCompletions(of: String(argument), replaceFrom: start)
    case .declared: return names(session?.declaredNames ?? [])
    case .reference: return names((session?.declaredNames ?? []) + (session?.referenceNames ?? []))
    case .expression:
        guard var found = session?.completions(of: String(argument), at: argument.utf8.count) else { return .none }
        found.replaceFrom += start
        return found
    }
}

private func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
}
