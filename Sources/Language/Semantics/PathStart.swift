import Diagnostics

/// The place of the literal that a text begins with: a relative path starts from the folder of the script that it was written in.
final class PathStart: Sendable {
    /// The folder of that script, as a path from the folder of the session; empty where it is that.
    let folder: String
    /// The place of the literal.
    let span: SourceSpan

    init(folder: String, span: SourceSpan) {
        self.folder = folder
        self.span = span
    }
}

extension Text {
    /// The text as a path from the folder of the session.
    var placed: Text {
        guard let start, !start.folder.isEmpty, !string.isEmpty, !string.hasPrefix("/") else { return self }
        let folder = start.folder.hasSuffix("/") ? start.folder : start.folder + "/"
        // A name in braces is one of a column, whatever stands before it.
        guard case .plain(let first)? = pieces.first else { return Text(pieces: [.plain(folder)] + pieces) }
        return Text(pieces: [.plain(folder + first)] + pieces.dropFirst())
    }
}

extension Evaluator {
    /// Where a text that was written at a place begins: there, or, where its first part is the value of another text of another folder,
    /// where that began. Nil where only one folder is known.
    func start(of span: SourceSpan, first: Value?) -> PathStart? {
        guard !folders.isEmpty else { return nil }
        let own = PathStart(folder: folders[span.file] ?? "", span: span)
        guard case .text(let text)? = first, let start = text.start, start.folder != own.folder else { return own }
        return start
    }

    /// A text as a path from the folder of the session, with a note of the literal that it began with.
    func path(_ text: Text) -> Text {
        guard let start = text.start, !library.publishedNames.contains(text.string) else { return text }
        if !start.folder.isEmpty, !text.string.isEmpty, !text.string.hasPrefix("/") { placedLiterals[start.span] = start.folder }
        return text.placed
    }
}
