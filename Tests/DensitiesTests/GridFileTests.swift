import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Densities
@testable import Storage

/// One line of grids.txt: what other programs read from a cube or XSF file.
struct KnownGrid {
    let name: String, extents: String, symbol: String
    let volume: Double, min: Double, max: Double, sample: Double, sum: Double, weighted: Double
    let position: [Double]

    init?(_ line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        let numbers = words.compactMap(Double.init)
        guard words.count == 13, numbers.count == 9 else { return nil }
        (name, extents, symbol) = (words[0], words[2], words[9])
        (volume, min, max, sample, sum, weighted) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        position = Array(numbers[6...])
    }

    static func all() throws -> [KnownGrid] { try text(of: fixture("grids.txt")).split(separator: "\n").compactMap(KnownGrid.init) }

    /// Compares a grid whose values are as written. `digits`: how well the file prints the cell.
    func check(_ density: Density, cell digits: Double) {
        func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance * Swift.max(abs(a), abs(b)) }
        #expect(gridText(density.grid) == extents, "\(name)")
        #expect(near(density.lattice.volume, volume, digits), "\(name): \(density.lattice.volume), \(volume)")
        // Bit for bit.
        #expect(density.min == min && density.max == max, "\(name)")
        let (ny, nz) = (density.grid[1], density.grid[2])
        #expect(density.values[(ny + 2) * nz + 3] == sample, "\(name)")
        let electrons = density.electrons / (bohr * bohr * bohr)
        let largest = Swift.max(abs(min), abs(max)) * density.lattice.volume / (bohr * bohr * bohr)
        #expect(abs(electrons - sum) <= digits * largest, "\(name): \(electrons), \(sum)")
        let place = density.values.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
        let size = density.values.enumerated().reduce(0) { $0 + Double($1.offset + 1) * abs($1.element) }
        #expect(abs(place - weighted) <= 1e-11 * size, "\(name)")
        #expect(density.atoms.first?.element == symbol, "\(name)")
        for (found, expected) in zip(density.atoms.first?.fractional ?? [], position) {
            let difference = found - expected
            #expect(abs(difference - difference.rounded()) < Swift.max(1e-9, digits), "\(name): \(found), \(expected)")
        }
    }
}

@Suite(.timed) struct GridFileTests {
    @Test func readsCubesAsOthersDo() throws {
        let known = try KnownGrid.all().filter { $0.name.contains(".cube") }
        #expect(known.count == 28)
        for grid in known {
            let several = grid.name.hasPrefix("two-values")
            for size in [TextPieces.usualSize, 100] {
                let density = try readCube(
                    path: field(grid.name), dataset: several ? 1 : nil, quantity: .asWritten, piece: size,
                    whole: size == 100 ? 0 : TextPieces.packedWhole)
                grid.check(density, cell: 1e-12)
            }
            let header = try readCubeHeader(path: field(grid.name))
            #expect(gridText(header.grid) == grid.extents && header.contents == .values(several ? 2 : 1))
            #expect(header.isInAngstrom == grid.name.hasPrefix("negative"))
        }
    }

    /// The table of right values: one density in six dresses.
    @Test(arguments: ["triclinic-row-breaks", "triclinic-running-lines", "origin-shifted", "negative-counts-angstrom", "nval-one"])
    func readsAllDresses(_ name: String) throws {
        let density = try readCube(path: field(name + ".cube"))
        // Lengths in A have six decimals in the file of negative counts.
        let tolerance = name.hasPrefix("negative") ? 2e-6 : 1e-7
        #expect(abs(density.electrons - 18.000001) < 18 * tolerance)
        #expect(abs(density.lattice.volume - 49.292162) < 50 * tolerance)
        #expect(abs(density.min - 0.0617990) < 1e-6 && abs(density.max - 0.6708486) < 1e-6)
        #expect(abs(density.values[(5 + 2) * 7 + 3] - 0.347283465) < 1e-9)
        #expect(density.atoms.map(\.element) == ["Si", "Si"])
        #expect(zip(density.atoms[0].fractional, [0.1, 0.2, 0.3]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func choosesAmongValues() throws {
        let path = field("two-values-nval.cube")
        let second = try readCube(path: path, dataset: 2, quantity: .asWritten)
        #expect(abs(second.mean - 0.208225110) < 1e-9 && second.values[(5 + 2) * 7 + 3] == 0.202924)
        let first = try readCube(path: path, dataset: 1)
        #expect(try first.values == readCube(path: field("triclinic-row-breaks.cube")).values)
        let fault = diagnostic { try readCube(path: path) }
        #expect(fault.message == "expected one value at each point, found 2 values at each point, numbered from 1")
        #expect(fault.data?.line == 3 && fault.hints == ["choose one by its number, as `dataset: 1`"])
        #expect(diagnostic { try readCube(path: path, dataset: 3) }.message.hasPrefix("expected data set 3, found 2 values"))
        #expect(diagnostic { try readCube(path: path, dataset: 0) }.id == "bad-data")
    }

