import Diagnostics

/// The result of lexing: the tokens of a script, its cell marks and comments, and what was wrong with its characters.
public struct LexedScript: Sendable {
    /// The tokens, `end` the last; ends of line only where they separate.
    public var tokens: [Token]
    /// The marks of the notebook's cells.
    public var cells: [CellMark]
    /// The spans of all comments, `#` included, cell marks too.
    public var comments: [SourceSpan]
    /// The mistakes in characters, numbers and strings.
    public var diagnostics: [Diagnostic]
    /// Whether the text ends inside a bracket or after something that needs more: a prompt goes on reading.
    public var isUnfinished: Bool
}
