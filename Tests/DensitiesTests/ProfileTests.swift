import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Densities

@Suite(.timed) struct ProfileTests {
    /// numpy: planar means (1e-13), and the mean of the polynomial over a window by a fine sum (1e-6, the sum's own error).
    @Test func agreesWithNumpy() throws {
        for expected in try Mathematics.read().average {
            let density = try fieldDensity(expected.file)
            let planar = try density.planarAverage(axis: expected.axis)
            for (a, b) in zip(planar.values, expected.planar) { #expect(abs(a - b) < 1e-13) }
            #expect(planar.values.count == expected.planar.count && abs((planar.period ?? 0) - expected.height) < 1e-12)
            let smooth = try planar.macroscopicAverage(over: expected.window)
            for (a, b) in zip(smooth.values, expected.macroscopic) { #expect(abs(a - b) < 1e-6 * abs(b), "\(a) \(b)") }
            #expect(abs(planar.values.reduce(0, +) - smooth.values.reduce(0, +)) < 1e-12)
            // Electrons: area times height.
            let area = density.lattice.layerArea(axis: expected.axis)
            let sum = planar.values.reduce(0, +) / Double(planar.values.count) * area * expected.height
            #expect(abs(sum - density.electrons) < 1e-10)
        }
    }

    /// Layers of a hexagonal crystal: two a cell along c.
    @Test func findsThePeriod() throws {
        let density = try fieldDensity("hcp-six-decimals.CHGCAR")
        let planar = try density.planarAverage(axis: 2)
        let layers = try density.layerPeriod(axis: 2)
        #expect(abs(layers - 5.2108 / 2) < 1e-12)
        let smooth = try planar.macroscopicAverage(over: layers)
        for value in smooth.values { #expect(abs(value - density.mean) < 1e-9) }
        func made(_ count: Int, _ value: (Double) -> Double) -> Profile {
            Profile(positions: (0..<count).map(Double.init), values: (0..<count).map { value(Double($0) / Double(count)) }, period: 12)
        }
        let sharp = made(120) { x in 2 + cos(12 * .pi * x) + 0.9 * cos(24 * .pi * x) + 0.8 * sin(36 * .pi * x) }
        #expect(try sharp.macroscopicAverage(over: 2).values.allSatisfy { abs($0 - 2) < 1e-13 })
        let slab = made(240) { x in x < 0.5 ? 1 + cos(20 * .pi * x + .pi) : 0 }
        // Two windows one after the other: the order does not matter.
        let one = try slab.macroscopicAverage(over: 1.2, second: 1.7)
        let two = try slab.macroscopicAverage(over: 1.7, second: 1.2)
        #expect(zip(one.values, two.values).allSatisfy { abs($0 - $1) < 1e-13 })
        // A constant stays what it is.
        #expect(try made(8) { _ in 3 }.macroscopicAverage(over: 2).values.allSatisfy { abs($0 - 3) < 1e-15 })
        try expectFault("bad-data") { _ = try slab.macroscopicAverage(over: 13) }
        try expectFault("bad-data") { _ = try slab.macroscopicAverage(over: .nan) }
        try expectFault("bad-data") { _ = try Profile(positions: [0], values: [1]).macroscopicAverage(over: 1) }
    }

    /// Layers by hand: of slabs in vacuum, relaxed ones, ones that lie across the edge of the cell, of two elements, and what has none.
    @Test func findsTheLayersOfSlabs() throws {
        func period(_ height: Double, _ layers: [(String, Double)]) throws -> Double {
            let lattice = try Lattice(rows: [[2.86, 0, 0], [0, 2.86, 0], [0.3, 0.2, height]])
            let atoms = layers.map { Atom(element: $0.0, fractional: [0.1, 0.2, $0.1 / height]) }
            return try Density(lattice: lattice, atoms: atoms, grid: [1, 1, 2], values: [1, 1]).layerPeriod(axis: 2)
        }
        for count in [2, 3, 5, 9] {
            for start in [0.4, -3, 16.9] {
                let found = try period(40, (0..<count).map { ("Al", start + 2.025 * Double($0)) })
                #expect(abs(found - 2.025) < 1e-9, "\(count) \(start) \(found)")
            }
        }
        // Outer layers closer by 3 %: the ones inside tell.
        let relaxed = try period(40, [0, 1.965, 3.99, 6.015, 8.04, 10.065, 12.03].map { ("Al", 5 + $0) })
        #expect(abs(relaxed - 2.025) < 1e-9, "\(relaxed)")
        // Through the whole cell, a whole number of times.
        #expect(abs(try period(12.15, (0..<6).map { ("Al", 2.025 * Double($0) + ($0 == 3 ? 0.03 : 0)) }) - 2.025) < 1e-12)
        // A and B in turn: the period is that of both.
        let polar = (0..<8).map { ($0 % 2 == 0 ? "Ga" : "As", 1 + 1.41 * Double($0)) }
        #expect(abs(try period(30, polar) - 2.82) < 1e-9)
        #expect(abs(try period(11.28, polar) - 2.82) < 1e-12)
        #expect(abs(try period(2.4, [("Cu", 1.0)]) - 2.4) < 1e-12)
        #expect(abs(try period(6, [("Si", 0), ("O", 1.6)]) - 6) < 1e-12)
        for layers in [[("C", 1.0)], [("C", 1.0), ("H", 3.0)], [("Al", 0.0), ("Al", 2.0), ("Al", 7.0), ("Al", 8.0)], []] {
            try expectFault("bad-data") { _ = try period(20, layers) }
        }
        try expectFault("bad-plane") { _ = try fieldDensity("hcp-six-decimals.CHGCAR").layerPeriod(axis: 3) }
    }

    @Test func goesAlongALine() throws {
        let density = try fieldDensity("spin-aug.CHGCAR")
        let line = try density.profile(from: [0, 0, 0], to: [0, 1, 0], points: 8)
        #expect(line.values.count == 8 && abs(line.positions[7] - density.lattice.lengths[1]) < 1e-12)
        for j in 0..<8 { #expect(line.values[j] == density.values[j % 7 * density.grid[2]]) }
        let exact = try density.profile(from: [0, 0, 0], to: [0, 1, 0], points: 8, sampling: .fourier)
        for (a, b) in zip(line.values, exact.values) { #expect(abs(a - b) < 1e-12) }
        try expectFault("bad-plane") { _ = try density.profile(from: [0, 0, 0], to: [0, 0, 0], points: 10) }
        try expectFault("bad-plane") { _ = try density.profile(from: [0, 0, 0], to: [0, .infinity, 0], points: 10) }
        try expectFault("bad-plane") { _ = try density.profile(from: [0, 0, 0], to: [0, 1, 0], points: 1) }
        try expectFault("bad-plane") { _ = try density.planarAverage(axis: -1) }
    }
}
