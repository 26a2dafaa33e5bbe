/// Hints for marks of other languages, which mean nothing here: what they are called in this one.
enum ForeignMarks {
    /// The quotes that open a string elsewhere, and what closes each.
    static let quotes: [(open: String, close: String)] = [
        ("'", "'"), ("`", "`"), ("\u{201C}", "\u{201D}"), ("\u{2018}", "\u{2019}"), ("\u{AB}", "\u{BB}"),
    ]

    static func hint(_ text: String) -> String? {
        if quotes.contains(where: { text.hasPrefix($0.open) }) { return "strings stand in double quotes" }
        return switch text {
        case ";": "statements end at the end of the line"
        case "%": "a percentage is a number with `%` right behind it, as in `70%`; the rest of a division is `mod(10, 3)`"
        case "!": "negation is `not`"
        case "&", "&&": "conjunction is `and`"
        case "||": "disjunction is `or`"
        case "|": "a pipeline is `|>`, disjunction is `or`"
        case "?": "a choice is `if condition { a } else { b }`"
        case "$": "a name is used as it is; in a string it stands as `\\(name)`"
        case "\\": "a statement goes on after an operator and inside brackets"
        default: nil
        }
    }

    /// The hint for letters behind a number.
    static func hint(number: String, tail: String) -> String {
        if tail.hasPrefix("_") { return "digits stand together: `\(number)\(tail.filter { $0 != "_" })`" }
        if number == "0", tail.hasPrefix("x") || tail.hasPrefix("b") || tail.hasPrefix("o") {
            return "numbers are written in the decimal system"
        }
        return "units belong to fields, as in `unit: \"GPa\"`"
    }
}
