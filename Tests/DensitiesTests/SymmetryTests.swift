import Diagnostics
import TestSupport
import Testing

@testable import Densities

private func crystal(_ rows: [[Double]], _ atoms: [(String, [Double])]) throws -> Density {
    try Density(
        lattice: Lattice(rows: rows), atoms: atoms.map { Atom(element: $0.0, fractional: $0.1) }, grid: [2, 2, 2],
        values: [Double](repeating: 1, count: 8))
}

private let fcc = [[0, 2.0, 2], [2, 0, 2], [2, 2, 0]]

@Suite(.timed) struct SymmetryTests {
    /// spglib 2.8.0 through Python: groups, the volume and the sides of the standard cell (1e-6).
    @Test func agreesWithSpglib() throws {
        for expected in try Mathematics.read().symmetry {
            let density = try fieldDensity(expected.file)
            let found = try density.symmetry(tolerance: expected.tolerance)
            #expect(found.number == expected.number && found.symbol == expected.symbol, "\(expected.file) \(expected.tolerance): \(found)")
            let cell = try found.conventional.lattice(of: density.lattice)
            #expect(abs(cell.volume - expected.volume) < 1e-3 * expected.volume)
            // A triclinic cell stays as it is.
            if found.number > 2 {
                for (a, b) in zip(cell.lengths.sorted(), expected.lengths) {
                    #expect(abs(a - b) < 0.01 + expected.tolerance, "\(expected.file) \(a) \(b)")
                }
            } else {
                #expect(found.conventional == .identity && found.primitive == .identity)
            }
        }
    }

