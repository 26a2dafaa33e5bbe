import CSupport
import Diagnostics
import TestSupport
import Testing

@testable import Densities
@testable import Storage

private let header = "Cu1\n1.0\n0 2 2\n2 0 2\n2 2 0\nCu\n1\nDirect\n0 0 0\n\n"
private let block = "2 3 4\n0 12 4 16 8\n20 1 13 5 17\n9 21 2 14 6\n18 10 22 3 15\n7 19 11 2.300E+01\n"

/// What reading a text comes to: its values, or its fault with the line.
private enum Outcome: Equatable, CustomStringConvertible {
    case values([UInt64], grid: [Int])
    case fault(id: String, message: String, line: Int?, hints: [String])

    init(_ bytes: [UInt8], piece: Int = TextPieces.usualSize, whole: Int = TextPieces.packedWhole, threads: Int? = nil) throws {
        self = try withFile("CHGCAR", bytes) { path in
            do {
                let (header, values) = try readVolumetric(path: path, perVolume: true, piece: piece, whole: whole, threads: threads)
                return .values(values.map(\.bitPattern), grid: header.grid)
            } catch let fault as Diagnostic {
                return .fault(id: fault.id, message: fault.message, line: fault.data?.line, hints: fault.hints)
            }
        }
    }

    var description: String {
        switch self {
        case .values(let values, let grid): "\(values.count) values on \(grid)"
        case .fault(let id, let message, let line, _): "\(id), line \(line ?? 0): \(message)"
        }
    }
}

