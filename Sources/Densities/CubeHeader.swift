import Diagnostics
import Storage

/// What stands above the numbers of a Gaussian cube file: crystal or box, grid, and what the numbers at each point are.
public struct CubeHeader: Sendable, Hashable {
    /// What the numbers at each point of a cube file are.
    public enum Contents: Sendable, Hashable {
        /// So many values, which the file does not name; mostly one.
        case values(Int)
        /// A value of each of these orbitals, by their numbers.
        case orbitals([Int])
    }

    /// The two lines at the top, without blanks around them.
    public var comments: [String]
    /// The cell that the grid fills, in A: along each axis the step of the grid times the number of points.
    public var lattice: Lattice
    /// The place of point (0, 0, 0) in the coordinates of the file, in A.
    public var origin: [Double]
    /// The atoms in the order of the file, positions counted from `origin`, so that grid and atoms are in one frame; `X` is a ghost atom
    /// (atomic number 0).
    public var atoms: [Atom]
    /// The second number of each atom: its nuclear charge, that of its core, or zero, as the program pleases.
    public var charges: [Double]
    /// Points along the three axes.
    public var grid: [Int]
    /// What the numbers at each point are.
    public var contents: Contents
    /// Whether lengths are in A (all counts of points are negative), and not in bohr. The values are not concerned.
    public var isInAngstrom: Bool

    /// Where the grid lies in the coordinates of the file, which does not tell a box from a cell that repeats.
    public var frame: GridFrame { GridFrame(origin: origin, extent: .untold) }

    /// How many numbers there are at each point.
    public var datasets: Int {
        switch contents {
        case .values(let count): count
        case .orbitals(let numbers): numbers.count
        }
    }
}

/// Reads the crystal, the grid and the kind of contents of a Gaussian cube file, plain or gzip, and no more of the file than that takes.
///
/// Throws `cannot-read`, and `bad-data` with the line for a header that is wrong or a grid larger than the file can hold.
/// Format: Gaussian 16 manual, page "cubegen".
public func readCubeHeader(path: String) throws -> CubeHeader {
    try readHead(path: path, empty: "a Gaussian cube file") { text, bytes in
        let header = try text.cubeHeader()
        try TextPieces.check(
            GridBlock(grid: header.grid, fields: header.datasets), cursor: text, bytes: bytes - (text.place - text.start))
        return header
    }
}

extension TextCursor {
    /// Reads what stands above the numbers of a Gaussian cube file. Throws `bad-data`.
    mutating func cubeHeader() throws -> CubeHeader {
        var comments: [String] = []
        for name in ["first", "second"] {
            guard let words = nextWords() else { throw endFault("the \(name) comment line of a Gaussian cube file") }
            comments.append(words.map(\.text).joined(separator: " "))
        }
        var (count, fileOrigin, rest) = try countAndVector("the number of atoms, the origin of the grid")
        let hasOrbitals = count < 0
        count = abs(count)
        var values = 1
        if let word = rest.first {
            guard rest.count == 1, let number = word.integer, (1...1 << 20).contains(number) else {
                throw fault("expected behind the origin nothing or the number of values at each point, found \(shown(rest))")
            }
            values = number
        }
        let (grid, steps, isInAngstrom) = try voxels()
        let unit = isInAngstrom ? 1 : bohr
        let lattice: Lattice
        do {
            lattice = try Lattice(rows: zip(grid, steps).map { count, step in step.map { $0 * unit * Double(count) } })
        } catch let diagnostic as Diagnostic {
            throw fault(diagnostic.message)
        }
        let origin = fileOrigin.map { $0 * unit }
        var atoms: [Atom] = []
        var charges: [Double] = []
        for index in 0..<count {
            let (symbol, numbers) = try cubeAtom(index + 1, of: count)
            charges.append(numbers[0])
            let position = zip(numbers.dropFirst(), origin).map { $0 * unit - $1 }
            atoms.append(Atom(element: symbol, fractional: lattice.fractional(position)))
        }
        var contents = CubeHeader.Contents.values(values)
        if hasOrbitals {
            let orbitals = try orbitalNumbers()
            guard values == 1 || values == orbitals.count else {
                throw fault("expected \(values) orbitals, as many as the third line tells values, found \(orbitals.count)")
            }
            contents = .orbitals(orbitals)
        }
        return CubeHeader(
            comments: comments, lattice: lattice, origin: origin, atoms: atoms, charges: charges, grid: grid, contents: contents,
            isInAngstrom: isInAngstrom)
    }

