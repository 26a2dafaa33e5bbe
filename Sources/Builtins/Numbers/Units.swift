import Diagnostics
import Language
import Tensors

/// The unit of an operator's result. Throws `unit` where the operands' units do not go together.
func resultUnit(of operation: ArrayOperator, _ a: ArrayFacts, _ b: ArrayFacts, exponent: Double?) throws -> String? {
    switch operation {
    case .add, .subtract:
        if a.isPlain { return b.unit }
        if b.isPlain { return a.unit }
        guard try parsed(a.unit) == parsed(b.unit) else {
            let (first, second) = (unitPhrase(b.unit), unitPhrase(a.unit))
            throw Diagnostic(
                "unit",
                operation == .add ? "cannot add a value \(first) to one \(second)" : "cannot subtract a value \(first) from one \(second)")
        }
        return a.unit
    case .multiply: return try written(parsed(a.unit) * parsed(b.unit), like: b.unit == nil ? a.unit : a.unit == nil ? b.unit : nil)
    case .divide: return try written(parsed(a.unit) / parsed(b.unit), like: b.unit == nil ? a.unit : nil)
    case .power:
        guard b.unit == nil else { throw Diagnostic("unit", "an exponent has no unit, found one \(unitPhrase(b.unit))") }
        guard a.unit != nil else { return nil }
        guard let exponent, let power = try parsed(a.unit).power(exponent) else {
            throw Diagnostic(
                "unit", "a value \(unitPhrase(a.unit)) can be raised to a whole number that stands in the script, and to no other")
        }
        return written(power, like: nil)
    }
}

/// The unit of exponentials: that of a quantity whose logarithm is given. Throws `unit` where there is none such.
@Sendable func unitOfExponential(_ unit: String?) throws -> String? {
    guard let unit else { return nil }
    let inner = String(unit.dropFirst(4).dropLast())
    if unit.hasPrefix("log("), unit.hasSuffix(")"), Unit(inner) != nil { return inner }
    throw Diagnostic("unit", "`exp` expected numbers without a unit or in the logarithm of one, found \(unit)")
}

/// The unit of square roots. Throws `unit` where there is none.
@Sendable func unitOfRoot(_ unit: String?) throws -> String? {
    guard let unit else { return nil }
    guard let root = try parsed(unit).power(0.5) else { throw Diagnostic("unit", "the root of a value in \(unit) has no unit") }
    return written(root, like: nil)
}

/// Checks that a text is a unit: products, quotients and powers of names that are known (see `Unit`). A name that is none of
/// these is a slip more often than a new unit. Throws `unknown-unit`.
func checkUnit(_ field: Field) throws {
    guard let text = field.value.string else { return }
    let unit = Unit(text)
    guard let unknown = unit == nil ? text : unit?.unknownNames.first else { return }
    let near = Unit.nearest(to: text)
    let said =
        unit == nil
        ? "`\(text)` cannot be read as a unit"
        : unknown == text ? "`\(text)` is no known unit" : "`\(unknown)` in `\(text)` is no known unit"
    throw Diagnostic(
        "unknown-unit", said, at: field.origin.span, label: near.map { "did you mean `\($0)`?" },
        hint: near == nil
            ? "a unit is made of names such as GPa, meV, A, mu_B, K, mol, atom by `*`, `/` and `^`: `kJ/mol`, `W/(m*K)`, `eV/A^3`" : nil)
}

/// A unit as messages say it: `in GPa`, or `without a unit`.
func unitPhrase(_ unit: String?) -> String { unit.map { "in \($0)" } ?? "without a unit" }

/// Whether two units are one, however they are written. What cannot be read as a unit is one with the same text alone.
func isSameUnit(_ a: String?, _ b: String?) -> Bool {
    if a == b { return true }
    guard let first = try? parsed(a), let second = try? parsed(b) else { return false }
    return first == second
}

private func parsed(_ text: String?) throws -> Unit {
    guard let text else { return .one }
    guard let unit = Unit(text) else { throw Diagnostic("unknown-unit", "`\(text)` cannot be read as a unit") }
    return unit
}

/// The text of a unit; the author's own where nothing was done to it.
private func written(_ unit: Unit, like text: String?) -> String? { text ?? (unit.isOne ? nil : unit.description) }
