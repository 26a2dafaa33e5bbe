import Builtins
import Diagnostics
import Language

/// The text before the cursor as tokens of the language: a brace in a string or a comment is none.
struct CursorPlace {
    enum Spot: Equatable {
        case code
        case comment
        /// A place inside a string whose text begins at this offset.
        case string(from: Int)
        /// A place inside a number, or inside `\( )` of a string, where nothing is offered.
        case closed
    }

    var spot: Spot
    /// The part typed of the word at the cursor.
    var word: String
    /// The UTF-8 offset at which the word begins.
    var wordStart: Int
    /// The tokens before the word, from the beginning of the statement at the cursor or earlier.
    var tokens: [Token]

    /// The number of bytes before the cursor that are looked at, so that the answer comes at once in a script of any size.
    static let longestLook = 1 << 15

    init(_ text: String, at offset: Int) {
        let head = Array(text.utf8.prefix(max(0, offset)))
        let start = Self.statementStart(in: head)
        let window = String(decoding: head[start...], as: UTF8.self)
        let length = head.count - start
        let lexed = Lexer.lex(window, file: "cursor")
        tokens = lexed.tokens.filter { $0.kind != .end }
        word = ""
        wordStart = head.count
        spot = .code
        if let comment = lexed.comments.last, comment.end == length {
            spot = .comment
        } else if let last = tokens.last, last.span.end == length {
            switch last.kind {
            case .name(let text):
                word = text
                wordStart = start + last.span.start
                tokens.removeLast()
            case .number: spot = .closed
            case .string:
                if lexed.diagnostics.contains(where: { $0.id == "unclosed-string" && $0.span?.start == last.span.start }) {
                    spot = .string(from: start + last.span.start + 1)
                    tokens.removeLast()
                } else {
                    spot = .closed
                }
            default: break
            }
        }
    }

    /// The offset at which reading begins: the last line that starts a statement of its own, since no token goes over the
    /// end of a line.
    private static func statementStart(in head: [UInt8]) -> Int {
        var end = head.count
        while true {
            let start = (head[..<end].lastIndex(of: 0x0A) ?? -1) + 1
            if start == 0 || head.count - start > longestLook || beginsStatement(head[start...]) { return start }
            end = start - 1
        }
    }

    private static func beginsStatement(_ line: ArraySlice<UInt8>) -> Bool {
        let words = firstWords(of: line)
        guard let first = words.first else { return false }
        // A `let` may stand in the braces of a declaration.
        if first != "let", statementWords.contains(first) { return true }
        return catalogue.grammar.kinds.contains(first) && words.count > 1
    }

    /// The first two words of a line that begins with one in its first column.
    private static func firstWords(of line: ArraySlice<UInt8>) -> [String] {
        var words: [String] = []
        var rest = line
        while words.count < 2 {
            let word = rest.prefix { (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || (0x30...0x39).contains($0) }
            if word.isEmpty || word.count > 64 { break }
            words.append(String(decoding: word, as: UTF8.self))
            rest = rest[word.endIndex...].drop { $0 == 0x20 }
        }
        return words
    }

    /// The names that the lines before the cursor declare, kinds with those that have one: they are not known to the
    /// session yet.
    static func declared(in text: String, before offset: Int) -> [(name: String, kind: String?)] {
        let bytes = Array(text.utf8.prefix(max(0, offset)).suffix(1 << 18))
        var found: [(name: String, kind: String?)] = []
        for line in bytes.split(separator: 0x0A).dropLast(bytes.last == 0x0A ? 0 : 1) {
            let words = firstWords(of: line)
            guard words.count == 2 else { continue }
            if ["let", "def", "param"].contains(words[0]) {
                found.append((words[1], nil))
            } else if catalogue.grammar.kinds.contains(words[0]), words[1] != "like" {
                found.append((words[1], words[0]))
            }
        }
        return found
    }
}
