/// A correction of the shell completion script that the argument parser writes. It knows two subcommands called `help`:
/// ours, and one that the parser adds itself, which would hide ours.
enum CompletionScript {
    /// Whether the arguments ask for a completion script.
    static func isAsked(_ arguments: [String]) -> Bool { arguments.first?.hasPrefix("--generate-completion-script") == true }

    /// The completion script without the second `help`.
    static func mended(_ script: String) -> String {
        var kept: [Substring] = []
        var functions: Set<Substring> = []
        var isSkipping = false
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            // A function that is defined again, up to its closing brace.
            if line.hasSuffix("() {"), !functions.insert(line).inserted { isSkipping = true }
            if !isSkipping, !line.contains("Show subcommand help information.") { kept.append(line) }
            if line == "}" { isSkipping = false }
        }
        // In bash it is the last of a list.
        return kept.map { $0.contains(" help ") ? $0.replacing(" help' --", with: "' --") : $0 }.joined(separator: "\n")
    }
}
