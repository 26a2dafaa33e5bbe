import Diagnostics

/// What keeps a column from being one of numbers.
public struct TextForNumber: Sendable, Equatable {
    /// What the cells are, as the end of a sentence: `the cell of `E` holds `1,5`, which is no number`.
    public var reason: String
    /// The first cell that is no number.
    public var place: DataPlace
    /// What to do about it; nil where there is nothing to say.
    public var hint: String?
}

extension Table {
    /// What keeps a column from being one of numbers: its first cell that is neither a number nor missing, how many there are, and how
    /// such a cell is written so that it is one. Nil for a column of numbers.
    public func textForNumber(in column: Column) -> TextForNumber? {
        guard column.numbers == nil else { return nil }
        var first: (row: Int, cell: String)?
        var (texts, numbers) = (0, 0)
        for row in 0..<column.count {
            let cell = column.text(row)
            guard let number = numberOrMissing(cell) else {
                first = first ?? (row, cell)
                texts += 1
                continue
            }
            if !number.isNaN { numbers += 1 }
        }
        guard let first else {
            return count == 0 ? nil : TextForNumber(reason: "no row has anything in `\(column.name)`", place: DataPlace(file: file))
        }
        let isAlike = NumberInWords(first.cell) != nil
        var hint: String? = cellAdvice(first.cell, in: column)
        if numbers == 0, !isAlike {
            // A column of names: another one is meant.
            let others = columns.lazy.filter { $0.numbers != nil }.prefix(5).map { "`\($0.name)`" }
            hint =
                others.isEmpty
                ? nil : "\(others.count == 1 ? "the column of numbers is" : "columns of numbers are") \(joinedByAnd(Array(others)))"
        }
        let cell = "`\(first.cell.prefix(40))`"
        let reason =
            texts == 1
            ? "one cell of `\(column.name)` is no number: \(cell)"
            : numbers == 0 && texts == count
                ? "no cell of `\(column.name)` is a number, the first is \(cell)"
                : "\(texts) of \(count) cells of `\(column.name)` are no numbers, the first is \(cell)"
        return TextForNumber(reason: reason, place: place(ofRow: first.row), hint: hint)
    }

    /// What to do about a cell that is text where a number was asked for.
    func cellAdvice(_ cell: String, in column: Column) -> String {
        guard let meant = NumberInWords(cell) else {
            return "put a number there, or leave such rows out: `where(row[\(inQuotes(column.name))] != \(inQuotes(cell)))`"
        }
        return meant.advice(column.name)
    }
}

/// A text as the language writes it, in quotes.
func inQuotes(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}

/// The number that a cell means which is none as it is written, or that it means there is none.
enum NumberInWords: Equatable {
    /// A number in another way of writing: `1.5` for `1,5`, with what is wrong.
    case number(String, Style)
    /// The cell says that there is no value: `-`, `n.a.`, `#N/A`.
    case nothing

    enum Style: Equatable {
        case decimalComma, thousands, either(String), minus, blank(String), percent, uncertainty(String), unit(String), bound, fortran,
            truth
    }

    /// Nil for a text that means no number.
    init?(_ cell: String) {
        let text = trimmed(cell)
        guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
        if isWordForNothing(text) {
            self = .nothing
            return
        }
        guard let found = Self.number(text) else { return nil }
        self = found
    }

    /// Whether an order by the characters would not be one by the numbers that are meant.
    var isOutOfOrder: Bool {
        guard case .number(_, let style) = self else { return false }
        switch style {
        case .unit, .bound, .truth: return false
        default: return true
        }
    }

    private static func number(_ text: String) -> NumberInWords? {
        if let truth = ["true": "1", "false": "0"][text.lowercased()] { return .number(truth, .truth) }
        // Signs and blanks that look like others.
        var plain = text
        var style: Style?
        for scalar in text.unicodeScalars where looksLikeBlank(scalar) {
            style = style ?? .blank(named(scalar))
            plain = plain.replacing(String(scalar), with: "")
        }
        if let sign = plain.unicodeScalars.first, likeMinus.contains(sign) {
            style = .minus
            plain = "-" + String(plain.unicodeScalars.dropFirst())
        }
        if let style, isNumber(plain) { return .number(plain, style) }
        if let grouped = grouped(plain) { return grouped }
        if plain.hasSuffix("%"), let value = cellNumber(trimmed(String(plain.dropLast()))), value.isFinite {
            return .number(trimmed(String(plain.dropLast())), .percent)
        }
        if let found = uncertain(plain) { return found }
        if !isPlain(plain.utf8), isNumber(plain.replacing("d", with: "e").replacing("D", with: "e")) {
            return .number(plain.replacing("d", with: "e").replacing("D", with: "e"), .fortran)
        }
        if let first = plain.first, "<>~≈≤≥".contains(first), isNumber(trimmed(String(plain.drop { "<>~≈≤≥=".contains($0) }))) {
            return .number(trimmed(String(plain.drop { "<>~≈≤≥=".contains($0) })), .bound)
        }
        // A number with its unit behind it.
        let parts = plain.split(separator: " ", maxSplits: 1).map(String.init)
        if parts.count == 2, isNumber(parts[0]), parts[1].first.map({ $0.isLetter || $0 == "°" }) == true, parts[1].utf8.count <= 12,
            !parts[1].contains(" ")
        {
            return .number(parts[0], .unit(parts[1]))
        }
        return style == nil ? nil : number(plain)
    }