    /// A whole number and three others at the start of the next line, and the words behind them.
    private mutating func countAndVector(_ what: String) throws -> (Int, [Double], [Token]) {
        guard let words = nextWords() else { throw endFault(what) }
        let numbers = words.dropFirst().prefix(3).compactMap(decimal).filter(\.isFinite)
        guard let count = words.first?.integer, count.magnitude <= 1 << 40, numbers.count == 3 else {
            throw fault("expected \(what), found \(shown(words))")
        }
        return (count, numbers, Array(words.dropFirst(4)))
    }

    /// The counts of points, the steps between them as the file has them, and whether lengths are in A.
    private mutating func voxels() throws -> (grid: [Int], steps: [[Double]], isInAngstrom: Bool) {
        var counts: [Int] = []
        var steps: [[Double]] = []
        for name in ["first", "second", "third"] {
            let what = "the number of points along the \(name) axis and the step between them"
            let (count, step, rest) = try countAndVector(what)
            guard rest.isEmpty, count != 0 else {
                throw fault("expected \(what), found \(count == 0 ? "no points" : "more numbers: \(shown(rest))")")
            }
            counts.append(count)
            steps.append(step)
            guard (count < 0) == (counts[0] < 0) else {
                throw fault(
                    """
                    expected three numbers of points of one sign (negative ones say that lengths are in Angstrom), found \
                    \(counts.map(String.init).joined(separator: ", "))
                    """)
            }
        }
        let grid = counts.map(abs)
        // What no file can hold is refused here, where the line of it is known; `Double` of it would be harmless.
        guard let points = gridPoints(grid), points <= 1 << 48 else {
            throw fault("expected a grid that a file can hold, found \(gridText(grid))")
        }
        return (grid, steps, counts[0] < 0)
    }

    /// The symbol of an atom, its charge and its position as the file has them. What is no line of an atom is refused, numbers of the
    /// grid above all: some programs announce atoms that they do not list.
    private mutating func cubeAtom(_ index: Int, of count: Int) throws -> (String, [Double]) {
        let what = "atom \(index) of \(count), its atomic number, charge and position"
        guard let words = nextWords() else { throw endFault(what) }
        let numbers = words.dropFirst().compactMap(decimal).filter(\.isFinite)
        guard words.count == 5, numbers.count == 4, let symbol = words[0].integer.flatMap(symbol(ofNumber:)) else {
            var fault = fault("expected \(what), found \(shown(words))")
            // A line with a position is one of an atom.
            let isAtom = words.count == 5 && numbers.count == 4
            fault.hints = [
                isAtom
                    ? "an atom begins with its atomic number, a whole one from 0 (a ghost) to 118"
                    : "where the program that wrote the file left out its atoms, the number of atoms in line 3 must be 0"
            ]
            throw fault
        }
        return (symbol, numbers)
    }

    /// The numbers of the orbitals: how many there are, and then so many, on one line or several.
    private mutating func orbitalNumbers() throws -> [Int] {
        let what = "how many orbitals there are (the number of atoms is negative), and their numbers"
        guard var words = nextWords() else { throw endFault(what) }
        guard let count = words.first?.integer, (1...1 << 20).contains(count) else {
            throw fault("expected \(what), found \(shown(words))")
        }
        words.removeFirst()
        var numbers: [Int] = []
        while true {
            let found = words.compactMap(\.integer)
            guard found.count == words.count, numbers.count + found.count <= count else {
                throw fault("expected the numbers of \(count) orbitals, found \(shown(words))")
            }
            numbers += found
            if numbers.count == count { return numbers }
            guard let next = nextWords() else { throw endFault("the numbers of \(count) orbitals") }
            words = next
        }
    }
}
