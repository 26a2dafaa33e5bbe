import Diagnostics
import TestSupport
import Testing

@testable import Densities

/// A 2x3x4 grid whose value at (i, j, k) is its position in C order, x running fastest in the file.
private let sampleHeader = "Cu1\n1.0\n0 2 2\n2 0 2\n2 2 0\nCu\n1\nDirect\n0 0 0\n\n"
private let sampleBlock = "2 3 4\n0 12 4 16 8\n20 1 13 5 17\n9 21 2 14 6\n18 10 22 3 15\n7 19 11 23\n"

private func read(_ text: String) throws -> Density {
    try withFile("CHGCAR", Array(text.utf8)) { try readCHGCAR(path: $0) }
}

private func fault(_ text: String) -> Diagnostic { diagnostic { _ = try read(text) } }

@Suite(.timed) struct CHGCARTests {
    @Test func runsXFastest() throws {
        let density = try read(sampleHeader + sampleBlock)
        #expect(density.grid == [2, 3, 4])
        #expect(density.values == (0..<24).map { Double($0) / 16 })
        #expect(density.lattice.volume == 16)
        #expect(density.atoms == [Atom(element: "Cu", fractional: [0, 0, 0])])
        #expect(density.min == 0 && density.max == 23.0 / 16 && density.mean == 11.5 / 16)
        #expect(density.electrons == 11.5)
    }

