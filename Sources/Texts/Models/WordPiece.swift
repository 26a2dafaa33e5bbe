/// WordPiece: from its beginning on, a word is split into the longest pieces of the vocabulary, and is unknown where one is missing.
struct WordPiece: Sendable {
    let vocabulary: Vocabulary
    /// What stands before pieces that go on with a word, such as `##`.
    let prefix: [UInt8]
    /// A word of more scalars is unknown.
    let longestWord: Int
    let unknown: Int32

    /// Adds the ids of a word.
    func encode(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
        var scalars = 0
        for byte in word where byte & 0xC0 != 0x80 { scalars += 1 }
        guard scalars <= longestWord else { return ids.append(unknown) }
        let before = ids.count
        // Pieces that go on stand here with the prefix before them; the first one is looked for in the word itself.
        var continued = prefix
        continued.append(contentsOf: word)
        var start = 0
        while start < word.count {
            var end = min(word.count, start + vocabulary.longest)
            while end < word.count, end > start, word[end] & 0xC0 == 0x80 { end -= 1 }
            var found: Int32?
            while end > start {
                found = start == 0 ? vocabulary.id(of: UnsafeBufferPointer(rebasing: word[..<end])) : continuation(&continued, start, end)
                if found != nil { break }
                end -= 1
                while end > start, word[end] & 0xC0 == 0x80 { end -= 1 }
            }
            guard let found else {
                ids.removeSubrange(before...)
                return ids.append(unknown)
            }
            ids.append(found)
            start = end
        }
    }

    /// The id of the piece from `start` to `end` of the word: the prefix is set before it, over what was split already.
    private func continuation(_ bytes: inout [UInt8], _ start: Int, _ end: Int) -> Int32? {
        for (index, byte) in prefix.enumerated() { bytes[start + index] = byte }
        return bytes.withUnsafeBufferPointer { vocabulary.id(of: UnsafeBufferPointer(rebasing: $0[start..<(end + prefix.count)])) }
    }
}
