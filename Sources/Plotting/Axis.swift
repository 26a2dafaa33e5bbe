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
    let label = withoutUnit(label, unit)
    return label.isEmpty ? typeset(unit) : "\(label) (\(typeset(unit)))"
}

/// Typesets a unit for print: `e/A^3` becomes `e/Å³`, `mu_B` becomes `µB`.
public func typeset(_ unit: String) -> String {
    var result = ""
    var word = ""
    func flushed() -> String {
        switch word {
        case "A": "Å"
        case "muB", "mu_B": "µB"
        default: word
        }
    }
    var raised = false
    for character in unit {
        if character == "^" {
            result += flushed()
            word = ""
            raised = true
        } else if raised, let digit = superscripts[character] {
            result.append(digit)
        } else if character.isLetter || character == "_" {
            raised = false
            word.append(character)
        } else {
            raised = false
            result += flushed()
            word = ""
            result.append(character)
        }
    }
    return result + flushed()
}

let superscripts: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
]
