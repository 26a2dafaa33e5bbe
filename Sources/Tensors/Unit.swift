/// A unit of measure as it is written: a product of powers of named units, such as `GPa`, `e/A^3`, `mJ/m^2` or `mu_B/f.u.`.
///
/// Names stand for themselves: nothing is converted, and `MPa` has nothing to do with `GPa`. Spellings of one name are that name:
/// `Å` is `A`, `µm` is `um`, `°C` is `degC` (`unknownNames` tells which names are known at all). A name may be a function of a
/// text in parentheses, `log(e/A^3)`; it is taken as it stands, but for the logarithm, which is that of a unit. Exponents are
/// whole or half numbers. A power of ten is a name like others, `10^-6/K`.
public struct Unit: Sendable, Hashable, CustomStringConvertible {
    /// Twice the exponent of each name; none is 0.
    private var halves: [String: Int] = [:]

    /// The dimensionless unit, `1`.
    public static let one = Unit()

    /// Most bytes of a text that is read.
    private static let longestText = 256
    /// Largest magnitude of twice an exponent. A product beyond it stays at it.
    private static let largest = 1 << 40

    private init() {}

    /// Parses the text of a unit, such as `kJ/mol`, `1/A`, `W/(m*K)`, `g cm^-3`, `J m⁻²`, `MPa*m^0.5`. A blank, `*`, `·` and `×`
    /// multiply; `/` divides by the one factor or group behind it; a power is `^2`, `^-1`, `^0.5`, `^(1/2)`, `²` or `⁻¹`. A full stop
    /// is part of a name, `f.u.`. Nil where the text cannot be read, is empty, or is longer than 256 bytes.
    public init?(_ text: String) {
        guard text.utf8.count <= Unit.longestText else { return nil }
        var reader = UnitReader(text)
        guard let unit = reader.product(depth: 0), reader.isAtEnd else { return nil }
        self = unit
    }

    fileprivate init?(name: String, halves: Int) {
        guard abs(halves) <= Unit.largest else { return nil }
        if halves != 0 { self.halves[name] = halves }
    }

    /// The names in the unit, in the order of their bytes: `["A", "e"]` of `e/A^3`.
    public var names: [String] { halves.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// The unit whose logarithm a name is: `GPa` of `log(GPa)`; nil for any other name.
    static func logarithm(_ name: String) -> Unit? {
        name.hasPrefix("log(") && name.hasSuffix(")") ? Unit(String(name.dropFirst(4).dropLast())) : nil
    }

    /// Whether the unit is the dimensionless one.
    public var isOne: Bool { halves.isEmpty }

    /// The product of two units.
    public static func * (a: Unit, b: Unit) -> Unit { a.combined(with: b, sign: 1) }
    /// The quotient of two units.
    public static func / (a: Unit, b: Unit) -> Unit { a.combined(with: b, sign: -1) }

    private func combined(with other: Unit, sign: Int) -> Unit {
        var result = self
        for (name, power) in other.halves {
            let sum = min(max((halves[name] ?? 0) + sign * power, -Unit.largest), Unit.largest)
            result.halves[name] = sum == 0 ? nil : sum
        }
        return result
    }

    /// The unit raised to a power; nil where an exponent would be neither a whole nor a half number, or beyond 2^39.
    public func power(_ exponent: Double) -> Unit? {
        var result = Unit()
        for (name, power) in halves {
            let product = Double(power) * exponent
            guard let whole = Int(exactly: product), abs(whole) <= Unit.largest else { return nil }
            if whole != 0 { result.halves[name] = whole }
        }
        return result
    }

    /// The unit as text, names in alphabetical order, those with negative exponents behind one `/`: `e/A^3`, `W/(K*m)`,
    /// `MPa*m^0.5`, `1/A`. `Unit(description)` is the same unit, unless the text is longer than what can be read.
    public var description: String {
        let factors = halves.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let above = factors.filter { $0.value > 0 }.map { Unit.factor($0.key, $0.value) }
        let below = factors.filter { $0.value < 0 }.map { Unit.factor($0.key, -$0.value) }
        let top = above.isEmpty ? "1" : above.joined(separator: "*")
        switch below.count {
        case 0: return top
        case 1: return "\(top)/\(below[0])"
        default: return "\(top)/(\(below.joined(separator: "*")))"
        }
    }

    private static func factor(_ name: String, _ halves: Int) -> String {
        switch halves {
        // A number alone is no unit.
        case 2: name == UnitNames.ten ? "\(name)^1" : name
        case let even where even % 2 == 0: "\(name)^\(even / 2)"
        case let odd: "\(name)^\(odd / 2).5"
        }
    }
}

/// A parser of the text of a unit.
private struct UnitReader {
    private let text: [Character]
    private var place = 0
    /// Most groups in parentheses within each other.
    private static let deepest = 16

    init(_ text: String) { self.text = Array(text) }

