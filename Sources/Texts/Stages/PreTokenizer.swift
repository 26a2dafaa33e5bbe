/// A step that splits a text into the pieces that a model splits further.
enum PreTokenizer: Sendable {
    /// At white space, which goes.
    case whiteSpace
    /// At white space, which goes, and around every sign of punctuation.
    case bert
    /// At spaces, for which another scalar stands, which stays before the word behind it.
    case metaspace(replacement: [UInt8], prepend: Prepend, splits: Bool)
    /// By the pattern of GPT-2, into pieces whose bytes are the characters of the model. It stands last.
    case byteLevel(addsPrefixSpace: Bool, splits: Bool)

    /// Whether the sign for a space is set before the text: before every piece that has none, before the first alone, or never.
    enum Prepend: Sendable { case always, first, never }

    /// Whether the sign for a space is set before the beginning of a text alone.
    var prependsFirst: Bool {
        if case .metaspace(_, .first, _) = self { return true }
        return false
    }
}

/// Bytes and the pieces of them that are split further.
struct Pieces {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
}

extension PreTokenizer {
    /// Splits the pieces of a text further, into `out`. `isStart` says that the text is the beginning of what is tokenized.
    func apply(_ pieces: Pieces, isStart: Bool, to out: inout Pieces) {
        out.bytes.removeAll(keepingCapacity: true)
        out.ranges.removeAll(keepingCapacity: true)
        pieces.bytes.withUnsafeBufferPointer { bytes in
            switch self {
            case .whiteSpace, .bert:
                out.bytes.append(contentsOf: bytes)
                for range in pieces.ranges { splitWords(bytes, range, to: &out.ranges) }
            case .metaspace(let replacement, let prepend, let splits):
                for range in pieces.ranges where !range.isEmpty {
                    let isFirst = isStart && range.lowerBound == 0
                    let prepends = prepend == .always || (prepend == .first && isFirst)
                    setSigns(bytes, range, replacement, prepends: prepends, splits: splits, to: &out)
                }
            case .byteLevel(let addsPrefixSpace, let splits):
                for range in pieces.ranges where !range.isEmpty {
                    let start = out.bytes.count
                    if addsPrefixSpace, bytes[range.lowerBound] != 32 { out.bytes.append(32) }
                    out.bytes.append(contentsOf: bytes[range])
                    if !splits { out.ranges.append(start..<out.bytes.count) }
                }
                if splits { splitByteLevel(&out, pieces, addsPrefixSpace) }
            }
        }
    }

    private func splitByteLevel(_ out: inout Pieces, _ pieces: Pieces, _ addsPrefixSpace: Bool) {
        var start = 0
        out.bytes.withUnsafeBufferPointer { bytes in
            for range in pieces.ranges where !range.isEmpty {
                let isLonger = addsPrefixSpace && pieces.bytes[range.lowerBound] != 32
                let end = start + range.count + (isLonger ? 1 : 0)
                ByteLevelPattern.split(bytes, start..<end, to: &out.ranges)
                start = end
            }
        }
    }

    /// Words between white space, and signs of punctuation on their own where this is BERT's.
    private func splitWords(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to ranges: inout [Range<Int>]) {
        let isBert = if case .bert = self { true } else { false }
        var start = range.lowerBound
        var place = start
        while place < range.upperBound {
            let byte = bytes[place]
            var length = 1
            let isSpace: Bool
            var isSign = false
            if byte < 0x80 {
                let known = asciiSorts[Int(byte)]
                isSpace = known == 1
                isSign = isBert && known == 2
            } else {
                let (value, count) = scalar(in: bytes, at: place)
                length = min(count, range.upperBound - place)
                isSpace = ScalarClass.isSpace(value)
                isSign = isBert && !isSpace && ScalarClass.isPunctuation(value)
            }
            if isSpace || isSign {
                if place > start { ranges.append(start..<place) }
                if isSign { ranges.append(place..<(place + length)) }
                start = place + length
            }
            place += length
        }
        if start < range.upperBound { ranges.append(start..<range.upperBound) }
    }
}

/// Of each character of ASCII: 1 white space, 2 punctuation as BERT has it, else 0.
private let asciiSorts: [UInt8] = (UInt32(0)..<128).map { ScalarClass.isSpace($0) ? 1 : ScalarClass.isPunctuation($0) ? 2 : 0 }

/// Sets the sign for a space in place of spaces, before the piece too where it is to be, and splits before every sign.
private func setSigns(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ sign: [UInt8], prepends: Bool, splits: Bool, to out: inout Pieces
) {
    guard let first = sign.first else { return }
    func isSign(_ place: Int) -> Bool {
        bytes[place] == first && range.upperBound - place >= sign.count && bytes[place..<(place + sign.count)].elementsEqual(sign)
    }
    var start = out.bytes.count
    if prepends, bytes[range.lowerBound] != 32, !isSign(range.lowerBound) { out.bytes.append(contentsOf: sign) }
    var place = range.lowerBound
    while place < range.upperBound {
        let isSpace = bytes[place] == 32
        if isSpace || isSign(place) {
            if splits, out.bytes.count > start {
                out.ranges.append(start..<out.bytes.count)
                start = out.bytes.count
            }
            out.bytes.append(contentsOf: sign)
            place += isSpace ? 1 : sign.count
            continue
        }
        out.bytes.append(bytes[place])
        place += 1
    }
    if out.bytes.count > start { out.ranges.append(start..<out.bytes.count) }
}
