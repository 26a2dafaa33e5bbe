import Diagnostics
import TestSupport
import Testing

@testable import Densities

@Suite(.timed) struct RegriddingTests {
    /// pyrho for trilinear, pyrho or direct sums over waves for Fourier: 1e-12 of the largest value.
    @Test func agreesWithPeers() throws {
        for expected in try Mathematics.read().regrid {
            let density = try fieldDensity(expected.file)
            let found = try density.regridded(to: expected.digest.shape, method: expected.regridding)
            let off = deviation(found.values, expected.digest)
            #expect(off < 1e-12, "\(expected.file) \(expected.method) \(expected.digest.shape): \(off)")
        }
    }

    /// The table of pyrho 0.5.2: mean, electrons, [0, 0, 0], [1, 2, 3], [-1, -2, -3].
    @Test(arguments: [
        (
            "spin-aug.CHGCAR", [12, 12, 12], Regridding.trilinear,
            [0.6734990892948758, 56.00010227669, 1.1867510628517823, 0.671862721954126, 0.7542166951884743]
        ),
        (
            "spin-aug.CHGCAR", [60, 60, 60], .trilinear,
            [0.6734978600701074, 56.00000006910928, 1.1867510628517823, 1.1020518259688337, 1.1238103610255146]
        ),
        (
            "spin-aug.CHGCAR", [5, 6, 7], .trilinear,
            [0.6764539799992314, 56.24579552897609, 1.1867510628517823, 0.6803108106374863, 0.8138970480580814]
        ),
        (
            "spin-aug.CHGCAR", [24, 24, 24], .fourier,
            [0.6734978592390706, 56.00000000001024, 1.186751062851782, 0.9608690310539304, 1.0476171548637179]
        ),
        (
            "hcp-six-decimals.CHGCAR", [60, 60, 60], .trilinear,
            [0.08605517675485196, 3.9999977265367517, 0.004939334774175797, 0.007413680782831457, 0.0074136807828314565]
        ),
        (
            "hcp-six-decimals.CHGCAR", [24, 24, 24], .fourier,
            [0.08605522566582299, 4.000000000005709, 0.004939334774175817, 0.015672706108905546, 0.015672706108905542]
        ),
        (
            "hcp-six-decimals.CHGCAR", [5, 6, 7], .fourier,
            [0.08605522566582298, 4.000000000005708, 0.004759981895921306, 0.05901158477319908, 0.05901158477319908]
        ),
        (
            "hcp-six-decimals.CHGCAR", [5, 6, 7], .fourier(shrinking: .sampled),
            [0.08605522565749502, 3.99999999961861, 0.004939334774175788, 0.05884095357613409, 0.058840953576134156]
        ),
    ])
    func agreesWithTheTable(_ file: String, _ grid: [Int], _ method: Regridding, _ right: [Double]) throws {
        let density = try fieldDensity(file)
        let new = try density.regridded(to: grid, method: method)
        func at(_ i: Int, _ j: Int, _ k: Int) -> Double {
            new.values[((i + grid[0]) % grid[0] * grid[1] + (j + grid[1]) % grid[1]) * grid[2] + (k + grid[2]) % grid[2]]
        }
        for (a, b) in zip([new.mean, new.electrons, at(0, 0, 0), at(1, 2, 3), at(-1, -2, -3)], right) {
            #expect(abs(a - b) <= 1e-10 * abs(b), "\(file) \(grid): \(a) \(b)")
        }
        let change = density.electronChange(to: new)
        #expect(change.lost == density.electrons - new.electrons)
        #expect(new.atoms == density.atoms && new.lattice == density.lattice)
    }

    @Test func doesNotDependOnThreads() throws {
        let density = try fieldDensity("hcp-six-decimals.CHGCAR")
        for method in [Regridding.trilinear, .fourier] {
            for grid in [[31, 17, 40], [64, 5, 9], [1, 1, 1]] {
                let one = try density.regridded(to: grid, method: method)
                #expect(one == (try density.regridded(to: grid, method: method, threads: 4)))
                #expect(one == (try density.regridded(to: grid, method: method)))
            }
        }
    }

    /// Growing and going back gives the old values: the polynomial has them, and so do the points that trilinear keeps.
    @Test func comesBack() throws {
        for file in ["spin-aug.CHGCAR", "hcp-six-decimals.CHGCAR"] {
            let density = try fieldDensity(file)
            let double = density.grid.map { 2 * $0 }
            let large = try density.regridded(to: double, method: .fourier)
            let back = try large.regridded(to: density.grid, method: .fourier(shrinking: .sampled))
            for (a, b) in zip(back.values, density.values) { #expect(abs(a - b) < 1e-14) }
            // Cutting off halves what stands at an even grid's Nyquist, as pyrho does.
            let cut = try large.regridded(to: density.grid, method: .fourier)
            let allowed = density.grid.allSatisfy { $0 % 2 == 1 } ? 1e-14 : 1e-10
            for (a, b) in zip(cut.values, density.values) { #expect(abs(a - b) < allowed) }
            #expect(try density.regridded(to: double).regridded(to: density.grid) == density)
            #expect(try density.regridded(to: density.grid, method: .fourier) == density)
        }
    }

    @Test func takesAnyField() throws {
        let one = try regridded([5], from: [1, 1, 1], to: [3, 2, 4], method: .fourier)
        #expect(one.count == 24 && one.allSatisfy { abs($0 - 5) < 1e-14 })
        // Both halves of an even axis at Nyquist: a cosine.
        let wave = try regridded([1, -1], from: [2, 1, 1], to: [8, 1, 1], method: .fourier)
        #expect(abs(wave[1] - 0.5.squareRoot()) < 1e-15 && abs(wave[2]) < 1e-15 && abs(wave[4] + 1) < 1e-15)
        // What is not a number stays where it is.
        let holes = try regridded([1, .nan, 3, 4], from: [4, 1, 1], to: [4, 2, 1])
        #expect(holes[0] == 1 && holes[2].isNaN && holes[4] == 3)
        for grid in [[0, 1, 1], [1, 1], [5000, 1, 1], [4096, 4096, 4096], [-1, -1, 1]] {
            try expectFault("shape") { _ = try regridded([1], from: [1, 1, 1], to: grid) }
        }
        try expectFault("shape") { _ = try regridded([1, 2], from: [1, 1, 1], to: [2, 2, 2]) }
    }
}
