import Diagnostics
import Tensors
import TestSupport
import Testing

@testable import Densities

private func fcc(_ n: Int, atom: [Double] = [0, 0, 0], _ value: (Int, Int, Int) -> Double) throws -> Density {
    var values: [Double] = []
    for i in 0..<n { for j in 0..<n { for k in 0..<n { values.append(value(i, j, k)) } } }
    return try Density(
        lattice: Lattice(rows: [[0, 2, 2], [2, 0, 2], [2, 2, 0]]), atoms: [Atom(element: "Cu", fractional: atom)], grid: [n, n, n],
        values: values)
}

@Suite(.timed) struct PlaneTests {
    @Test func agreesWithScipy() throws {
        let lines = try text(of: fixture("planes.txt")).split(separator: "\n")
        #expect(lines.count == 11)
        for line in lines {
            let parts = line.split(separator: " ").map(String.init)
            let numbers = parts[1..<12].compactMap { Int($0) }
            let path = parts[0] == "skew.CHGCAR" ? fixture(parts[0]) : crystal(parts[0])
            let density = try readCHGCAR(path: path)
            let miller = Array(numbers[0..<3])
            let size = Array(numbers[3..<5])
            let geometry = try density.planeGeometry(miller: miller)
            #expect(geometry.u == Array(numbers[5..<8]) && geometry.v == Array(numbers[8..<11]), "\(parts[0]) \(miller)")
            let plane = try density.plane(miller: miller, size: size)
            #expect(plane.shape == Shape(size + [1]))
            let expected = parts[12...].compactMap { Float($0) }
            #expect(expected.count == plane.values.count)
            for (a, b) in zip(plane.values, expected) { #expect(abs(a - b) <= 3e-7 * max(1e-3, abs(b)), "\(parts[0]) \(miller)") }
        }
    }

    /// On the points of the grid the (111) plane of a primitive FCC cell is i + j + k = 0 modulo n, with no interpolation.
    @Test(arguments: [1, 2, 7, 20, 28])
    func isTheIndexPlane(_ n: Int) throws {
        let density = try fcc(n) { Double(($0 * n + $1) * n + $2) }
        let plane = try density.plane(miller: [1, 1, 1], size: [n, n])
        for i in 0..<n {
            for j in 0..<n {
                let k = ((-i - j) % n + n) % n
                #expect(plane.values[i * n + j] == Float((i * n + j) * n + k))
            }
        }
    }

    @Test func isOneSurfaceCellOfFCC() throws {
        let density = try fcc(2) { _, _, _ in 1 }
        let geometry = try density.planeGeometry(miller: [1, 1, 1])
        #expect(geometry.u == [1, 0, -1] && geometry.v == [0, 1, -1])
        #expect(geometry.uCartesian == [-2, 0, 2] && geometry.vCartesian == [0, -2, 2])
        let flat = geometry.flat
        #expect(abs(flat.u.x - 8.0.squareRoot()) < 1e-12 && flat.u.y == 0)
        #expect(abs(flat.v.x - 2.0.squareRoot()) < 1e-12 && abs(flat.v.y - 6.0.squareRoot()) < 1e-12)
        #expect(abs(geometry.area - 48.0.squareRoot()) < 1e-12)
        // The conventional cube: the window is four surface cells, and the plane is the same one.
        let cube = try PlaneGeometry(lattice: Lattice(rows: [[4, 0, 0], [0, 4, 0], [0, 0, 4]]), miller: [1, 1, 1], origin: [0, 0, 0])
        #expect(cube.u == [1, 0, -1] && cube.v == [0, 1, -1] && abs(cube.area - 4 * geometry.area) < 1e-12)
    }

    @Test func passesThroughTheAtomAskedFor() throws {
        let density = try fcc(4, atom: [0.25, 0.5, -0.75]) { Double(100 * $0 + 10 * $1 + $2) }
        #expect(try density.plane(miller: [1, 1, 1], size: [4, 4]).values.first == 121)
        #expect(try density.plane(miller: [1, 1, 1], through: .fractional([0.5, 0, 0]), size: [2, 2]).values.first == 200)
        #expect(try density.plane(miller: [1, 1, 1], through: .fractional([0.125, 0, 0]), size: [1, 1]).values == [50])
        #expect(try density.plane(miller: [1, 1, 1], through: .fractional([0.875, 0, 0]), size: [1, 1]).values == [150])
    }

    /// A relaxation's noise in the lattice must not turn the picture of one crystal against those of the others.
    @Test func doesNotTurnWithNoise() throws {
        for noise in [-3e-6, 1e-6, 2e-6] {
            let lattice = try Lattice(rows: [[0, 2 + noise, 2], [2, noise, 2 - noise], [2 + 2 * noise, 2, 0]])
            let geometry = try PlaneGeometry(lattice: lattice, miller: [1, 1, 1], origin: [0, 0, 0])
            #expect(geometry.u == [1, 0, -1] && geometry.v == [0, 1, -1])
        }
    }

    /// The two vectors lie in the plane and generate every lattice vector in it: their cross product is h itself.
    @Test func spansThePlaneForEveryIndex() throws {
        let lattice = try Lattice(rows: [[3.1, 0.2, -0.1], [0.4, 2.7, 0.3], [-0.6, 0.5, 4.2]])
        for h in -4...4 {
            for k in -4...4 {
                for l in -4...4 {
                    guard let geometry = try? PlaneGeometry(lattice: lattice, miller: [h, k, l], origin: [0, 0, 0]) else { continue }
                    let normal = cross(geometry.u.map(Double.init), geometry.v.map(Double.init))
                    #expect(normal == [Double(h), Double(k), Double(l)])
                    #expect(dot(geometry.uCartesian, geometry.uCartesian) <= dot(geometry.vCartesian, geometry.vCartesian) * 1.003)
                }
            }
        }
        let steep = try PlaneGeometry(lattice: lattice, miller: [97, -100, 89], origin: [0, 0, 0])
        #expect(cross(steep.u.map(Double.init), steep.v.map(Double.init)) == [97, -100, 89])
    }

    @Test(arguments: [
        ([0, 0, 0], "expected Miller indices of a plane, found [0, 0, 0]"),
        ([2, 2, 2], "expected Miller indices without a common divisor, found [2, 2, 2]"),
        ([0, 0, -3], "expected Miller indices without a common divisor, found [0, 0, -3]"),
        ([1, 1], "expected three Miller indices, found 2: [1, 1]"),
        ([1, 101, 1], "expected Miller indices between -100 and 100, found [1, 101, 1]"),
        ([Int.min, 0, 0], "expected Miller indices between -100 and 100, found [\(Int.min), 0, 0]"),
    ])
    func refusesIndices(_ miller: [Int], _ message: String) throws {
        let density = try fcc(2) { _, _, _ in 1 }
        let found = diagnostic { _ = try density.plane(miller: miller, size: [2, 2]) }
        #expect(found.id == "bad-plane" && found.message == message)
    }

    @Test func refusesSizesAndAtoms() throws {
        let density = try fcc(2) { _, _, _ in 1 }
        for size in [[], [3], [3, 0], [-1, 3], [3, 16385], [1, 2, 3]] {
            try expectFault("bad-plane") { _ = try density.plane(miller: [1, 1, 1], size: size) }
        }
        try expectFault("bad-plane") { _ = try density.plane(miller: [1, 1, 1], through: .atom(1), size: [2, 2]) }
        try expectFault("bad-plane") { _ = try density.plane(miller: [1, 1, 1], through: .fractional([.nan, 0, 0]), size: [2, 2]) }
    }
}

@Suite(.timed) struct LatticeTests {
    @Test func turnsCoordinatesThereAndBack() throws {
        let lattice = try Lattice(rows: [[3.1, 0.2, -0.1], [0.4, 2.7, 0.3], [-0.6, 0.5, 4.2]])
        let place = [0.3, -1.25, 0.75]
        for (a, b) in zip(lattice.fractional(lattice.cartesian(place)), place) { #expect(abs(a - b) < 1e-14) }
        for (i, row) in lattice.reciprocal.enumerated() {
            for (j, vector) in lattice.rows.enumerated() { #expect(abs(dot(row, vector) - (i == j ? 1 : 0)) < 1e-14) }
        }
        #expect(abs(lattice.volume - 34.135) < 1e-9)
    }

    @Test func refusesFlatCells() throws {
        for rows in [
            [[1, 0, 0], [0, 1, 0], [1, 1, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 0]],
            [[1, 0, .nan], [0, 1, 0], [0, 0, 1]], [[1e200, 0, 0], [0, 1e200, 0], [0, 0, 1e200]],
        ] {
            try expectFault("bad-lattice") { _ = try Lattice(rows: rows) }
        }
        let lattice = try Lattice(rows: [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        try expectFault("shape") { _ = try Density(lattice: lattice, atoms: [], grid: [2, 2, 2], values: [1]) }
        try expectFault("shape") { _ = try Density(lattice: lattice, atoms: [], grid: [], values: []) }
    }
}
