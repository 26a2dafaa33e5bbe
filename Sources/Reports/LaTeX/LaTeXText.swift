/// Texts as LaTeX: what is printed is the text that was given, under pdfLaTeX and LuaLaTeX.
enum LaTeXText {
    /// A text on one line of prose, a heading or a cell.
    static func escaped(_ text: String) -> String { written(visible(text), prose) }

    /// A line of a `Verbatim` environment, where `\`, `{` and `}` keep their meaning.
    static func verbatim(_ line: String) -> String { written(visible(line), code) }

    /// A remark of ours, the names in it as code.
    static func remark(_ text: String) -> String {
        remarkPieces(text).enumerated().map { $0.offset % 2 == 0 ? escaped($0.element) : "\\texttt{\(escaped($0.element))}" }.joined()
    }

    /// An address as the first argument of `\href`.
    static func address(_ address: String) -> String {
        address.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "_"), UInt8(ascii: "$"):
                text += "\\" + String(Unicode.Scalar(byte))
            case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D, 0x7F...: text += "\\" + MarkdownText.percent(byte)
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
    }

    /// A unit: its powers as they are printed.
    static func unit(_ unit: String) -> String {
        var text = ""
        var rest = unit.unicodeScalars[...]
        while let mark = rest.firstIndex(of: "^") {
            text += escaped(String(rest[..<mark]))
            rest = rest[rest.index(after: mark)...]
            let power = rest.prefix { ("0"..."9").contains($0) || $0 == "-" || $0 == "+" || $0 == "." || $0 == "/" }
            text += power.isEmpty ? "\\textasciicircum{}" : "\\textsuperscript{\(number(String(power)))}"
            rest = rest[power.endIndex...]
        }
        return text + escaped(String(rest))
    }

    /// A number: its sign is that of mathematics.
    static func number(_ text: String) -> String {
        let parts = text.unicodeScalars.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map { escaped(String($0)) }.joined(separator: "\\textminus{}")
    }

    private static func written(_ text: String, _ ascii: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        // Where the last letter begins, and how many accents it has. TeX nests so many groups and no more.
        var last = 0
        var count = 0
        for scalar in text.unicodeScalars {
            if let accent = LaTeXCharacters.accents[scalar], count < mostAccents {
                let start = result.utf8.index(result.startIndex, offsetBy: last)
                let letter = String(result[start...])
                result.removeSubrange(start...)
                result += "\(accent){\(letter)}"
                count += 1
                continue
            }
            last = result.utf8.count
            count = 0
            let piece = scalar.isASCII ? ascii(scalar) : LaTeXCharacters.command(of: scalar)
            if let piece { result += piece } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    private static let mostAccents = 2

    /// What stands for a character of ASCII in prose; nil where it stands for itself.
    private static func prose(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\\": "\\textbackslash{}"
        case "{", "}", "$", "&", "#", "%", "_": "\\" + String(scalar)
        case "^": "\\textasciicircum{}"
        case "~": "\\textasciitilde{}"
        case "<": "\\textless{}"
        case ">": "\\textgreater{}"
        case "|": "\\textbar{}"
        case "\"": "\\textquotedbl{}"
        case "`": "\\textasciigrave{}"
        // Two of these in a row would be one other sign.
        case "-", ",": String(scalar) + "{}"
        // Behind an end of line they would be its argument.
        case "[", "]", "*": "{\(scalar)}"
        case "\n": " "
        default: nil
        }
    }

    private static func code(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\\": "\\textbackslash{}"
        case "{", "}": "\\" + String(scalar)
        case "'": "\\textquotesingle{}"
        case "`": "\\textasciigrave{}"
        default: nil
        }
    }
}