/// A text as gzip, not packed.
func gzip(_ text: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
    let size = UInt32(text.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(size, 2) + little(~size, 2) + text
        + little(ecdx_crc32(text, text.count), 4) + little(size, 4)
}

/// A file is read in pieces of any size with the same numbers, faults and lines as if it were read at once.
@Suite(.timed) struct PieceTests {
    @Test func readsCrystalsInPiecesOfAnySize() throws {
        for line in try text(of: fixture("checksums.txt")).split(separator: "\n") {
            let packed = try bytes(of: crystal(String(line.prefix { $0 != " " })))
            let plain = try withFile("a.gz", packed) { try FileBytes.read(path: $0).withBytes { Array($0) } }
            let expected = try Outcome(packed)
            guard case .values = expected else {
                Issue.record("\(expected)")
                continue
            }
            for size in [7, 100, 4096, plain.count, plain.count + 1] {
                #expect(try Outcome(plain, piece: size) == expected, "\(line), \(size)")
                if size > 7 { #expect(try Outcome(plain, piece: size, threads: 3) == expected, "\(line), \(size), three threads") }
                #expect(try Outcome(packed, piece: size, whole: 0) == expected, "\(line), \(size), packed")
            }
        }
    }

    @Test func refusesEveryCutAlike() throws {
        let whole = Array((header + block + "\n1 2 3\n").utf8)
        for count in 0...whole.count {
            let text = Array(whole.prefix(count))
            let expected = try Outcome(text)
            for size in [1, 7, 64] { #expect(try Outcome(text, piece: size) == expected, "\(count), \(size)") }
            #expect(try Outcome(text, piece: 7, threads: 3) == expected, "\(count), three threads")
            #expect(try Outcome(gzip(text), piece: 7, threads: 3) == expected, "\(count), packed whole, three threads")
            #expect(try Outcome(gzip(text), piece: 7, whole: 0) == expected, "\(count), packed")
            #expect(try Outcome(gzip(text)) == expected, "\(count), packed whole")
        }
    }

    /// Lines are counted across the pieces that were dropped.
    @Test(arguments: ["x", "nan", "-1e999", "******", "1.\u{0}5", "augmentation", "5 5", "", "\n\n", String(repeating: "8", count: 100)])
    func namesTheLineOfEveryFault(_ word: String) throws {
        let words = block.split(separator: " ", omittingEmptySubsequences: false)
        for place in words.indices {
            var changed = words
            // What follows the line feed of a word stays.
            changed[place] = Substring(word) + words[place].drop { $0 != "\n" }
            let text = Array((header + changed.joined(separator: " ")).utf8)
            let expected = try Outcome(text)
            for size in [1, 7, 30] { #expect(try Outcome(text, piece: size) == expected, "\(place), \(size)") }
            #expect(try Outcome(text, piece: 7, threads: 3) == expected, "\(place), three threads")
            #expect(try Outcome(gzip(text), piece: 7, whole: 0, threads: 2) == expected, "\(place), packed, two threads")
            #expect(try Outcome(gzip(text), piece: 7, whole: 0) == expected, "\(place), packed")
        }
    }

    @Test(arguments: [
        "", "\n", "99", "\n  \n", "\n1 2 3 4\n", "augmentation occupancies 1 2\n 0.1 0.2\n", " 2 3 4\n 1 2 3\n",
        "\n 0.25E+01\n 2 3 4\n 1 2 3",
        "rubbish", "\n\nrubbish\n", "\n\n\n",
    ])
    func takesTheSameBehindTheBlock(_ tail: String) throws {
        let text = Array((header + block + tail).utf8)
        let expected = try Outcome(text)
        for size in 1...40 {
            #expect(try Outcome(text, piece: size) == expected, "\(size)")
            #expect(try Outcome(text, piece: size, threads: 2) == expected, "\(size), two threads")
        }
        #expect(try Outcome(gzip(text), piece: 7, whole: 0) == expected)
    }

    /// No memory is asked for on the word of a header, of a gzip file either, whose length only reading it tells.
    @Test(arguments: ["5 5 5", "200 100 100", "2000 3000 4000", "400000000 400000000 2"])
    func believesNoGrid(_ grid: String) throws {
        let text = Array((header + block.replacing("2 3 4", with: grid)).utf8)
        let expected = try Outcome(text)
        #expect(expected.description.hasSuffix("found a file too short for them") && expected.description.hasPrefix("bad-data, line 11:"))
        #expect(try Outcome(text, piece: 7) == expected)
        #expect(try Outcome(gzip(text)) == expected)
        #expect(try Outcome(gzip(text), piece: 7, whole: 0) == expected)
    }

    @Test func refusesDamagedGzipBeforeItsText() throws {
        // The text is wrong as well.
        let text = Array((header + block.replacing("13", with: "x")).utf8)
        let sound = gzip(text)
        #expect(try Outcome(sound, piece: 7, whole: 0) == Outcome(text))
        for count in [2, 3, 9, 10, 11, 17, 18, 19, 100, sound.count - 9, sound.count - 8, sound.count - 4, sound.count - 1] {
            let cut = Array(sound.prefix(count))
            let found = try Outcome(cut, piece: 7, whole: 0)
            #expect(try found == Outcome(cut) && found.description.contains("cut off"), "\(count): \(found)")
            #expect(try Outcome(cut, piece: 7, whole: 0, threads: 3) == found, "\(count), three threads")
        }
        for place in [2, 3, 12, sound.count - 8, sound.count - 1] {
            var damaged = sound
            damaged[place] ^= 0x41
            let found = try Outcome(damaged, piece: 7, whole: 0)
            #expect(found.description.contains("the gzip data are damaged"), "\(place): \(found)")
        }
        #expect(try Outcome(sound + [1], piece: 7, whole: 0).description.hasPrefix("bad-data, line 0: the gzip data"))
        // A number that is not finite does not excuse it.
        let notFinite = gzip(Array((header + block.replacing("13", with: "nan")).utf8)).dropLast(3)
        try withFile("CHGCAR", Array(notFinite)) { path in
            try expectFault("bad-data") { _ = try readField(path: path, kind: .density, refusesNaN: false) }
        }
    }

    @Test func joinsMembers() throws {
        let text = Array((header + block).utf8)
        for cut in [1, 50, text.count - 1] {
            let members = gzip(Array(text.prefix(cut))) + gzip(Array(text.dropFirst(cut)))
            for size in [1, 7, text.count] { #expect(try Outcome(members, piece: size, whole: 0) == Outcome(text), "\(cut), \(size)") }
        }
    }

    /// Grids of every proportion, more than a gathering of planes holds among them, on any number of threads.
    @Test(arguments: [[1, 1, 1], [1, 1, 400], [400, 1, 1], [3, 5, 129], [9, 4, 200], [17, 3, 33], [2, 60, 70], [60, 70, 40]])
    func putsEveryGridInOrder(_ grid: [Int]) throws {
        let (nx, ny, nz) = (grid[0], grid[1], grid[2])
        var text = header + "\(nx) \(ny) \(nz)\n"
        for n in 0..<(nx * ny * nz) { text += n % 11 == 3 ? " \(n)\n" : " \(n % 10).\(100_000_000 + n)E+0\(n % 7)" }
        text += "\naugmentation occupancies 1 1\n 0.5\n"
        var expected = [UInt64](repeating: 0, count: nx * ny * nz)
        for n in expected.indices {
            let (i, j, k) = (n % nx, n / nx % ny, n / nx / ny)
            let value = n % 11 == 3 ? Double(n) : Double("\(n % 10).\(100_000_000 + n)E+0\(n % 7)") ?? .nan
            expected[(i * ny + j) * nz + k] = (value / 16).bitPattern
        }
        let right = Outcome.values(expected, grid: grid)
        for threads in [1, 2, 5] {
            for size in [1000, 1 << 18] where size > 1000 || text.utf8.count < 300_000 {
                #expect(try Outcome(Array(text.utf8), piece: size, threads: threads) == right, "\(threads) threads, \(size)")
            }
        }
    }
}
