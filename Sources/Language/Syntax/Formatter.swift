import Diagnostics

/// The result of formatting: a script in its canonical layout, or why there is none.
public struct FormattedScript: Sendable {
    /// The text in its canonical layout; nil where it has mistakes.
    public var text: String?
    /// The mistakes of the text.
    public var diagnostics: [Diagnostic]
}

/// Lays a script out canonically.
///
/// Only white space changes, commas that an end of line makes needless, quotes around a field's name that needs none, and the side of
/// `>>` and `|>` a line ends on. The author's ends of line stay; lines that are too long get more. Since each step only adds ends of
/// line, and the layout rests on nothing else than where they are, laying out a second time changes nothing.
public enum ScriptFormatter {
    /// The most columns of a line; comments do not count.
    static let width = 120
    static let indentation = 4

    /// Formats the text of a script; `file` is its name in diagnostics, `grammar` what the library adds to the grammar.
    public static func format(_ text: String, file: String, grammar: Grammar) -> FormattedScript {
        let tree = Parser.parse(text, file: file, grammar: grammar)
        guard tree.diagnostics.isEmpty else { return FormattedScript(text: nil, diagnostics: tree.diagnostics) }
        if let formatted = layout(tree), means(formatted, tree, grammar) { return FormattedScript(text: formatted, diagnostics: []) }
        let refusal = Diagnostic(
            "internal", "this script would mean something else in its canonical layout", hint: "report it, with the script")
        return FormattedScript(text: nil, diagnostics: [refusal])
    }

    /// The layout of a tree without mistakes, not checked.
    static func layout(_ tree: SyntaxTree) -> String? {
        guard let text = FormatText(tree) else { return nil }
        var layout = ScriptLayout(text)
        layout.arrange()
        return layout.printed
    }

    /// Whether a text is the same script as a tree: its meaning, its comments, its cells.
    static func means(_ text: String, _ tree: SyntaxTree, _ grammar: Grammar) -> Bool {
        let other = Parser.parse(text, file: tree.file, grammar: grammar)
        return other.diagnostics.isEmpty && other.outline == tree.outline && other.remarks == tree.remarks
            && other.cells.map(\.title) == tree.cells.map(\.title) && other.cells.map(\.isMarkdown) == tree.cells.map(\.isMarkdown)
    }
}

extension SyntaxTree {
    /// The comments, without white space at their ends.
    var remarks: [String] {
        let bytes = Array(text.utf8)
        return comments.map { trimmed(bytes[$0.start..<$0.end]) }
    }
}

/// A text without white space at its end.
func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let end = bytes.lastIndex { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    return end.map { String(decoding: bytes[bytes.startIndex...$0], as: UTF8.self) } ?? ""
}
