#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Formats a number with every digit: the shortest form that reads back the same. What is not a number has no sign: `nan`.
public func exactly(_ value: Double) -> String { value.isNaN ? "nan" : String(value) }

/// Formats a number as a person writes it: no trailing `.0`, the shortest form that reads back the same.
public func written(_ value: Double) -> String {
    if let integer = Int(exactly: value), abs(value) < 1e15 { return String(integer) }
    let text = exactly(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Formats a number with three significant digits, as a person would write it: no exponent between a thousandth and a
/// million.
public func threeDigits(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : exactly(value) }
    let size = abs(value)
    if size >= 1e6 || size < 1e-3 {
        var exponent = 0
        var mantissa = value
        while abs(mantissa) >= 9.995 {
            mantissa /= 10
            exponent += 1
        }
        while abs(mantissa) < 0.9995 {
            mantissa *= 10
            exponent -= 1
        }
        return fixed(mantissa, 2) + "e" + String(exponent)
    }
    if size >= 99.95 { return fixed(value, 0) }
    if size >= 9.995 { return fixed(value, 1) }
    if size >= 0.9995 { return fixed(value, 2) }
    return fixed(value, size >= 0.09995 ? 3 : size >= 0.009995 ? 4 : 5)
}

/// Formats a number with four significant digits, as a person would write it.
public func fourDigits(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : exactly(value) }
    let size = abs(value)
    if size >= 1e6 || size < 1e-3 { return threeDigits(value) }
    if size >= 999.5 { return fixed(value, 0) }
    if size >= 99.995 { return fixed(value, 1) }
    if size >= 9.9995 { return fixed(value, 2) }
    return fixed(value, size >= 0.99995 ? 3 : size >= 0.099995 ? 4 : 5)
}

/// Formats a number with so many digits after the point.
public func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return exactly(value) }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = Int((abs(value) * scale).rounded())
    let whole = String(rounded / Int(scale))
    let sign = value < 0 && rounded != 0 ? "-" : ""
    guard digits > 0 else { return sign + whole }
    let part = String(rounded % Int(scale))
    return sign + whole + "." + String(repeating: "0", count: digits - part.count) + part
}

/// Formats a whole number as it is, any other with three significant digits.
public func briefNumber(_ value: Double) -> String { value == value.rounded() ? written(value) : threeDigits(value) }

/// Formats a whole number with commas between thousands: 1746433 as `1,746,433`.
public func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
        if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}

/// The name of a quantity without its unit, where it ends in it: `Elastic energy (meV)` of a column in meV is `Elastic energy`.
public func withoutUnit(_ name: String, _ unit: String?) -> String {
    guard let unit, !unit.isEmpty else { return name }
    for ending in ["(\(unit))", "[\(unit)]"] where name.hasSuffix(ending) {
        let rest = name.dropLast(ending.count)
        return String(rest[..<(rest.lastIndex { $0 != " " }.map(rest.index(after:)) ?? rest.startIndex)])
    }
    return name
}

/// Formats a number with so many significant digits, from 1 to 17, without zeros at its end.
public func significant(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return exactly(value) }
    var buffer = [CChar](repeating: 0, count: 40)
    _ = withVaList([CInt(max(1, min(17, digits))), value]) { vsnprintf(&buffer, buffer.count, "%.*g", $0) }
    return String(cBuffer: buffer)
}
