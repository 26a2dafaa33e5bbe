import Diagnostics

/// Turns text into tokens. Every byte belongs to a token, a comment or white space.
public struct Lexer {
    private let bytes: [UInt8]
    private let file: String
    /// The offset of the text behind a byte order mark.
    private let first: Int
    private var at: Int
    private var limit: Int
    private var tokens: [Token] = []
    private var cells: [CellMark] = []
    private var comments: [SourceSpan] = []
    private var diagnostics: [Diagnostic] = []
    /// The end of the line that was last looked for.
    private var lineEnd = 0
    /// Whether an interpolation was not closed, until the string it began in has ended: one complaint is enough.
    private var abandoned = false

    /// The byte order mark with which some editors begin a file; it is white space.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// The deepest nesting of `\( ... )` in strings in strings.
    private static let interpolationLimit = 16

    /// Turns the text of a script into tokens; `file` is its name in spans. Never fails.
    public static func lex(_ text: String, file: String) -> LexedScript {
        var lexer = Lexer(bytes: Array(text.utf8), file: file)
        lexer.scan(depth: 0)
        lexer.tokens.append(Token(kind: .end, span: lexer.span(lexer.bytes.count, lexer.bytes.count)))
        let (kept, open) = separators(lexer.tokens)
        return LexedScript(
            tokens: kept, cells: lexer.cells, comments: lexer.comments, diagnostics: lexer.diagnostics, isUnfinished: open)
    }

