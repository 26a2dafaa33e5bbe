import Diagnostics
import Storage

/// A number that documents of the Materials Project give for a material.
public struct MaterialProperty: Sendable, Hashable {
    /// The name in the paper's table.
    public let name: String
    /// The unit; nil for counts and pure numbers.
    public let unit: String?
    /// Where documents of several years keep it: names of members, one inside the other.
    let places: [[String]]

    private init(_ name: String, _ unit: String? = nil, also others: [[String]] = []) {
        (self.name, self.unit) = (name, unit)
        places = [[name]] + others
    }

    /// The 25 properties of Table 11 of the paper, in the order of the authors' table.
    ///
    /// The averages of moduli stand in `bulk_modulus` and `shear_modulus` today, by themselves in 2022, and in `elasticity` before.
    public static let table11 = [
        MaterialProperty("nsites"), MaterialProperty("nelements"), MaterialProperty("volume", "A^3"), MaterialProperty("density", "g/cm^3"),
        MaterialProperty("density_atomic", "A^3/atom"), MaterialProperty("uncorrected_energy_per_atom", "eV/atom"),
        MaterialProperty("energy_per_atom", "eV/atom"), MaterialProperty("formation_energy_per_atom", "eV/atom"),
        MaterialProperty("energy_above_hull", "eV/atom", also: [["e_above_hull"]]),
        MaterialProperty("equilibrium_reaction_energy_per_atom", "eV/atom"), MaterialProperty("band_gap", "eV"),
        MaterialProperty("efermi", "eV"), MaterialProperty("total_magnetization", "mu_B"),
        MaterialProperty("total_magnetization_normalized_vol", "mu_B/A^3"),
        MaterialProperty("total_magnetization_normalized_formula_units", "mu_B/f.u."), MaterialProperty("num_magnetic_sites"),
        MaterialProperty("num_unique_magnetic_sites"), modulus("k_voigt", "bulk_modulus", "voigt", "K_Voigt"),
        modulus("k_reuss", "bulk_modulus", "reuss", "K_Reuss"), modulus("k_vrh", "bulk_modulus", "vrh", "K_VRH"),
        modulus("g_voigt", "shear_modulus", "voigt", "G_Voigt"), modulus("g_reuss", "shear_modulus", "reuss", "G_Reuss"),
        modulus("g_vrh", "shear_modulus", "vrh", "G_VRH"),
        MaterialProperty("universal_anisotropy", also: [["elasticity", "universal_anisotropy"]]),
        MaterialProperty("homogeneous_poisson", also: [["elasticity", "homogeneous_poisson"], ["elasticity", "poisson_ratio"]]),
    ]

    private static func modulus(_ name: String, _ today: String, _ average: String, _ before: String) -> MaterialProperty {
        MaterialProperty(name, "GPa", also: [[today, average], ["elasticity", before]])
    }

    /// The value in a document as it is written; nil where it is missing. Throws `bad-data` for what is no number.
    func value(in document: MaterialDocument, _ place: DataPlace) throws -> JSONValue? {
        for names in places {
            var found: JSONValue? = document.json
            for name in names {
                guard let inside = found, inside != .null else { break }
                guard inside.objectValue != nil else { throw misfit(names, document, place) }
                found = inside[name]
            }
            guard let found, found != .null else { continue }
            guard let number = found.doubleValue else { throw misfit(names, document, place) }
            if number.isFinite { return found }
        }
        return nil
    }

    private func misfit(_ names: [String], _ document: MaterialDocument, _ place: DataPlace) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected a number as `\(names.joined(separator: "."))` of \(document.id), found another kind of value", data: place
        )
    }
}