    /// Miller indices of the cube on the primitive cell, and back.
    @Test(arguments: [
        ([1, 1, 1], [1, 1, 1]), ([1, 0, 0], [0, 1, 1]), ([1, 1, 0], [1, 1, 2]), ([-1, 1, 1], [1, 0, 0]), ([0, 0, -1], [-1, -1, 0]),
    ])
    func namesPlanesOfTheCube(_ cube: [Int], _ cell: [Int]) throws {
        let found = try fieldDensity("fcc-primitive.CHGCAR").symmetry()
        #expect(
            found.symbol == "Fm-3m" && found.conventional.rows == [[-1, 1, 1], [1, -1, 1], [1, 1, -1]]
                && found.conventional.denominator == 1)
        #expect(try found.millerInCell(ofConventional: cube) == cell)
        #expect(try found.millerInConventional(ofCell: cell) == cube)
    }

    /// Zinc blende, rock salt and the like: the cube drawn along x, y, z is the conventional cell, whichever way the
    /// primitive vectors are written down, with noise or without.
    @Test func keepsTheDrawnAxes() throws {
        for noise in [0, 2e-6, -3e-6] {
            for rows in [fcc, [fcc[1], fcc[2], fcc[0]], [[-2, 0, 2], fcc[0], fcc[1]], [fcc[1], fcc[0], fcc[2]]] {
                for other in [[0.25, 0.25, 0.25], [0.5, 0.5, 0.5], [0.75, 0.75, 0.75]] {
                    var rows = rows
                    rows[0][1] += noise
                    let lattice = try Lattice(rows: rows)
                    let place = lattice.fractional(other.map { $0 * 4 })
                    let density = try crystal(rows, [("Ga", [0, 0, 0]), ("As", place)])
                    let found = try density.symmetry()
                    #expect(found.number == (other[0] == 0.5 ? 225 : 216))
                    let cell = try found.conventional.lattice(of: lattice)
                    for i in 0..<3 { for j in 0..<3 { #expect(abs(cell.rows[i][j] - (i == j ? 4 : 0)) < 1e-4, "\(cell.rows)") } }
                    #expect(found.primitive == .identity)
                    // (100) of the cube: its normal is x.
                    let normal = lattice.normal(try found.millerInCell(ofConventional: [1, 0, 0]))
                    #expect(abs(normal[1]) < 1e-4 && abs(normal[2]) < 1e-4 && normal[0] > 0)
                }
            }
        }
        let cube = try crystal(
            [[4, 0, 0], [0, 4, 0], [0, 0, 4]], [("Cu", [0, 0, 0]), ("Cu", [0, 0.5, 0.5]), ("Cu", [0.5, 0, 0.5]), ("Cu", [0.5, 0.5, 0])])
        #expect(try cube.symmetry().conventional == .identity)
        #expect(try cube.symmetry().primitive == CellMatrix(rows: [[0, 1, 1], [1, 0, 1], [1, 1, 0]], over: 2))
    }

    /// Rhombohedral, body-centred, base-centred: the cells have the volumes they should, and the lattice is that of the crystal.
    @Test func findsOtherLattices() throws {
        let third = 1.0 / 3
        let bismuth = try crystal(
            [[2.27, 1.31, 3.95], [-2.27, 1.31, 3.95], [0, -2.62, 3.95]], [("Bi", [0.234, 0.234, 0.234]), ("Bi", [0.766, 0.766, 0.766])])
        let found = try bismuth.symmetry()
        #expect(found.number == 166 && found.conventional.determinant == 3 && found.primitive == .identity && found.centring == "R")
        let hexagonal = try bismuth.conventional()
        #expect(hexagonal.atoms.count == 6)
        #expect(try hexagonal.symmetry().conventional == .identity)
        #expect(try hexagonal.primitive().atoms.count == 2)
        let iron = try crystal([[-1.4, 1.4, 1.4], [1.4, -1.4, 1.4], [1.4, 1.4, -1.4]], [("Fe", [0, 0, 0])])
        #expect(try iron.conventional().lattice.rows == [[2.8, 0, 0], [0, 2.8, 0], [0, 0, 2.8]])
        let graphite = try crystal(
            [[2.46, 0, 0], [-1.23, 2.1304, 0], [0, 0, 6.7]],
            [("C", [0, 0, 0.25]), ("C", [0, 0, 0.75]), ("C", [third, 2 * third, 0.25]), ("C", [2 * third, third, 0.75])])
        #expect(try graphite.symmetry().number == 194 && graphite.symmetry().conventional == .identity)
        // Left-handed vectors, atoms beyond the cell and off the origin.
        let left = try crystal([[0, 0, 4], [0, 4, 0], [4, 0, 0]], [("Cs", [7.3, -2.1, 0.4]), ("Cl", [7.8, -1.6, 0.9])])
        #expect(try left.symmetry().number == 221 && abs(left.symmetry().conventional.determinant) == 1)
    }

    @Test func tellsUnknownElementsByKind() throws {
        let salt = try crystal(fcc, [("X", [0, 0, 0]), ("X", [0.5, 0.5, 0.5])])
        #expect(try salt.symmetry().symbol == "Pm-3m")
        #expect(try salt.symmetry(kinds: [1, 2]).symbol == "Fm-3m")
        #expect(try fieldDensity("volume-scale-vasp4.CHGCAR").symmetry().number >= 1)
    }

    @Test func refuses() throws {
        try expectFault("bad-data") { _ = try crystal(fcc, []).symmetry() }
        try expectFault("bad-data") { _ = try crystal(fcc, [("A", [0, 0, 0]), ("A", [0, 0, 0])]).symmetry() }
        for tolerance in [0, -1, .nan, .infinity] {
            try expectFault("bad-data") { _ = try crystal(fcc, [("A", [0, 0, 0])]).symmetry(tolerance: tolerance) }
        }
        try expectFault("bad-data") { _ = try crystal(fcc, [("A", [.nan, 0, 0])]).symmetry() }
        let found = try crystal(fcc, [("A", [0, 0, 0])]).symmetry()
        try expectFault("bad-plane") { _ = try found.millerInCell(ofConventional: [0, 0, 0]) }
        try expectFault("bad-plane") { _ = try found.millerInCell(ofConventional: [100, 99, 0]) }
    }

    /// Every turn keeps the determinant, and there are as many as the Laue group has.
    @Test func knowsTheLaueGroups() {
        for (number, count) in [
            (1, 1), (14, 2), (62, 4), (80, 4), (139, 8), (148, 3), (152, 6), (157, 6), (166, 6), (176, 6), (194, 12), (205, 12), (225, 24),
        ] {
            let turns = laueTurns(number)
            #expect(turns.count == count, "\(number): \(turns.count)")
            #expect(turns.allSatisfy { dot($0[0], cross($0[1], $0[2])) == 1 })
        }
    }
}
