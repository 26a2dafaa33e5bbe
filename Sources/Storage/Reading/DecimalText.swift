// Numbers in text, to the bit as correct rounding has them (and so as Python's `float` and C's `strtod` read them).

/// Reads the decimal number at `start`: an optional sign, digits with at most one point (before, between or behind them),
/// and an optional exponent after `e`, `E`, `d` or `D`. Fortran drops the letter before an exponent of three digits
/// (`0.123-100`); that is read too. Returns where the number ends, or nil where there is none; `value` is infinite where
/// it is too large for a double.
///
/// The text must be followed by a byte that is no digit, and by at least eight bytes that may be read.
@inlinable @inline(__always)
package func scanDecimal(_ start: UnsafePointer<UInt8>, _ value: inout Double) -> UnsafePointer<UInt8>? {
    var p = start
    let negative = p.pointee == UInt8(ascii: "-")
    if negative || p.pointee == UInt8(ascii: "+") { p += 1 }
    var mantissa: UInt64 = 0
    let whole = p
    while true {
        let digit = p.pointee &- 48
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        p += 1
    }
    var digits = p - whole
    var exponent = 0
    if p.pointee == UInt8(ascii: ".") {
        p += 1
        let fraction = p
        while true {
            let word = eightBytes(p)
            let other = notDigits(word)
            if other == 0 {
                mantissa = mantissa &* 100_000_000 &+ eightDigits(word)
                p += 8
                continue
            }
            let count = other.trailingZeroBitCount >> 3
            if count > 0 {
                mantissa = mantissa &* wholePowerOfTen(count) &+ eightDigits(word << UInt64(64 - 8 * count))
                p += count
            }
            break
        }
        exponent = fraction - p
        digits -= exponent
    }
    if digits == 0 { return nil }
    let letter = p.pointee | 0x20
    var fortran = letter == UInt8(ascii: "d")
    if letter == UInt8(ascii: "e") || fortran {
        guard let (power, end) = scanExponent(p + 1) else { return nil }
        exponent += power
        p = end
    } else if p.pointee == UInt8(ascii: "-") || p.pointee == UInt8(ascii: "+") {
        guard let (power, end) = scanExponent(p), end - p == 4 else { return nil }
        exponent += power
        p = end
        fortran = true
    }
    if digits <= 19, mantissa <= 1 << 53, let magnitude = scaled(Double(mantissa), exponent) {
        value = negative ? -magnitude : magnitude
        return p
    }
    return scanSlowly(start, p, fortran: fortran, &value) ? p : nil
}

/// A whole number of at most 53 bits times a power of ten, correctly rounded; nil where that takes another way.
@inlinable @inline(__always)
package func scaled(_ whole: Double, _ exponent: Int) -> Double? {
    // Both are numbers a double holds exactly, so one multiplication or division rounds once (Clinger 1990).
    if exponent >= 0 { return exponent <= 22 ? whole * powerOfTen(exponent) : nil }
    return exponent >= -22 ? whole / powerOfTen(-exponent) : scaledDown(whole, -exponent)
}

/// A whole number of at most 53 bits divided by 10^n, n in 23...44, correctly rounded; nil where that cannot be told.
@usableFromInline @inline(never)
func scaledDown(_ whole: Double, _ n: Int) -> Double? {
    guard n <= 44 else { return nil }
    // 10^n is the product of two exact powers, and so exactly the sum of two doubles.
    let a = powerOfTen(22)
    let b = powerOfTen(n - 22)
    let high = a * b
    let low = (-high).addingProduct(a, b)
    // The division, what it left over (exactly), and that divided again: good to 50 bits and more beyond the quotient's own.
    let quotient = whole / high
    let rest = whole.addingProduct(-quotient, high).addingProduct(-quotient, low)
    let correction = rest / high
    // If both ends of the interval that holds the true value round alike, so does the value.
    let result = quotient + correction * (1 - 0x1p-46)
    return result == quotient + correction * (1 + 0x1p-46) ? result : nil
}

