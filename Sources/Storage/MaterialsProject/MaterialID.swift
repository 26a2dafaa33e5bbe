import Diagnostics

/// An identifier of the Materials Project, of a material or of a task: `mp-149` or, in letters, `mp-ft`.
///
/// Since 2025 numbers are also written with the letters a to z as digits of base 26, a for 0, filled up with `a` to eight in some
/// tables: `mp-149`, `mp-ft` and `mp-aaaaaaft` are one. Two identifiers are equal where prefix and number are.
/// Source: emmet-core's `AlphaID`.
public struct MaterialID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The letters in front of the hyphen: `mp`, or `mvc` of an older collection.
    public let prefix: String
    /// The number that stands behind the hyphen, at least 0.
    public let number: Int

    /// The largest number whose text form has digits.
    public static let largestInDigits = 3_347_529

    /// Makes an identifier of its parts; nil where the prefix is not one to eight small letters, or the number is below 0.
    public init?(prefix: String = "mp", number: Int) {
        guard (1...8).contains(prefix.utf8.count), prefix.utf8.allSatisfy(isSmallLetter), number >= 0 else { return nil }
        (self.prefix, self.number) = (prefix, number)
    }

    /// Reads an identifier in either spelling; nil where `text` is none, and where its number does not fit 64 bits.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = parts.first.flatMap({ String($0) }), let body = parts.last, (1...20).contains(body.count)
        else { return nil }
        let number: Int?
        if body.allSatisfy({ (48...57).contains($0) }) {
            number = String(body).flatMap { Int($0) }
        } else if body.allSatisfy(isSmallLetter) {
            number = body.reduce(0) { sum, letter in
                guard let sum else { return nil }
                let (product, isTooLarge) = sum.multipliedReportingOverflow(by: 26)
                let (next, isTooLargeNow) = product.addingReportingOverflow(Int(letter - 97))
                return isTooLarge || isTooLargeNow ? nil : next
            }
        } else {
            number = nil
        }
        guard let number else { return nil }
        self.init(prefix: prefix, number: number)
    }

    /// Reads an identifier in either spelling. Throws `bad-data`, with the place, where `text` is none.
    public init(reading text: String, in place: DataPlace?) throws {
        guard let id = MaterialID(text) else {
            throw Diagnostic(
                "bad-data", "expected an identifier of the Materials Project such as `mp-149` or `mp-ft`, found `\(text.prefix(40))`",
                data: place)
        }
        self = id
    }

    /// The text form: with the number up to `largestInDigits`, with letters above.
    public var description: String { number <= Self.largestInDigits ? "\(prefix)-\(number)" : short }

    /// The text form in letters without letters in front that stand for 0: `mp-ft`.
    public var short: String { "\(prefix)-\(String(decoding: letters, as: UTF8.self))" }

    /// The text form in letters, filled up to eight: `mp-aaaaaaft`.
    public var padded: String {
        let letters = letters
        let filling = [UInt8](repeating: 97, count: max(0, 8 - letters.count))
        return "\(prefix)-\(String(decoding: filling + letters, as: UTF8.self))"
    }

    /// The names that the charge density of a task may have among the objects of the Materials Project, the likeliest first.
    ///
    /// Up to `largestInDigits` the name has the number. Above, it has letters, and whether they are filled up is not known:
    /// `given`, the spelling of the server, comes first where it has letters. Source: mp-api's client, which makes a name of the
    /// spelling it is given.
    public func objectNames(given: String) -> [String] {
        let spellings =
            number <= Self.largestInDigits
            ? [description] : (MaterialID(given) == self && given.utf8.last.map(isSmallLetter) == true ? [given] : []) + [short, padded]
        var names: [String] = []
        for spelling in spellings where !names.contains("chgcars/\(spelling).json.gz") { names.append("chgcars/\(spelling).json.gz") }
        return names
    }

    /// The order of two identifiers: by prefix, then by number.
    public static func < (a: MaterialID, b: MaterialID) -> Bool { a.prefix == b.prefix ? a.number < b.number : a.prefix < b.prefix }

    private var letters: [UInt8] {
        var digits: [UInt8] = []
        var rest = number
        repeat {
            digits.append(97 + UInt8(rest % 26))
            rest /= 26
        } while rest > 0
        return digits.reversed()
    }
}

extension MaterialID: Codable {
    /// Decodes an identifier from a text in either spelling; throws `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = MaterialID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected an identifier such as mp-149")
        }
        self = id
    }

    /// Encodes the identifier as its text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func isSmallLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
