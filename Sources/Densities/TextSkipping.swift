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

    /// Passes over a number of words, and returns how many there were.
    func skipWords(_ count: Int) throws -> Int {
        var left = count
        var p = place
        var limit = endOfWords
        while left > 0 {
            while p < limit, isBlank(p.pointee) { p += 1 }
            guard p < limit else {
                if isLast { break }
                p = try more(from: p)
                limit = endOfWords
                continue
            }
            while p < limit, !isBlank(p.pointee) { p += 1 }
            left -= 1
        }
        place = p
        return count - left
    }

    /// Whether the rest of the text may hold a further image, of about as many bytes as were read of it. Passes over it.
    ///
    /// No line of numbers, nor that above occupancies, begins with a letter that `Direct` or `Cartesian` begins with: looking at the
    /// first byte of each line is many times as fast as reading them.
    func mayHoldFurtherImage() throws -> Bool {
        guard mostLeft + 64 >= placeInText else { return false }
        var atStart = true
        var p = place
        while true {
            let end = end
            while p < end {
                if atStart {
                    while p < end, isBlank(p.pointee) { p += 1 }
                    guard p < end else { break }
                    switch p.pointee | 0x20 {
                    case UInt8(ascii: "d"), UInt8(ascii: "c"), UInt8(ascii: "k"): return true
                    default: atStart = false
                    }
                }
                guard let feed = memchr(p, 10, end - p) else { break }
                p = UnsafePointer(feed.assumingMemoryBound(to: UInt8.self)) + 1
                atStart = true
            }
            if isLast { return false }
            place = end
            p = try more(from: end)
        }
    }
}
