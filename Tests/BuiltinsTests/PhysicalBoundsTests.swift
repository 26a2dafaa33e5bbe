import TestSupport
import Testing

@testable import Builtins

/// The values that a property of a crystal can have.
@Suite(.timed) struct PhysicalBoundsTests {
    @Test(arguments: [
        // A sign is known without a unit; names of Table 11 have its units.
        ("K_VRH", nil, "below 0 or above 1500 GPa"), ("k_vrh", nil, "below 0 or above 1500 GPa"), ("shear modulus", nil, "below 0"),
        ("k_vrh", "GPa", "below 0 or above 1500 GPa"), ("k_vrh", "kbar", "below 0 or above 15000 kbar"),
        ("K", "MPa", "below 0 or above 1500000 MPa"), ("Young's modulus", "eV/A^3", "below 0 or above 9.36 eV/A^3"),
        ("band_gap", "meV", "below 0 or above 30000 meV"), ("gap", nil, "below 0"), ("volume", "nm^3", "below 0"),
        ("rho", "kg/m^3", "below 0 or above 25000 kg/m^3"), ("density", nil, "below 0 or above 25 g/cm^3"),
        ("volume", "A^3/atom", "below 0"), ("homogeneous_poisson", "1", "below -1 or above 0.5"), ("poisson", nil, "below -1 or above 0.5"),
        ("energy_above_hull", "meV/atom", "below 0"), ("Tc", "K", "below 0"), ("num_sites", nil, "below 0"),
    ])
    func boundsAreThoseOfTheUnit(_ column: String, _ unit: String?, _ complaint: String) throws {
        #expect(try #require(PhysicalBounds(column: column, unit: unit)).complaint == complaint)
    }

    @Test func otherColumnsHaveNone() {
        let others: [(String, String?)] = [
            ("log_k_vrh", nil), ("delta volume", "A^3"), ("total_magnetization_normalized_vol", nil), ("formation_energy", "eV/atom"),
            ("pressure", "GPa"), ("charge density", nil), ("Weiss temperature", "K"), ("efermi", "eV"), ("bulk_energy", nil), ("k", nil),
        ]
        for (column, unit) in others { #expect(PhysicalBounds(column: column, unit: unit) == nil, "\(column)") }
    }

    @Test func theConditionIsThatOfTheScript() throws {
        let bounds = try #require(PhysicalBounds(column: "K \"x\" modulus", unit: "kbar"))
        #expect(bounds.condition("K \"x\"") == #"row["K \"x\""] >= 0 and row["K \"x\""] <= 15000"#)
        #expect(bounds.contains(15000) && !bounds.contains(-1) && !bounds.contains(15001))
        #expect(try #require(PhysicalBounds(column: "g_vrh", unit: nil)).reason.hasSuffix("it has no unit, and is taken to be in GPa"))
    }
}
