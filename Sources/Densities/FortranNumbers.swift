import Glibc

/// Numbers as Fortran's `E` format prints them, for files that are to look as VASP writes them.
struct FortranFormat: Sendable {
    /// The digits of the mantissa, behind its point: `0.12345E+02` has five. 1...17.
    let digits: Int
    /// The bytes that a number takes, blanks before it.
    let width: Int
    /// Whether the letter before an exponent of three digits is left out, as Fortran does to keep the width.
    let dropsLetter: Bool
    /// Whether a number whose exponent has a letter and three digits has a digit less, so that all numbers are of one length: by that
    /// readers tell a file that is cut off in its last number.
    let keepsLength: Bool

    init(digits: Int, width: Int, dropsLetter: Bool = true, keepsLength: Bool = false) {
        self.digits = min(17, max(1, digits))
        self.width = width
        self.dropsLetter = dropsLetter
        self.keepsLength = keepsLength && !dropsLetter && self.digits > 1
    }

    /// Prints a number: `0.ddd...E+dd`, where the sign of a negative one takes the place of the zero before the point. The digits are
    /// those nearest to the number, as `printf` has them.
    func append(_ value: Double, to bytes: inout [UInt8]) {
        var (mantissa, exponent) = value == 0 || !value.isFinite ? (UInt64(0), 0) : decimal(abs(value))
        let isNegative = value.sign == .minus
        let size = exponent < 0 ? -exponent : exponent
        if keepsLength, size > 99 { return FortranFormat(digits: digits - 1, width: width, dropsLetter: false).append(value, to: &bytes) }
        let dropped = dropsLetter && size > 99
        let length = 2 + digits + (size > 99 && !dropped ? 5 : 4)
        for _ in 0..<max(0, width - length) { bytes.append(UInt8(ascii: " ")) }
        bytes.append(UInt8(ascii: isNegative ? "-" : "0"))
        bytes.append(UInt8(ascii: "."))
        let first = bytes.count
        for _ in 0..<digits { bytes.append(UInt8(ascii: "0")) }
        var place = first + digits - 1
        while mantissa > 0, place >= first {
            bytes[place] = UInt8(ascii: "0") + UInt8(mantissa % 10)
            mantissa /= 10
            place -= 1
        }
        if !dropped { bytes.append(UInt8(ascii: "E")) }
        bytes.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        if size > 99 { bytes.append(UInt8(ascii: "0") + UInt8(size / 100 % 10)) }
        bytes.append(UInt8(ascii: "0") + UInt8(size / 10 % 10))
        bytes.append(UInt8(ascii: "0") + UInt8(size % 10))
    }

    /// Prints a number as Fortran's `G` format does: without an exponent, and four blanks behind it, where that takes no more digits.
    func appendGeneral(_ value: Double, to bytes: inout [UInt8]) {
        let (mantissa, exponent) = value == 0 || !value.isFinite ? (UInt64(0), 1) : decimal(abs(value))
        guard exponent >= 0, exponent <= digits else { return append(value, to: &bytes) }
        let figures = String(mantissa)
        let all = String(repeating: "0", count: max(0, digits - figures.count)) + figures
        let whole = value.sign == .minus ? "-" + all.prefix(exponent) : exponent == 0 ? "0" : String(all.prefix(exponent))
        bytes += Array((padded("\(whole).\(all.dropFirst(exponent))", width - 4) + "    ").utf8)
    }

    /// The digits of a positive number as a whole number, and the power of ten of the fraction that they are.
    private func decimal(_ value: Double) -> (UInt64, Int) {
        quickDecimal(value) ?? slowDecimal(value)
    }

    /// The digits by one exact multiplication or division; nil where that does not tell them.
    private func quickDecimal(_ value: Double) -> (UInt64, Int)? {
        guard digits <= 15, value >= 1e-6, value < 1e15 else { return nil }
        var exponent = Int(log10(value).rounded(.down)) + 1
        for _ in 0..<2 {
            let power = digits - exponent
            guard power >= -22, power <= 22 else { return nil }
            let ten = Self.powers[power < 0 ? -power : power]
            // The product or quotient, and what rounding took from it.
            let high = power < 0 ? value / ten : value * ten
            let low = power < 0 ? value.addingProduct(-high, ten) / ten : (-high).addingProduct(value, ten)
            let whole = high.rounded(.down)
            let rest = (high - whole) + low
            // Where it lies half way but for rounding, all its digits are needed.
            guard rest >= 0, rest < 1, abs(rest - 0.5) > 1e-9 else { return nil }
            let mantissa = UInt64(whole) + (rest > 0.5 ? 1 : 0)
            if mantissa < UInt64(Self.powers[digits - 1]) {
                exponent -= 1
            } else if mantissa >= UInt64(Self.powers[digits]) {
                exponent += 1
            } else {
                return (mantissa, exponent)
            }
        }
        return nil
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The digits by the C library, correctly rounded whatever the number.
    private func slowDecimal(_ value: Double) -> (UInt64, Int) {
        var buffer = [CChar](repeating: 0, count: 64)
        _ = withVaList([CInt(digits - 1), value]) { vsnprintf(&buffer, buffer.count, "%.*e", $0) }
        let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let letter = text.firstIndex(of: UInt8(ascii: "e")) ?? text.count
        // The point is a comma in some locales.
        let mantissa = text[..<letter].filter { $0 &- 48 <= 9 }.reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1 - 48) }
        let power = Int(String(decoding: text[min(letter + 1, text.count)...], as: UTF8.self)) ?? 0
        return (mantissa, power + 1)
    }
}
