import Diagnostics
import Glibc

/// A command line of the prompt, resolved: the full name of the command and its argument.
struct CommandCall: Equatable {
    var name: String
    var argument: String

    /// Takes `:name argument` apart. A beginning of a name will do if it is the beginning of one only.
    /// Throws `unknown-command`, `ambiguous-command`, `command-argument`.
    init(_ text: String, among commands: [ReplCommand]) throws(Diagnostic) {
        let (word, rest) = Self.split(text)
        let matches = commands.filter { $0.name == word }
        let candidates = matches.isEmpty && !word.isEmpty ? commands.filter { $0.name.hasPrefix(word) } : matches
        guard let command = candidates.first else {
            let hint = nearMiss(word, among: commands.map(\.name)).map { "did you mean `:\($0)`?" } ?? ":help lists the commands"
            throw Diagnostic("unknown-command", "there is no command `:\(word)`", hint: hint)
        }
        guard candidates.count == 1 else {
            let names = candidates.map { "`:\($0.name)`" }.joined(separator: ", ")
            throw Diagnostic("ambiguous-command", "expected one command, found that `:\(word)` begins \(names)", hint: "type one letter more")
        }
        if rest.isEmpty, command.argument.isRequired, let placeholder = command.argument.placeholder {
            throw Diagnostic("command-argument", "`:\(command.name)` needs \(placeholder)", hint: "type `:\(command.name) \(placeholder)`")
        }
        if !rest.isEmpty, command.argument == .none {
            throw Diagnostic("command-argument", "`:\(command.name)` takes nothing after it, found `\(rest)`", hint: "type `:\(command.name)` alone")
        }
        name = command.name
        argument = rest
    }

    static func split(_ text: String) -> (word: String, argument: String) {
        let afterColon = trimmed(text).dropFirst()
        let word = afterColon.prefix { !$0.isWhitespace }
        return (String(word), trimmed(String(afterColon.dropFirst(word.count))))
    }
}

/// What may stand at the cursor in a command line: names of commands, then files where the command takes one.
func commandCompletions(of line: String, at point: Int, among commands: [ReplCommand]) -> Completions {
    let typed = slice(of: line, from: 0, to: point)
    guard let colon = typed.utf8.firstIndex(of: UInt8(ascii: ":")) else { return .none }
    let start = typed.utf8.distance(from: typed.startIndex, to: colon) + 1
    let afterColon = String(typed.utf8.dropFirst(start)) ?? ""
    guard let blank = afterColon.utf8.firstIndex(of: UInt8(ascii: " ")) else {
        let names = commands.map { Completions.Candidate($0.name, suffix: $0.argument == .none ? "" : " ") }
        return .matching(names, in: line, from: start, to: point)
    }
    guard let call = try? CommandCall(":" + afterColon[..<blank] + " x", among: commands),
          case .file = commands.first(where: { $0.name == call.name })?.argument
    else { return .none }
    let argument = afterColon[blank...].drop { $0 == " " }
    return pathCompletions(of: String(argument), replaceFrom: point - argument.utf8.count)
}

/// The files and folders whose path begins with `typed`, which stands at `replaceFrom`. Folders end in `/`; hidden
/// files are offered only when the dot was typed. At most 1000.
public func pathCompletions(of typed: String, replaceFrom: Int) -> Completions {
    let slash = typed.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let beginning = slash.map { String(typed[typed.utf8.index(after: $0)...]) } ?? typed
    guard let listing = opendir(folder.isEmpty ? "." : expandingHome(folder)) else { return .none }
    defer { closedir(listing) }
    var found: [Completions.Candidate] = []
    while found.count < 1000, let entry = readdir(listing) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name != ".", name != "..", name.hasPrefix(beginning), beginning.hasPrefix(".") || !name.hasPrefix("."),
              // A name with control characters cannot be typed at the prompt.
              escapeControls(name) == name
        else { continue }
        var status = stat()
        let isFolder = stat(expandingHome(folder) + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        found.append(.init(folder + name + (isFolder ? "/" : "")))
    }
    return Completions(replaceFrom: replaceFrom, found.sorted { $0.text < $1.text })
}

/// The path with a leading `~/` replaced by the home folder.
func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment("HOME"), !home.isEmpty else { return path }
    return home + path.dropFirst()
}

private func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
}
