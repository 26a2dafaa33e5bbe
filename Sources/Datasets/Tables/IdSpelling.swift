import Diagnostics

/// An identifier in the one spelling that all its spellings share: without blanks around it, in lower case, an id of the Materials Project
/// in its form with a number (`mp-ft` and `mp-aaaaaaft` are `mp-149`).
func sharedSpelling(_ id: String) -> String {
    let text = lowerCased(id)
    // Nearly all ids are told by their first byte to be none of the Materials Project.
    guard text.utf8.first == UInt8(ascii: "m"), let found = materialsProjectNumber(text) else { return text }
    return "\(found.prefix)-\(found.number)"
}

/// A text in lower case without the blanks around it.
private func lowerCased(_ text: String) -> String {
    // A million ids are looked through; by characters that takes many times as long as by bytes.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return withoutBlanks(text).lowercased() }
    var bytes = text.utf8.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }[...]
    func isBlank(_ byte: UInt8?) -> Bool { byte.map { $0 == 32 || $0 >= 9 && $0 <= 13 } ?? false }
    while isBlank(bytes.last) { bytes.removeLast() }
    while isBlank(bytes.first) { bytes.removeFirst() }
    return String(decoding: bytes, as: UTF8.self)
}

/// The same, and without zeros before digits; numbers in one way, so that `7`, `007` and `7.0` are one.
func looseSpelling(_ id: String) -> String {
    let text = sharedSpelling(id)
    return loosened(text, cellNumber(text))
}

/// The loose spelling of a text in shared spelling, which is `number` if it is one.
private func loosened(_ text: String, _ number: Double?) -> String {
    // Beyond 2^53 neighbouring whole numbers are one in double precision.
    if let number, abs(number) < 0x1p53 { return "\(number + 0)" }
    var bytes: [UInt8] = []
    var isInNumber = false
    let all = Array(text.utf8)
    for (place, byte) in all.enumerated() {
        let isDigit = byte >= 48 && byte <= 57
        let digitFollows = place + 1 < all.count && all[place + 1] >= 48 && all[place + 1] <= 57
        if byte == 48, !isInNumber, digitFollows { continue }
        isInNumber = isDigit
        bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The number of an id of the Materials Project in either form, in lower case: `mp-149`, or letters as digits to the base 26 with a = 0,
/// `mp-ft` (emmet-core 0.87). Nil for any other text.
private func materialsProjectNumber(_ text: String) -> (prefix: String, number: Int)? {
    let bytes = text.utf8
    guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")) else { return nil }
    let prefix = String(text[..<dash])
    let digits = bytes[bytes.index(after: dash)...]
    guard prefix == "mp" || prefix == "mvc", !digits.isEmpty else { return nil }
    let isLetters = digits.allSatisfy { $0 >= 97 && $0 <= 122 }
    guard isLetters || digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    var number = 0
    for digit in digits {
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: isLetters ? 26 : 10)
        let (sum, isFar) = product.addingReportingOverflow(Int(digit) - (isLetters ? 97 : 48))
        guard !isTooLarge, !isFar else { return nil }
        number = sum
    }
    return (prefix, number)
}

/// In what two spellings of one id differ, for messages; nil where they are no spellings of one id, or the same text.
func differenceInSpelling(_ a: String, _ b: String) -> String? {
    guard a != b, looseSpelling(a) == looseSpelling(b) else { return nil }
    let (x, y) = (withoutBlanks(a), withoutBlanks(b))
    if x == y { return "blanks around them" }
    if x.lowercased() == y.lowercased() { return "case" }
    if sharedSpelling(a) == sharedSpelling(b) { return "the form of a Materials Project id, a number or letters" }
    return cellNumber(x) != nil && cellNumber(y) != nil ? "how the number is written" : "zeros before digits"
}

extension Table {
    /// Pairs of rows whose ids differ only in spelling: in blanks around them, in case, in zeros before digits, or as the number and the
    /// letters of one id of the Materials Project, as `mp-149` and `mp-ft`. The first row of an id is paired with each later one; pairs
    /// are in the order of the latter. `1.1` and `1.10` are two ids, as of the parts of a text. Ids that are the same text are no pair
    /// (`rowsInOrder(ofID:)` refuses them). Throws `unknown-column`.
    public func idsSpeltTwice(ofID name: String) throws -> [(row: Int, other: Int)] {
        let column = try column(name)
        var first: [String: Int] = [:]
        first.reserveCapacity(count)
        var pairs: [(row: Int, other: Int)] = []
        for row in 0..<count {
            let id = column.text(row)
            guard !isBlankCell(id) else { continue }
            let shared = sharedSpelling(id)
            let number = cellNumber(shared)
            let isFraction = number.map { $0.rounded() != $0 } ?? false
            let spelling = isFraction ? shared : loosened(shared, number)
            if let other = first[spelling] {
                if column.text(other) != id { pairs.append((other, row)) }
            } else {
                first[spelling] = row
            }
        }
        return pairs
    }
}
