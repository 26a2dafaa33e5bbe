import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Densities

/// The value at point [1, 2, 3].
func probe(_ density: Density) -> Double { density.values[(density.grid[1] + 2) * density.grid[2] + 3] }

func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool { abs(a - b) <= tolerance * Swift.max(abs(b), 1e-30) }

/// Files with the traits of real ones, with the values of the analytic densities that they were made of, of an independent reader and of
/// pymatgen 2026.10.24 where it is right.
@Suite(.timed) struct VASPFieldTests {
    /// Name, volume (A^3), electrons, and smallest value, largest, and that at [1, 2, 3] (e/A^3), given with 8 to 12 digits:
    /// relative tolerances are half a unit of the last.
    @Test(arguments: [
        ("vasp642-hash.CHGCAR", 104.285929, 38, 0.0309925792, 0.684043194, 0.28911600733, 0.3643828),
        ("spin-aug.CHGCAR", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("spin-aug.CHGCAR.gz", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("two-members.CHGCAR.gz", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("aug-blank-lines.CHGCAR", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("cut-in-augmentation.CHGCAR", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("cut-in-spin-block.CHGCAR", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("stars-in-spin-block.CHGCAR", 83.148, 56, 0.0698514668, 1.26977744, 0.46595259098, 0.6734979),
        ("spin-ten-columns.CHG", 83.148, 56.00000173, 0.0698513494, 1.269784, 0.46595227787, 0.6734982),
        ("noncollinear.CHG", 83.148, 56.00000173, 0.0698513494, 1.269784, 0.46595227787, 0.6734982),
        ("coarse-core.AECCAR0", 83.148, 262.2, 0.327054546, 5.94527935, 2.1816565956, 3.153413),
        ("last-row-filled.CHGCAR_sum", 83.148, 64, 0.0798302478, 1.45117421, 0.53251724684, 0.7697118),
        ("number-shapes.CHGCAR", 27, 2.873760055, -0.00037037037, 3.7037037, 0.054259203215, 0.1301266),
        ("cartesian-scaled-selective.CHGCAR", 16.60753125, 3, 0.0233057191, 0.346200231, 0.15657524677, 0.1806409),
        ("volume-scale-vasp4.CHGCAR", 40.5, 14, 0.0319851005, 0.639069374, 0.29811291022, 0.345679),
        ("three-scales.CHGCAR", 47.52, 4, 0.00778857967, 0.155617542, 0.072592429438, 0.08417508),
        ("same-element-twice.CHGCAR", 119.85, 40, 0.0732401801, 0.602225921, 0.38519763905, 0.3337505),
        ("crlf-tabs.CHGCAR", 30.69, 8, 0.0412795451, 0.487199449, 0.26844818099, 0.2606712),
        ("hcp-six-decimals.CHGCAR", 46.481779, 4, 0.00493933477, 0.489005965, 0.038395322572, 0.08605538),
        ("fcc-primitive.CHGCAR", 16.60753125, 3, 0.0560229589, 0.326322576, 0.17667540127, 0.1859849),
    ])
    func totals(
        _ name: String, _ volume: Double, _ electrons: Double, _ least: Double, _ most: Double, _ at: Double, _ plane: Double
    ) throws {
        let file = try readVolumetricFile(path: field(name), component: .total)
        let density = try file.density()
        #expect(file.kind == .density && file.kindSource == .name && file.images == 1 && file.blocks.count == 1)
        #expect(close(density.lattice.volume, volume, 5e-9) && close(density.electrons, electrons, 1e-9))
        #expect(close(try #require(file.electrons), electrons, 1e-9) && file.moment.isEmpty)
        #expect(close(density.min, least, 1e-8) && close(density.max, most, 5e-9) && close(probe(density), at, 1e-9))
        // The plane through the first atom, of 32 bit values.
        let values = try density.plane(miller: [1, 1, 1], size: [60, 60]).values
        #expect(close(values.reduce(0) { $0 + Double($1) } / 3600, plane, 1e-6))
        // The reader of totals gives the same, to the bit.
        #expect(try readCHGCAR(path: field(name)) == density)
        #expect(try readCHGCARHeader(path: field(name)) == file.header)
    }

    /// pymatgen's values of every block to the bit, and its crystal to 1e-14.
    @Test func agreesWithPymatgen() throws {
        let lines = try text(of: fixture("vasp_fields.txt")).split(separator: "\n")
        #expect(lines.count == 16)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            let path = words[0] == "exact.CHGCAR" ? fixture(words[0]) : field(words[0])
            let file = try readVolumetricFile(path: path)
            #expect(close(file.header.lattice.volume, try #require(Double(words[1])), 1e-14), "\(words[0])")
            let atoms = words.dropFirst(2).prefix(file.header.atoms.count)
            for (atom, word) in zip(file.header.atoms, atoms) {
                let parts = word.split(separator: ",")
                #expect(atom.element == String(parts[0]))
                for (a, b) in zip(atom.fractional, parts.dropFirst().compactMap { Double($0) }) { #expect(abs(a - b) < 1e-14) }
            }
            var numbers = file.blocks.map(\.stored)
            if words[0] == "exact.CHGCAR" { numbers += file.blocks.map { $0.occupancies.flatMap(\.values) } }
            let sums = numbers.map { values in
                String(values.enumerated().reduce(UInt64(0)) { $0 &+ UInt64($1.offset + 1) &* $1.element.bitPattern }, radix: 16)
            }
            #expect(sums == Array(words.dropFirst(2 + file.header.atoms.count)), "\(words[0])")
        }
    }

    @Test(arguments: ["spin-aug.CHGCAR", "spin-aug.CHGCAR.gz", "two-members.CHGCAR.gz", "aug-blank-lines.CHGCAR"])
    func spinAndOccupancies(_ name: String) throws {
        let file = try readVolumetricFile(path: field(name))
        #expect(file.header.atoms.map(\.element) == ["Fe", "Fe", "O", "O", "O", "O", "O"])
        #expect(file.components == [.total, .magnetization, .up, .down])
        #expect(close(try #require(file.electrons), 56) && file.moment.count == 1 && close(file.moment[0], 3))
        let spin = try file.density(.magnetization)
        #expect(
            close(spin.min, -0.11950637423, 1e-10) && close(spin.max, 0.19084544605, 1e-10) && close(probe(spin), -0.064991619009, 1e-10))
        let (up, down) = (try file.density(.up), try file.density(.down))
        #expect(close(up.electrons, 29.5) && close(down.electrons, 26.5))
        #expect(zip(zip(up.values, down.values), try file.density().values).allSatisfy { close($0.0 + $0.1, $1, 1e-15) })
        #expect(file.blocks[1].atomNumbers == [2, -2, 0.6, 0.6, 0.6, 0.6, 0.6] && file.blocks[0].atomNumbers.isEmpty)
        for (block, factor) in zip(file.blocks, [1, 0.1]) {
            #expect(block.occupancies.map(\.atom) == Array(1...7) && block.occupancies.allSatisfy { !$0.isImaginary })
            #expect(block.occupancies.map(\.values.count) == [15, 15, 15, 33, 33, 33, 33])
            #expect(close(block.occupancies[0].values[0], 0.3 * factor, 1e-15) && block.occupancies[3].values[4] == 0.15e-109 * factor)
        }
        // A component alone is the same.
        for component in file.components {
            let alone = try readVolumetricFile(path: field(name), component: component)
            #expect(try alone.values(component) == file.values(component))
        }
        let contents = try readVolumetricContents(path: field(name))
        #expect(contents.components == file.components && contents.hasOccupancies && contents.images == 1 && contents.fault == nil)
        #expect(contents.header == file.header && contents.kind == .density && contents.kindSource == .name)
    }

    /// Values far from 1 keep their last bit: exponents without a letter, the sign of zero.
    @Test func shapesOfNumbers() throws {
        let file = try readVolumetricFile(path: field("number-shapes.CHGCAR"))
        let x = try file.values(.total)
        let at = { (i: Int) in x[i * 15] }
        #expect(at(0) == 0.12345678901e-100 / 27 && at(1) == -0.98765432109e-103 / 27 && at(2) == 5.0 / 27)
        #expect(at(3) == 0 && at(3).sign == .minus)
    }

    @Test func headers() throws {
        let atoms = { (name: String) in try readVolumetricContents(path: field(name)).header }
        let hash = try atoms("vasp642-hash.CHGCAR")
        #expect(hash.atoms.map(\.element) == ["Ti", "Ti", "O", "O", "O", "O"] && hash.comment == "unknown system")
        #expect(try atoms("same-element-twice.CHGCAR").atoms.map(\.element) == ["Fe", "Fe", "O", "O", "O"])
        let scaled = try atoms("cartesian-scaled-selective.CHGCAR").atoms[0].fractional
        #expect(zip(scaled, [0.18, -0.04, 0.08]).allSatisfy { abs($0 - $1) < 1e-14 })
        let byVolume = try atoms("volume-scale-vasp4.CHGCAR")
        #expect(zip(byVolume.atoms[0].fractional, [1 / 11.0, 0.5 / 11, 0]).allSatisfy { abs($0 - $1) < 1e-14 })
        #expect(byVolume.atoms.allSatisfy { $0.element == "X" })
        let rows = try atoms("three-scales.CHGCAR").lattice.rows
        #expect(zip(rows.joined(), [3, 0, 0, 0.2, 3.6, 0, 0, 0.6, 4.4]).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test func noncollinear() throws {
        let file = try readVolumetricFile(path: field("noncollinear.CHG"))
        #expect(file.components == [.total, .mx, .my, .mz])
        #expect(zip(file.moment, [0.49998667, -1.25, 2.00001091]).allSatisfy { close($0, $1, 1.1e-8) } && file.moment.count == 3)
        for component in [FieldComponent.mx, .my, .mz] {
            #expect(try readVolumetric(path: field("noncollinear.CHG"), component: component).values == file.values(component))
        }
        for component in [FieldComponent.up, .down, .magnetization] {
            let found = diagnostic { try readVolumetricFile(path: field("noncollinear.CHG"), component: component) }
            #expect(found.id == "bad-data" && found.hints == ["the file has `total`, `mx`, `my`, `mz`"])
        }
        #expect(close(try readVolumetricFile(path: field("spin-ten-columns.CHG")).moment[0], 3.00001269, 1e-8))
    }

    @Test func localizationAndPotential() throws {
        let elf = try readVolumetricFile(path: field("spin-up-down.ELFCAR"))
        #expect(elf.kind == .localization && elf.kind.unit.isEmpty && elf.components == [.up, .down] && elf.electrons == nil)
        for (component, values) in [
            (FieldComponent.up, [0.50000079, 0.077002, 0.94921, 0.58872]), (.down, [0.29999997, 0.052786, 0.54558, 0.32733]),
        ] {
            let part = try readVolumetric(path: field("spin-up-down.ELFCAR"), component: component)
            #expect(zip([part.mean, part.min, part.max, probe(part)], values).allSatisfy { close($0, $1, 2e-8) })
            #expect(try part.values == elf.values(component))
        }
        let total = diagnostic { try readVolumetricFile(path: field("spin-up-down.ELFCAR"), component: .total) }
        #expect(total.message == "expected the total, found an electron localisation function of more blocks")
        #expect(total.hints == ["the file has `up`, `down`"])
        let potential = try readVolumetricFile(path: field("nospin.LOCPOT"))
        let values = try potential.density()
        #expect(potential.kind == .potential && potential.kind.unit == "eV" && potential.electrons == nil)
        #expect(
            zip([values.mean, values.min, values.max, probe(values)], [-3.25, -9.043642013, 2.7304360409, -4.9352713636]).allSatisfy {
                close($0, $1, 1e-10)
            })
        #expect(try readVolumetric(path: field("nospin.LOCPOT")).values == values.values)
    }

    @Test func images() throws {
        let path = field("three-images.CHG")
        let right: [(Double, Double, Double)] = [
            (83.148, 56.0000017, 1.269784), (85.66746755, 56.0000115, 1.11668995), (88.23732278, 55.999987, 0.97178832),
        ]
        for component in [nil, FieldComponent.total] {
            let last = try readVolumetricFile(path: path, component: component)
            #expect(last.image == 3 && last.images == 3 && last.header.atoms[0].fractional == [0.006, 0.006, 0.006])
            #expect(close(try last.density().min, 0.29335659, 2e-8))
            for (number, values) in zip(1..., right) {
                let image = try readVolumetricFile(path: path, component: component, image: number)
                #expect(image.image == number && image.images == 3 && (number < 3 || image == last))
                let found = [image.header.lattice.volume, try #require(image.electrons), try image.density().max]
                #expect(zip(found, [values.0, values.1, values.2]).allSatisfy { close($0, $1, 5e-9) })
            }
        }
        let contents = try readVolumetricContents(path: path)
        #expect(contents.images == 3 && close(contents.header.lattice.volume, 88.23732278) && contents.components == [.total])
        #expect(diagnostic { try readVolumetricFile(path: path, image: 4) }.message == "expected an image from 1 to 3, found 4")
        let one = diagnostic { try readCHGCAR(path: path) }
        #expect(one.message == "expected one image, found 3, each with a header of its own" && one.hints.count == 1)
    }

    /// Images of several blocks are found behind the first too; with spin, and with occupancies.
    @Test(arguments: ["spin-aug.CHGCAR", "spin-ten-columns.CHG", "noncollinear.CHG"]) func imagesOfSeveralBlocks(_ name: String) throws {
        let one = try text(of: field(name))
        let second = one.replacing("0.000000  0.000000  0.000000", with: "0.010000  0.000000  0.000000", maxReplacements: 1)
        try withFile("x.CHGCAR", Array((one + second).utf8)) { path in
            for component in [nil, FieldComponent.total, name == "noncollinear.CHG" ? .mz : .magnetization] {
                let file = try readVolumetricFile(path: path, component: component)
                #expect(file.image == 2 && file.images == 2 && file.header.atoms[0].fractional[0] == 0.01)
                let first = try readVolumetricFile(path: path, component: component, image: 1)
                #expect(try first.blocks == readVolumetricFile(path: field(name), component: component).blocks)
                #expect(try file.blocks == first.blocks && readVolumetricContents(path: path).images == 2)
            }
            #expect(diagnostic { try readCHGCAR(path: path) }.message.hasPrefix("expected one image, found 2"))
        }
    }
}