    @Test func takesNoNumbersForAtoms() throws {
        let path = field("atoms-announced-not-listed.cube")
        for fault in [diagnostic { try readCube(path: path) }, diagnostic { try readCubeHeader(path: path) }] {
            #expect(fault.id == "bad-data" && fault.data?.line == 7)
            #expect(fault.message.hasPrefix("expected atom 1 of 2, its atomic number, charge and position, found `9.32485E-02"))
        }
    }
}

/// A cube of two data sets, orbitals 7 and 6, of a ghost atom and an atom with the charge of its core.
private let orbitals = """
    MO coefficients
    two of them
     -2 0.0 0.0 1.0
      2 2.0 0.0 0.0
      1 0.0 2.0 0.0
      2 0.0 0.0 2.0
      0 0.0 1.0 0.0 1.0
     14 4.0 0.0 0.0 1.5
      2 7
      6
     1.0 -1.0 2.0 -2.0
     3.0 -3.0 4.0 -4.0

    """

private func cube(
    _ text: String, _ dataset: Int? = nil, _ quantity: GridQuantity? = nil, piece: Int = TextPieces.usualSize
) throws -> Density {
    try withFile("a.cube", Array(text.utf8)) {
        try readCube(path: $0, dataset: dataset, quantity: quantity, piece: piece, whole: TextPieces.packedWhole)
    }
}

@Suite(.timed) struct CubeTests {
    @Test func readsOrbitalsByNumber() throws {
        let seven = try cube(orbitals, 7, .asWritten)
        #expect(seven.values == [1, 2, 3, 4])
        #expect(try cube(orbitals, 6, .asWritten).values == [-1, -2, -3, -4])
        #expect(seven.atoms[0] == Atom(element: "X", fractional: [0.25, 0, 0]))
        #expect(seven.atoms[1].element == "Si" && abs(seven.atoms[1].fractional[2] - 0.125) < 1e-15)
        try withFile("a.cube", Array(orbitals.utf8)) { path in
            let header = try readCubeHeader(path: path)
            #expect(header.contents == .orbitals([7, 6]) && header.datasets == 2 && header.charges == [0, 4])
            #expect(header.origin == [0, 0, bohr] && header.comments == ["MO coefficients", "two of them"])
        }
        #expect(diagnostic { try cube(orbitals, 6) }.message.hasPrefix("expected a density, found a cube file of the orbitals 7, 6"))
        #expect(diagnostic { try cube(orbitals) }.hints == ["choose one by its number, as `dataset: 7`"])
        #expect(diagnostic { try cube(orbitals, 1, .asWritten) }.message == "expected orbital 1 once, found the orbitals 7, 6")
        // A density per bohr^3 and per A^3.
        #expect(try cube(orbitals, 7, .perCubicAngstrom).values == [1, 2, 3, 4])
        #expect(try abs(cube(orbitals, 7, .perCubicBohr).values[0] - 6.748334) < 1e-6)
    }

    /// A cut anywhere is refused, or gives what the whole file does.
    @Test(arguments: ["two-values-nval.cube", "nval-one.cube", "codes/abinit-si.cube"]) func refusesCuts(_ name: String) throws {
        let whole = try bytes(of: field(name))
        let dataset = name.hasPrefix("two") ? 2 : nil
        let expected = try readCube(path: field(name), dataset: dataset)
        let step = whole.count > 10_000 ? 9973 : 11
        var counts = Array(stride(from: 0, to: whole.count, by: step)) + (1...30).map { whole.count - $0 }
        counts.removeAll { $0 < 0 }
        for count in counts {
            try withFile("a.cube", Array(whole.prefix(count))) { path in
                do {
                    #expect(try readCube(path: path, dataset: dataset) == expected, "\(count)")
                    #expect(count == whole.count - 1, "\(count)")
                } catch {
                    let fault = try #require(error as? Diagnostic)
                    #expect(fault.id == "bad-data" && (fault.data?.line != nil || count == 0), "\(count): \(fault)")
                }
            }
        }
    }

