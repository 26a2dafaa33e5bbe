import Diagnostics

/// A piece of a string literal.
public enum StringPiece: Sendable, Hashable {
    /// Characters as written, escapes resolved. `{` made by `\{` stands in `escaped` instead.
    case literal(String)
    /// A character written `\{`: never the start of a row placeholder.
    case escaped(String)
    /// The tokens of `\( ... )`.
    case code([Token])
}

/// The smallest unit of a script that means something.
public struct Token: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case name(String)
        /// The value, and whether it was written as a percentage.
        case number(Double, percent: Bool)
        case string([StringPiece])
        /// Punctuation or an operator.
        case symbol(String)
        /// An end of line that separates; ends of line that do not are dropped by `Lexer`.
        case newline
        case end
    }

    public var kind: Kind
    public var span: SourceSpan

    public func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }
    public func isName(_ text: String) -> Bool { kind == .name(text) }
    var isName: Bool { if case .name = kind { true } else { false } }
    var isString: Bool { if case .string = kind { true } else { false } }
}

/// A line `# %%`: where a cell of the notebook begins.
public struct CellMark: Sendable, Hashable {
    public var title: String
    public var isMarkdown: Bool
    public var span: SourceSpan
}

/// Words that cannot name anything. Any of them may still stand before `:` and after `.`.
public let reservedWords: Set<String> = [
    "param", "let", "def", "for", "in", "if", "else", "and", "or", "not", "like", "with", "use", "true", "false", "none",
    "show", "plot", "table", "predict", "export",
]
