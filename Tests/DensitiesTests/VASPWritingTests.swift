import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Densities

/// What is written, and that it comes back.
@Suite(.timed) struct VASPWritingTests {
    private func written(_ file: VolumetricFile, _ format: VolumetricFormat = .vasp, name: String = "CHGCAR") throws -> String {
        let scratch = try Scratch()
        try writeVolumetricFile(file, to: scratch.file(name), format: format)
        return try text(of: scratch.file(name))
    }

    /// A file that is laid out as VASP does it comes back byte for byte.
    @Test(arguments: [
        "spin-aug.CHGCAR", "fcc-primitive.CHGCAR", "hcp-six-decimals.CHGCAR", "vasp642-hash.CHGCAR", "nospin.LOCPOT", "coarse-core.AECCAR0",
        "cartesian-scaled-selective.CHGCAR", "volume-scale-vasp4.CHGCAR", "three-scales.CHGCAR", "same-element-twice.CHGCAR",
    ])
    func comesBackByteForByte(_ name: String) throws {
        #expect(try written(readVolumetricFile(path: field(name))) == text(of: field(name)))
    }

    @Test(arguments: ["noncollinear.CHG", "spin-up-down.ELFCAR"]) func tenColumns(_ name: String) throws {
        #expect(try written(readVolumetricFile(path: field(name)), .chg, name: name) == text(of: field(name)))
        var bytes: [UInt8] = []
        for value in [0, -0.0, -0.1, 99999.4, -99999.6, 0.099999, 1e-110, 12] {
            FortranFormat(digits: 5, width: 11).appendGeneral(value, to: &bytes)
            bytes.append(UInt8(ascii: "|"))
        }
        let right = " 0.0000    |-0.0000    |-.10000    | 99999.    |-.10000E+06|0.99999E-01|0.10000-109| 12.000    |"
        #expect(String(decoding: bytes, as: UTF8.self) == right)
    }

    /// Other layouts come back with the same numbers, and lines with no blank ones between.
    @Test func otherLayouts() throws {
        #expect(try written(readVolumetricFile(path: field("aug-blank-lines.CHGCAR"))) == text(of: field("spin-aug.CHGCAR")))
        for name in ["noncollinear.CHG", "spin-up-down.ELFCAR", "crlf-tabs.CHGCAR", "last-row-filled.CHGCAR_sum", "number-shapes.CHGCAR"] {
            let file = try readVolumetricFile(path: field(name))
            let scratch = try Scratch()
            // The script chgsum prints twelve digits.
            try writeVolumetricFile(file, to: scratch.file(name), format: VolumetricFormat(digits: name.hasSuffix("_sum") ? 12 : 11))
            let again = try readVolumetricFile(path: scratch.file(name))
            #expect(again.blocks == file.blocks && again.kind == file.kind, "\(name)")
            #expect(again.header == file.header, "\(name) \(again.header) \(file.header)")
        }
    }

    /// A header that was changed is printed anew, in VASP's layout.
    @Test func headersAreMadeAnew() throws {
        var file = try readVolumetricFile(path: field("spin-aug.CHGCAR"))
        file.header.comment = "another title"
        let lines = try text(of: field("spin-aug.CHGCAR")).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(try written(file) == (["another title"] + lines.dropFirst()).joined(separator: "\n"))
        file.header.atoms[0].fractional[2] = 1 / 3.0
        let scratch = try Scratch()
        try writeVolumetricFile(file, to: scratch.file("CHGCAR"))
        #expect(try readCHGCARHeader(path: scratch.file("CHGCAR")) == file.header)
        // Elements that are not known stay so.
        var old = try readVolumetricFile(path: field("volume-scale-vasp4.CHGCAR"))
        old.header.comment = "old"
        try writeVolumetricFile(old, to: scratch.file("CHGCAR"))
        #expect(try readVolumetricFile(path: scratch.file("CHGCAR")).header == old.header)
    }

