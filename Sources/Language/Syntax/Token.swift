import Diagnostics

/// A piece of a string literal.
public enum StringPiece: Sendable, Hashable {
    /// Characters as written, escapes resolved. Braces made by `\{` and `\}` stand in `escaped` instead.
    case literal(String)
    /// A brace written `\{` or `\}`: never part of a row placeholder.
    case escaped(String)
    /// The tokens of `\( ... )`.
    case code([Token])
}

/// The smallest unit of a script that means something.
public struct Token: Sendable, Hashable {
    /// The kind of a token, with its contents.
    public enum Kind: Sendable, Hashable {
        /// A word: a name or a reserved word.
        case name(String)
        /// A number: its value, already divided by 100 if it was written as a percentage, and whether it was.
        case number(Double, percent: Bool)
        /// A string literal in pieces.
        case string([StringPiece])
        /// Punctuation or an operator.
        case symbol(String)
        /// An end of line that separates; ends of line that do not are dropped by `Lexer`.
        case newline
        /// The end of the script, or of an interpolation.
        case end
    }

    /// The kind of the token.
    public var kind: Kind
    /// The place of the token in the script.
    public var span: SourceSpan

    /// Whether the token is the symbol `text`.
    public func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }
    /// Whether the token is the word `text`.
    public func isName(_ text: String) -> Bool { kind == .name(text) }
    var isName: Bool { if case .name = kind { true } else { false } }
    var isString: Bool { if case .string = kind { true } else { false } }
}

/// A line `# %%`: where a cell of the notebook begins.
public struct CellMark: Sendable, Hashable {
    /// The text behind `# %%`, and behind `[markdown]` where that stands.
    public var title: String
    /// Whether the cell is marked `[markdown]`.
    public var isMarkdown: Bool
    /// The place of the mark in the script.
    public var span: SourceSpan
}

/// Words that cannot name anything. Any of them may still stand before `:` and after `.`.
public let reservedWords: Set<String> = statementWords.union([
    "for", "in", "if", "else", "and", "or", "not", "like", "with", "true", "false", "none",
])