    private init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        first = bytes.starts(with: Lexer.byteOrderMark) ? Lexer.byteOrderMark.count : 0
        at = first
        limit = bytes.count
    }

    private func span(_ start: Int, _ end: Int) -> SourceSpan { SourceSpan(file: file, start: start, end: end) }
    private func byte(_ index: Int) -> UInt8 { index < limit ? bytes[index] : 0 }

    /// Scans to the end, or, inside a string, to the `)` that closes the interpolation.
    private mutating func scan(depth: Int) {
        var open = 0
        while at < limit {
            let c = bytes[at]
            switch c {
            case 0x20, 0x09, 0x0D: at += 1
            case 0x0A:
                tokens.append(Token(kind: .newline, span: span(at, at + 1)))
                at += 1
            case 0x23: comment()
            case 0x22: string(depth: depth)
            case 0x30...0x39: number()
            case _ where isNameStart(c): name()
            default:
                if depth > 0 {
                    if c == 0x28 { open += 1 }
                    if c == 0x29 { if open == 0 { return } else { open -= 1 } }
                }
                symbol()
            }
        }
    }

    private func isNameStart(_ c: UInt8) -> Bool {
        (0x41...0x5A).contains(c) || (0x61...0x7A).contains(c) || c == 0x5F || c >= 0x80 && isLetter(at: at)
    }

    private func isNamePart(_ index: Int) -> Bool {
        let c = byte(index)
        return (0x41...0x5A).contains(c) || (0x61...0x7A).contains(c) || c == 0x5F || (0x30...0x39).contains(c)
            || c >= 0x80 && (c & 0xC0 == 0x80 || isLetter(at: index))
    }

    private func scalar(at index: Int) -> (Unicode.Scalar, Int)? {
        var length = 1
        let c = byte(index)
        if c >= 0xF0 { length = 4 } else if c >= 0xE0 { length = 3 } else if c >= 0xC0 { length = 2 }
        guard index + length <= limit else { return nil }
        guard let scalar = String(decoding: bytes[index..<(index + length)], as: UTF8.self).unicodeScalars.first else { return nil }
        return (scalar, length)
    }

    private func isLetter(at index: Int) -> Bool { scalar(at: index)?.0.properties.isAlphabetic ?? false }

    private mutating func comment() {
        let start = at
        while at < limit, bytes[at] != 0x0A { at += 1 }
        // The carriage return of a CR LF belongs to the end of the line.
        if at < limit, bytes[at - 1] == 0x0D { at -= 1 }
        let place = span(start, at)
        comments.append(place)
        var before = start
        while before > first, bytes[before - 1] == 0x20 || bytes[before - 1] == 0x09 { before -= 1 }
        guard before == first || bytes[before - 1] == 0x0A else { return }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard text.hasPrefix("# %%") else { return }
        var title = text.dropFirst(4).drop { $0 == " " }
        let markdown = title.hasPrefix("[markdown]")
        if markdown { title = title.dropFirst("[markdown]".count).drop { $0 == " " } }
        cells.append(CellMark(title: String(title), isMarkdown: markdown, span: place))
    }

    private mutating func name() {
        let start = at
        at += scalar(at: at)?.1 ?? 1
        while at < limit, isNamePart(at) { at += 1 }
        tokens.append(Token(kind: .name(String(decoding: bytes[start..<at], as: UTF8.self)), span: span(start, at)))
    }

    private func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(byte(index)) }

    private mutating func number() {
        let start = at
        while isDigit(at) { at += 1 }
        if byte(at) == 0x2E, isDigit(at + 1) {
            at += 1
            while isDigit(at) { at += 1 }
        }
        if byte(at) | 0x20 == 0x65 {
            let sign = byte(at + 1) == 0x2B || byte(at + 1) == 0x2D ? 1 : 0
            if isDigit(at + 1 + sign) {
                at += 1 + sign
                while isDigit(at) { at += 1 }
            }
        }
        var value = Double(String(decoding: bytes[start..<at], as: UTF8.self)) ?? .infinity
        var percent = false
        if byte(at) == 0x25 {
            percent = true
            value /= 100
            at += 1
        }
        let place = span(start, at)
        if !value.isFinite {
            diagnostics.append(
                Diagnostic(
                    "number-too-large", "this number is larger than a number can be", at: place, hint: "the largest is about 1.8e308"))
            value = 0
        }
        if isNamePart(at), !isDigit(at) {
            let behind = at
            while at < limit, isNamePart(at) { at += 1 }
            let digits = String(decoding: bytes[start..<behind], as: UTF8.self)
            let tail = String(decoding: bytes[behind..<at], as: UTF8.self)
            diagnostics.append(
                Diagnostic(
                    "bad-number", "expected an operator or a space after a number, found `\(tail)`", at: span(start, at),
                    hint: ForeignMarks.hint(number: digits, tail: tail)))
        }
        tokens.append(Token(kind: .number(value, percent: percent), span: place))
    }

    private static let pairs: Set<String> = [">>", "|>", "==", "!=", "<=", ">=", ".."]
    private static let singles = Set("()[]{},:=.+-*/^<>".utf8)

    private mutating func symbol() {
        let start = at
        if at + 1 < limit {
            let pair = String(decoding: bytes[at...(at + 1)], as: UTF8.self)
            if pair == "//" || pair == "/*" || pair == "*/" {
                foreignComment(pair)
                return
            }
            if Lexer.pairs.contains(pair) {
                at += 2
                tokens.append(Token(kind: .symbol(pair), span: span(start, at)))
                return
            }
        }
        if Lexer.singles.contains(bytes[at]) {
            at += 1
            tokens.append(Token(kind: .symbol(String(UnicodeScalar(bytes[start]))), span: span(start, at)))
            return
        }
        // One diagnostic for a run of strange characters.
        while at < limit, !isSpaceOrKnown(bytes[at]) { at += scalar(at: at)?.1 ?? 1 }
        if at == start { at += 1 }
        at = min(at, limit)
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        var content: String?
        if let quote = ForeignMarks.quotes.first(where: { text.hasPrefix($0.open) }) { content = foreignString(from: start, quote) }
        let shown = text.hasPrefix("`") ? "a back-quote" : content == nil ? "`\(text.prefix(24))`" : "`\(text.prefix(1))`"
        diagnostics.append(
            Diagnostic("unknown-character", "\(shown) means nothing here", at: span(start, at), hint: ForeignMarks.hint(text)))
        // What was meant stands in its place, so that one slip is one diagnostic.
        let kind: Token.Kind =
            switch text {
            case ";": .newline
            case "!": .name("not")
            case "&", "&&": .name("and")
            case "||": .name("or")
            case "|": .symbol("|>")
            case _ where content != nil: .string(content.map { [.literal($0)] } ?? [])
            default: .symbol(text)
            }
        tokens.append(Token(kind: kind, span: span(start, at)))
    }

    /// Goes on to the end of a string in quotes of another kind, and gives what stands in it.
    private mutating func foreignString(from start: Int, _ quote: (open: String, close: String)) -> String {
        let close = Array(quote.close.utf8)
        let inside = start + quote.open.utf8.count
        var end = inside
        while end < limit, bytes[end] != 0x0A, !bytes[end..<limit].starts(with: close) { end += 1 }
        at = end < limit && bytes[end] != 0x0A ? end + close.count : end
        return String(decoding: bytes[min(inside, end)..<end], as: UTF8.self)
    }

    /// Passes over a comment as other languages begin it, to the end of the line.
    private mutating func foreignComment(_ mark: String) {
        let start = at
        while at < limit, bytes[at] != 0x0A { at += 1 }
        if at < limit, bytes[at - 1] == 0x0D { at -= 1 }
        diagnostics.append(
            Diagnostic(
                "unknown-character", "`\(mark)` means nothing here", at: span(start, start + 2),
                hint: "a comment begins with `#`, division is `/`, and `floor(7 / 2)` leaves out the rest"))
        comments.append(span(start, at))
    }

    private func isSpaceOrKnown(_ c: UInt8) -> Bool {
        c <= 0x20 || c == 0x22 || c == 0x23 || Lexer.singles.contains(c) || (0x30...0x39).contains(c) || isNameStart(c)
    }

    private mutating func string(depth: Int) {
        let start = at
        at += 1
        var pieces: [StringPiece] = []
        var literal: [UInt8] = []
        func flush(_ pieces: inout [StringPiece], _ literal: inout [UInt8]) {
            if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while !abandoned {
            guard at < limit, bytes[at] != 0x0A else {
                diagnostics.append(
                    Diagnostic(
                        "unclosed-string", "expected `\"` before the end of the line", at: span(start, at),
                        hint: "close the string with `\"`"))
                break
            }
            let c = bytes[at]
            if c == 0x22 {
                at += 1
                break
            }
            guard c == 0x5C else {
                literal.append(c)
                at += 1
                continue
            }
            let escape = byte(at + 1)
            switch escape {
            case 0x6E:
                literal.append(0x0A)
                at += 2
            case 0x74:
                literal.append(0x09)
                at += 2
            case 0x22, 0x5C:
                literal.append(escape)
                at += 2
            case 0x7B, 0x7D:
                flush(&pieces, &literal)
                pieces.append(.escaped(escape == 0x7B ? "{" : "}"))
                at += 2
            case 0x75: unicodeEscape(&literal)
            case 0x28:
                flush(&pieces, &literal)
                at += 2
                if let code = interpolation(from: at - 2, depth: depth + 1) { pieces.append(.code(code)) }
            default:
                let place = span(at, min(limit, at + 1 + (scalar(at: at + 1)?.1 ?? 1)))
                diagnostics.append(
                    Diagnostic(
                        "bad-escape", "unknown escape in a string", at: place,
                        hint: "known are `\\n \\t \\\" \\\\ \\{ \\} \\u{...}` and `\\(expression)`"))
                at += 1
            }
        }
        if depth == 0 { abandoned = false }
        flush(&pieces, &literal)
        tokens.append(Token(kind: .string(pieces), span: span(start, at)))
    }

    private mutating func unicodeEscape(_ literal: inout [UInt8]) {
        let start = at
        at += 2
        var digits = ""
        if byte(at) == 0x7B {
            at += 1
            while at < limit, digits.count < 9, let digit = Character(UnicodeScalar(bytes[at])).hexDigitValue {
                digits += String(digit, radix: 16)
                at += 1
            }
        }
        if byte(at) == 0x7D, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
            at += 1
            literal += Array(String(scalar).utf8)
        } else {
            diagnostics.append(Diagnostic("bad-escape", "expected a character number such as `\\u{e9}`", at: span(start, min(at, limit))))
        }
    }

    /// The tokens between `\(` and its `)`, on one line; nil after a diagnostic.
    private mutating func interpolation(from start: Int, depth: Int) -> [Token]? {
        // An interpolation ends on its own line, so an open one spoils no more than that line.
        if lineEnd < at {
            lineEnd = at
            while lineEnd < limit, bytes[lineEnd] != 0x0A { lineEnd += 1 }
        }
        let end = min(lineEnd, limit)
        guard depth <= Lexer.interpolationLimit else {
            diagnostics.append(Diagnostic("too-deep", "strings are nested more than \(Lexer.interpolationLimit) deep", at: span(start, at)))
            at = end
            abandoned = true
            return nil
        }
        let outer = tokens
        let whole = limit
        let (complaints, remarks) = (diagnostics.count, comments.count)
        tokens = []
        limit = end
        scan(depth: depth)
        limit = whole
        let inner = tokens
        tokens = outer
        guard !abandoned, byte(at) == 0x29 else {
            if !abandoned {
                // What was read was not what was meant.
                diagnostics.removeSubrange(complaints...)
                diagnostics.append(Diagnostic("unclosed-bracket", "expected `)` to close `\\(`", at: span(start, start + 2)))
            }
            comments.removeSubrange(remarks...)
            abandoned = true
            at = end
            return nil
        }
        at += 1
        return inner + [Token(kind: .end, span: span(at, at))]
    }
}
