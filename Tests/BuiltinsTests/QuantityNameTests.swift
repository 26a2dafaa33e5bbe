import TestSupport
import Testing

@testable import Builtins

/// The names and units of columns as figures and tables show them.
@Suite(.timed) struct QuantityNameTests {
    @Test(arguments: [
        ("Elastic energy (meV)", "meV", "Elastic energy"), ("Length (Å)", "A", "Length"), ("Length [Å^1]", "A", "Length"),
        ("rate (1/s)", "s⁻¹", "rate"), ("Energy (meV)", "eV", "Energy (meV)"), ("my_column", "K", "my column"),
        ("k_vrh", "GPa", "bulk modulus"), ("density", "g/cm³", "mass density"), ("density", "e/A^3", "density"),
        ("mass (odd", "u", "mass (odd"), ("q (foo)", "foo", "q"),
    ])
    func namesWithoutTheirUnit(_ column: String, _ unit: String, _ name: String) {
        #expect(quantityName(column, unit: unit) == name)
    }

    @Test func unitsForLabelsAlone() {
        #expect(labelUnit("Spatial freq (1/A)", nil) == "1/A" && labelUnit("Energy (meV)", "eV") == "eV")
        #expect(labelUnit("sample (a)", nil) == nil && labelUnit("k_vrh", nil) == nil)
        #expect(ResultTable.Column("Length (Å)", unit: "A").header == "Length")
    }
}
