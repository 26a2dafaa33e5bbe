import Diagnostics
import Language
import Tensors

/// The name of a column in a figure, without its unit: the usual name of a property of a crystal, else the column's own.
func quantityName(_ column: String, unit: String?) -> String {
    // A density may be one of dislocations or of states: the unit tells.
    if column == "density" { return isSameUnit(unit, "g/cm^3") ? "mass density" : column }
    let known = [
        "k_vrh": "bulk modulus", "g_vrh": "shear modulus", "band_gap": "band gap", "efermi": "Fermi energy",
        "formation_energy_per_atom": "formation energy per atom", "total_magnetization": "total magnetization",
        "sfe_mJ_per_m2": "stacking-fault energy", "lattice_constant": "lattice constant",
    ]
    return known[column] ?? withoutUnitOf(column, unit).replacing("_", with: " ")
}

/// The name of a column without its unit, where it ends in it, however either is written: `Length (Å)` of a column in A is
/// `Length`.
func withoutUnitOf(_ column: String, _ unit: String?) -> String {
    if let (name, written) = Unit.split(column), isSameUnit(written, unit) { return name }
    return withoutUnit(column, unit)
}

/// The unit that the name of a column of a file ends in, for a column that has none otherwise: `meV` of `Energy (meV)`. It is for
/// labels alone: numbers have the unit that a script or a file states.
func labelUnit(_ column: String, _ unit: String?) -> String? { unit ?? Unit.split(column)?.unit }

/// The name of a field of a record in a legend. One that stood in quotes is meant as it is.
func nameInLegend(_ name: String) -> String { isPlainName(name) ? name.replacing("_", with: " ") : name }

/// The unit of the square of a quantity; nil where it has none.
func squared(_ unit: String?) -> String? {
    guard let unit, unit != "1" else { return nil }
    return unit.allSatisfy { $0.isLetter || $0 == "%" } ? "\(unit)^2" : "(\(unit))^2"
}