    @Test func tellsNaNFromOtherFaults() throws {
        func finite(_ word: String) throws -> Density? {
            let text = sampleHeader + sampleBlock.replacing("13 5", with: word)
            return try withFile("CHGCAR", Array(text.utf8)) { try readField(path: $0, kind: .density, refusesNaN: false) }
        }
        #expect(try finite("13 5")?.values == read(sampleHeader + sampleBlock).values)
        for word in ["13 NaN", "nan 5", "-inf 5", "13 +Infinity", "1e400 5", "13 -1.0D+999"] {
            #expect(try finite(word) == nil, "\(word)")
            let found = fault(sampleHeader + sampleBlock.replacing("13 5", with: word))
            #expect(found.id == "bad-data" && found.hints == ["`missing: drop` in a data set leaves out rows with such a file"])
        }
        for word in ["13 nano", "13 *****", "13", "1e400x 5"] { #expect(diagnostic { try finite(word) }.id == "bad-data", "\(word)") }
    }

    @Test func agreesWithPymatgen() throws {
        let lines = try text(of: fixture("checksums.txt")).split(separator: "\n")
        #expect(lines.count == 7)
        for line in lines {
            let parts = line.split(separator: " ").map(String.init)
            let (header, values) = try readVolumetric(path: crystal(parts[0]), perVolume: false)
            #expect(gridText(header.grid) == parts[1])
            let sum = values.enumerated().reduce(UInt64(0)) { $0 &+ UInt64($1.offset + 1) &* $1.element.bitPattern }
            #expect(String(sum, radix: 16) == String(try #require(UInt64(parts[2], radix: 16)), radix: 16), "\(parts[0])")
            let volume = try #require(Double(parts[3]))
            #expect(abs(header.lattice.volume - volume) < 1e-13 * volume)
            // The head of the file tells the same.
            #expect(try readCHGCARHeader(path: crystal(parts[0])) == header)
        }
    }

    @Test func readsEveryKindOfNumberInABlock() throws {
        let lines = try text(of: fixture("numbers.txt")).split(separator: "\n").map { $0.split(separator: " ") }
        let words = lines.map { String($0[0]) }
        let block = "\(words.count) 1 1\n" + words.joined(separator: " ") + "\n"
        let (_, values) = try withFile("CHGCAR", Array((sampleHeader + block).utf8)) { try readVolumetric(path: $0, perVolume: false) }
        #expect(values.map(\.bitPattern) == lines.compactMap { UInt64($0[1], radix: 16) })
    }

    @Test func readsOtherHeaders() throws {
        let old = try read("old\n2.0\n0 1 1\n1 0 1\n1 1 0\n1 1\nDirect\n0 0 0\n.5 .5 .5\n\n" + sampleBlock)
        #expect(old.atoms.map(\.element) == ["X", "X"])
        #expect(old.lattice.volume == 16)
        let volume = try read("by volume\n-16\n0 1 1\n1 0 1\n1 1 0\nCu\n1\nDirect\n0 0 0\n\n" + sampleBlock)
        #expect(abs(volume.lattice.volume - 16) < 1e-12)
        let cartesian = try read(
            "\r\n2\r\n0 1 1\r\n1 0 1\r\n1 1 0\r\nFe_pv O/0f2a\r\n1 1\r\n"
                + "Selective dynamics\r\ncartesian\r\n0 0 0 T T F\r\n1 1 1 F F F\r\n \r\n"
                + sampleBlock)
        #expect(cartesian.atoms.map(\.element) == ["Fe", "O"])
        for coordinate in try #require(cartesian.atoms.last).fractional { #expect(abs(coordinate - 0.5) < 1e-12) }
        let left = try read("left\n1\n2 0 2\n0 2 2\n2 2 0\nCu\n1\nDirect\n0 0 0\n\n" + sampleBlock)
        #expect(left.lattice.volume == 16 && left.values[23] == 23.0 / 16)
    }

    @Test(arguments: [
        "", "\n", "\n  \n", "augmentation occupancies 1 2\n 0.1 0.2\n", "augmentation occupancies 1 2\n 0.1 0.2\n 1.5\n 2 3 4\n",
        " 2 3 4\n 1 2 3\n", "\n 0.25E+01\n 2 3 4\n 1 2 3",
    ])
    func passesOverWhatMayFollow(_ tail: String) throws {
        #expect(try read(sampleHeader + sampleBlock + tail).values.count == 24)
    }

    @Test func readsWithoutALineFeedAtTheEnd() throws {
        #expect(try read(sampleHeader + sampleBlock.dropLast()).values[23] == 23.0 / 16)
    }

    @Test func namesTheLineOfWhatIsMissing() throws {
        let short = fault(sampleHeader + "2 3 4\n0 12 4 16 8\n20 1 13 5 17\n9 21 2 14 6\n18 10 22\n")
        #expect(short.id == "bad-data" && short.data?.line == 15)
        #expect(short.message == "expected 24 values on a 2x3x4 grid, found 18 before the end of the file")
        let early = fault(sampleHeader + "2 3 4\n0 12 4 16 8\n20 1 13 5 17\n9 21 2 14 6\naugmentation occupancies 1 4\n 1 2 3 4\n")
        #expect(early.message == "expected 24 values on a 2x3x4 grid, found 15 before the augmentation occupancies")
        #expect(early.data?.line == 15)
    }

    @Test(arguments: [
        ("20 1 13", "20 x 13", 13, "expected value 7 of 24 on a 2x3x4 grid, found `x`"),
        ("20 1 13", "20 nan 13", 13, "expected value 7 of 24 on a 2x3x4 grid, found `nan`"),
        ("20 1 13", "20 1e999 13", 13, "expected value 7 of 24 on a 2x3x4 grid, found `1e999`"),
        ("20 1 13", "20 ****** 13", 13, "expected value 7 of 24 on a 2x3x4 grid, found `******`"),
        ("20 1 13", "20 1.\u{0}5 13", 13, "expected value 7 of 24 on a 2x3x4 grid, found `1.\u{0}5`"),
        ("19 11 23", "19 11 23 99", 16, "expected 24 values on a 2x3x4 grid, found more"),
        ("19 11 23", "19 11 23\n\n1 2 3 4 5", 18, "expected 24 values on a 2x3x4 grid, found more"),
        ("19 11 23", "19 11 23\n1", 17, "expected 24 values on a 2x3x4 grid, found more"),
        ("19 11 23", "19 11 23\nrubbish", 17, "expected the end of the 24 values on a 2x3x4 grid, found `rubbish`"),
        ("2 3 4", "2 3", 11, "expected the three positive numbers of a grid, found `2 3`"),
        ("2 3 4", "2 0 4", 11, "expected the three positive numbers of a grid, found `2 0 4`"),
        ("2 3 4", "2 -3 4", 11, "expected the three positive numbers of a grid, found `2 -3 4`"),
        (
            "2 3 4", "4000000000 4000000000 4000000000", 11,
            "expected a grid that a file can hold, found `4000000000 4000000000 4000000000`"
        ),
        ("2 3 4", "2000 3000 4000", 11, "expected 24000000000 values on a 2000x3000x4000 grid, found a file too short for them"),
        ("1.0\n", "0\n", 2, "expected one scale factor other than 0, found `0`"),
        ("1.0\n", "1 1\n", 2, "expected one scale factor other than 0, found `1 1`"),
        ("1.0\n", "1 0 1\n", 2, "expected three positive scale factors, found `1 0 1`"),
        ("2 0 2", "2 0", 4, "expected the three components of lattice vector b, found `2 0`"),
        ("2 0 2", "2 inf 2", 4, "expected the three components of lattice vector b, found `2 inf 2`"),
        ("2 0 2", "0 4 4", 5, "expected three lattice vectors that span a volume, found vectors in one plane"),
        ("Cu\n1\n", "Cu O\n1\n", 7, "expected 2 numbers of atoms for Cu O, found 1"),
        ("Cu\n1\n", "Cu\n0\n", 7, "expected the number of atoms of each element, found `0`"),
        (
            "Cu\n1\n", "Cu\n999999999999\n", 7,
            "expected the positions of as many atoms as the counts tell, found a file too short for them: `999999999999`"
        ),
        ("Direct", "Oblique", 8, "expected `Direct` or `Cartesian`, found `Oblique`"),
        ("0 0 0\n\n", "0 0\n\n", 9, "expected the position of atom 1 of 1, found `0 0`"),
        ("0 0 0\n\n", "\n", 9, "expected the position of atom 1 of 1, found an empty line"),
    ])
    func refuses(_ what: String, _ with: String, _ line: Int, _ message: String) throws {
        let whole = sampleHeader + sampleBlock
        let range = try #require(whole.firstRange(of: what))
        let found = fault(whole[..<range.lowerBound] + with + whole[range.upperBound...])
        #expect(found.id == "bad-data")
        #expect(found.message == message)
        #expect(found.data?.line == line)
    }

    /// Whatever the place where the file stops, there is one diagnostic, for the header's reader too up to the grid.
    @Test func refusesEveryBeginning() throws {
        let whole = Array((sampleHeader + sampleBlock).utf8)
        let headEnd = (sampleHeader + "2 3 4").utf8.count
        for count in 0..<(whole.count - 2) {
            try withFile("CHGCAR", Array(whole.prefix(count))) { path in
                let found = diagnostic { _ = try readCHGCAR(path: path) }
                #expect(found.id == "bad-data", "\(count)")
                #expect(found.data?.file == path)
                if count < headEnd { try expectFault("bad-data", nil, "\(count)") { _ = try readCHGCARHeader(path: path) } }
            }
        }
    }

    @Test func refusesWhatIsNoFile() throws {
        let missing = diagnostic { _ = try readCHGCAR(path: "/nowhere/CHGCAR") }
        #expect(missing.id == "cannot-read" && missing.message == "no such file" && missing.data?.file == "/nowhere/CHGCAR")
        try expectFault("cannot-read", "expected a file, found a folder") { _ = try readCHGCAR(path: "/tmp") }
        try expectFault("cannot-read") { _ = try readCHGCAR(path: "/dev/null") }
        try expectFault("cannot-read") { _ = try readCHGCAR(path: "") }
        try expectFault("cannot-read", "no such file") { _ = try readCHGCARHeader(path: "/nowhere/CHGCAR") }
        try expectFault("cannot-read") { _ = try readCHGCAR(path: "/tmp\u{0}") }
    }

    @Test func readsALongHeaderThroughTheHead() throws {
        let atoms = 4000
        let positions = (0..<atoms).map { "0.\(100_000 + $0) 0.25 0.75\n" }.joined()
        let text = "many\n1\n40 0 0\n0 40 0\n0 0 40\nH\n\(atoms)\nDirect\n" + positions + "\n" + sampleBlock
        try withFile("CHGCAR", Array(text.utf8)) { path in
            let header = try readCHGCARHeader(path: path)
            #expect(header.atoms.count == atoms && header.grid == [2, 3, 4] && header.comment == "many")
        }
    }
}
