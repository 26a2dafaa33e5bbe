import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Densities

/// What is wrong with a volumetric file: one diagnostic with its place, and no number that the file does not have.
@Suite(.timed) struct VASPFaultTests {
    @Test func cutsBehindTheTotal() throws {
        let spin: [FieldComponent?] = [nil, .magnetization, .up, .down]
        for component in spin {
            let found = diagnostic { try readVolumetricFile(path: field("cut-in-augmentation.CHGCAR"), component: component) }
            #expect(found.id == "bad-data" && found.data?.line == 197)
            #expect(found.message == "expected 33 augmentation occupancies of atom 7, found 16 before the end of the file")
            let cut = diagnostic { try readVolumetricFile(path: field("cut-in-spin-block.CHGCAR"), component: component) }
            #expect(cut.message == "expected 693 values on a 9x7x11 grid, found 644 before the end of the file")
            #expect(cut.data?.line == 332 && cut.notes == ["this is block 2 of the file; the total is block 1"])
            let stars = diagnostic { try readVolumetricFile(path: field("stars-in-spin-block.CHGCAR"), component: component) }
            #expect(stars.message == "expected value 8 of 693 on a 9x7x11 grid, found `*****************`" && stars.data?.line == 205)
        }
        let contents = try readVolumetricContents(path: field("cut-in-spin-block.CHGCAR"))
        #expect(contents.components == [.total] && contents.fault?.data?.line == 332)
        #expect(try readVolumetricContents(path: field("cut-in-augmentation.CHGCAR")).fault != nil)
    }

    /// The bytes of a small file with spin in VASP's layout.
    private func small(occupancies: Bool) throws -> String {
        let atoms = [Atom(element: "Fe", fractional: [0, 0, 0]), Atom(element: "O", fractional: [0.5, 0.25, 0.5])]
        let lattice = try Lattice(rows: [[3, 0, 0], [0.5, 4, 0], [0, 0, 5]])
        let header = DensityHeader(comment: "FeO", lattice: lattice, atoms: atoms, grid: [2, 3, 2])
        let values = (0..<12).map { 12.3456789 + Double($0) }
        let records = (1...2).map { VolumetricFile.Occupancies(atom: $0, values: [0.5, -0.25, 1e-3, 4, 5, 6e-109]) }
        let total = VolumetricFile.Block(component: .total, stored: values, occupancies: occupancies ? records : [])
        let spin = VolumetricFile.Block(
            component: .magnetization, stored: values.map { 20 - $0 }, atomNumbers: [2, -1], occupancies: occupancies ? records : [])
        let file = try VolumetricFile(kind: .density, header: header, blocks: [total, spin])
        let scratch = try Scratch()
        try writeVolumetricFile(file, to: scratch.file("CHGCAR"))
        return try text(of: scratch.file("CHGCAR"))
    }

    /// Wherever the file stops there is the right value or one diagnostic.
    @Test(arguments: [true, false]) func everyBeginning(occupancies: Bool) throws {
        let whole = Array(try small(occupancies: occupancies).utf8)
        let right = try withFile("CHGCAR", whole) { try readVolumetricFile(path: $0) }
        var given: [String: Int] = [:]
        for count in 0..<whole.count {
            try withFile("CHGCAR", Array(whole.prefix(count))) { path in
                for component in [nil, FieldComponent.total, .magnetization, .up] {
                    do {
                        let file = try readVolumetricFile(path: path, component: component)
                        given[component?.rawValue ?? "all", default: 0] += 1
                        if let component {
                            #expect(try file.values(component) == right.values(component), "\(count)")
                        } else {
                            #expect(file.header == right.header)
                            for (found, block) in zip(file.blocks, right.blocks) {
                                #expect(found.stored == block.stored && found.atomNumbers == block.atomNumbers, "\(count)")
                                #expect(
                                    found.occupancies == block.occupancies || file.blocks.count == 1 && found.occupancies.isEmpty,
                                    "\(count) of \(whole.count): \(found.occupancies)")
                            }
                        }
                    } catch let fault as Diagnostic {
                        #expect(fault.id == "bad-data" && fault.data?.file == path, "\(count): \(fault)")
                    }
                }
                if let total = try? readCHGCAR(path: path) { #expect(try total.values == right.values(.total), "\(count)") }
                if let contents = try? readVolumetricContents(path: path) { #expect(contents.header == right.header, "\(count)") }
            }
        }
        let end = "augmentation occupancies   1   6\n".utf8.count
        #expect(
            given["total", default: 0] > (occupancies ? end : 1) && given["magnetization", default: 0] > 0 && given["all", default: 0] > 0)
    }

