import TestSupport
import Testing

@testable import Densities

/// Densities packed in any way are those that were packed.
@Suite(.timed) struct PackedDensityTests {
    @Test(arguments: ["spin-aug.CHGCAR.gz", "spin-aug.CHGCAR.bz2", "spin-aug.CHGCAR.xz", "spin-aug.CHGCAR.zst", "two-members.CHGCAR.gz"])
    func readsWhatWasPacked(_ name: String) throws {
        let plain = try readCHGCAR(path: fixture("field/spin-aug.CHGCAR"))
        let density = try readCHGCAR(path: fixture("field/" + name))
        #expect(density == plain)
        #expect(try readCHGCARHeader(path: fixture("field/" + name)).grid == density.grid)
        // Right values of the field file, by other programs.
        #expect(abs(density.lattice.volume - 83.148) < 1e-9 && abs(density.electrons - 56) < 1e-7)
        #expect(abs(density.min - 0.0698514668) < 1e-9 && abs(density.max - 1.26977744) < 1e-8)
        let (ny, nz) = (density.grid[1], density.grid[2])
        #expect(abs(density.values[(1 * ny + 2) * nz + 3] - 0.46595259098) < 1e-11)
        for size in [1, 100, 1 << 18] {
            let (_, values) = try readVolumetric(path: fixture("field/" + name), perVolume: true, piece: size, whole: 0)
            #expect(values == plain.values, "\(size)")
        }
    }
}
