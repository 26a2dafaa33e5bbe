/// The layout that all the numbers of a block printed by one program share: `d.dd...dEsdd` with a fixed count of digits.
///
/// Knowing it beforehand, where the next number starts depends on no byte of this one, and the processor reads several
/// numbers at once: about twice as fast as `scanDecimal`, which takes whatever does not fit (other widths and forms).
package struct NumberShape {
    /// The number of digits behind the point, 1...14: with the one before it they are exact in a double.
    package let fraction: Int
    /// The letter before the exponent, `e` or `E`.
    package let letter: UInt8
    /// The digits behind the point: up to the first eight, and the rest.
    package let first: Part, second: Part

    /// A group of up to eight digits, read with one load.
    package struct Part: Sendable {
        /// The bits by which eight bytes are shifted to the left, so that those behind the digits drop out.
        package let shift: UInt64
        /// Ten to the number of digits.
        package let power: UInt64

        init(digits: Int) {
            shift = UInt64(64 - 8 * digits) & 63
            power = (0..<digits).reduce(1) { power, _ in power * 10 }
        }
    }

    /// The shape of the number that lies from `start` up to `end`; nil where it is another kind.
    package init?(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        var p = start
        if p.pointee == UInt8(ascii: "-") { p += 1 }
        fraction = end - p - 6
        guard (1...14).contains(fraction), p[1] == UInt8(ascii: "."), p[fraction + 2] | 0x20 == UInt8(ascii: "e") else { return nil }
        letter = p[fraction + 2]
        first = Part(digits: min(8, fraction))
        second = Part(digits: max(0, fraction - 8))
    }

    /// Reads the number at `start`, if it has this shape and a blank behind it, and returns where it ends. Up to 22 bytes
    /// behind `start` are read, whatever they are.
    @inlinable @inline(__always)
    package func scan(_ start: UnsafePointer<UInt8>, _ value: inout Double) -> UnsafePointer<UInt8>? {
        let negative = start.pointee == UInt8(ascii: "-")
        let p = negative ? start + 1 : start
        let whole = p.pointee &- 48
        guard whole <= 9, p[1] == UInt8(ascii: ".") else { return nil }
        let word = digits(p + 2, first)
        var bad = notDigits(word)
        var mantissa = UInt64(whole) &* first.power &+ eightDigits(word)
        if fraction > 8 {
            let rest = digits(p + 10, second)
            bad |= notDigits(rest)
            mantissa = mantissa &* second.power &+ eightDigits(rest)
        }
        let tail = p + (fraction + 2)
        let sign = tail[1]
        let tens = tail[2] &- 48
        let ones = tail[3] &- 48
        guard bad == 0, tail[0] == letter, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+"), tens <= 9, ones <= 9, isBlank(tail[4])
        else { return nil }
        let power = Int(tens) &* 10 &+ Int(ones)
        let exponent = (sign == UInt8(ascii: "-") ? 0 &- power : power) &- fraction
        guard let magnitude = scaled(Double(mantissa), exponent) else { return nil }
        value = negative ? -magnitude : magnitude
        return tail + 4
    }

    /// The digits of a part at `p`, right-aligned with zeros before them, as `eightDigits` takes them.
    @inlinable @inline(__always)
    package func digits(_ p: UnsafePointer<UInt8>, _ part: Part) -> UInt64 { eightBytes(p) << part.shift }
}
