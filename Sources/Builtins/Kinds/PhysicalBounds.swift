import Datasets
import Diagnostics
import Language

/// The values that a property of a crystal can have, by the name of its column and its unit. A sign is known by the name alone; a
/// magnitude in the unit of the column, or in that of Table 11 for a name that stands there.
struct PhysicalBounds {
    var least: Double
    var most: Double
    /// The unit as it stands behind a number, with a blank; empty where there is none.
    var unit: String
    var reason: String

    /// Nil for a property of which nothing is known.
    init?(column: String, unit given: String?) {
        let name = withoutUnitOf(column, given).lowercased()
        let words = Set(name.split { !$0.isLetter && !$0.isNumber }.map(String.init))
        func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
        // What is made of a property may have any sign.
        guard words.isDisjoint(with: Self.derived), !has("normalized", "per_vol", "difference", "volumetric", "strain", "expansion"),
            words.isDisjoint(with: ["dk", "dg", "de", "dv"]) else { return nil }
        let known = given == nil ? MaterialProperty.table11.first { $0.name == name } : nil
        let unit = given ?? known?.unit
        func factor(_ scale: KeyValuePairs<String, Double>) -> Double? { unit.flatMap { unitFactor($0, scale) } }

        let isModulus = has("modul", "vrh", "voigt", "reuss", "hardness", "young")
        let isNamedAlone = !words.isDisjoint(with: ["k", "g", "bulk", "shear"])
        let pressure = factor(pressures)
        if let pressure, isModulus || isNamedAlone {
            // The stiffest, diamond, has a Young's modulus of 1143 GPa.
            (least, most, reason) = (0, 1500 / pressure, "which no stable crystal has")
        } else if unit == nil, isModulus {
            (least, most, reason) = (0, .infinity, "which no stable crystal has")
        } else if has("universal_anisotropy") {
            (least, most, reason) = (0, .infinity, "which no stable crystal has")
        } else if has("poisson"), unit == nil || isSameUnit(unit, "1") {
            (least, most, reason) = (-1, 0.5, "which no stable solid has that is the same in all directions")
        } else if has("above_hull", "above hull", "e_hull", "ehull") {
            (least, most, reason) = (0, .infinity, "which cannot be")
        } else if has("gap"), unit == nil || factor(energies) != nil {
            (least, most, reason) = (0, factor(energies).map { 30 / $0 } ?? .infinity, "which no crystal has")
        } else if has("volume"), unit == nil || factor(volumes) != nil {
            (least, most, reason) = (0, .infinity, "which no cell has")
        } else if let density = factor(densities) {
            // Osmium has 22.6 g/cm^3.
            (least, most, reason) = (0, 25 / density, "which no crystal has")
        } else if words == ["density"] || words == ["density", "atomic"] || has("mass") && has("density"), unit == nil || known != nil {
            (least, most, reason) = (0, .infinity, "which no crystal has")
        } else if name.hasPrefix("num_") || ["nsites", "nelements"].contains(name) {
            (least, most, reason) = (0, .infinity, "which no number of things is")
        } else if isSameUnit(unit, "K"), !has("weiss", "energy", "exchange", "coupling") {
            (least, most, reason) = (0, .infinity, "which cannot be")
        } else {
            return nil
        }
        if most.isFinite { most = Double(threeDigits(most)) ?? most }
        self.unit = unit.flatMap { isSameUnit($0, nil) ? nil : " \($0)" } ?? ""
        if given == nil, let taken = known?.unit, most.isFinite { reason += "; it has no unit, and is taken to be in \(taken)" }
    }

    func contains(_ value: Double) -> Bool { value >= least && value <= most }

    var complaint: String {
        most == .infinity ? "below \(written(least))" : "below \(written(least)) or above \(written(most))\(unit)"
    }

    func condition(_ column: String) -> String {
        let row = "row[\(quoted(column))]"
        return "\(row) >= \(written(least))" + (most == .infinity ? "" : " and \(row) <= \(written(most))")
    }

    private static let derived: Set<String> = [
        "log", "ln", "log10", "delta", "diff", "change", "error", "residual", "std", "shift", "relative", "norm", "zscore", "z", "scaled",
        "deviation", "derivative", "d", "slope", "excess", "predicted", "pred",
    ]
}

/// How many of a scale's own unit a unit is, per atom or formula unit as well; nil for a unit of another kind.
private func unitFactor(_ unit: String, _ scale: KeyValuePairs<String, Double>) -> Double? {
    for per in ["", "/atom", "/f.u.", "/cell", "/site", "/ion"] {
        if let found = scale.first(where: { isSameUnit(unit, $0.key + per) }) { return found.value }
    }
    return nil
}

// The values of CODATA 2018 where a scale has them, to the digits that a bound needs.

/// Pressures in GPa.
private let pressures: KeyValuePairs = [
    "GPa": 1, "MPa": 1e-3, "kPa": 1e-6, "Pa": 1e-9, "TPa": 1e3, "kbar": 0.1, "bar": 1e-4, "Mbar": 100, "atm": 1.01325e-4,
    "eV/A^3": 160.2177, "meV/A^3": 0.1602177, "Ha/bohr^3": 29421.02, "Ry/bohr^3": 14710.51, "N/m^2": 1e-9, "N/mm^2": 1e-3, "J/m^3": 1e-9,
    "GJ/m^3": 1, "dyn/cm^2": 1e-10, "erg/cm^3": 1e-10, "psi": 6.894757e-6,
]
/// Energies in eV.
private let energies: KeyValuePairs = [
    "eV": 1, "meV": 1e-3, "keV": 1e3, "Ha": 27.21139, "mHa": 0.02721139, "Ry": 13.60569, "mRy": 0.01360569, "kJ/mol": 0.01036427,
    "J/mol": 1.036427e-5, "kcal/mol": 0.04336410, "1/cm": 1.239842e-4, "J": 6.241509e18,
]
/// Volumes in A^3.
private let volumes: KeyValuePairs = [
    "A^3": 1, "nm^3": 1e3, "pm^3": 1e-6, "bohr^3": 0.1481847, "um^3": 1e12, "mm^3": 1e21, "cm^3": 1e24, "m^3": 1e30, "cm^3/mol": 1.660539,
]
/// Densities in g/cm^3.
private let densities: KeyValuePairs = [
    "g/cm^3": 1, "kg/m^3": 1e-3, "g/mL": 1, "kg/L": 1, "g/L": 1e-3, "mg/cm^3": 1e-3, "kg/cm^3": 1e3, "g/m^3": 1e-6, "u/A^3": 1.660539,
]
