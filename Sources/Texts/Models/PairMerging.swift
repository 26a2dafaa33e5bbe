/// Byte pair encoding: the symbols of a word are joined pair by pair, always the pair that was joined first in training.
struct PairMerging: Sendable {
    let vocabulary: Vocabulary
    /// What a pair of symbols becomes, and when it was learned.
    let merges: MergeTable
    /// The id of each byte as a symbol, where the text is split into bytes; nil where it is split into scalars.
    let byteSymbols: [Int32]?
    let unknown: Int32?
    let fusesUnknown: Bool
    /// The ids of `<0x00>` to `<0xFF>`, for scalars that are no symbols; nil where that is not done.
    let fallback: [Int32?]?
    /// Whether a word that is a piece as a whole is not split at all.
    let ignoresMerges: Bool

    /// Adds the ids of a word.
    func encode(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
        if ignoresMerges, let whole = wholePiece(word) { return ids.append(whole) }
        let start = ids.count
        addSymbols(word, to: &ids)
        let count = ids.count - start
        if count < 2 { return }
        if count <= 48 {
            let kept = ids.withUnsafeMutableBufferPointer { mergeFew(UnsafeMutableBufferPointer(rebasing: $0[start...])) }
            ids.removeSubrange((start + kept)...)
        } else {
            let merged = MergeQueue.merge(Array(ids[start...]), by: merges)
            ids.replaceSubrange(start..., with: merged)
        }
    }

    private func wholePiece(_ word: UnsafeBufferPointer<UInt8>) -> Int32? {
        byteSymbols == nil ? vocabulary.id(of: word) : vocabulary.id(of: ByteAlphabet.text(of: word))
    }

    private func addSymbols(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
        if let byteSymbols, unknown == nil {
            // A byte that is no symbol is left out, as `tokenizers` does.
            for byte in word where byteSymbols[Int(byte)] >= 0 { ids.append(byteSymbols[Int(byte)]) }
            return
        }
        var place = 0
        // An unknown symbol waits for the next one, with which it may be fused.
        var waits = false
        while place < word.count {
            let length = byteSymbols == nil ? min(scalarLength(word[place]), word.count - place) : 1
            let known: Int32? =
                if let byteSymbols {
                    byteSymbols[Int(word[place])] >= 0 ? byteSymbols[Int(word[place])] : nil
                } else {
                    vocabulary.id(of: UnsafeBufferPointer(rebasing: word[place..<(place + length)]))
                }
            if let known {
                if waits, let unknown { ids.append(unknown) }
                waits = false
                ids.append(known)
            } else if let bytes = fallbackIDs(word[place..<(place + length)]) {
                ids.append(contentsOf: bytes)
            } else if let unknown {
                if waits, !fusesUnknown { ids.append(unknown) }
                waits = true
            }
            place += length
        }
        if waits, let unknown { ids.append(unknown) }
    }

    private func fallbackIDs(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> [Int32]? {
        guard let fallback else { return nil }
        let found = bytes.compactMap { fallback[Int($0)] }
        return found.count == bytes.count ? found : nil
    }

    /// Joins the symbols of a short word in place; gives how many are left.
    private func mergeFew(_ symbols: UnsafeMutableBufferPointer<Int32>) -> Int {
        var count = symbols.count
        return withUnsafeTemporaryAllocation(of: MergeTable.Merge.self, capacity: count) { pairs in
            for index in 0..<(count - 1) { pairs[index] = merges.merge(symbols[index], symbols[index + 1]) }
            while count > 1 {
                var best = 0
                for index in 1..<max(1, count - 1) where pairs[index].rank < pairs[best].rank { best = index }
                guard pairs[best].rank != .max else { break }
                symbols[best] = pairs[best].id
                for index in (best + 1)..<max(best + 1, count - 1) {
                    symbols[index] = symbols[index + 1]
                    pairs[index] = pairs[min(index + 1, count - 2)]
                }
                count -= 1
                if best > 0 { pairs[best - 1] = merges.merge(symbols[best - 1], symbols[best]) }
                if best < count - 1 { pairs[best] = merges.merge(symbols[best], symbols[best + 1]) }
            }
            return count
        }
    }
}

/// The pairs of symbols that are joined.
struct MergeTable: Sendable {
    /// What a pair becomes, and its rank: that with the lowest is joined first. The highest number where the pair is not joined.
    struct Merge {
        var rank: UInt32 = .max
        var id: Int32 = -1
    }

    private var keys: [UInt64] = []
    private var values: [Merge] = []
    private(set) var count = 0

    private static let free = UInt64.max

    /// Adds a pair; one that is there already gets the new rank.
    mutating func add(_ left: Int32, _ right: Int32, rank: Int, id: Int32) {
        if count * 2 >= keys.count { grow() }
        let key = Self.key(left, right)
        let slot = slot(of: key)
        if keys[slot] == Self.free { count += 1 }
        keys[slot] = key
        values[slot] = Merge(rank: UInt32(truncatingIfNeeded: rank), id: id)
    }

    /// What a pair becomes.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge {
        guard !keys.isEmpty else { return Merge() }
        let key = Self.key(left, right)
        let slot = slot(of: key)
        return keys[slot] == key ? values[slot] : Merge()
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func slot(of key: UInt64) -> Int {
        let product = key.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        var slot = Int(truncatingIfNeeded: product.high ^ product.low) & (keys.count - 1)
        while keys[slot] != Self.free, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    private mutating func grow() {
        let (oldKeys, oldValues) = (keys, values)
        let size = max(1024, oldKeys.count * 2)
        keys = [UInt64](repeating: Self.free, count: size)
        values = [Merge](repeating: Merge(), count: size)
        for (key, value) in zip(oldKeys, oldValues) where key != Self.free {
            let slot = slot(of: key)
            (keys[slot], values[slot]) = (key, value)
        }
    }
}
