import Diagnostics

/// Whether a text can be written as a name without quotes: `PBE`, and not `PBE + U`.
public func isPlainName(_ text: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F }
    // Most names are of ASCII alone.
    if text.utf8.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) }) { return text.utf8.first.map(isLetter) ?? false }
    let lexed = Lexer.lex(text, file: "")
    guard lexed.tokens.count == 2, lexed.diagnostics.isEmpty, lexed.comments.isEmpty else { return false }
    return lexed.tokens[0].isName(text)
}

/// The name of a field as a script has it: in quotes where it needs them.
public func fieldName(_ name: String) -> String { isPlainName(name) ? name : quoted(name) }

extension Token {
    /// The text of a string that stands as it is, without anything put in; nil for another token.
    public var literalText: String? {
        guard case .string(let pieces) = kind else { return nil }
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let part), .escaped(let part): text += part
            case .code: return nil
            }
        }
        return text
    }

    /// The name that the token is before a colon: a word, or a text in quotes; nil for another token.
    public var fieldName: String? { if case .name(let name) = kind { name } else { literalText } }
}

extension Parser {
    /// Accepts the name of a field: a word, or a text in quotes, which may be any that can be read in a line. Nil where none stands here,
    /// after a diagnostic where a string does that cannot be a name.
    mutating func fieldName() -> Name? {
        guard current.isString else {
            guard case .name(let text) = current.kind else { return nil }
            return Name(text, advance().span)
        }
        guard let text = current.literalText else {
            report(
                Diagnostic(
                    "syntax", "the name of a field is text as it stands, found a value put into it", at: current.span,
                    hint: "write the name out"))
            return nil
        }
        // Tables that pandas wrote have a first column without a name.
        if !text.isEmpty, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            report(Diagnostic("syntax", "expected a name between the quotes, found none", at: current.span))
            return nil
        }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            report(Diagnostic("syntax", "the name of a field stands in a line, found a tab or an end of line in it", at: current.span))
            return nil
        }
        roles.names.insert(current.span.start)
        return Name(text, advance().span)
    }
}