/// The number that all the bytes together are; nil where they are none. See `scanDecimal`, also for the bytes that must
/// follow.
package func decimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
    var value = 0.0
    guard let end = scanDecimal(start, &value), end == start + bytes.count else { return nil }
    return value
}

/// Reads an exponent, an optional sign and digits, and returns it with the place where it ends; nil where there is no
/// digit.
@inlinable @inline(__always)
package func scanExponent(_ start: UnsafePointer<UInt8>) -> (Int, UnsafePointer<UInt8>)? {
    var p = start
    let negative = p.pointee == UInt8(ascii: "-")
    if negative || p.pointee == UInt8(ascii: "+") { p += 1 }
    let first = p
    var power = 0
    while true {
        let digit = p.pointee &- 48
        if digit > 9 { break }
        // Beyond this only zero and infinity are left, but a longer number must not overflow.
        if power < 100_000 { power = power * 10 + Int(digit) }
        p += 1
    }
    return p == first ? nil : (negative ? -power : power, p)
}

/// Converts by the standard library, correctly rounded whatever the number of digits, and blind to the locale.
@usableFromInline @inline(never)
func scanSlowly(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, fortran: Bool, _ value: inout Double) -> Bool {
    var text = Array(UnsafeBufferPointer(start: start, count: end - start))
    if fortran {
        if let letter = text.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "d") }) {
            text[letter] = UInt8(ascii: "e")
        } else if let sign = text.lastIndex(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }) {
            text.insert(UInt8(ascii: "e"), at: sign)
        }
    }
    guard let read = Double(String(decoding: text, as: UTF8.self)) else { return false }
    value = read
    return true
}

/// Loads eight bytes as one word, the first the lowest, each XOR the code of the digit 0: a digit becomes its value.
@inlinable @inline(__always)
package func eightBytes(_ p: UnsafePointer<UInt8>) -> UInt64 {
    UnsafeRawPointer(p).loadUnaligned(as: UInt64.self).littleEndian ^ 0x3030_3030_3030_3030
}

/// Zero where all eight bytes are digits; otherwise the lowest bit set is the high bit of the first byte that is none.
@inlinable @inline(__always)
package func notDigits(_ word: UInt64) -> UInt64 { ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080 }

/// The value of eight digits (0...9 each, the first in the lowest byte), by three multiplications.
@inlinable @inline(__always)
package func eightDigits(_ word: UInt64) -> UInt64 {
    let pairs = word &* 10 &+ (word >> 8)
    let mask: UInt64 = 0x0000_00FF_0000_00FF
    return ((pairs & mask) &* 0x000F_4240_0000_0064 &+ ((pairs >> 16) & mask) &* 0x0000_2710_0000_0001) >> 32
}

/// 10^n for n in 1...7.
@inlinable @inline(__always)
package func wholePowerOfTen(_ n: Int) -> UInt64 {
    switch n {
    case 1: 10
    case 2: 100
    case 3: 1000
    case 4: 10_000
    case 5: 100_000
    case 6: 1_000_000
    default: 10_000_000
    }
}

/// 10^n for n in 0...22, all of them exact.
@inlinable @inline(__always)
package func powerOfTen(_ n: Int) -> Double {
    switch n {
    case 0: 1
    case 1: 1e1
    case 2: 1e2
    case 3: 1e3
    case 4: 1e4
    case 5: 1e5
    case 6: 1e6
    case 7: 1e7
    case 8: 1e8
    case 9: 1e9
    case 10: 1e10
    case 11: 1e11
    case 12: 1e12
    case 13: 1e13
    case 14: 1e14
    case 15: 1e15
    case 16: 1e16
    case 17: 1e17
    case 18: 1e18
    case 19: 1e19
    case 20: 1e20
    case 21: 1e21
    default: 1e22
    }
}