    private var next: Character? { place < text.count ? text[place] : nil }
    var isAtEnd: Bool { place == text.count }

    private mutating func skipBlanks() {
        // A blank, or one of print: no break, narrow, thin.
        while let next, " \u{A0}\u{202F}\u{2009}".contains(next) { place += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        place += 1
        return true
    }

    mutating func product(depth: Int) -> Unit? {
        guard depth <= UnitReader.deepest else { return nil }
        skipBlanks()
        guard var unit = factor(depth: depth) else { return nil }
        while true {
            skipBlanks()
            guard let sign = next, sign != ")" else { return unit }
            let divides = sign == "/"
            if divides || "*·⋅×".contains(sign) { place += 1 }
            skipBlanks()
            guard let other = factor(depth: depth) else { return nil }
            unit = divides ? unit / other : unit * other
        }
    }

    private mutating func factor(depth: Int) -> Unit? {
        if take("(") {
            guard let group = product(depth: depth + 1), take(")") else { return nil }
            guard let halves = exponent() else { return nil }
            return group.power(Double(halves) / 2)
        }
        if let power = powerOfTen() { return power }
        if take("1") {
            // A number other than 1 is no unit.
            if let next, isName(next) { return nil }
            return .one
        }
        guard let name = name(depth: depth) else { return nil }
        guard let halves = exponent() else { return nil }
        return Unit(name: name, halves: halves)
    }

    /// Reads a power of ten, `10^-6`, `10⁻⁶` or `1e-6`, which is a name with an exponent like others; nil, and no further, where
    /// something else stands there.
    private mutating func powerOfTen() -> Unit? {
        let start = place
        guard take("1") else { return nil }
        var halves: Int?
        if take("0"), let next, next == "^" || next == "⁻" || UnitReader.raisedDigits[next] != nil {
            halves = exponent()
        } else if place == start + 1, take("e") || take("E") {
            let sign = take("-") || take("\u{2212}") ? -1 : 1
            halves = whole().map { 2 * sign * $0 }
            if let next, isName(next) { halves = nil }
        }
        guard let halves, let unit = Unit(name: UnitNames.ten, halves: halves) else {
            place = start
            return nil
        }
        return unit
    }

    private func begins(_ character: Character) -> Bool { character.isLetter || character == "_" || character == "%" || character == "°" }
    private func isName(_ character: Character) -> Bool { begins(character) || character.isASCIIDigit || character == "." }

    /// Reads a name in the spelling it is compared by, with what stands in parentheses right behind it; nil where there is none.
    private mutating func name(depth: Int) -> String? {
        guard let first = next, begins(first) else { return nil }
        let start = place
        while let next, isName(next) { place += 1 }
        guard next == "(" else { return UnitNames.canonical(String(text[start..<place])) }
        let function = String(text[start..<place])
        var open = 0
        repeat {
            guard let character = next, !character.isNewline else { return nil }
            if character == "(" { open += 1 }
            if character == ")" { open -= 1 }
            place += 1
        } while open > 0
        var inner = UnitReader(String(text[(start + function.count + 1)..<(place - 1)]))
        guard function == "log", let unit = inner.product(depth: depth + 1), inner.isAtEnd else { return String(text[start..<place]) }
        return "log(\(unit))"
    }

    /// Reads twice the exponent behind `^`, or raised; 2 where there is none, nil where it cannot be read.
    private mutating func exponent() -> Int? {
        guard take("^") else { return raised() }
        let inParentheses = take("(")
        let sign = take("-") || take("\u{2212}") ? -1 : 1
        guard var halves = whole().map({ 2 * $0 }) else { return nil }
        if take(".") {
            // 0.5 and 1.5; 2.0 too.
            guard let digit = next, digit == "5" || digit == "0" else { return nil }
            place += 1
            if digit == "5" { halves += 1 }
            if let next, next.isASCIIDigit { return nil }
        } else if inParentheses, take("/") {
            guard whole() == 2 else { return nil }
            halves /= 2
        }
        guard !inParentheses || take(")") else { return nil }
        return sign * halves
    }

    /// Reads twice the exponent in raised digits, such as `⁻¹`; 2 where there is none.
    private mutating func raised() -> Int? {
        let sign = take("⁻") ? -1 : 1
        let digits = text[place...].prefix(13).prefix { UnitReader.raisedDigits[$0] != nil }
        guard !digits.isEmpty else { return sign == 1 ? 2 : nil }
        place += digits.count
        return digits.reduce(0) { 10 * $0 + (UnitReader.raisedDigits[$1] ?? 0) } * 2 * sign
    }

    private static let raisedDigits: [Character: Int] = [
        "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9,
    ]

    private mutating func whole() -> Int? {
        let start = place
        while let next, next.isASCIIDigit, place - start < 13 { place += 1 }
        return Int(String(text[start..<place]))
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