    @Test(arguments: [
        ("-2 0.0", "-2 0.0", "  2 2.0 0.0 0.0", "-2 2.0 0.0 0.0", 5, "three numbers of points of one sign"),
        ("-2 0.0", "-2 x", "", "", 3, "the number of atoms, the origin"),
        (" -2 0.0 0.0 1.0", " -2 0.0 0.0 1.0 0", "", "", 3, "expected behind the origin nothing"),
        (" -2 0.0 0.0 1.0", " -2 0.0 0.0 1.0 3", "", "", 10, "expected 3 orbitals"),
        ("  1 0.0 2.0", "  0 0.0 2.0", "", "", 5, "found no points"),
        ("  1 0.0 2.0 0.0", "  1 4.0 0.0 0.0", "", "", 6, "span a volume"),
        ("  1 0.0 2.0", "  1000000000 0.0 2.0", "", "", 10, "too short"),
        ("  1 0.0 2.0", "  1000000 0.0 2.0", "", "", 10, "too short"),
        ("  1 0.0 2.0", "  99999999999999999999 0.0 2.0", "", "", 5, "number of points along the second axis"),
        ("-2 0.0", "-9223372036854775808 0.0", "", "", 3, "number of atoms"),
        ("-2 0.0", "-1099511627776 0.0", "", "", 9, "expected atom 3 of 1099511627776"),
        (" 14 4.0", " 119 4.0", "", "", 8, "expected atom 2 of 2"),
        (" 14 4.0", " 14 nan", "", "", 8, "expected atom 2 of 2"),
        ("  2 7\n", "  1 7\n", "", "", 11, "found more"),
        ("  2 7\n", "  2 7 8 9\n", "", "", 9, "expected the numbers of 2 orbitals"),
        ("-3.0", "*****", "", "", 12, "expected value 6 of 8 values, 2 at each point of a 2x1x2 grid, found `*****`"),
        ("-3.0", "nan", "", "", 12, "found `nan`"), ("-3.0", "1e999", "", "", 12, "found `1e999`"),
        ("-4.0", "", "", "", 12, "found 7 before the end of the file"),
        ("-4.0", "-4.0 5.0", "", "", 12, "found more"),
        ("-4.0\n", "-4", "", "", 12, "in the middle of the last of them: `-4`"),
    ]) func namesEveryFault(_ from: String, _ to: String, _ from2: String, _ to2: String, _ line: Int, _ words: String) throws {
        var text = orbitals.replacing(from, with: to)
        if !from2.isEmpty { text = text.replacing(from2, with: to2) }
        for piece in [1, 7, TextPieces.usualSize] {
            let fault = diagnostic { try cube(text, 7, .asWritten, piece: piece) }
            #expect(fault.id == "bad-data" && fault.message.contains(words), "\(piece): \(fault)")
            #expect(fault.data?.line == line, "\(piece): \(fault)")
        }
    }

    @Test func endsWithoutLineFeed() throws {
        let text = String(orbitals.dropLast())
        #expect(try cube(text, 7, .asWritten).values == [1, 2, 3, 4])
        for piece in 1...40 { #expect(try cube(text, 7, .asWritten, piece: piece).values == [1, 2, 3, 4]) }
    }

    /// The quick way to print numbers gives what C's printf gives.
    @Test func printsAsCDoes() throws {
        var random = SystemRandomNumberGenerator()
        var values = [
            0, -0.0, 9.9999995, 9.99999949, 0.099999999999999, 1, 10, 1e22, 1e23, 1e-10, 0.5, 2.5e-7, -1.25, 1e300, -1e-300, 1e100,
            9.99999999999e-5,
        ]
        for _ in 0..<20_000 {
            values.append(Double.random(in: -1...1, using: &random) * pow(10, Double.random(in: -30...30, using: &random)))
        }
        for _ in 0..<2000 { values.append(Double(Int.random(in: 0..<10_000_000, using: &random)) / 1e6) }
        for decimals in [0, 1, 5, 10, 11, 12, 16] {
            let width = max(13, decimals + 9)
            var line = PrintedLine(length: "%f", decimals: decimals, width: width)
            var buffer = [CChar](repeating: 0, count: 100)
            var expected: [UInt8] = []
            for value in values {
                line.add(value: value)
                let count = withVaList([value]) { vsnprintf(&buffer, 100, "%\(width).\(decimals)E", $0) }
                expected += buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }
            }
            let isEqual = line.bytes == expected
            #expect(isEqual, "\(decimals)")
        }
    }

    /// What is written is read again, by others too (cube-written.py checks the fixture that this makes).
    @Test func writesWhatItReads() throws {
        let density = try readCube(path: field("negative-counts-angstrom.cube"))
        try withFile("b.cube", []) { path in
            for (digits, tolerance) in [(12, 1e-11), (17, 1e-15), (6, 1e-5), (0, 0.6), (99, 1e-15)] {
                try writeCube(density, to: path, title: "a\nb", digits: digits)
                let again = try readCube(path: path)
                #expect(again.grid == density.grid && again.atoms.map(\.element) == ["Si", "Si"])
                #expect(zip(again.values, density.values).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }, "\(digits)")
                let near = zip(again.atoms[1].fractional, density.atoms[1].fractional).allSatisfy {
                    abs($0 - $1) < (digits <= 6 ? 2e-6 : 1e-11)
                }
                #expect(near && abs(again.lattice.volume - density.lattice.volume) < (digits <= 6 ? 1e-4 : 1e-10))
                #expect(try text(of: path).hasPrefix("a b\ne/bohr^3\n    2 "))
            }
            try writeCube(density, to: path, quantity: .asWritten, digits: 17)
            #expect(try readCube(path: path, quantity: .asWritten).values == density.values)
            try writeCube(density, to: path, digits: 6)
            let expected = try text(of: fixture("written.cube"))
            #expect(try text(of: path) == expected)
        }
    }
}
