import Diagnostics
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
        /// Where the entry was loaded from, where that is a script of another folder.
        var loaded: Loaded?

        /// A place in a script of another folder.
        struct Loaded {
            /// The folder, as a path from that of the session.
            var folder: String
            /// Where the text of the entry begins in the script.
            var offset: Int
        }

        /// The text as it is typed in the folder of the session: the literals that were taken for paths start from there.
        /// `placed`: the folder of each.
        func text(_ placed: [SourceSpan: String]) -> String {
            guard let loaded, let file = statement?.span.file else { return text }
            var bytes = Array(text.utf8)
            for (span, folder) in placed.filter({ $0.key.file == file }).sorted(by: { $0.key.start > $1.key.start }) {
                let place = span.start - loaded.offset
                guard bytes.indices.contains(place), bytes[place] == UInt8(ascii: "\"") else { continue }
                bytes.insert(contentsOf: source(of: .text(Text(folder + "/"))).utf8.dropFirst().dropLast(), at: place + 1)
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        var declaredName: String? { statement?.declaredName?.text }
        var isDeclaration: Bool { declaredName != nil || statement?.isUse == true }
    }

    private(set) var entries: [Entry] = []

    /// The inputs that were taken back, the last one last, until something else is declared.
    private var undone: [[Entry]] = []

    mutating func add(_ new: [Entry]) {
        entries += new
        if new.contains(where: \.isDeclaration) { undone = [] }
    }

    /// Lets entries of a script of another folder stand by themselves, before another text of that script is read.
    mutating func release(file: String, placed: [SourceSpan: String]) {
        for index in entries.indices where entries[index].statement?.span.file == file && entries[index].loaded != nil {
            entries[index].text = entries[index].text(placed)
            entries[index].loaded = nil
        }
    }

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
            if case .use(let path, _)? = entry.statement?.kind { return modules.insert((entry.loaded?.folder ?? "") + "/" + path).inserted }
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
        undone.append(taken)
        return taken
    }

    /// Declares the input anew that was taken back last, and returns its entries.
    mutating func redo() -> [Entry] {
        guard let back = undone.popLast() else { return [] }
        entries += back
        return back
    }
}

extension SessionRecord {
    /// Cuts a text into its statements, each with the comments above it; comments at the end stand alone.
    /// `folder`: that of a script which was loaded, as a path from the folder of the session; empty where it is that.
    static func entries(of tree: SyntaxTree, input: Int, folder: String = "") -> [Entry] {
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
            if !text.isEmpty {
                let loaded = folder.isEmpty ? nil : Entry.Loaded(folder: folder, offset: firstLine(of: bytes, from: start))
                found.append(Entry(input: input, text: text, statement: statement, loaded: loaded))
            }
            start = min(bytes.count, end + 1)
        }
        let rest = piece(upTo: bytes.count)
        if !rest.isEmpty, tree.diagnostics.isEmpty { found.append(Entry(input: input, text: rest, statement: nil)) }
        return found
    }
}

/// Where the first line from an offset on begins that is not empty.
private func firstLine(of bytes: [UInt8], from start: Int) -> Int {
    var line = start
    for index in bytes.indices.dropFirst(start) {
        if bytes[index] == 0x0A { line = index + 1 } else if ![0x20, 0x09, 0x0D].contains(bytes[index]) { break }
    }
    return line
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
