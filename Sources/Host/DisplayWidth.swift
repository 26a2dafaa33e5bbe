/// The number of terminal columns a text takes: 2 for wide East Asian characters and emoji, 0 for combining marks.
///
/// Source: the wide and full-width blocks of Unicode Standard Annex 11.
public func displayWidth(_ text: some StringProtocol) -> Int {
    // Printing ASCII, which most texts are: a column a byte.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    var width = 0
    for character in text { width += displayWidth(character) }
    return width
}

/// The number of terminal columns a character takes: that of its widest scalar.
func displayWidth(_ character: Character) -> Int {
    if let byte = character.asciiValue { return byte < 0x20 || byte == 0x7F ? 0 : 1 }
    var width = 0
    for scalar in character.unicodeScalars { width = max(width, displayWidth(scalar)) }
    // The selector asks for the coloured, wide form of a character that also has a narrow one.
    if character.unicodeScalars.contains("\u{FE0F}") { width = max(width, 2) }
    return width
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wideBlocks.contains { $0.contains(scalar.value) } ? 2 : 1
}

private let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
]

/// Cuts a text to at most `width` columns; a cut text ends in `ellipsis`, which counts.
public func truncated(_ text: String, to width: Int, ellipsis: String = "…") -> String {
    guard displayWidth(text) > width else { return text }
    let room = width - displayWidth(ellipsis)
    guard room >= 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
        let next = displayWidth(character)
        if used + next > room { break }
        used += next
        result.append(character)
    }
    return result + ellipsis
}

/// Pads a text with blanks after it (or before it, when `right`) up to `width` columns.
func padded(_ text: String, to width: Int, right: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - displayWidth(text)))
    return right ? blanks + text : text + blanks
}

/// The text cut in its middle to a width in columns, with an ellipsis where something is missing: its end tells as much as its
/// beginning, such as the number of a fold.
public func shortenedInTheMiddle(_ text: String, to width: Int, ellipsis: String = "…") -> String {
    guard displayWidth(text) > width else { return text }
    let room = width - displayWidth(ellipsis)
    guard room >= 2 else { return truncated(text, to: width, ellipsis: ellipsis) }
    func fitting(_ characters: some Sequence<Character>, _ columns: Int) -> [Character] {
        var taken: [Character] = []
        var used = 0
        for character in characters {
            used += displayWidth(String(character))
            guard used <= columns else { break }
            taken.append(character)
        }
        return taken
    }
    let start = String(fitting(text, (room + 1) / 2))
    return start + ellipsis + String(fitting(text.reversed(), room - displayWidth(start)).reversed())
}
