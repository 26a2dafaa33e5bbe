/// The pattern by which GPT-2 and RoBERTa split texts: contractions of English, then words, numbers and other signs each with the space
/// before them, then white space, whose last space belongs to the word behind it.
///
/// Source: the regular expression `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
enum ByteLevelPattern {
    /// Adds the pieces of a part of a text to `ranges`; together they are all of it.
    static func split(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to ranges: inout [Range<Int>]) {
        let end = range.upperBound
        var place = range.lowerBound
        while place < end {
            let start = place
            if bytes[place] == UInt8(ascii: "'"), let length = contraction(bytes, place, end) {
                place += length
                ranges.append(start..<place)
                continue
            }
            if bytes[place] == 32, place + 1 < end, sort(bytes, place + 1).sort != .space { place += 1 }
            let kind = sort(bytes, place).sort
            if kind == .space {
                place = endOfSpace(bytes, place, end)
            } else {
                while place < end {
                    let (next, length) = sort(bytes, place)
                    guard next == kind else { break }
                    place += length
                }
            }
            place = min(place, end)
            ranges.append(start..<place)
        }
    }

    @inline(__always)
    private static func sort(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (sort: ScalarClass.Sort, length: Int) {
        let byte = bytes[place]
        if byte < 0x80 { return (asciiSorts[Int(byte)], 1) }
        let (value, length) = scalar(in: bytes, at: place)
        return (ScalarClass.sort(value), length)
    }

    /// The end of the white space at a place, but for its last scalar where something follows, unless it is the only one.
    private static func endOfSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var place = start
        var last = start
        while place < end {
            let (next, length) = sort(bytes, place)
            guard next == .space else { return last > start ? last : place }
            last = place
            place += length
        }
        return place
    }

    private static func contraction(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ end: Int) -> Int? {
        guard place + 1 < end else { return nil }
        switch bytes[place + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"): return place + 2 < end && bytes[place + 2] == UInt8(ascii: "e") ? 3 : nil
        case UInt8(ascii: "l"): return place + 2 < end && bytes[place + 2] == UInt8(ascii: "l") ? 3 : nil
        default: return nil
        }
    }
}

private let asciiSorts: [ScalarClass.Sort] = (UInt32(0)..<128).map(ScalarClass.sort)
