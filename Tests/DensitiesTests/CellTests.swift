import Diagnostics
import TestSupport
import Testing

@testable import Densities

@Suite(.timed) struct CellTests {
    /// scipy's map_coordinates, and direct sums over waves: 1e-12 of the largest value.
    @Test func agreesWithPeers() throws {
        for expected in try Mathematics.read().supercell {
            let density = try fieldDensity(expected.file)
            let cell = try CellMatrix(rows: expected.matrix ?? [])
            let found = try density.supercell(cell, grid: expected.digest.shape, method: expected.regridding, threads: 2)
            let off = deviation(found.values, expected.digest)
            #expect(off < 1e-12, "\(expected.file) \(cell.rows) \(expected.method): \(off)")
            #expect(found.atoms.count == density.atoms.count * abs(cell.determinant))
            #expect(abs(found.lattice.volume - density.lattice.volume * abs(cell.volumeRatio)) < 1e-9)
        }
        for expected in try Mathematics.read().shift {
            let density = try fieldDensity(expected.file)
            let by = expected.by ?? []
            let found = try density.shifted(by: by, method: expected.regridding)
            let off = deviation(found.values, expected.digest)
            #expect(off < 1e-12, "\(expected.file) \(by) \(expected.method): \(off)")
            let moved = density.atoms[0].fractional[1] + by[1]
            #expect(abs(found.atoms[0].fractional[1] - (moved - moved.rounded(.down))) < 1e-15)
            #expect(found.atoms.allSatisfy { $0.fractional.allSatisfy { (0..<1).contains($0) } })
        }
    }

    @Test func repeatsExactly() throws {
        let density = try fieldDensity("spin-aug.CHGCAR")
        let twice = try density.supercell([[2, 0, 0], [0, 1, 0], [0, 0, 3]])
        let (n, m) = (density.grid, twice.grid)
        #expect(m == [18, 7, 33] && twice.atoms.count == 42)
        for i in 0..<m[0] {
            for j in 0..<m[1] {
                for k in 0..<m[2] {
                    #expect(twice.values[(i * m[1] + j) * m[2] + k] == density.values[((i % n[0]) * n[1] + j) * n[2] + k % n[2]])
                }
            }
        }
        // Elements keep their order; positions are those of the images.
        #expect(twice.atoms.map(\.element) == density.atoms.flatMap { Array(repeating: $0.element, count: 6) })
        #expect(abs(twice.electrons - 6 * density.electrons) < 1e-9)
        #expect(try density.supercell(.identity) == density)
        // Whole steps are moved, not interpolated, either way.
        let moved = try density.shifted(by: [1 / 9.0, 0, -2 / 11.0], method: .fourier)
        #expect(Set(moved.values) == Set(density.values) && moved.values[1 * 77 + 0] == density.values[2])
        #expect(try moved.shifted(by: [-1 / 9.0, 0, 2 / 11.0]).values == density.values)
    }

    /// Atoms of a supercell lie at places of the crystal, each once, also where the vectors turn the other way.
    @Test(arguments: [
        [[1, 2, 0], [-1, 1, 3], [2, 0, 1]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]], [[-1, 1, 1], [1, -1, 1], [1, 1, -1]],
    ])
    func hasEachAtomOnce(_ rows: [[Int]]) throws {
        let density = try fieldDensity("same-element-twice.CHGCAR")
        let matrix = try CellMatrix(rows: rows)
        let new = try density.supercell(matrix)
        #expect(new.atoms.count == density.atoms.count * abs(matrix.determinant))
        var seen: Set<[Int]> = []
        for atom in new.atoms {
            #expect(atom.fractional.allSatisfy { (0..<1).contains($0) })
            #expect(seen.insert(atom.fractional.map { Int(($0 * 1e6).rounded()) }).inserted)
            let old = matrix.fractional(ofNew: atom.fractional)
            #expect(
                density.atoms.contains { other in
                    other.element == atom.element && zip(old, other.fractional).allSatisfy { abs(($0 - $1) - ($0 - $1).rounded()) < 1e-9 }
                })
            #expect(zip(new.lattice.cartesian(atom.fractional), density.lattice.cartesian(old)).allSatisfy { abs($0 - $1) < 1e-9 })
        }
    }

    @Test func goesThereAndBack() throws {
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        let cube = try density.conventional(method: .fourier)
        #expect(cube.grid == [20, 20, 20] && cube.atoms.count == 4)
        #expect(abs(cube.electrons - 12) < 1e-9)
        for (i, row) in cube.lattice.rows.enumerated() {
            for j in 0..<3 { #expect(abs(row[j] - (i == j ? 4.05 : 0)) < 1e-12) }
        }
        let back = try cube.primitive(grid: [10, 10, 10], method: .fourier)
        #expect(back.atoms.count == 1 && back.lattice == density.lattice)
        for (a, b) in zip(back.values, density.values) { #expect(abs(a - b) < 1e-12) }
        #expect(try cube.primitive().grid == [20, 20, 20])
        // A supercell whose axes the crystal does not need.
        let large = try density.supercell([[2, 0, 0], [0, 2, 0], [0, 0, 2]])
        #expect(try large.primitive().grid == [10, 10, 10] && large.primitive().atoms.count == 1)
        #expect(try large.conventional().atoms.count == 4)
    }

    @Test func refuses() throws {
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        for rows in [
            [[1, 0, 0], [0, 1, 0], [1, 1, 0]], [[1, 0], [0, 1]], [[1001, 0, 0], [0, 1, 0], [0, 0, 1]],
            [[Int.min, 0, 0], [0, 1, 0], [0, 0, 1]],
        ] {
            try expectFault("bad-lattice") { _ = try density.supercell(rows) }
        }
        try expectFault("shape") { _ = try density.supercell([[1000, 0, 0], [0, 1000, 0], [0, 0, 1000]]) }
        try expectFault("bad-lattice") { _ = try density.supercell([[1000, 0, 0], [0, 1000, 0], [0, 0, 1000]], grid: [2, 2, 2]) }
        try expectFault("shape") {
            _ = try density.supercell([[2, 1, 0], [0, 1, 0], [0, 0, 1]], grid: [997, 991, 983], method: .fourier)
        }
        for by in [[0, 0], [.nan, 0, 0], [1e7, 0, 0]] { try expectFault("shape") { _ = try density.shifted(by: by) } }
    }
}
