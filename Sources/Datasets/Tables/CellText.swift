import Diagnostics
import Storage

/// Whether a cell is missing in a column of numbers: it is blank, or one of the words `NaN` (in any case), `None`, `NA`, `N/A`, `n/a`,
/// `null`, `NULL` and `<NA>`, blanks around it allowed.
///
/// In a column of text such words are text, and only a blank cell is missing; `Column.isMissing(_:)` says which it is.
public func isMissing(_ cell: String) -> Bool {
    isBlankCell(cell) || isMissingWord(trimmed(cell))
}

/// Whether a text without blanks around it is a word for a missing number.
private func isMissingWord(_ text: String) -> Bool {
    switch text {
    case "None", "NA", "N/A", "n/a", "null", "NULL", "<NA>": true
    default: text.utf8.count <= 4 && ["nan", "-nan", "+nan"].contains(text.lowercased())
    }
}

/// Whether a cell holds nothing but blanks.
func isBlankCell(_ cell: String) -> Bool { cell.utf8.allSatisfy { $0 == 32 || $0 == 9 } }

/// Whether a cell is free of Fortran's exponents, which density files have and which are no numbers in a table.
func isPlain(_ cell: some Sequence<UInt8>) -> Bool {
    var previous: UInt8 = 0
    for byte in cell {
        if byte | 0x20 == UInt8(ascii: "d") { return false }
        if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"), previous != 0, previous | 0x20 != UInt8(ascii: "e") { return false }
        previous = byte
    }
    return true
}

/// The number a cell holds, blanks around it allowed; nil for text and for a missing value that is not written as `nan`.
func cellNumber(_ cell: String) -> Double? {
    let text = trimmed(cell)
    // Room behind the number, as `decimal` needs it.
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    let plain =
        isPlain(text.utf8) ? bytes.withUnsafeBufferPointer { decimal(UnsafeBufferPointer(rebasing: $0.prefix(text.utf8.count))) } : nil
    return plain ?? specialNumber(text)
}

/// The number a cell holds, NaN where it is missing; nil for text.
func numberOrMissing(_ cell: String) -> Double? { cellNumber(cell) ?? (isMissing(cell) ? .nan : nil) }

/// The number that the bytes from `start` to `end` are, blanks around them allowed: NaN where it is missing, nil for text. The byte at
/// `end` is no part of a number, and 16 bytes from there on may be read.
func cellNumber(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Double? {
    var first = start
    var last = end
    while first < last, first.pointee == 32 || first.pointee == 9 { first += 1 }
    while first < last, last[-1] == 32 || last[-1] == 9 { last -= 1 }
    guard first < last else { return .nan }
    let bytes = UnsafeBufferPointer(start: first, count: last - first)
    var value = 0.0
    if let stop = scanDecimal(first, &value), stop == last, isPlain(bytes) { return value }
    // The longest word is `+infinity`.
    guard bytes.count <= 9 else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return isMissingWord(text) ? .nan : specialNumber(text)
}

private func specialNumber(_ text: String) -> Double? {
    guard text.utf8.count <= 9 else { return nil }
    switch text.lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
}

/// The cells as numbers, NaN where one is missing; nil where one is text or all are blank.
func columnNumbers(_ cells: [String]) -> [Double]? {
    var numbers: [Double] = []
    numbers.reserveCapacity(cells.count)
    for cell in cells {
        guard let number = numberOrMissing(cell) else { return nil }
        numbers.append(number)
    }
    // A word for a missing number tells a column of numbers; blanks tell nothing.
    return numbers.contains { !$0.isNaN } || cells.contains { !isBlankCell($0) } ? numbers : nil
}

/// Whether a cell is a number with a comma before its decimals, such as `-1,5`, `1.234,5` and `2,5e-3`.
func hasDecimalComma(_ cell: String) -> Bool {
    let halves = trimmed(cell).split(separator: ",", omittingEmptySubsequences: false)
    guard halves.count == 2, halves[1].utf8.first.map({ $0 >= 48 && $0 <= 57 }) == true else { return false }
    return cellNumber(halves[0].replacing(".", with: "") + "." + halves[1]) != nil
}

/// The text without the blanks and tabs around it.
func trimmed(_ text: String) -> String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { $0 != 32 && $0 != 9 }), let last = bytes.lastIndex(where: { $0 != 32 && $0 != 9 }) else {
        return ""
    }
    return String(text[first...last])
}
