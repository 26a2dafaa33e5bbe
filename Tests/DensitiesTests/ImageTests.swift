import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Densities

/// Which image of a file is read: the last, or none, and never one before it without a word.
@Suite(.timed) struct ImageTests {
    /// What the ways of reading give of a file: the atoms' first coordinate and the largest value; nil where it is refused.
    private func readings(_ path: String) throws -> [(x: Double, most: Double)?] {
        func density(_ read: () throws -> Density?) -> (Double, Double)? {
            (try? read()).flatMap { $0 }.map { ($0.atoms[0].fractional[0], $0.max) }
        }
        return [
            density { try readField(path: path, kind: .density) }, density { try readField(path: path, kind: .density, refusesNaN: false) },
            density { try readVolumetric(path: path, kind: .density) }, density { try readVolumetricFile(path: path).density() },
        ]
    }

    /// Wherever several images are cut off there is the last of those before the cut, if that is between two, or a diagnostic.
    @Test(arguments: [true, false]) func cutAtEveryLine(isPacked: Bool) throws {
        let lines = try text(of: field("three-images.CHG")).split(separator: "\n", omittingEmptySubsequences: false)
        let image = (lines.count - 1) / 3
        for count in image..<3 * image {
            let bytes = Array((lines.prefix(count).joined(separator: "\n") + "\n").utf8)
            try withFile(isPacked ? "CHG.gz" : "CHG", isPacked ? gzip(bytes) : bytes) { path in
                let found = try readings(path)
                let contents = try? readVolumetricContents(path: path)
                if count % image == 0 {
                    let right = 0.003 * Double(count / image - 1)
                    #expect(found.allSatisfy { $0.map { abs($0.x - right) < 1e-12 } == true }, "\(count)")
                    #expect(
                        contents?.images == count / image && contents.map { abs($0.header.atoms[0].fractional[0] - right) < 1e-12 } == true)
                } else {
                    #expect(found.allSatisfy { $0 == nil } && contents == nil, "\(count)")
                    #expect(throws: Diagnostic.self) { try readCHGCAR(path: path) }
                    #expect(try !hasOneImage(path: path))
                    // The one before is read where it is asked for.
                    let before = try readVolumetricFile(path: path, kind: .density, component: .total, image: count / image)
                    #expect(abs(before.header.atoms[0].fractional[0] - 0.003 * Double(count / image - 1)) < 1e-12, "\(count)")
                }
            }
        }
    }

    /// With spin and occupancies a cut behind the first block of the last image leaves its total.
    @Test(arguments: ["spin-aug.CHGCAR", "spin-ten-columns.CHG"]) func cutBehindAnImageWithSpin(_ name: String) throws {
        let one = try text(of: field(name))
        let second = one.replacing("0.000000  0.000000  0.000000", with: "0.010000  0.000000  0.000000", maxReplacements: 1)
        let lines = (one + second).split(separator: "\n", omittingEmptySubsequences: false)
        let image = (lines.count - 1) / 2
        var totals = 0
        for count in (image + 1)..<lines.count {
            try withFile("CHGCAR", Array((lines.prefix(count).joined(separator: "\n") + "\n").utf8)) { path in
                let total = try readings(path)[0]
                #expect(total.map { $0.x == 0.01 } != false, "\(count)")
                totals += total == nil ? 0 : 1
                let contents = try? readVolumetricContents(path: path)
                #expect(contents.map { $0.header.atoms[0].fractional[0] == 0.01 && $0.images == 2 } != false, "\(count)")
                #expect((contents == nil) == (total == nil), "\(count)")
            }
        }
        #expect(totals > image / 3 && totals < image)
    }

    /// A small image behind a large one, with and without what may stand between them.
    @Test(arguments: ["fcc-primitive.CHGCAR", "spin-aug.CHGCAR", "spin-ten-columns.CHG"], [true, false])
    func smallBehindLarge(_ name: String, isPacked: Bool) throws {
        let least = "x\n1\n1 0 0\n0 1 0\n0 0 1\nH\n1\nDirect\n0 0 0\n\n1 1 1\n 3.5\n"
        for small in [try text(of: field("same-element-twice.CHGCAR")), least] {
            let bytes = Array((try text(of: field(name)) + small).utf8)
            try withFile(isPacked ? "CHGCAR.gz" : "CHGCAR", isPacked ? gzip(bytes) : bytes) { path in
                let right = try withFile("CHGCAR", Array(small.utf8)) { try readCHGCAR(path: $0) }
                #expect(try readField(path: path, kind: .density) == right)
                #expect(try readVolumetric(path: path) == right)
                #expect(try readVolumetricContents(path: path).images == 2 && readHeaderOfOneBlock(path: path, kind: .density) == nil)
                #expect(diagnostic { try readCHGCAR(path: path) }.message == "expected one image, found 2, each with a header of its own")
            }
        }
    }

    /// An image that is cut in its spin and goes on with a further image is not the last.
    @Test func imageBehindOneThatIsCut() throws {
        let one = try text(of: field("cut-in-spin-block.CHGCAR")) + "\n"
        try withFile("CHGCAR", Array((one + text(of: field("spin-aug.CHGCAR"))).utf8)) { path in
            let found = diagnostic { try readField(path: path, kind: .density) }
            #expect(found.id == "bad-data" && found.notes.contains("further images seem to follow image 1"))
            #expect(found.hints == ["`image: 1` reads that one alone"])
            #expect(throws: Diagnostic.self) { try readVolumetricContents(path: path) }
            let (first, right) = (try readField(path: path, kind: .density, image: 1), try readCHGCAR(path: field("spin-aug.CHGCAR")))
            #expect(first?.values == right.values)
        }
    }

    /// A plain file of one block is known by its length and its end alone.
    @Test func filesOfOneBlock() throws {
        for name in ["fcc-primitive.CHGCAR", "hcp-six-decimals.CHGCAR", "vasp642-hash.CHGCAR"] {
            let header = try readHeaderOfOneBlock(path: field(name), kind: .density)
            #expect(try header == readCHGCARHeader(path: field(name)), "\(name)")
        }
        for name in ["spin-aug.CHGCAR", "three-images.CHG", "noncollinear.CHG"] {
            #expect(try readHeaderOfOneBlock(path: field(name), kind: .density) == nil, "\(name)")
        }
    }
}
