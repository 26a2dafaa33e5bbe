/// A reader of numbers with blanks between them, which remembers how the last ones were printed.
package struct NumberRun {
    private var shape: NumberShape?

    /// Makes a reader that has seen no number yet.
    package init() {}

    /// Reads up to `most` finite numbers from `place` on and writes them to `out`. Returns how many there were: fewer than `most` where
    /// the text ends, or something else stands at `place`, which is moved to the end of the last number, or where that follows on blanks
    /// alone to the first byte of what is none.
    ///
    /// Words before `end` are whole. Of the bytes behind `end`, at least 32 that may be read, the first that is not blank ends the text.
    package mutating func read(
        _ place: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, into out: UnsafeMutablePointer<Double>, most: Int
    ) -> Int {
        var p = place
        var count = 0
        defer { place = p }
        while count < most {
            while isBlank(p.pointee) { p += 1 }
            guard p < end else { break }
            if let some = shape?.read(&p, end: end, into: out + count, most: most - count) {
                count += some
                if count == most || p >= end { break }
            }
            var value = 0.0
            guard let next = scanDecimal(p, &value), isBlank(next.pointee) || next == end, value.isFinite else { break }
            out[count] = value
            shape = shape ?? NumberShape(p, next)
            p = next
            count += 1
        }
        return count
    }
}
