import CSupport

/// The layout that all the numbers of a block printed by one program share: `d.dd...dEsdd` with a fixed count of digits.
///
/// Knowing it beforehand, where the next number starts depends on few bytes of this one, and the processor reads several numbers at
/// once: about twice as fast as `scanDecimal`, which takes whatever does not fit (other widths and forms). A minus may stand before the
/// first digit, or in its place, as Fortran prints a number below 1 in a column that has no room for both.
package struct NumberShape {
    /// The number of digits behind the point, 1...14: with the one before it they are exact in a double.
    package let fraction: Int
    /// The bytes of an exponent of zero, from its letter on, as one word: what those of another differ by is told by XOR.
    package let tail: UInt32
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
        let point = start[1] == UInt8(ascii: ".") ? start + 1 : start + 2
        fraction = end - point - 5
        guard (1...14).contains(fraction), point.pointee == UInt8(ascii: "."), point == start + 1 || start.pointee == UInt8(ascii: "-"),
            point[fraction + 1] | 0x20 == UInt8(ascii: "e")
        else { return nil }
        tail = UInt32(point[fraction + 1]) | UInt32(UInt8(ascii: "+")) << 8 | 0x3030_0000
        first = Part(digits: min(8, fraction))
        second = Part(digits: max(0, fraction - 8))
    }

    /// Reads numbers of this shape from `place` on, each with blanks behind it, and writes them to `out`: up to `most`, which is at least
    /// one. Returns how many there were, and moves `place` to the end of the last, or, where it is not the `most`th, behind the blanks
    /// that follow.
    ///
    /// At `place` is a byte that is not blank. Numbers start before `end`, behind which 32 bytes may be read, whatever they are.
    package func read(
        _ place: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, into out: UnsafeMutablePointer<Double>, most: Int
    ) -> Int {
        if Self.hasVectors, fraction <= Int(ECDX_NUMBERS_FRACTION) {
            var next: UnsafePointer<UInt8>? = place
            let count = ecdx_numbers_read(&next, end, out, most, Int32(fraction), UInt8(truncatingIfNeeded: tail))
            place = next ?? place
            return count
        }
        return readWithoutVectors(&place, end: end, into: out, most: most)
    }

    private static let hasVectors = ecdx_numbers_there() != 0

    /// Reads numbers as `read` does, on any processor.
    package func readWithoutVectors(
        _ place: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, into out: UnsafeMutablePointer<Double>, most: Int
    ) -> Int {
        // Locals, so that they stay in registers.
        let (fraction, tail, first, second, powers) = (fraction, tail, first, second, Self.powers)
        var p = place
        var count = 0
        while true {
            let minus: UInt64 = p.pointee == UInt8(ascii: "-") ? 1 : 0
            let isSecond: UInt64 = p[1] == UInt8(ascii: ".") ? 1 : 0
            let point = p + (2 &- Int(truncatingIfNeeded: isSecond))
            // The minus itself, in place of a digit, counts as 0. No branch depends on the sign, which may be anything.
            let whole = UInt64(point[-1] &- 48) & ((minus & isSecond) &- 1)
            let word = eightBytes(point + 1) &<< first.shift
            // What is not zero of this is wrong: another byte for the point, no minus in front of a digit, another byte for a digit.
            var bad = UInt64(point.pointee ^ UInt8(ascii: ".")) | ((minus | isSecond) ^ 1) | ((whole &+ 0x76) & 0x180)
            bad |= notDigits(word)
            var mantissa = whole &* first.power &+ eightDigits(word)
            if fraction > 8 {
                let rest = eightBytes(point + 9) &<< second.shift
                bad |= notDigits(rest)
                mantissa = mantissa &* second.power &+ eightDigits(rest)
            }
            let next = point + (fraction &+ 5)
            // Of the letter nothing is left, of the sign two bits where it is a minus, of the digits their values.
            let exponent = UInt64(UnsafeRawPointer(next - 4).loadUnaligned(as: UInt32.self).littleEndian ^ tail)
            let isSmall = (exponent &>> 9) & 1
            bad |= ((exponent &+ 0x7676_0000) | exponent) & 0x8080_F9FF | (((exponent &>> 10) & 1) ^ isSmall)
            guard bad == 0, isBlank(next.pointee) else { break }
            let power = Int(truncatingIfNeeded: ((exponent &>> 16) & 15) &* 10 &+ (exponent &>> 24))
            let sign = Int(truncatingIfNeeded: isSmall)
            let tens = ((power ^ (0 &- sign)) &+ sign) &- fraction
            // A whole number below 2^52 is the last bits of 2^52 plus itself. The instruction that converts one would wait for the
            // division before it, whose register it shares.
            let number = Double(bitPattern: mantissa | 0x4330_0000_0000_0000) - 0x1p52
            var magnitude = 0.0
            if tens <= 0, tens >= -22 {
                magnitude = number / powers[0 &- tens]
            } else {
                guard let far = Self.scaledFar(number, tens) else { break }
                magnitude = far
            }
            out[count] = Double(bitPattern: magnitude.bitPattern | (minus &<< 63))
            count &+= 1
            p = next
            if count == most { break }
            p += 1
            while isBlank(p.pointee) { p += 1 }
            if p >= end { break }
        }
        place = p
        return count
    }

    @inline(never)
    private static func scaledFar(_ number: Double, _ tens: Int) -> Double? { scaled(number, tens) }

    /// 10^n for n in 0...22.
    nonisolated(unsafe) private static let powers: UnsafePointer<Double> = {
        let powers = UnsafeMutablePointer<Double>.allocate(capacity: 23)
        for n in 0..<23 { powers[n] = powerOfTen(n) }
        return UnsafePointer(powers)
    }()
}
