/// The ids of words that were split before, as many as fit: when the room is used up it begins anew.
struct WordCache {
    private struct Slot {
        /// The upper half of the hash; 0 where the slot is free.
        var tag: UInt32 = 0
        var keyStart: UInt32 = 0
        var idStart: UInt32 = 0
        var keyCount: UInt16 = 0
        var idCount: UInt16 = 0
    }

    /// The longest word that is kept, in bytes.
    static let longest = 128
    private static let most = 1 << 16

    private var slots = [Slot](repeating: Slot(), count: 1 << 12)
    private var keys: [UInt8] = []
    private var ids: [Int32] = []
    private var count = 0

    /// Adds the ids of a word to `out`, those that `make` gives where it is not known.
    @inline(__always)
    mutating func encode(_ word: UnsafeBufferPointer<UInt8>, to out: inout [Int32], make: (inout [Int32]) -> Void) {
        guard word.count <= Self.longest else { return make(&out) }
        let hash = hash(word)
        let tag = UInt32(truncatingIfNeeded: hash >> 32) | 1
        if find(word, hash, tag, &out) { return }
        let start = out.count
        make(&out)
        keep(word, hash, tag, out[start...])
    }

    @inline(__always)
    private func find(_ word: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ tag: UInt32, _ out: inout [Int32]) -> Bool {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count - 1
            var place = Int(truncatingIfNeeded: hash) & mask
            while slots[place].tag != 0 {
                let slot = slots[place]
                if slot.tag == tag, Int(slot.keyCount) == word.count, isKey(slot, word) {
                    if slot.idCount == 1 {
                        out.append(ids[Int(slot.idStart)])
                    } else {
                        out.append(contentsOf: ids[Int(slot.idStart)..<(Int(slot.idStart) + Int(slot.idCount))])
                    }
                    return true
                }
                place = (place + 1) & mask
            }
            return false
        }
    }

    @inline(__always)
    private func isKey(_ slot: Slot, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        keys.withUnsafeBufferPointer { keys in
            var place = 0
            while place < word.count {
                if keys[Int(slot.keyStart) + place] != word[place] { return false }
                place += 1
            }
            return true
        }
    }

    private mutating func keep(_ word: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ tag: UInt32, _ made: ArraySlice<Int32>) {
        if count * 2 >= slots.count { makeRoom() }
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place].tag != 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = Slot(
            tag: tag, keyStart: UInt32(keys.count), idStart: UInt32(ids.count), keyCount: UInt16(word.count), idCount: UInt16(made.count))
        keys.append(contentsOf: word)
        ids.append(contentsOf: made)
        count += 1
    }

    private mutating func makeRoom() {
        if slots.count >= Self.most {
            self = WordCache()
            return
        }
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        keys.withUnsafeBufferPointer { keys in
            for slot in old where slot.tag != 0 {
                let start = Int(slot.keyStart)
                let hash = hash(UnsafeBufferPointer(rebasing: keys[start..<(start + Int(slot.keyCount))]))
                var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
                while slots[place].tag != 0 { place = (place + 1) & (slots.count - 1) }
                slots[place] = slot
            }
        }
    }
}
