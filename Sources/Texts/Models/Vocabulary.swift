import Diagnostics

/// A hash of bytes for tables in memory, eight at a time.
@inline(__always)
func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    let raw = UnsafeRawBufferPointer(bytes)
    var place = 0
    while place + 8 <= raw.count {
        state = mixed(state ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        place += 8
    }
    if place < raw.count {
        var rest: UInt64 = 0
        while place < raw.count {
            rest = rest << 8 | UInt64(raw[place])
            place += 1
        }
        state = mixed(state ^ rest)
    }
    return state
}

@inline(__always)
private func mixed(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
}

/// The pieces of a model by their bytes: texts are told apart as bytes, while Swift holds those for equal that Unicode does.
struct Vocabulary: Sendable {
    private var bytes: [UInt8] = []
    private var entries: [(start: Int, count: Int, id: Int32)] = []
    /// For each slot the place in `entries`, from 1; 0 where it is free. Their number is a power of two.
    private var slots: [Int32] = []
    private var byID: [Int32: Int] = [:]
    /// The length of the longest piece in bytes.
    private(set) var longest = 0

    /// The number of pieces.
    var count: Int { entries.count }
    /// The highest id; -1 where there are no pieces.
    private(set) var highest: Int32 = -1

    /// Adds a piece; false where another one has its bytes.
    mutating func add(_ piece: [UInt8], id: Int32) -> Bool {
        if entries.count * 2 >= slots.count { grow() }
        return piece.withUnsafeBufferPointer { piece in
            var slot = Int(truncatingIfNeeded: hash(piece)) & (slots.count - 1)
            while slots[slot] != 0 {
                if isEqual(Int(slots[slot]) - 1, piece) { return false }
                slot = (slot + 1) & (slots.count - 1)
            }
            entries.append((bytes.count, piece.count, id))
            slots[slot] = Int32(truncatingIfNeeded: entries.count)
            bytes.append(contentsOf: piece)
            byID[id] = entries.count - 1
            longest = max(longest, piece.count)
            highest = max(highest, id)
            return true
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: max(1024, slots.count * 2))
        bytes.withUnsafeBufferPointer { bytes in
            for (index, entry) in entries.enumerated() {
                let piece = UnsafeBufferPointer(rebasing: bytes[entry.start..<(entry.start + entry.count)])
                var slot = Int(truncatingIfNeeded: hash(piece)) & (slots.count - 1)
                while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = Int32(truncatingIfNeeded: index + 1)
            }
        }
    }

    private func isEqual(_ index: Int, _ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        let entry = entries[index]
        guard entry.count == piece.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            var place = 0
            while place < piece.count {
                if bytes[entry.start + place] != piece[place] { return false }
                place += 1
            }
            return true
        }
    }

    /// The id of a piece; nil where it is none.
    func id(of piece: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard !slots.isEmpty, piece.count <= longest else { return nil }
        var slot = Int(truncatingIfNeeded: hash(piece)) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if isEqual(index, piece) { return entries[index].id }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The id of a piece; nil where it is none.
    func id(of piece: [UInt8]) -> Int32? { piece.withUnsafeBufferPointer { id(of: $0) } }

    /// The id of a piece; nil where it is none.
    func id(of piece: String) -> Int32? { id(of: Array(piece.utf8)) }

    /// The bytes of the piece of an id; nil where it has none.
    func piece(_ id: Int32) -> ArraySlice<UInt8>? {
        byID[id].map { bytes[entries[$0].start..<(entries[$0].start + entries[$0].count)] }
    }

    /// Calls `body` with every piece and its id, in the order of the file.
    func forEach(_ body: (ArraySlice<UInt8>, Int32) throws -> Void) rethrows {
        for entry in entries { try body(bytes[entry.start..<(entry.start + entry.count)], entry.id) }
    }
}