    /// Values at the ends of double precision, which pymatgen reads as they were (`make_vasp_fields.py`).
    @Test func exactNumbers() throws {
        let atoms = [Atom(element: "Fe", fractional: [1 / 3.0, -0.1, 2e-20]), Atom(element: "O", fractional: [0.5, 0.25, 1e-5 / 3])]
        let lattice = try Lattice(rows: [[3.3 / 7, 0, 0], [0.5, 12345.678901234567, 0], [0, 1e-4 / 3, 5]])
        let header = DensityHeader(comment: "numbers of every size", lattice: lattice, atoms: atoms, grid: [2, 3, 2])
        let values: [Double] = [
            0.1, 1 / 3.0, 1e300, .leastNonzeroMagnitude, 2.2250738585072014e-308, 1.7976931348623157e308, 0, 1e22, 9.999999999999999e22,
            123456789.123456789,
            1 - 1e-16, 1e-5,
        ]
        let records = (1...2).map { VolumetricFile.Occupancies(atom: $0, values: [0.1, -1 / 3.0, 1e-110 / 3, 4, 5, 6]) }
        let total = VolumetricFile.Block(component: .total, stored: values, occupancies: records)
        let spin = VolumetricFile.Block(
            component: .magnetization, stored: values.map { -$0 }, atomNumbers: [2 / 3.0, -1], occupancies: records)
        let file = try VolumetricFile(kind: .density, header: header, blocks: [total, spin])
        let text = try written(file, .exact)
        if environment("ECDX_RECORD") != nil { try writeWhole(text, to: fixture("exact.CHGCAR")) }
        #expect(try text == TestSupport.text(of: fixture("exact.CHGCAR")))
        let again = try readVolumetricFile(path: fixture("exact.CHGCAR"))
        #expect(again.header == header && again.blocks.map(\.occupancies) == file.blocks.map(\.occupancies))
        #expect(again.blocks.map { $0.stored.map(\.bitPattern) } == file.blocks.map { $0.stored.map(\.bitPattern) })
        #expect(again.blocks[1].atomNumbers == spin.atomNumbers)
    }

    /// Occupancies are written by the order of atoms, imaginary parts behind real ones.
    @Test func occupanciesInTheOrderOfAtoms() throws {
        var file = try readVolumetricFile(path: field("spin-aug.CHGCAR"))
        let right = file.blocks[0].occupancies
        file.blocks[0].occupancies = [0, 6, 5, 2, 1, 3, 4].map { right[$0] }
        #expect(try written(file) == text(of: field("spin-aug.CHGCAR")))
        let imaginary = VolumetricFile.Occupancies(atom: 1, isImaginary: true, values: [1, 2, -3])
        for index in 0...1 {
            file.blocks[index].occupancies = (1...7).flatMap { atom in
                var part = imaginary
                part.atom = atom
                return [right[atom - 1], part]
            }
        }
        let text = try written(file)
        #expect(text.contains("augmentation occupancies (imaginary part)   7   3\n  0.1000000E+01  0.2000000E+01  -.3000000E+01\n"))
        try withFile("CHGCAR", Array(text.utf8)) { path in
            let again = try readVolumetricFile(path: path)
            #expect(again.blocks == file.blocks)
        }
    }

    /// What is made of numbers has a letter before every exponent, so that whoever splits lines at blanks reads what was written. (For
    /// `0.1-100` pymatgen 2026.10 reads 0.1 and -100, and shifts all that follow.)
    @Test(arguments: [VolumetricFormat.vasp, .chg, .exact]) func computedNumbersHaveALetter(_ format: VolumetricFormat) throws {
        let file = try readVolumetricFile(path: field("number-shapes.CHGCAR"))
        let made = try VolumetricFile(file.density(), title: "made")
        let lines = try written(made, format).split(separator: "\n", omittingEmptySubsequences: false)
        let grid = try #require(lines.firstIndex { $0.split(separator: " ").isEmpty })
        let numbers = lines[(grid + 2)...].flatMap { $0.split(separator: " ") }
        #expect(numbers.count == made.blocks[0].stored.count)
        for (text, value) in zip(numbers, try #require(xFastest(made))) {
            let found = try #require(Double(text))
            #expect(abs(found - value) <= abs(value) * (format == .chg ? 1e-3 : 1e-10))
        }
        // Given back unchanged, the file is as it was.
        #expect(try written(file).contains("0.12345678901-100 -.98765432109-103"))
    }

