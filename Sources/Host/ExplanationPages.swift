import Diagnostics

/// The explanations of diagnostics as pages of text: what `ecdx explain` prints.
public enum ExplanationPages {
    /// The number of columns of text where there is no screen to fit.
    private static let plainWidth = 100

    /// The page of one diagnostic. Text is wrapped to `width` columns, examples are not.
    public static func page(_ explanation: Explanation, width: Int?, color: Bool = false) -> String {
        var text = strong("\(explanation.id): \(explanation.title)", color) + "\n\n"
        text += indented(explanation.text, by: 2, width: width)
        if let wrong = explanation.wrong { text += "\n  \(explanation.right == nil ? "For example" : "Not")\n\n" + code(wrong) }
        if let right = explanation.right { text += "\n  But\n\n" + code(right) }
        return text
    }

    /// The list of all ids with their titles, by area.
    public static func overview(width: Int?, color: Bool = false) -> String {
        let column = 2 + (Explanations.ids.map(\.count).max() ?? 0) + 2
        return Explanations.areas.map { area in
            let lines = area.explanations.map { explanation in
                let title = wrapped(explanation.title, to: max(20, (width ?? plainWidth) - column))
                let name = "  " + explanation.id + String(repeating: " ", count: max(1, column - 2 - explanation.id.count))
                return name + title.joined(separator: "\n" + String(repeating: " ", count: column)) + "\n"
            }
            return strong(area.name, color) + "\n" + lines.joined()
        }.joined(separator: "\n")
    }

    /// The id that a text means: as it is, or as a message writes it, `error[unknown-field]`.
    public static func id(in text: String) -> String {
        guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else { return text }
        return String(text[text.index(after: open)..<close])
    }

    /// The diagnostic for an id that no diagnostic has.
    public static func unknown(_ id: String) -> Diagnostic {
        let near = nearMiss(id, among: Explanations.ids)
        return Diagnostic(
            "unknown-name", "no diagnostic has the id `\(id)`", hint: near.map { "did you mean `\($0)`?" } ?? "`ecdx explain` lists them")
    }

    private static func indented(_ text: String, by indent: Int, width: Int?) -> String {
        let flowing = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let lines = wrapped(flowing, to: max(20, (width ?? plainWidth) - indent))
        return lines.map { String(repeating: " ", count: indent) + $0 + "\n" }.joined()
    }

    private static func code(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)\n" }.joined()
    }

    private static func strong(_ text: String, _ color: Bool) -> String { color ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
