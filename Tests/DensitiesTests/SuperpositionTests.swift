import Diagnostics
import TestSupport
import Testing

@testable import Densities

private func tables(_ column: String = "valence_e_per_A3") throws -> [String: RadialDensity] {
    var tables: [String: RadialDensity] = [:]
    for element in ["Mg", "Al", "Fe", "O"] {
        let path = fixture("atoms/\(element).csv")
        tables[element] = try RadialDensity.parse(text(of: path), column: column, file: path)
    }
    return tables
}

@Suite(.timed) struct SuperpositionTests {
    /// scipy's PchipInterpolator: 1e-12; integrals by a fine trapezoid: 1e-6.
    @Test func interpolatesAsScipy() throws {
        let tables = try tables()
        for expected in try Mathematics.read().tables {
            let table = try #require(tables[expected.element])
            for (place, value) in zip(expected.places, expected.values) { #expect(abs(table.value(at: place) - value) <= 1e-12 * value) }
            #expect(abs(table.electrons - expected.electrons) < 1e-6 * expected.electrons, "\(expected.element) \(table.electrons) \(expected.electrons)")
            #expect(table.value(at: 0) == table.values[0] && table.value(at: 13) == 0 && table.value(at: .nan) == 0)
            #expect(abs(table.integral(to: 12) - table.electrons) < 1e-12 && table.integral(to: 1) < table.electrons)
        }
        // The tables hold the electrons of the atoms to a thousandth.
        for (element, count) in [("Mg", 2.0), ("Al", 3), ("O", 6)] { #expect(abs((tables[element]?.electrons ?? 0) - count) < 1e-3 * count) }
        for (element, count) in [("Mg", 12.0), ("Al", 13), ("O", 8), ("Fe", 26)] {
            let found = try total(element)
            #expect(abs(found - count) < 2e-3 * count, "\(element) \(found)")
        }
    }

    private func total(_ element: String) throws -> Double { try tables("total_e_per_A3")[element]?.electrons ?? 0 }

    /// Brute force over images in numpy: all but what lies beyond the reach of the atoms (1e-7 electrons each).
    @Test func agreesWithBruteForce() throws {
        let tables = try tables()
        for expected in try Mathematics.read().atoms {
            let density = try field(expected.file)
            let found = try superposition(of: density.atoms, lattice: density.lattice, grid: expected.shape, radial: tables, normalised: false)
            for (place, value) in zip(expected.places, expected.values) { #expect(abs(found.density.values[place] - value) < 1e-8, "\(found.density.values[place]) \(value)") }
            #expect(abs(found.gridElectrons - expected.electrons) < 1e-6)
            let threads = try superposition(of: density.atoms, lattice: density.lattice, grid: expected.shape, radial: tables, threads: 3)
            let atomic = density.atoms.reduce(0.0) { $0 + (tables[$1.element]?.electrons ?? 0) }
            #expect(abs(threads.density.electrons - atomic) < 1e-12 * atomic && threads.atomicElectrons == atomic)
            #expect(try superposition(of: density.atoms, lattice: density.lattice, grid: expected.shape, radial: tables) .density == threads.density)
        }
    }

    @Test func givesTheDeformation() throws {
        let density = try field("hcp-six-decimals.CHGCAR")
        let deformation = try density.deformation(tables())
        // 4 electrons and two atoms of 2: nothing is left over but what the tables are rounded by.
        #expect(abs(deformation.electrons) < 1e-3)
        let raw = try density.superposed(tables(), normalised: false)
        #expect(abs(raw.gridElectrons - raw.atomicElectrons) < 0.01, "\(raw.gridElectrons)")
        #expect(deformation.atoms == density.atoms && deformation.min < 0 && deformation.max > 0)
    }

    @Test func refuses() throws {
        for (text, line) in [
            ("r,x\n0,1\n", 1), ("r_A,d\n0,1\n1,x\n2,0\n", 3), ("r_A,d\n0,1\n1\n", 3), ("r_A,d\n1,1\n0.5,1\n", 3), ("r_A,d\n0,-1\n", 2),
            ("r_A,d\n0,nan\n", 2), ("r_A,d\n0,1\n0,1\n", 3), ("r_A,d\n0,1\n1,1\n", nil), ("", nil), ("r_A,d\n0,1\n1,1e300\n2,0\n", nil),
        ] as [(String, Int?)] {
            let found = diagnostic { _ = try RadialDensity.parse(text, column: "d", file: "atom.csv") }
            #expect(found.id == "bad-data" && found.data?.file == "atom.csv" && found.data?.line == line, "\(text): \(found)")
        }
        let density = try field("fcc-primitive.CHGCAR")
        try expectFault("bad-data") { _ = try density.superposed([:]) }
        try expectFault("shape") { _ = try superposition(of: density.atoms, lattice: density.lattice, grid: [0, 1, 1], radial: tables()) }
        let flat = try Lattice(rows: [[1e-4, 0, 0], [0, 1e-4, 0], [0, 0, 1e-4]])
        try expectFault("shape") { _ = try superposition(of: density.atoms, lattice: flat, grid: [9, 9, 9], radial: tables()) }
    }
}
