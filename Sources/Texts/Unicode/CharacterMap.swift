import Diagnostics

/// The character map that a SentencePiece model brings along: a double-array trie (Darts-clone) over the characters that are replaced,
/// with the texts that replace them.
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let texts: [UInt8]
    /// For each character of ASCII, where its replacement stands in `texts`; empty where it stays.
    private var ascii: [Range<Int>?] = []

    /// Reads a map as SentencePiece writes it: the size of the trie in bytes, the trie, the texts with a zero byte behind each. Throws
    /// `bad-data` where it is cut off.
    init(_ bytes: [UInt8], file: String) throws {
        func number(_ place: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) } }
        let size = bytes.count >= 4 ? Int(number(0)) : -1
        guard size >= 4, size % 4 == 0, size <= bytes.count - 4 else {
            throw Diagnostic(
                "bad-data", "expected a character map of SentencePiece, found one whose trie is damaged", data: DataPlace(file: file),
                hint: "fetch the file again")
        }
        units = (0..<(size / 4)).map { number(4 + 4 * $0) }
        texts = Array(bytes[(4 + size)...])
        guard String(validating: texts, as: UTF8.self) != nil else {
            throw Diagnostic("bad-data", "expected a character map in UTF-8, found other bytes", data: DataPlace(file: file))
        }
        for byte in UInt8(0)..<128 {
            ascii.append([byte].withUnsafeBufferPointer { replacement(of: $0, longest: false)?.text })
        }
    }

    /// What replaces the shortest or the longest beginning of some bytes that the map knows, and the length of that beginning.
    private func replacement(of bytes: UnsafeBufferPointer<UInt8>, longest: Bool) -> (text: Range<Int>, length: Int)? {
        guard let root = units.first else { return nil }
        var node = offset(root)
        var found: (text: Range<Int>, length: Int)?
        for (index, byte) in bytes.enumerated() {
            guard byte != 0 else { break }
            node ^= Int(byte)
            guard node < units.count else { break }
            let unit = units[node]
            guard unit & 0x8000_00FF == UInt32(byte) else { break }
            node ^= offset(unit)
            guard node < units.count else { break }
            if unit >> 8 & 1 == 1 {
                let start = Int(units[node] & 0x7FFF_FFFF)
                guard start <= texts.count else { break }
                let end = texts[start...].firstIndex(of: 0) ?? texts.count
                found = (start..<end, index + 1)
                if !longest { break }
            }
        }
        return found
    }

    private func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & (1 << 9)) >> 6) }

    /// Adds the replacement of all of `part` to `out`, which is that of its shortest beginning that the map knows.
    private func replace(_ part: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Bool {
        guard let (text, _) = replacement(of: part, longest: false) else { return false }
        out.append(contentsOf: texts[text])
        return true
    }

    /// Adds the longest replacement at the beginning of a text, as SentencePiece itself does; gives the number of bytes replaced, or nil.
    func replaceLongest(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Int? {
        guard let (replacement, length) = replacement(of: text, longest: true) else { return nil }
        out.append(contentsOf: texts[replacement])
        return length
    }

    /// Adds a text to `out` with its characters replaced, as `tokenizers` does: a character as readers see it (UAX 29) of fewer than six
    /// bytes is looked for as a whole, and its scalars one by one where it is longer or not known.
    func apply(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var place = 0
        while place < text.count {
            let start = place
            // What stands alone: ASCII before ASCII.
            while place < text.count, isAlone(text, place) {
                if let replacement = ascii[Int(text[place])] {
                    out.append(contentsOf: texts[replacement])
                } else {
                    out.append(text[place])
                }
                place += 1
            }
            if place > start { continue }
            // What may join others: up to the first character of ASCII behind which another one stands.
            var isSimple = true
            repeat {
                let (value, length) = scalar(in: text, at: place)
                isSimple = isSimple && Self.isSimple(value)
                place += length
            } while place < text.count && (text[place - 1] >= 0x80 || isLineEnd(text, place - 1) || !isAlone(text, place))
            applyJoined(UnsafeBufferPointer(rebasing: text[start..<min(place, text.count)]), isSimple: isSimple, to: &out)
        }
    }

    /// Whether a character of ASCII joins neither what stands behind it nor, where ASCII stands there, what stands before it.
    private func isAlone(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        guard text[place] < 0x80 else { return false }
        guard place + 1 < text.count else { return true }
        return text[place + 1] < 0x80 && !isLineEnd(text, place)
    }

    /// Whether the two characters that end a line together stand at a place.
    private func isLineEnd(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        text[place] == 13 && place + 1 < text.count && text[place + 1] == 10
    }

    /// Whether a scalar joins no other one: most of the common ones.
    private static func isSimple(_ value: UInt32) -> Bool {
        switch value {
        case 13: false
        case 0..<0x300, 0x2010...0x2027, 0x2030...0x205F, 0x2070...0x20CF, 0x2100...0x218F, 0x3400...0x9FFF, 0xAC00...0xD7A3: value != 0xAD
        default: false
        }
    }

    private func applyJoined(_ text: UnsafeBufferPointer<UInt8>, isSimple: Bool, to out: inout [UInt8]) {
        if isSimple { return applySingly(text, to: &out) }
        var place = 0
        for character in String(utf8Bytes: text) {
            let end = min(place + character.utf8.count, text.count)
            let part = UnsafeBufferPointer(rebasing: text[place..<end])
            if part.count >= 6 || !replace(part, to: &out) { applySingly(part, to: &out) }
            place = end
        }
    }

    private func applySingly(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var place = 0
        while place < text.count {
            let end = min(place + scalarLength(text[place]), text.count)
            let part = UnsafeBufferPointer(rebasing: text[place..<end])
            if !replace(part, to: &out) { out.append(contentsOf: part) }
            place = end
        }
    }
}
