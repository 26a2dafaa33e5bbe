/// The classes of scalars as the libraries behind Hugging Face's `tokenizers` 0.23 know them. Each of them has the data of another
/// version of Unicode, so that a scalar is what it was then: one that came later is in no class. Every scalar was compared.
enum ScalarClass {
    /// White space: the Unicode property White_Space.
    static func isSpace(_ value: UInt32) -> Bool {
        if value < 0x80 { return value == 32 || (9...13).contains(value) }
        // What is white space beyond ASCII is known for good.
        switch value {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return true
        default: return false
        }
    }

    /// What the pattern of byte-level pair encoding tells apart.
    enum Sort: UInt8 { case letter, number, space, other }

    /// The sort of a scalar by the regular expressions `\p{L}`, `\p{N}` and `\s`, with the data of Unicode 16.
    static func sort(_ value: UInt32) -> Sort {
        if value < 0x80 {
            switch value {
            case 65...90, 97...122: return .letter
            case 48...57: return .number
            case 32, 9...13: return .space
            default: return .other
            }
        }
        if isSpace(value) { return .space }
        guard let properties = Unicode.Scalar(value)?.properties else { return .other }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return isKnown(properties, since: 16) ? .letter : .other
        case .decimalNumber, .letterNumber, .otherNumber: return isKnown(properties, since: 16) ? .number : .other
        default: return .other
        }
    }

    /// Whether a scalar is a letter, a mark, a digit or a connector: `\w`, with the data of Unicode 16.
    static func isWord(_ value: UInt32) -> Bool {
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        if properties.isAlphabetic || properties.isJoinControl { return isKnown(properties, since: 16) }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return isKnown(properties, since: 16)
        default: return false
        }
    }

    /// Whether BERT splits words at a scalar: all of ASCII that is no letter, digit or control character, and punctuation (Unicode 8).
    static func isPunctuation(_ value: UInt32) -> Bool {
        if value < 0x80 { return value > 32 && value < 127 && sort(value) == .other }
        if value == 0x166D || value == 0x111C9 { return true }
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation:
            return isKnown(properties, since: 8)
        default: return false
        }
    }

    /// Whether BERT leaves a scalar out: control characters, formats, private use (Unicode 8), zero and the replacement character.
    static func isControl(_ value: UInt32) -> Bool {
        if value < 0x80 { return value == 127 || (value < 32 && value != 9 && value != 10 && value != 13) }
        if value == 0xFFFD { return true }
        guard let properties = Unicode.Scalar(value)?.properties else { return true }
        switch properties.generalCategory {
        case .control, .format, .privateUse, .surrogate: return isKnown(properties, since: 8)
        default: return false
        }
    }

    /// Whether a scalar lies in one of the blocks of Chinese characters around which BERT sets spaces.
    static func isChinese(_ value: UInt32) -> Bool {
        guard value >= 0x3400 else { return false }
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            return true
        default: return false
        }
    }

    /// Whether a scalar is a mark that takes no space of its own, as BERT strips accents (Unicode 8).
    static func isAccent(_ value: UInt32) -> Bool {
        guard value >= 0x300 else { return false }
        switch value {
        case 0x1734, 0x1171E: return true
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: return false
        default: break
        }
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        return properties.generalCategory == .nonspacingMark && isKnown(properties, since: 8)
    }

    /// Whether a scalar is a mark of any sort, as `StripAccents` takes away (Unicode 9).
    static func isMark(_ value: UInt32) -> Bool {
        guard value >= 0x300 else { return false }
        switch value {
        case 0x1CF2, 0x1CF3: return true
        case 0x111C9: return false
        default: break
        }
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return isKnown(properties, since: 9)
        default: return false
        }
    }

    /// Whether a scalar was in a version of Unicode.
    static func isKnown(_ properties: Unicode.Scalar.Properties, since version: Int) -> Bool {
        guard let age = properties.age else { return false }
        return age.major < version || (age.major == version && age.minor == 0)
    }
}
