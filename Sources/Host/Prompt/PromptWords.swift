/// The command that is meant by a line of words of other prompts, such as `exit`, `quit()`, `help(plane)`, `plane?` or `ls`; nil for a
/// line of the language. A name that was declared means itself.
func meantCommand(_ line: String, declared: [String]) -> String? {
    var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first, words.count <= 2 else { return nil }
    if words.count == 1, first.hasSuffix("?") {
        let name = String(first.prefix { $0 != "?" })
        guard isDotted(name) else { return nil }
        return (name.contains(".") ? ":type " : ":help ") + name
    }
    if words.count == 1, first.hasSuffix(")"), let open = first.firstIndex(of: "(") {
        words = [String(first[..<open]), String(first[first.index(after: open)...].dropLast())].filter { !$0.isEmpty }
    }
    guard let word = words.first, !declared.contains(word) else { return nil }
    let argument = words.count > 1 ? words[1].filter { $0 != "\"" && $0 != "'" } : ""
    switch (word, argument) {
    case ("exit", ""), ("quit", ""): return ":quit"
    case ("ls", ""), ("who", ""), ("whos", ""): return ":list"
    case ("help", ""): return ":help"
    case ("help", _) where isDotted(argument): return (argument.contains(".") ? ":type " : ":help ") + argument
    default: return nil
    }
}

/// Whether a text is a name, or names with dots between them.
private func isDotted(_ text: String) -> Bool {
    text.first.map { $0.isLetter || $0 == "_" } ?? false && text.last != "."
        && text.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
}