    /// Whatever byte is another one, there is a file or a diagnostic.
    @Test func everyByteChanged() throws {
        let whole = Array(try small(occupancies: true).utf8)
        let others = Array(" \n\t-+.*09EeDdnaCs(\u{0}\u{7F}".utf8) + [0xFF]
        for place in 0..<whole.count {
            var bytes = whole
            bytes[place] = others[place * 7 % others.count]
            try withFile("CHGCAR", bytes) { path in
                for component in [nil, FieldComponent.total, .up] {
                    if let file = try? readVolumetricFile(path: path, component: component) {
                        #expect(file.blocks.allSatisfy { $0.stored.count == gridPoints(file.header.grid) })
                    }
                }
                _ = try? readVolumetricContents(path: path)
                _ = try? readCHGCAR(path: path)
            }
        }
    }

    @Test func componentsThatAreNotThere() throws {
        let found = diagnostic { try readVolumetricFile(path: field("fcc-primitive.CHGCAR"), component: .magnetization) }
        #expect(found.message == "expected the density of spin (up minus down), found a charge density of one block")
        #expect(found.hints == ["the file has `total`"] && found.notes == ["a calculation without spin (ISPIN = 1) writes one block alone"])
        #expect(
            diagnostic { try readVolumetricFile(path: field("spin-aug.CHGCAR"), component: .mx) }.hints == [
                "the file has `total`, `magnetization`, `up`, `down`"
            ])
        #expect(diagnostic { try readVolumetricFile(path: field("nospin.LOCPOT"), component: .up) }.hints == ["the file has `total`"])
        let file = try readVolumetricFile(path: field("fcc-primitive.CHGCAR"))
        #expect(diagnostic { try file.values(.up) }.message == "expected the field of spin up, found total")
    }

    @Test func kindsByNameByContentAndByWord() throws {
        let copies: [(String, FieldKind)] = [
            ("nospin.LOCPOT", .potential), ("spin-up-down.ELFCAR", .localization), ("spin-aug.CHGCAR", .density),
        ]
        for (name, kind) in copies {
            let bytes = Array(try text(of: field(name)).utf8)
            try withFile("x.vasp", bytes) { path in
                let file = try readVolumetricFile(path: path)
                #expect(file.kind == kind && file.kindSource == .content)
                #expect(try file.blocks == readVolumetricFile(path: field(name)).blocks)
                let part: FieldComponent = kind == .potential ? .total : .up
                let component = try readVolumetricFile(path: path, component: part)
                #expect(component.kind == kind && component.kindSource == .content)
                let said = try readVolumetricFile(path: path, kind: kind, component: part)
                #expect(try said.kindSource == .caller && said.values(part) == component.values(part))
            }
        }
        let named = diagnostic { try readVolumetricFile(path: field("spin-aug.CHGCAR"), kind: .potential) }
        #expect(
            named.message == "expected a local potential, found a file that is named as a charge density (CHGCAR)" && named.hints.count == 1
        )
        try withFile("x.vasp", Array(try text(of: field("nospin.LOCPOT")).utf8)) { path in
            // A word is believed, and what its numbers seem to be is a remark.
            let density = try readVolumetricFile(path: path, kind: .density)
            #expect(density.doubt == "the numbers come to -3.25 electrons, as of a difference, a density of spin or a potential")
            let elf = try readVolumetricFile(path: path, kind: .localization)
            #expect(elf.doubt == "the numbers are from -9.04 to 2.73, and those of an ELF from 0 to 1")
        }
    }

    @Test(arguments: [
        (
            "augmentation occupancies   2  15", "augmentation occupancies   9  15", 161,
            "expected the number of an atom and that of its augmentation occupancies, found another line"
        ),
        (
            "augmentation occupancies   2  15", "augmentation occupancies   1  15", 161,
            "expected the augmentation occupancies of each atom once, found those of atom 1 twice"
        ),
        (
            "augmentation occupancies   2  15", "augmentation occupancies   2  14", 164,
            "expected 14 augmentation occupancies of atom 2, found more"
        ),
        (
            "augmentation occupancies   2  15", "augmentation occupancies   2 900000000", 161,
            "expected 900000000 augmentation occupancies of atom 2, found a file too short for them"
        ),
        ("0.4060058E-01", "********", 158, "expected 15 augmentation occupancies of atom 1, found `********`"),
        (
            "  0.600000000000E+00  0.600000000000E+00\n    9", "  0.600000000000E+00\n    9", 203,
            "expected 693 values on a 9x7x11 grid, found more"
        ),
    ])
    func whatStandsBetweenBlocks(_ what: String, _ with: String, _ line: Int, _ message: String) throws {
        let whole = try text(of: field("spin-aug.CHGCAR"))
        let bytes = Array(whole.replacing(what, with: with, maxReplacements: 1).utf8)
        try withFile("CHGCAR", bytes) { path in
            let found = diagnostic { try readVolumetricFile(path: path) }
            #expect(found.id == "bad-data" && found.message == message && found.data?.line == line, "\(found)")
            let total = try readVolumetricFile(path: path, component: .total)
            #expect(total.electrons != nil)
        }
    }

    /// Of numbers that are too many only zeros up to the end of the row are read, as chgsum writes them.
    @Test func zerosThatFillTheRow() throws {
        let whole = try text(of: field("last-row-filled.CHGCAR_sum"))
        let zero = " 0.00000000000E+00"
        for end in ["", zero, zero + zero + zero, zero + " 0.10000000000E-99", "\n" + zero + zero] {
            let bytes = Array(whole.replacing(zero + zero + "\n", with: end + "\n").utf8)
            try withFile("CHGCAR", bytes) { path in
                if end.isEmpty {
                    #expect(try readCHGCAR(path: path) == readCHGCAR(path: field("last-row-filled.CHGCAR_sum")))
                } else if end.first != "\n" {
                    try expectFault("bad-data", "expected 693 values on a 9x7x11 grid, found more") { _ = try readCHGCAR(path: path) }
                    try expectFault("bad-data", "expected 693 values on a 9x7x11 grid, found more") {
                        _ = try readVolumetricFile(path: path)
                    }
                }
            }
        }
    }

    /// Words are passed over by eights of bytes as one by one.
    @Test func wordsArePassedOver() throws {
        let words = (0..<300).map { String(repeating: "x", count: 1 + $0 * 7 % 13) + ["", "é"][$0 % 2] }
        let blanks = [" ", "\n", "\t  ", "         ", "\r\n"]
        let bytes = Array(words.enumerated().map { $1 + blanks[$0 * 3 % 5] }.joined().utf8)
        try withFile("words", bytes) { path in
            for (count, size) in zip(0..<305, [1, 5, 64, 4096].lazy.flatMap { Array(repeating: $0, count: 77) }) {
                let next: String? = try TextPieces.read(path: path, size: size) { text in
                    #expect(try text.skipWords(count) == min(count, 300))
                    return try text.parse { cursor in
                        while let words = cursor.nextWords() { if let first = words.first { return first.text } }
                        return nil
                    }
                }
                #expect(next == (count < 300 ? words[count] : nil))
            }
        }
    }

    @Test(arguments: [1, 7, 100, 4096]) func piecesOfAnySize(_ piece: Int) throws {
        for name in ["spin-aug.CHGCAR", "spin-aug.CHGCAR.gz", "noncollinear.CHG", "three-images.CHG"] {
            var reader = try VolumetricReader(path: field(name), said: nil)
            (reader.piece, reader.packedWhole) = (piece, 0)
            #expect(try reader.read(nil, image: nil) == readVolumetricFile(path: field(name)))
            let spin: FieldComponent = name.hasPrefix("spin") ? .magnetization : name.hasPrefix("three") ? .total : .my
            #expect(try reader.read(spin, image: nil) == readVolumetricFile(path: field(name), component: spin))
            #expect(try reader.read(.total, image: nil) == readVolumetricFile(path: field(name), component: .total))
        }
    }

    @Test(arguments: [
        ("1.0\n", "2 -3 4\n", 2, "expected three positive scale factors, found `2 -3 4`"),
        ("1.0\n", "2 3\n", 2, "expected one scale factor other than 0, found `2 3`"),
        ("2 2 2\n", "0 2 2\n", 10, "expected the three positive numbers of a grid, found `0 2 2`"),
        ("2 2 2\n", "1000 1000 1000\n", 10, "expected 1000000000 values on a 1000x1000x1000 grid, found a file too short for them"),
        ("0 0 2\n", "2 2 0\n", 5, "expected three lattice vectors that span a volume, found vectors in one plane"),
    ])
    func headersThatAreWrong(_ what: String, _ with: String, _ line: Int, _ message: String) throws {
        let whole = "H\n1.0\n2 0 0\n0 2 0\n0 0 2\nH\n1\nDirect\n0 0 0\n2 2 2\n1 2 3 4 5\n6 7 8\n"
        try withFile("CHGCAR", Array(whole.utf8)) { path in
            let right = try readVolumetricFile(path: path)
            #expect(right.electrons == 4.5)
        }
        let range = try #require(whole.firstRange(of: what))
        try withFile("CHGCAR", Array((whole[..<range.lowerBound] + with + whole[range.upperBound...]).utf8)) { path in
            for read in [
                { _ = try readVolumetricFile(path: path) }, { _ = try readVolumetricContents(path: path) },
                { _ = try readCHGCAR(path: path) },
            ] {
                let found = diagnostic(read)
                #expect(found.id == "bad-data" && found.data?.line == line)
                #expect(found.message == message || message.contains("too short"))
            }
        }
    }
}
