import Diagnostics
import TestSupport
import Testing

@testable import Densities

private func tables(_ electrons: [String: Double] = [:]) throws -> [String: RadialDensity] {
    var tables: [String: RadialDensity] = [:]
    for element in ["Mg", "Al", "Fe", "O"] {
        let path = fixture("atoms/\(element).csv")
        tables[element] = try RadialDensity.parse(text(of: path), column: "valence_e_per_A3", electrons: electrons[element], file: path)
    }
    return tables
}

@Suite(.timed) struct SuperpositionTests {
    /// scipy's PchipInterpolator: 1e-11; integrals by a fine trapezoid: 1e-6.
    @Test func interpolatesAsScipy() throws {
        let tables = try tables()
        for expected in try Mathematics.read().tables {
            let table = try #require(tables[expected.element])
            for (place, value) in zip(expected.places, expected.values) { #expect(abs(table.value(at: place) - value) <= 1e-11 * value) }
            #expect(
                abs(table.electrons - expected.electrons) < 1e-6 * expected.electrons,
                "\(expected.element) \(table.electrons) \(expected.electrons)")
            #expect(table.value(at: 0) == table.values[0] && table.value(at: 13) == 0 && table.value(at: .nan) == 0)
            #expect(abs(table.integral(to: 12) - table.electrons) < 1e-12 && table.integral(to: 1) < table.electrons)
        }
        // The tables hold the electrons of the atoms to 1.5 thousandths; scaled, all of them.
        for (element, valence, all) in [("Mg", 2.0, 12.0), ("Al", 3, 13), ("O", 6, 8), ("Fe", 8, 26)] {
            let table = try #require(tables[element])
            #expect(abs(table.electrons - valence) < 1.5e-3 * valence)
            let scaled = try table.scaled(toElectrons: valence)
            #expect(scaled.electrons == valence && abs(scaled.integral(to: 12) - valence) < 1e-13 * valence)
            let path = fixture("atoms/\(element).csv")
            let whole = try RadialDensity.parse(text(of: path), column: "total_e_per_A3", file: path)
            #expect(abs(whole.electrons - all) < 1.5e-3 * all)
        }
    }

    /// Brute force over images in numpy: all but what lies beyond the reach of the atoms (1e-6 electrons each).
    @Test func agreesWithBruteForce() throws {
        let tables = try tables()
        for expected in try Mathematics.read().atoms {
            let density = try fieldDensity(expected.file)
            let found = try superposition(
                of: density.atoms, lattice: density.lattice, grid: expected.shape, radial: tables, normalised: false)
            for (place, value) in zip(expected.places, expected.values) {
                #expect(abs(found.density.values[place] - value) < 1e-7, "\(found.density.values[place]) \(value)")
            }
            #expect(abs(found.gridElectrons - expected.electrons) < 1e-5)
            let threads = try superposition(of: density.atoms, lattice: density.lattice, grid: expected.shape, radial: tables, threads: 3)
            let atomic = density.atoms.reduce(0.0) { $0 + (tables[$1.element]?.electrons ?? 0) }
            #expect(abs(threads.density.electrons - atomic) < 1e-12 * atomic && threads.atomicElectrons == atomic)
            #expect(
                try superposition(of: density.atoms, lattice: density.lattice, grid: expected.shape, radial: tables).density
                    == threads.density)
        }
    }

    /// Beyond the cores the values are those of the atoms, whatever the grid does to the cores.
    @Test func correctsNothingButTheCores() throws {
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        let path = fixture("atoms/Al.csv")
        let all = ["Al": try RadialDensity.parse(text(of: path), column: "total_e_per_A3", electrons: 13, file: path)]
        for grid in [[12, 12, 12], [20, 18, 15]] {
            let raw = try superposition(of: density.atoms, lattice: density.lattice, grid: grid, radial: all, normalised: false)
            let right = try superposition(of: density.atoms, lattice: density.lattice, grid: grid, radial: all)
            #expect(abs(right.density.electrons - 13) < 1e-11 && abs(raw.density.electrons - 13) > 0.01)
            let place = density.atoms[0].fractional
            var changed = 0
            for index in raw.density.values.indices {
                let point = [index / (grid[1] * grid[2]), index / grid[2] % grid[1], index % grid[2]]
                let step = (0..<3).map { axis -> Double in
                    let apart = Double(point[axis]) / Double(grid[axis]) - place[axis]
                    return apart - apart.rounded()
                }
                var near = Double.infinity
                for i in [-1.0, 0, 1] {
                    for j in [-1.0, 0, 1] {
                        for k in [-1.0, 0, 1] {
                            let r: [Double] = density.lattice.cartesian([step[0] + i, step[1] + j, step[2] + k])
                            let square: Double = r[0] * r[0] + r[1] * r[1] + r[2] * r[2]
                            near = min(near, square.squareRoot())
                        }
                    }
                }
                if raw.density.values[index] != right.density.values[index] { changed += 1 }
                if near > right.corrected { #expect(raw.density.values[index] == right.density.values[index]) }
                #expect(right.density.values[index] > 0)
            }
            #expect((20...45).contains(changed), "\(changed)")
        }
    }

    @Test func givesTheDeformation() throws {
        let density = try fieldDensity("hcp-six-decimals.CHGCAR")
        let deformation = try density.deformation(tables(["Mg": 2]))
        // 4 electrons and two atoms of 2: nothing is left over.
        #expect(abs(deformation.electrons - (density.electrons - 4)) < 1e-12)
        let raw = try density.superposed(tables(), normalised: false)
        // The peak at the nucleus falls between the points of this grid: a part in a hundred may be missing.
        #expect(abs(raw.gridElectrons - raw.atomicElectrons) < 0.04, "\(raw.gridElectrons)")
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
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        try expectFault("bad-data") { _ = try density.superposed([:]) }
        try expectFault("bad-data") { _ = try tables(["Mg": 0]) }
        try expectFault("shape") { _ = try superposition(of: density.atoms, lattice: density.lattice, grid: [0, 1, 1], radial: tables()) }
        let flat = try Lattice(rows: [[1e-4, 0, 0], [0, 1e-4, 0], [0, 0, 1e-4]])
        try expectFault("shape") { _ = try superposition(of: density.atoms, lattice: flat, grid: [9, 9, 9], radial: tables()) }
    }
}