    /// The numbers of the first block in the order of a file.
    private func xFastest(_ file: VolumetricFile) -> [Double]? {
        let grid = file.header.grid
        return file.blocks.first.map { block in
            (0..<block.stored.count).map { n in
                block.stored[((n % grid[0]) * grid[1] + n / grid[0] % grid[1]) * grid[2] + n / (grid[0] * grid[1])]
            }
        }
    }

    @Test func fieldsOfOtherPrograms() throws {
        let density = try readVolumetric(path: field("hcp-six-decimals.CHGCAR"))
        let scratch = try Scratch()
        try writeVolumetric(density, title: "Mg hcp", to: scratch.file("CHGCAR"))
        // This file has an empty line above its grid, where VASP has one with a blank.
        let right = try text(of: field("hcp-six-decimals.CHGCAR")).replacing("\n\n", with: "\n \n")
        #expect(try text(of: scratch.file("CHGCAR")) == right)
        let potential = try readVolumetric(path: field("nospin.LOCPOT"))
        try writeVolumetric(potential, title: "AFM test cell", kind: .potential, to: scratch.file("LOCPOT"))
        #expect(try text(of: scratch.file("LOCPOT")) == text(of: field("nospin.LOCPOT")))
    }

    @Test func partsThatDoNotGoTogether() throws {
        let file = try readVolumetricFile(path: field("spin-aug.CHGCAR"))
        let scratch = try Scratch()
        let path = scratch.file("CHGCAR")
        try expectFault("shape") { _ = try VolumetricFile(kind: .potential, header: file.header, blocks: file.blocks) }
        try expectFault("shape") { _ = try VolumetricFile(kind: .density, header: file.header, blocks: []) }
        var short = file
        short.blocks[1].stored.removeLast()
        try expectFault("shape", "expected 693 values on a 9x7x11 grid, found 692") { try writeVolumetricFile(short, to: path) }
        var numbers = file
        numbers.blocks[1].atomNumbers.removeLast()
        try expectFault("shape", "expected a number for each of 7 atoms, found 6") { try writeVolumetricFile(numbers, to: path) }
        var bad = file
        bad.blocks[0].stored[5] = .nan
        try expectFault("bad-data", "expected finite numbers to write, found nan") { try writeVolumetricFile(bad, to: path) }
        let part = try readVolumetricFile(path: field("spin-aug.CHGCAR"), component: .magnetization)
        try expectFault("bad-data", "expected all blocks of a charge density, found magnetization") {
            try writeVolumetricFile(part, to: path)
        }
        #expect(fileStatus(path) == nil)
    }

    /// The digits are those of the C library, which rounds correctly: numbers of every size, and halves.
    @Test func digitsAreRoundedCorrectly() throws {
        var state: UInt64 = 7
        for trial in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let bits = trial % 2 == 0 ? state : (UInt64(1013 + state >> 58) << 52 | state & 0xF_FFFF_FFFF_F000)
            let value = trial % 5 == 0 ? Double(state >> 40) + 0.5 : Double(bitPattern: bits)
            guard value.isFinite else { continue }
            for digits in [5, 7, 11, 17] {
                var bytes: [UInt8] = []
                FortranFormat(digits: digits, width: 0, dropsLetter: false).append(value, to: &bytes)
                let found = try #require(Double(String(decoding: bytes, as: UTF8.self)))
                var right = [CChar](repeating: 0, count: 64)
                _ = withVaList([CInt(digits - 1), value]) { vsnprintf(&right, 64, "%.*e", $0) }
                let text = String(decoding: right.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                #expect(found.bitPattern == Double(text)?.bitPattern, "\(value) \(digits)")
            }
        }
    }
}
