/// A token that is found in a text before the model sees it, such as `<s>`.
struct AddedToken: Sendable, Equatable {
    var content: String
    var id: Int32
    /// Whether it counts only where no letter or digit stands beside it.
    var isSingleWord = false
    /// Whether it takes the white space before and behind it.
    var takesLeft = false
    var takesRight = false
    /// Whether it is looked for in the text as the normalizer leaves it.
    var isNormalized = false
    var isSpecial = true
}

/// The added tokens of one kind, looked for from left to right, the longest first.
struct AddedTokens: Sendable {
    private struct Pattern {
        var bytes: [UInt8]
        var token: AddedToken
    }

    /// A part of a text: an added token, or what stands between two.
    enum Part: Equatable {
        case text(Range<Int>)
        case token(Int32, Range<Int>)
    }

    private var patterns: [Pattern] = []
    /// The places in `patterns` by the first byte, the longest first; nil where no token begins with it.
    private var byFirst = [[Int]?](repeating: nil, count: 256)

    var isEmpty: Bool { patterns.isEmpty }

    /// Adds a token that is looked for as some bytes; an empty one is never found.
    mutating func add(_ token: AddedToken, as bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        if let known = patterns.firstIndex(where: { $0.bytes == bytes }) {
            patterns[known].token = token
            return
        }
        patterns.append(Pattern(bytes: bytes, token: token))
        var places = byFirst[Int(first)] ?? []
        places.append(patterns.count - 1)
        places.sort { patterns[$0].bytes.count > patterns[$1].bytes.count }
        byFirst[Int(first)] = places
    }

    /// The parts of a text in order; empty parts are left out.
    func split(_ text: UnsafeBufferPointer<UInt8>) -> [Part] {
        if text.isEmpty { return [] }
        if patterns.isEmpty { return [.text(0..<text.count)] }
        var parts: [Part] = []
        var done = 0
        var place = 0
        while place < text.count {
            guard let places = byFirst[Int(text[place])], let pattern = match(text, place, places) else {
                place += 1
                continue
            }
            var range = place..<(place + pattern.bytes.count)
            place = range.upperBound
            if pattern.token.isSingleWord, isBesideWord(text, range) { continue }
            if pattern.token.takesLeft {
                let left = stripped(UnsafeBufferPointer(rebasing: text[..<range.lowerBound]), left: false, right: true)
                range = max(left.upperBound, min(done, range.lowerBound))..<range.upperBound
            }
            if pattern.token.takesRight {
                let right = stripped(UnsafeBufferPointer(rebasing: text[range.upperBound...]), left: true, right: false)
                range = range.lowerBound..<(range.upperBound + right.lowerBound)
            }
            if done < range.lowerBound { parts.append(.text(done..<range.lowerBound)) }
            parts.append(.token(pattern.token.id, range))
            done = range.upperBound
            // Where white space was taken that another token begins with, that one still counts, as in `tokenizers`.
        }
        if done < text.count { parts.append(.text(done..<text.count)) }
        return parts
    }

    private func match(_ text: UnsafeBufferPointer<UInt8>, _ place: Int, _ places: [Int]) -> Pattern? {
        for index in places {
            let bytes = patterns[index].bytes
            if text.count - place >= bytes.count, text[place..<(place + bytes.count)].elementsEqual(bytes) { return patterns[index] }
        }
        return nil
    }

    private func isBesideWord(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        if range.lowerBound > 0 {
            var last = range.lowerBound - 1
            while last > 0, text[last] & 0xC0 == 0x80 { last -= 1 }
            if ScalarClass.isWord(scalar(in: text, at: last).value) { return true }
        }
        return range.upperBound < text.count && ScalarClass.isWord(scalar(in: text, at: range.upperBound).value)
    }
}
