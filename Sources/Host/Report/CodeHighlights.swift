import Builtins
import Language
import Reports

/// What stands where in a script, for those who colour it.
struct CodeHighlights {
    private var all: [ReportDocument.Highlight] = []

    init(_ tree: SyntaxTree) {
        let lexed = Lexer.lex(tree.text, file: tree.file)
        let tokens = lexed.tokens
        for (index, token) in tokens.enumerated() {
            let (before, next) = (index > 0 ? tokens[index - 1] : nil, index + 1 < tokens.count ? tokens[index + 1] : nil)
            guard let kind = Self.kind(of: token, behind: before, before: next) else { continue }
            all.append(.init(kind, start: token.span.start, end: token.span.end))
        }
        all += lexed.comments.map { .init(.comment, start: $0.start, end: $0.end) }
        all.sort { $0.start < $1.start }
    }

    private static let words = Dictionary(uniqueKeysWithValues: LanguageWords.groups.map { ($0.name, Set($0.words)) })

    private static func kind(of token: Token, behind before: Token?, before next: Token?) -> ReportDocument.Highlight.Kind? {
        switch token.kind {
        case .number: return .number
        case .string: return .string
        case .name(let name):
            if next?.isSymbol(":") == true { return .field }
            func isOf(_ group: String) -> Bool { words[group]?.contains(name) ?? false }
            if isOf("constants") { return .number }
            if isOf("actions") || reservedWords.contains(name) { return .keyword }
            if isOf("kinds"), next?.isName == true { return .kind }
            // What is declared may have the name of a word, as an input `plane` does.
            let isCalled = next?.isSymbol("(") == true || before?.isSymbol("|>") == true || before?.isSymbol(">>") == true
            if isCalled, isOf("builtins") { return .builtin }
            if isOf("keywords"), next?.isName == true { return .keyword }
            return isOf("types") ? .kind : nil
        case .symbol, .newline, .end: return nil
        }
    }

    /// The stretches between two places, counted from the first.
    func between(_ start: Int, _ end: Int) -> [ReportDocument.Highlight] {
        let first = all.partitionPoint { $0.start >= start }
        return all[first...].prefix { $0.end <= end }.map { .init($0.kind, start: $0.start - start, end: $0.end - start) }
    }
}

extension [ReportDocument.Highlight] {
    /// The first place from which on a condition holds.
    fileprivate func partitionPoint(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Token {
    fileprivate var isName: Bool { if case .name = kind { true } else { false } }
}
