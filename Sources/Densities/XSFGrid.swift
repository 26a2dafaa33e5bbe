import Diagnostics

/// The crystal of an XSF file: how many dimensions are periodic, its cells and its atoms, in A.
struct XSFCrystal {
    /// An atom at a cartesian position.
    struct Place {
        var element: String
        var position: [Double]
    }

    /// The vectors of a grid's cell, the atoms in it, and whether it is a cell of the crystal.
    typealias Cell = (rows: [[Double]], places: [Place], isCell: Bool)

    /// 3 for a crystal, 0 for a molecule; nil where the file does not tell.
    var dimensions: Int?
    var primitive: [[Double]]?
    var conventional: [[Double]]?
    var atoms: [Place] = []

    /// The cell that the vectors of a grid span: its vectors as the file has them with the most digits, its atoms, and whether it is a
    /// cell of the crystal, that is, one that is repeated by all its translations.
    func cell(spannedBy vectors: [[Double]], line: Int, path: String) throws -> Cell {
        // The atoms are those of the primitive cell, also where a conventional one is told.
        guard dimensions != 0, let base = primitive ?? conventional, let lattice = try? Lattice(rows: base) else {
            return (vectors, atoms, dimensions == nil && primitive == nil)
        }
        let multiples = vectors.map { lattice.fractional($0) }
        let whole = multiples.map { $0.map { $0.rounded() } }
        let isCell = zip(multiples, whole).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 1e-3 } }
        guard isCell, whole.allSatisfy({ $0.allSatisfy { abs($0) <= 32 } }) else { return (vectors, atoms, false) }
        let rows = whole.map { lattice.cartesian($0) }
        let copies = abs(dot(whole[0], cross(whole[1], whole[2])))
        guard copies >= 1, let cell = try? Lattice(rows: rows) else { return (vectors, atoms, false) }
        guard copies > 1 else { return (rows, atoms, true) }
        guard copies <= 1000, Double(atoms.count) * copies <= 1e6 else {
            throw Diagnostic(
                "bad-data", "expected a grid over at most 1000 cells of the crystal, found \(Int(copies))",
                data: DataPlace(file: path, line: line))
        }
        let shifts = Self.translations(lattice, in: cell, count: Int(copies))
        return (rows, atoms.flatMap { atom in shifts.map { Place(element: atom.element, position: zip(atom.position, $0).map(+)) } }, true)
    }

    /// The translations of a lattice that differ within one of its supercells, in A.
    private static func translations(_ lattice: Lattice, in cell: Lattice, count: Int) -> [[Double]] {
        let reach = cell.rows.map { lattice.fractional($0).map { Int($0.rounded()) } }
        let bounds = (0..<3).map { axis in reach.reduce((0, 0)) { ($0.0 + Swift.min(0, $1[axis]), $0.1 + Swift.max(0, $1[axis])) } }
        var found: [[Double]] = []
        for i in bounds[0].0...bounds[0].1 {
            for j in bounds[1].0...bounds[1].1 {
                for k in bounds[2].0...bounds[2].1 where found.count < count {
                    let shift = lattice.cartesian([Double(i), Double(j), Double(k)])
                    if cell.fractional(shift).allSatisfy({ $0 > -1e-6 && $0 < 1 - 1e-6 }) { found.append(shift) }
                }
            }
        }
        return found
    }
}

/// A data grid of an XSF file as it is written, x fastest.
struct XSFGrid {
    let name: String
    let step: Int
    /// The line of its numbers of points.
    let line: Int
    let grid: [Int]
    let origin: [Double]
    let vectors: [[Double]]
    let written: [Double]
    /// The crystal above it, where there is one.
    let crystal: XSFCrystal?

    /// How the points lie along each axis, and the cell that they fill.
    func layout(_ planes: XSFPlanes, in crystal: XSFCrystal, path: String) throws -> ([XSFPlanes], XSFCrystal.Cell) {
        let axes = try axes(planes, dimensions: crystal.dimensions, path: path)
        /// The cell of the vectors, along the axes given times the points over the intervals: the points and so many more.
        func cell(_ more: Int, along isScaled: [Bool]) throws -> XSFCrystal.Cell {
            var rows = vectors
            for axis in 0..<3 where isScaled[axis] && grid[axis] + more > 0 {
                let factor = Double(grid[axis]) / Double(grid[axis] + more)
                rows[axis] = rows[axis].map { $0 * factor }
            }
            return try crystal.cell(spannedBy: rows, line: line, path: path)
        }
        let all = [true, true, true]
        guard axes == [.once, .once, .once] else { return (axes, try cell(-1, along: axes.map { $0 == .box })) }
        let plain = try cell(0, along: all)
        if plain.isCell { return (axes, plain) }
        // XCrySDen's rule without the planes that repeat: the vectors end at the last points.
        let box = try cell(-1, along: all)
        if planes == .told, box.isCell { return ([.box, .box, .box], box) }
        // ASE 3.29 writes vectors that are a step too long.
        let long = try cell(1, along: all)
        if long.isCell { return (axes, long) }
        return planes == .told ? ([.box, .box, .box], box) : (axes, plain)
    }

    /// How the points lie along each axis, by what is told and by the planes that repeat; `once` along all where none does.
    private func axes(_ planes: XSFPlanes, dimensions: Int?, path: String) throws -> [XSFPlanes] {
        let place = DataPlace(file: path, line: line)
        guard planes == .told else {
            if planes == .repeated, grid.contains(1) {
                throw Diagnostic("bad-data", "expected last planes that repeat the first, found a \(gridText(grid)) grid", data: place)
            }
            return [planes, planes, planes]
        }
        guard dimensions != 0 else { return [.box, .box, .box] }
        let equal = (0..<3).map(repeats)
        if equal == [true, true, true] { return [.repeated, .repeated, .repeated] }
        if equal == [false, false, false] { return [.once, .once, .once] }
        // Of a slab or a polymer, the first axes are periodic and the others may end anywhere.
        if let dimensions, dimensions < 3, equal.prefix(dimensions).allSatisfy({ $0 }) { return equal.map { $0 ? .repeated : .box } }
        let names = zip(["a", "b", "c"], equal).filter(\.1).map(\.0).joined(separator: " and ")
        throw Diagnostic(
            "bad-data", "expected last planes that repeat the first along all axes or along none, found it along \(names)", data: place,
            hint: "say how the planes lie: repeated, every point once, or a box that is not periodic")
    }

    /// Whether the last plane along an axis repeats the first, up to what is lost in printing six digits.
    private func repeats(_ axis: Int) -> Bool {
        let last = grid[axis] - 1
        guard last > 0 else { return false }
        let strides = [1, grid[0], grid[0] * grid[1]]
        let (first, second) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
        let largest = written.reduce(0) { Swift.max($0, abs($1)) }
        for i in 0..<grid[first] {
            for j in 0..<grid[second] {
                let near = written[i * strides[first] + j * strides[second]]
                let far = written[i * strides[first] + j * strides[second] + last * strides[axis]]
                if abs(near - far) > 2e-5 * Swift.max(abs(near), abs(far)) + 1e-12 * largest { return false }
            }
        }
        return true
    }

    /// The values of the first points along each axis, z fastest, times a factor.
    func values(on kept: [Int], times factor: Double) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(kept[0] * kept[1] * kept[2])
        for i in 0..<kept[0] {
            for j in 0..<kept[1] {
                for k in 0..<kept[2] { values.append(written[i + grid[0] * (j + grid[1] * k)] * factor) }
            }
        }
        return values
    }
}
