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
            let smooth = try planar.macroscopicAverage(window: expected.window)
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
        #expect(abs(try planar.layerPeriod() - 5.2108 / 2) < 1e-12)
        let smooth = try planar.macroscopicAverage()
        for value in smooth.values { #expect(abs(value - density.mean) < 1e-9) }
        // Six layers with three waves each, and one whose period does not fit the cell.
        func made(_ count: Int, _ value: (Double) -> Double) -> Profile {
            Profile(positions: (0..<count).map(Double.init), values: (0..<count).map { value(Double($0) / Double(count)) }, period: 12)
        }
        let sharp = made(120) { x in 2 + cos(12 * .pi * x) + 0.9 * cos(24 * .pi * x) + 0.8 * sin(36 * .pi * x) }
        #expect(abs(try sharp.layerPeriod() - 2) < 1e-12)
        #expect(try sharp.macroscopicAverage().values.allSatisfy { abs($0 - 2) < 1e-13 })
        // A slab of five layers in a cell that is half empty: the period is that of the layers within a part in a hundred.
        let slab = made(240) { x in x < 0.5 ? 1 + cos(20 * .pi * x + .pi) : 0 }
        let period = try slab.layerPeriod()
        #expect(abs(period - 1.2) < 0.012, "\(period)")
        // Two windows one after the other: the order does not matter.
        let one = try slab.macroscopicAverage(window: 1.2, second: 1.7)
        let two = try slab.macroscopicAverage(window: 1.7, second: 1.2)
        #expect(zip(one.values, two.values).allSatisfy { abs($0 - $1) < 1e-13 })
        try expectFault("bad-data") { _ = try made(8) { _ in 3 }.layerPeriod() }
        try expectFault("bad-data") { _ = try slab.macroscopicAverage(window: 13) }
        try expectFault("bad-data") { _ = try slab.macroscopicAverage(window: .nan) }
        try expectFault("bad-data") { _ = try Profile(positions: [0], values: [1]).macroscopicAverage(window: 1) }
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
