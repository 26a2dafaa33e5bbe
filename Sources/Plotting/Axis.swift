import Diagnostics

/// The scale of an axis or a colour bar: linear or logarithmic.
public enum Scale: String, Sendable, Hashable, Codable {
    /// Equal steps for equal differences.
    case linear
    /// Logarithmic, base 10. Values that are not positive cannot be drawn and are counted in the figure's note.
    case logarithmic
}

/// An axis of a panel: the label, unit, scale and limits of the quantity along one side.
public struct Axis: Sendable, Hashable, Codable {
    /// The name of the quantity, without its unit.
    public var label: String
    /// The unit as the language writes it: `GPa`, `e/A^3`, `mJ/m^2`.
    public var unit: String?
    /// The scale, linear or logarithmic.
    public var scale: Scale
    /// The least value shown; nil finds it from the data.
    public var lower: Double?
    /// The greatest value shown; nil finds it from the data.
    public var upper: Double?

    /// Creates an axis; without limits it shows all data.
    public init(
        _ label: String, unit: String? = nil, scale: Scale = .linear, lower: Double? = nil, upper: Double? = nil
    ) {
        self.label = label
        self.unit = unit
        self.scale = scale
        self.lower = lower
        self.upper = upper
    }

    /// The label as it is drawn: `bulk modulus (GPa)`.
    var text: String { labelled(label, unit: unit) }

    func canShow(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }
}

/// Joins a label and its unit, typeset, in brackets. A label that ends in its unit has it once.
func labelled(_ label: String, unit: String?) -> String {
    guard let unit, !unit.isEmpty else { return label }
    // The same unit in another spelling too: `Length (Å)` of numbers in A.
    let label = withoutUnit(withoutUnit(label, unit), typeset(unit))
    return label.isEmpty ? typeset(unit) : "\(label) (\(typeset(unit)))"
}

/// Typesets a unit for print: `e/A^3` becomes `e/Å³`, `mu_B` becomes `µB`, `eV*A` becomes `eV·Å`. A power that is no whole number
/// stays as it is, `m^0.5`.
public func typeset(_ unit: String) -> String {
    var result = ""
    var rest = unit[...]
    while let first = rest.first {
        if first.isLetter || first == "_" {
            let word = rest.prefix { $0.isLetter || $0 == "_" }
            result += printed[String(word)] ?? String(word)
            rest.removeFirst(word.count)
            continue
        }
        rest.removeFirst()
        switch first {
        case "^":
            let power = rest.prefix { superscripts[$0] != nil || $0 == "." }
            rest.removeFirst(power.count)
            let raised = power.compactMap { superscripts[$0] }
            result += !power.isEmpty && raised.count == power.count ? String(raised) : "^" + power
        case "*": result.append("·")
        default: result.append(first)
        }
    }
    return result
}

/// Names of units that print has another form of.
private let printed = ["A": "Å", "muB": "µB", "mu_B": "µB", "um": "µm", "degC": "°C", "Ohm": "Ω"]

let superscripts: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
]
