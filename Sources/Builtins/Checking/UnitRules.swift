import Diagnostics
import Language
import Tensors

/// The unit of an operator's result. Throws `unit` where the operands' units do not go together.
func resultUnit(of operation: String, _ a: ArrayFacts, _ b: ArrayFacts, exponent: Double?) throws -> String? {
    switch operation {
    case "+", "-":
        if a.isPlain { return b.unit }
        if b.isPlain { return a.unit }
        guard try parsed(a.unit) == parsed(b.unit) else {
            let (first, second) = (phrase(b.unit), phrase(a.unit))
            throw Diagnostic("unit", operation == "+" ? "cannot add a value \(first) to one \(second)" : "cannot subtract a value \(first) from one \(second)")
        }
        return a.unit
    case "*": return try written(parsed(a.unit) * parsed(b.unit), like: b.unit == nil ? a.unit : a.unit == nil ? b.unit : nil)
    case "/": return try written(parsed(a.unit) / parsed(b.unit), like: b.unit == nil ? a.unit : nil)
    default:
        guard b.unit == nil else { throw Diagnostic("unit", "an exponent has no unit, found one \(phrase(b.unit))") }
        guard a.unit != nil else { return nil }
        guard let exponent, let power = try parsed(a.unit).power(exponent) else {
            throw Diagnostic("unit", "a value \(phrase(a.unit)) can be raised to a whole number that stands in the script, and to no other")
        }
        return written(power, like: nil)
    }
}

/// The unit of a function's result. Throws `unit` where the function takes none such.
func resultUnit(ofFunction name: String, _ unit: String?) throws -> String? {
    switch name {
    case "log": return unit.map { "log(\($0))" }
    case "exp":
        guard let unit else { return nil }
        let inner = String(unit.dropFirst(4).dropLast())
        if unit.hasPrefix("log("), unit.hasSuffix(")"), Unit(inner) != nil { return inner }
        throw Diagnostic("unit", "`exp` expected numbers without a unit or in the logarithm of one, found \(unit)")
    case "sqrt":
        guard let unit else { return nil }
        guard let root = try parsed(unit).power(0.5) else { throw Diagnostic("unit", "the root of a value in \(unit) has no unit") }
        return written(root, like: nil)
    case "standardize": return nil
    default: return unit
    }
}

/// Throws `unknown-unit` where a text is no unit that columns and tensors may have.
func checkUnit(_ field: Field) throws {
    guard let text = field.value.string, !knownUnits.contains(text) else { return }
    let near = nearMiss(text, among: knownUnits.sorted())
    throw Diagnostic(
        "unknown-unit", "`\(text)` is no known unit", at: field.origin.span, label: near.map { "did you mean `\($0)`?" },
        hint: near == nil ? "known are \(knownUnits.sorted().joined(separator: ", "))" : nil)
}

private func phrase(_ unit: String?) -> String { unit.map { "in \($0)" } ?? "without a unit" }

private func parsed(_ text: String?) throws -> Unit {
    guard let text else { return .one }
    guard let unit = Unit(text) else { throw Diagnostic("unknown-unit", "`\(text)` cannot be read as a unit") }
    return unit
}

/// The text of a unit; the author's own where nothing was done to it.
private func written(_ unit: Unit, like text: String?) -> String? { text ?? (unit.isOne ? nil : unit.description) }
