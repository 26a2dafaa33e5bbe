import Diagnostics

/// A stretch of a script as it was written. The pieces of a text, put side by side, are the text.
public struct Piece: Sendable, Hashable {
    /// The kind of a piece.
    public enum Kind: Sendable, Hashable {
        /// A token other than an end of line.
        case token
        /// A comment, from `#` to the end of the line.
        case comment
        /// A comment that begins a cell, `# %%`.
        case cell
        /// White space within a line: blanks, tabs, lone carriage returns, a byte order mark.
        case space
        /// An end of line, LF or CR LF.
        case endOfLine
        /// Bytes that belong to no token; a diagnostic speaks of them.
        case other
    }
    /// The kind of the piece.
    public var kind: Kind
    /// The place of the piece in the script.
    public var span: SourceSpan
    /// The bytes of the piece.
    public var bytes: [UInt8]
}

extension SyntaxTree {
    /// The text in pieces: every byte of it, valid or not, is in exactly one.
    public var pieces: [Piece] {
        let lexed = Lexer.lex(text, file: file)
        let cells = Set(lexed.cells.map(\.span.start))
        var marked = lexed.tokens.filter { $0.kind != .newline && $0.kind != .end }.map { (kind: Piece.Kind.token, span: $0.span) }
        marked += lexed.comments.map { (cells.contains($0.start) ? .cell : .comment, $0) }
        marked.sort { $0.span.start < $1.span.start }
        var cutter = PieceCutter(bytes: Array(text.utf8), file: file)
        for (kind, span) in marked where span.start >= cutter.at && span.end > span.start {
            cutter.fill(to: span.start)
            cutter.cut(kind, to: span.end)
        }
        cutter.fill(to: cutter.bytes.count)
        return cutter.pieces
    }

    /// The text, put together from its pieces.
    public var printed: String { String(decoding: pieces.flatMap(\.bytes), as: UTF8.self) }
}

/// Cuts a text from its beginning to its end.
private struct PieceCutter {
    let bytes: [UInt8]
    let file: String
    private(set) var at = 0
    private(set) var pieces: [Piece] = []

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    mutating func cut(_ kind: Piece.Kind, to end: Int) {
        pieces.append(Piece(kind: kind, span: SourceSpan(file: file, start: at, end: end), bytes: Array(bytes[at..<end])))
        at = end
    }

    /// Cuts into pieces what no token and no comment covers.
    mutating func fill(to end: Int) {
        while at < end {
            var next = at + 1
            switch kind(at: at) {
            case .endOfLine:
                if bytes[at] == 0x0D { next += 1 }
                cut(.endOfLine, to: min(next, end))
            case let kind:
                while next < end, self.kind(at: next) == kind { next += 1 }
                cut(kind, to: next)
            }
        }
    }

    private func kind(at place: Int) -> Piece.Kind {
        switch bytes[place] {
        case 0x0A: .endOfLine
        case 0x0D: place + 1 < bytes.count && bytes[place + 1] == 0x0A ? .endOfLine : .space
        case 0x20, 0x09: .space
        case 0xEF, 0xBB, 0xBF: place < 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? .space : .other
        default: .other
        }
    }
}