    /// A number with commas, points, apostrophes or blanks among its digits.
    private static func grouped(_ text: String) -> NumberInWords? {
        let head = text.drop { $0 == "-" || $0 == "+" }
        guard head.first.map({ $0.isASCII && ($0.isNumber || $0 == ",") }) == true else { return nil }
        let commas = text.count { $0 == "," }
        func isGrouped(_ whole: Substring, by mark: Character) -> Bool {
            let groups = whole.drop { $0 == "-" || $0 == "+" }.split(separator: mark, omittingEmptySubsequences: false)
            return groups.count > 1 && (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }
                && groups.joined().allSatisfy { $0.isASCII && $0.isNumber }
        }
        if commas == 1, !text.contains(".") {
            let decimal = text.replacing(",", with: ".")
            guard isNumber(decimal), text.last != "," else { return nil }
            let isEither = isGrouped(text[...], by: ",") && head.first != "0"
            return .number(decimal, isEither ? .either(text.replacing(",", with: "")) : .decimalComma)
        }
        let whole = text.prefix { $0 != "." }
        if commas > 0, isGrouped(whole, by: ","), isNumber(text.replacing(",", with: "")) {
            return .number(text.replacing(",", with: ""), .thousands)
        }
        if hasDecimalComma(text) { return .number(text.replacing(".", with: "").replacing(",", with: "."), .decimalComma) }
        if commas == 0, text.count(where: { $0 == "." }) > 1, isGrouped(text[...], by: ".") {
            return .number(text.replacing(".", with: ""), .thousands)
        }
        for mark: Character in ["'", "\u{2019}", " ", "_"] where isGrouped(whole, by: mark) {
            let digits = text.filter { $0 != mark }
            if isNumber(digits) { return .number(digits, .thousands) }
        }
        return nil
    }

    /// A number with its uncertainty: `1.23(4)`, `1.23 ± 0.04`, `1.23 +/- 0.04`.
    private static func uncertain(_ text: String) -> NumberInWords? {
        for mark in ["±", "+/-", "+-"] {
            let parts = text.split(separator: mark).map { trimmed(String($0)) }
            if parts.count == 2, isNumber(parts[0]), isNumber(parts[1]) { return .number(parts[0], .uncertainty(parts[1])) }
        }
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
        let number = trimmed(String(text[..<open]))
        let digits = text[text.index(after: open)...].dropLast()
        guard isNumber(number), !digits.isEmpty, digits.count <= 12, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else {
            return nil
        }
        guard !digits.contains("."), let point = number.firstIndex(of: "."), !number.contains(where: { $0 == "e" || $0 == "E" }) else {
            return .number(number, .uncertainty(String(digits)))
        }
        // In units of the last digit.
        let places = number.distance(from: point, to: number.endIndex) - 1
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return .number(number, .uncertainty(padded.dropLast(places) + "." + padded.suffix(places)))
    }

    private static let likeMinus: Set<Unicode.Scalar> = [
        "\u{2212}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{FE63}", "\u{FF0D}",
    ]

    private static func isNumber(_ text: String) -> Bool { cellNumber(text)?.isFinite == true }

    func advice(_ column: String) -> String {
        guard case .number(let number, let style) = self else { return "leave the cell empty where there is no value" }
        switch style {
        case .decimalComma: return "write decimal points: `\(number)`"
        case .either(let whole):
            return "write `\(number)` where the comma stands before decimals, `\(whole)` where it stands between thousands"
        case .thousands: return "write the digits with nothing between them: `\(number)`"
        case .minus: return "write the minus as `-`, which is on the keyboard: `\(number)`"
        case .blank(let name): return "leave out the \(name) in the cell, which cannot be seen: `\(number)`"
        case .percent: return "write `\(number)`, and the unit in the header: `\(column) [%]`"
        case .uncertainty(let deviation): return "write `\(number)`, and the uncertainty `\(deviation)` in a column of its own"
        case .unit(let unit): return "write `\(number)`, and the unit in the header: `\(column) [\(unit)]`"
        case .bound: return "write a number, or leave the cell empty"
        case .fortran: return "write the exponent with `e`: `\(number)`"
        case .truth: return "write `1` for true and `0` for false, or compare with the text, as in `row[\(inQuotes(column))] == \"True\"`"
        }
    }
}

/// Whether a text says that there is no value, though it is not one of the words for a missing number.
private func isWordForNothing(_ text: String) -> Bool {
    if text.allSatisfy({ "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}._?*/".contains($0) }) { return true }
    // The elements sodium and neodymium.
    if text == "Na" || text == "Nd" { return false }
    let word = text.lowercased().filter { !" .".contains($0) }
    return [
        "na", "n/a", "n/d", "nd", "none", "null", "nil", "nan", "void", "empty", "missing", "unknown", "tbd", "-nan", "#n/a", "#na",
        "#num!",
        "#value!", "#div/0!", "#ref!", "#name?", "#null!", "<na>", "nan(ind)", "-1#ind", "1#qnan",
    ].contains(word)
}

/// Whether a character is a blank, or cannot be seen, but is no blank of ASCII.
private func looksLikeBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x7F
        && (scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
            || scalar.properties.generalCategory == .spaceSeparator)
}

private func named(_ scalar: Unicode.Scalar) -> String {
    let code =
        "U+" + String(repeating: "0", count: max(0, 4 - String(scalar.value, radix: 16).count))
        + String(scalar.value, radix: 16).uppercased()
    switch scalar.value {
    case 0xA0, 0x202F: return "no-break space (\(code))"
    default: return scalar.properties.isWhitespace ? "space (\(code))" : "character (\(code))"
    }
}
