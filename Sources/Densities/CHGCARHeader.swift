import Diagnostics
import Glibc
import Storage

extension TextCursor {
    /// Reads what stands above the first block of numbers of a CHGCAR file, the line with the grid included: a POSCAR with
    /// or without the symbols of the elements (VASP 5 and 4), an empty line, three whole numbers. See the VASP manual,
    /// pages "POSCAR" and "CHGCAR". Throws `bad-data`.
    mutating func densityHeader() throws -> DensityHeader {
        let commentStart = place
        guard nextWords() != nil else { throw endFault("a comment line") }
        let comment = trimmed(commentStart, place)
        let scale = try scaleFactors()
        var rows: [[Double]] = []
        for name in ["a", "b", "c"] { rows.append(try threeNumbers("the three components of lattice vector \(name)").0) }
        let (lattice, factors) = try scaled(rows, by: scale)
        let elements = try species()
        let cartesian = try coordinateMode()
        var atoms: [Atom] = []
        for (index, element) in elements.enumerated() {
            let (numbers, _) = try threeNumbers("the position of atom \(index + 1) of \(elements.count)")
            let position = cartesian ? lattice.fractional(zip(numbers, factors).map { $0 * $1 }) : numbers
            atoms.append(Atom(element: element, fractional: position))
        }
        return DensityHeader(comment: comment, lattice: lattice, atoms: atoms, grid: try gridLine())
    }

    /// One factor for all lengths, of which a negative one is the volume, or one for each of the x, y and z components.
    private mutating func scaleFactors() throws -> [Double] {
        guard let words = nextWords() else { throw endFault("a scale factor") }
        let scales = words.compactMap(decimal).filter(\.isFinite)
        if words.count == 3, scales.count == 3 {
            guard scales.allSatisfy({ $0 > 0 }) else { throw lineFault("expected three positive scale factors, found \(shown(words))") }
            return scales
        }
        guard words.count == 1, scales.count == 1, scales[0] != 0 else {
            throw lineFault("expected one scale factor other than 0, found \(shown(words))")
        }
        return scales
    }

    /// Three numbers at the start of the next line, and the words behind them.
    private mutating func threeNumbers(_ what: String) throws -> ([Double], [Token]) {
        guard let words = nextWords() else { throw endFault(what) }
        let numbers = words.prefix(3).compactMap(decimal).filter(\.isFinite)
        guard numbers.count == 3 else { throw lineFault("expected \(what), found \(shown(words))") }
        return (numbers, Array(words.dropFirst(3)))
    }

    /// The lattice of rows times their scale, and the factors of x, y and z; one negative scale is the volume that the cell shall have.
    private func scaled(_ rows: [[Double]], by scales: [Double]) throws -> (Lattice, [Double]) {
        do {
            var factors = scales.count == 3 ? scales : Array(repeating: scales[0], count: 3)
            if scales.count == 1, scales[0] < 0 {
                factors = Array(repeating: cbrt(-scales[0] / (try Lattice(rows: rows)).volume), count: 3)
            }
            return (try Lattice(rows: rows.map { zip($0, factors).map { $0 * $1 } }), factors)
        } catch let diagnostic as Diagnostic {
            throw lineFault(diagnostic.message)
        }
    }

    /// One symbol for each atom, from the line of symbols (absent in VASP 4) and the line of counts.
    private mutating func species() throws -> [String] {
        guard var words = nextWords() else { throw endFault("the symbols of the elements") }
        var symbols: [String]?
        if let first = words.first, first.integer == nil {
            symbols = words.map(symbol)
            guard let next = nextWords() else { throw endFault("the number of atoms of each element") }
            words = next
        }
        // An element of which there is no atom is one that a program left in the line.
        let counts = words.compactMap(\.integer).filter { $0 >= 0 }
        guard counts.contains(where: { $0 > 0 }), counts.count == words.count else {
            throw lineFault("expected the number of atoms of each element, found \(shown(words))")
        }
        if let symbols, symbols.count != counts.count {
            throw lineFault("expected \(symbols.count) numbers of atoms for \(symbols.joined(separator: " ")), found \(counts.count)")
        }
        // Each atom takes a line of six bytes at the least, which bounds what is worth believing.
        let room = rest.map { (end - place + $0) / 6 + 1 } ?? 1 << 24
        var atoms = 0
        for count in counts {
            guard count <= room - atoms else {
                throw lineFault(
                    "expected the positions of as many atoms as the counts tell, found a file too short for them: \(shown(words))")
            }
            atoms += count
        }
        return zip(symbols ?? counts.map { _ in "X" }, counts).flatMap { Array(repeating: $0, count: $1) }
    }

    /// The symbol of an element without what different releases write behind it: `Fe` of `Fe`, `Fe_pv` and `Fe/0f2a`.
    private func symbol(_ word: Token) -> String {
        String(decoding: word.prefix { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "/") }, as: UTF8.self)
    }

    /// Whether positions are cartesian, after an optional line `Selective dynamics`; only first letters count.
    private mutating func coordinateMode() throws -> Bool {
        var selective = false
        while let words = nextWords() {
            switch words.first?.first.map({ $0 | 0x20 }) {
            case UInt8(ascii: "s") where !selective: selective = true
            case UInt8(ascii: "d"): return false
            case UInt8(ascii: "c"), UInt8(ascii: "k"): return true
            default: throw lineFault("expected `Direct` or `Cartesian`, found \(shown(words))")
            }
        }
        throw endFault("`Direct` or `Cartesian`")
    }

    private mutating func gridLine() throws -> [Int] {
        while let words = nextWords() {
            if words.isEmpty { continue }
            guard let grid = gridNumbers(words), gridPoints(grid) != nil else {
                // Three positive numbers whose product does not fit are a grid, but none of any file.
                let isLarge = gridNumbers(words)?.allSatisfy { $0 > 0 } ?? false
                throw lineFault(
                    "expected \(isLarge ? "a grid that a file can hold" : "the three positive numbers of a grid"), found \(shown(words))")
            }
            return grid
        }
        throw endFault("the three numbers of the grid")
    }

    /// A `bad-data` diagnostic at the line that was read last, wherever reading began: its number is counted.
    func lineFault(_ message: String) -> Diagnostic { fault(message, line: lineNumber(at: place > start ? place - 1 : place)) }

    func trimmed(_ from: UnsafePointer<UInt8>, _ to: UnsafePointer<UInt8>) -> String {
        var first = from
        var last = to
        while first < last, isBlank(first.pointee) { first += 1 }
        while first < last, isBlank((last - 1).pointee) { last -= 1 }
        return String(decoding: Token(start: first, count: last - first), as: UTF8.self)
    }
}

/// The extents in the line of a grid, three whole numbers and nothing else; nil for another line.
func gridNumbers(_ words: [TextCursor.Token]) -> [Int]? {
    let numbers = words.compactMap(\.integer)
    return words.count == 3 && numbers.count == 3 ? numbers : nil
}
