import Language

/// The record of what was typed in a session, statement by statement, in order.
struct SessionRecord {
    struct Entry {
        /// The number of the input that the entry came with.
        var input: Int
        /// The text of the statement in its own lines, with the comments above it.
        var text: String
        /// The statement; nil for comments alone.
        var statement: Statement?

        var declaredName: String? { statement?.declaredName?.text }
        var isDeclaration: Bool { declaredName != nil || statement?.isUse == true }
    }

    private(set) var entries: [Entry] = []

    mutating func add(_ new: [Entry]) { entries += new }

    /// Replaces the entries of an input.
    mutating func replace(input: Int, with new: [Entry]) {
        entries.removeAll { $0.input == input }
        entries += new
    }

    /// The entries in force: of a name declared again the last form alone, of a module the first mention.
    var current: [Entry] {
        var last: [String: Int] = [:]
        var modules: Set<String> = []
        for (index, entry) in entries.enumerated() { if let name = entry.declaredName { last[name] = index } }
        return entries.enumerated().filter { index, entry in
            if let name = entry.declaredName { return last[name] == index }
            if case .use(let path, _)? = entry.statement?.kind { return modules.insert(path).inserted }
            return true
        }.map(\.element)
    }

    /// The declarations and modules, as the next input finds them.
    var declarations: [Statement] { current.filter(\.isDeclaration).compactMap(\.statement) }

    /// The entry that declares a name now.
    func declaration(of name: String) -> Entry? { entries.last { $0.declaredName == name } }

    /// Takes back the last input that declared something and returns its entries. A name that this input had declared anew
    /// is again what it was.
    mutating func undo() -> [Entry] {
        guard let input = entries.last(where: \.isDeclaration)?.input else { return [] }
        let taken = entries.filter { $0.input == input }
        entries.removeAll { $0.input == input }
        return taken
    }
}

extension SessionRecord {
    /// Cuts a text into its statements, each with the comments above it; comments at the end stand alone.
    static func entries(of tree: SyntaxTree, input: Int) -> [Entry] {
        let bytes = Array(tree.text.utf8)
        var found: [Entry] = []
        var start = 0
        func piece(upTo end: Int) -> String {
            let text = String(decoding: bytes[min(start, end)..<end], as: UTF8.self)
            return text.replacing("\r\n", with: "\n").trimmingBlankLines
        }
        for statement in tree.statements {
            var end = min(bytes.count, max(start, statement.span.end))
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            let text = piece(upTo: end)
            // Two statements on a line are a mistake; the second would be empty here.
            if !text.isEmpty { found.append(Entry(input: input, text: text, statement: statement)) }
            start = min(bytes.count, end + 1)
        }
        let rest = piece(upTo: bytes.count)
        if !rest.isEmpty, tree.diagnostics.isEmpty { found.append(Entry(input: input, text: rest, statement: nil)) }
        return found
    }
}

extension Statement {
    var isUse: Bool { if case .use = kind { true } else { false } }
}

extension String {
    /// The text without empty lines at both ends and blanks at the end of the last line.
    fileprivate var trimmingBlankLines: String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false)
        while let first = lines.first, first.allSatisfy(\.isWhitespace) { lines.removeFirst() }
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        return lines.map { line in
            var line = line
            while let last = line.last, last.isWhitespace { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }
}
