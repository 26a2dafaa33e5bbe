/// The cleaning of texts that BERT does: control characters go, white space becomes spaces, Chinese characters stand between spaces,
/// accents go, and letters become small ones.
struct BertNormalizer: Sendable {
    var cleansText = true
    var spacesChinese = true
    var stripsAccents = true
    var lowercases = true

    /// Adds the cleaned text to `out`.
    func apply(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) throws {
        let start = out.count
        let isASCII = clean(text, to: &out)
        if isASCII || !(stripsAccents || lowercases) { return }
        // What is not ASCII goes on; what is has its small letters already, and no accents.
        var cleaned = Array(out[start...])
        out.removeSubrange(start...)
        if stripsAccents {
            var decomposed: [UInt8] = []
            decomposed.reserveCapacity(cleaned.count + 16)
            try cleaned.withUnsafeBufferPointer { try NormalForm.nfd.normalize($0, age: Normalizer.age, to: &decomposed) }
            cleaned.removeAll(keepingCapacity: true)
            decomposed.withUnsafeBufferPointer { removeScalars($0, to: &cleaned, where: ScalarClass.isAccent) }
        }
        cleaned.withUnsafeBufferPointer { cleaned in
            if lowercases { lowercase(cleaned, to: &out) } else { out.append(contentsOf: cleaned) }
        }
    }

    /// The first half, in one go. Tells whether the text is all ASCII.
    private func clean(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Bool {
        var place = 0
        var isASCII = true
        while place < text.count {
            let byte = text[place]
            if byte >= 32, byte < 127 {
                out.append(lowercases && byte &- 65 < 26 ? byte | 0x20 : byte)
                place += 1
                continue
            }
            let (value, length) = scalar(in: text, at: place)
            defer { place += length }
            if cleansText {
                if ScalarClass.isControl(value) { continue }
                if ScalarClass.isSpace(value) {
                    out.append(32)
                    continue
                }
            }
            isASCII = isASCII && value < 0x80
            if spacesChinese, ScalarClass.isChinese(value) {
                out.append(32)
                out.append(contentsOf: text[place..<(place + length)])
                out.append(32)
            } else {
                out.append(contentsOf: text[place..<(place + length)])
            }
        }
        return isASCII
    }
}
