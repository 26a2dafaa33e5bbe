import Diagnostics
import Glibc
import Storage

extension TextPieces {
    /// How many numbers the line at `place` has, nil for a line of more than 512 bytes, and the length of the first of them.
    func firstRow() throws -> (width: Int?, firstLength: Int?) {
        while !isLast, end - place < 512 { place = try more(from: place) }
        var p = place
        let stop = end - place < 512 ? end : place + 512
        var words = 0
        var firstLength: Int?
        // What is left of the line before the row.
        while p < stop, isBlank(p.pointee) { p += 1 }
        while p < stop {
            let first = p
            while p < stop, !isBlank(p.pointee) { p += 1 }
            words += 1
            firstLength = firstLength ?? lengthOfNumber(first, p - first)
            while p < stop, isBlank(p.pointee), p.pointee != UInt8(ascii: "\n") { p += 1 }
            if p < stop, p.pointee == UInt8(ascii: "\n") { return (words, firstLength) }
        }
        return (stop == end && isLast && words > 0 ? words : nil, firstLength)
    }

    /// Passes over a number of words, and returns how many there were. Bytes below the blank part words.
    func skipWords(_ count: Int) throws -> Int {
        var left = count
        var p = place
        var limit = endOfWords
        while left > 0 {
            if left > 8 { p = skipEights(from: p, to: limit, &left) }
            while p < limit, p.pointee <= 32 { p += 1 }
            guard p < limit else {
                if isLast { break }
                p = try more(from: p)
                limit = endOfWords
                continue
            }
            while p < limit, p.pointee > 32 { p += 1 }
            left -= 1
        }
        place = p
        return count - left
    }

    /// Passes over words, of which the first begins at `p` or behind, eight bytes at a time; up to the end of a word.
    private func skipEights(from start: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>, _ left: inout Int) -> UnsafePointer<UInt8> {
        var p = start
        var inside: UInt64 = 0
        let high: UInt64 = 0x8080_8080_8080_8080
        while limit - p >= 8, left > 8 {
            let bytes = UnsafeRawPointer(p).loadUnaligned(as: UInt64.self).littleEndian
            // The high bit of each byte that is no blank, and of those the ones with a blank before them.
            let words = (((bytes | high) &- 0x2121_2121_2121_2121) | bytes) & high
            left -= (words & ~(words << 8 | inside)).nonzeroBitCount
            inside = words >> 56
            p += 8
        }
        if inside != 0 { while p < limit, p.pointee > 32 { p += 1 } }
        return p
    }

    /// How many lines of the text from `place` on are those above the positions of atoms, one in each header: `Direct`, `Cartesian` or
    /// `Kartesisch`. Passes over it.
    ///
    /// Looking at the first byte of each line is many times as fast as reading them.
    func countModeLines() throws -> Int {
        var count = 0
        var atStart = true
        var p = place
        while true {
            let end = end
            while p < end {
                if atStart {
                    while p < end, isBlank(p.pointee) { p += 1 }
                    // A word that is not all in memory is looked at when it is.
                    guard isLast || end - p > 16 else { break }
                    if isMode(p) { count += 1 }
                    atStart = false
                }
                guard let feed = memchr(p, 10, end - p) else {
                    p = end
                    break
                }
                p = UnsafePointer(feed.assumingMemoryBound(to: UInt8.self)) + 1
                atStart = true
            }
            if isLast { return count }
            place = p
            p = try more(from: p)
        }
    }

    /// Whether the line at `p`, of which 16 bytes are in memory unless the text ends, begins with the word above positions.
    private func isMode(_ p: UnsafePointer<UInt8>) -> Bool {
        guard [UInt8(ascii: "d"), UInt8(ascii: "c"), UInt8(ascii: "k")].contains(p.pointee | 0x20) else { return false }
        var stop = p
        while stop < end, stop - p < 16, !isBlank(stop.pointee) { stop += 1 }
        let word = String(decoding: UnsafeBufferPointer(start: p, count: stop - p), as: UTF8.self).lowercased()
        return ["direct", "cartesian", "kartesisch"].contains(word)
    }

    /// Whether no more than so many lines that are not empty follow.
    func endsWithin(lines: Int) throws -> Bool {
        try parse { cursor in
            var found = 0
            while found <= lines, let words = cursor.nextWords() { found += words.isEmpty ? 0 : 1 }
            return found <= lines
        }
    }
}
