import Diagnostics

extension Density {
    /// The density in another cell of the same crystal, spanned by combinations of this cell's vectors, e/A^3.
    ///
    /// The crystal is not turned and the origin stays where it is. Atoms come in the order of this cell's, the images of
    /// each one after the other, wrapped into the new cell; atoms that fall together (a cell smaller than this one) become
    /// one where they are of one element and within `tolerance`, A. The grid is `usualGrid(for:)` where none is given. Points
    /// that are points of this grid get their values as they are; others come by `method`: trilinear, or the trigonometric
    /// polynomial sampled there (what is said of shrinking does not matter).
    ///
    /// Throws `bad-lattice`, and `shape` for a grid that cannot be.
    public func supercell(
        _ matrix: CellMatrix, grid: [Int]? = nil, method: Regridding = .trilinear, tolerance: Double = 0.01, threads: Int = 1
    ) throws -> Density {
        let new = try matrix.lattice(of: lattice)
        let newGrid = try grid ?? usualGrid(for: matrix)
        try checkGrid(newGrid)
        return try Density(
            lattice: new, atoms: try images(in: matrix, new, tolerance: tolerance), grid: newGrid,
            values: try resampled(in: matrix, to: newGrid, method: method, threads: threads), frame: frame,
            charges: matrix == .identity ? charges : [])
    }

    /// The supercell whose vectors are these whole combinations of a, b and c, a row each; see `supercell(_:grid:method:)`.
    public func supercell(_ rows: [[Int]], grid: [Int]? = nil, method: Regridding = .trilinear, threads: Int = 1) throws -> Density {
        try supercell(try CellMatrix(rows: rows), grid: grid, method: method, threads: threads)
    }

    /// The grid that this density has in another cell where none is given; see `usualGrid(of:grid:for:)`. Throws `shape`.
    public func usualGrid(for matrix: CellMatrix) throws -> [Int] { try Densities.usualGrid(of: lattice, grid: grid, for: matrix) }

    /// The density with crystal and atoms moved by a fractional vector: the value at r becomes that at r + vector, e/A^3.
    ///
    /// Atoms that leave the cell on one side come in on the other. Whole steps of the grid are exact; others are
    /// trilinear, or the trigonometric polynomial moved. Throws `shape` unless
    /// the vector has three finite numbers up to 10^6 in size.
    public func shifted(by vector: [Double], method: Regridding = .trilinear, threads: Int = 1) throws -> Density {
        guard vector.count == 3, vector.allSatisfy({ $0.isFinite && abs($0) <= 1e6 }) else {
            throw Diagnostic("shape", "expected three fractional coordinates to move a density by, found \(vector)")
        }
        try checkGrid(grid)
        // New points look back, to where their values were.
        let back = zip(vector, grid).map { step, points in
            let place = -(step - step.rounded(.down)) * Double(points)
            return abs(place - place.rounded()) < 1e-9 * Double(points) ? place.rounded() / Double(points) : place / Double(points)
        }
        let isWhole = zip(back, grid).allSatisfy { abs($0 * Double($1) - ($0 * Double($1)).rounded()) < 1e-9 }
        let moved: [Double]
        switch method {
        case .fourier(let shrinking) where !isWhole:
            moved = try fourier(values, from: grid, to: grid, shift: back, shrinking: shrinking, threads: threads)
        default: moved = trilinear(values, from: grid, to: grid, shift: back, threads: threads)
        }
        let atoms = atoms.map { atom in
            Atom(element: atom.element, fractional: zip(atom.fractional, vector).map { wrapped($0 + $1) })
        }
        return try Density(lattice: lattice, atoms: atoms, grid: grid, values: moved, frame: frame, charges: charges)
    }

    /// How far the density is from repeating by the vectors of a smaller cell: the largest difference from itself moved by one of
    /// them, and the mean one as a share of the mean deviation from its own mean. Both are 0 for a matrix without such a vector.
    ///
    /// A density that repeats as its atoms do gives a share near 0, up to what trilinear interpolation costs; the spin density of an
    /// antiferromagnet in its chemical cell gives 2.
    public func misfit(in matrix: CellMatrix, threads: Int = 1) throws -> (largest: Double, share: Double) {
        guard matrix.denominator > 1 else { return (0, 0) }
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation = values.reduce(0) { $0 + abs($1 - mean) } / Double(values.count)
        var (largest, share) = (0.0, 0.0)
        for row in matrix.numbers where row.contains(where: { $0 != $0.rounded() }) {
            let moved = try shifted(by: row, threads: threads).values
            var sum = 0.0
            for (a, b) in zip(values, moved) {
                largest = Swift.max(largest, abs(a - b))
                sum += abs(a - b)
            }
            if deviation > 0 { share = Swift.max(share, sum / Double(values.count) / deviation) }
        }
        return (largest, share)
    }

    /// The atoms in another cell.
    private func images(in matrix: CellMatrix, _ new: Lattice, tolerance: Double) throws -> [Atom] {
        guard matrix != .identity else { return atoms }
        let extents = translationExtents(of: matrix)
        // Extents are at most some 10^9 each; counted before any is written down.
        let images = extents.reduce(1.0) { $0 * Double($1.count) }
        guard images * Double(Swift.max(1, atoms.count)) <= Double(1 << 24) else {
            throw Diagnostic("bad-lattice", "expected at most 2^24 atoms in a cell, found \(atoms.count) atoms and \(images) images")
        }
        let translations = translations(in: extents)
        var found: [Atom] = []
        for atom in atoms where atom.fractional.count == 3 {
            for step in translations {
                let place = matrix.fractional(ofOld: zip(atom.fractional, step).map { $0 + Double($1) }).map(wrapped)
                let image = Atom(element: atom.element, fractional: place)
                // A whole matrix has each image once; another one makes atoms fall together.
                if matrix.denominator > 1,
                    found.contains(where: { $0.element == image.element && isTogether($0, image, in: new, tolerance) })
                {
                    continue
                }
                found.append(image)
            }
        }
        return found
    }
}

/// The grid of another cell that has points as close as a grid's widest spacing, and among them as many points of that grid as lie
/// along each of its vectors. For whole multiples of a, b and c it is the grid repeated.
///
/// Throws `shape` where that is more than a grid may have, and for a grid that is none.
public func usualGrid(of lattice: Lattice, grid: [Int], for matrix: CellMatrix) throws -> [Int] {
    try checkGrid(grid)
    let spacing = zip(lattice.lengths, grid).reduce(0.0) { max($0, $1.0 / Double($1.1)) }
    let lengths = try matrix.lattice(of: lattice).lengths
    var new: [Int] = []
    for axis in 0..<3 {
        var common = 0
        for (number, points) in zip(matrix.rows[axis], grid) {
            let (product, overflow) = number.multipliedReportingOverflow(by: points)
            common = greatestCommonDivisor(common, overflow || abs(product) > 1 << 40 ? 1 : product)
        }
        let exact = common % matrix.denominator == 0 ? max(1, common / matrix.denominator) : 1
        let wanted = max(1, min((lengths[axis] / spacing - 1e-6).rounded(.up), 1e9))
        new.append(exact * max(1, Int((wanted / Double(exact)).rounded(.up))))
    }
    try checkGrid(new)
    return new
}

/// A fractional coordinate from 0 up to 1; what is 1 but for rounding is 0.
private func wrapped(_ x: Double) -> Double {
    let part = x - x.rounded(.down)
    return part > 1 - 1e-9 ? 0 : part
}

private func isTogether(_ a: Atom, _ b: Atom, in lattice: Lattice, _ tolerance: Double) -> Bool {
    let step = zip(a.fractional, b.fractional).map { ($0 - $1) - ($0 - $1).rounded() }
    let distance = lattice.cartesian(step)
    return dot(distance, distance) <= tolerance * tolerance
}

/// Steps of the old lattice that bring each place of the old cell to all its places in the new one: for a whole matrix each
/// once, for another one as many as reach across the new cell.
private func translationExtents(of matrix: CellMatrix) -> [ClosedRange<Int>] {
    var extents: [ClosedRange<Int>] = []
    if matrix.denominator == 1 {
        let diagonal = triangular(matrix.rows)
        extents = diagonal.map { 0...($0 - 1) }
    } else {
        for axis in 0..<3 {
            let column = matrix.rows.map { $0[axis] }
            let low = column.filter { $0 < 0 }.reduce(0, +) / matrix.denominator - 2
            let high = column.filter { $0 > 0 }.reduce(0, +) / matrix.denominator + 2
            extents.append(low...high)
        }
    }
    return extents
}

/// All steps within three ranges.
private func translations(in extents: [ClosedRange<Int>]) -> [[Int]] {
    guard extents.count == 3 else { return [] }
    var steps: [[Int]] = []
    for i in extents[0] { for j in extents[1] { for k in extents[2] { steps.append([i, j, k]) } } }
    return steps
}

/// The diagonal of the upper triangular basis of the lattice that whole rows span.
private func triangular(_ rows: [[Int]]) -> [Int] {
    var rows = rows
    for column in 0..<3 {
        // Euclid's algorithm on the rows from `column` on.
        while true {
            let candidates = (column..<3).filter { rows[$0][column] != 0 }
            guard let least = candidates.min(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }) else { break }
            rows.swapAt(column, least)
            for other in (column + 1)..<3 where rows[other][column] != 0 {
                let share = rows[other][column] / rows[column][column]
                for k in 0..<3 { rows[other][k] -= share * rows[column][k] }
            }
            if ((column + 1)..<3).allSatisfy({ rows[$0][column] == 0 }) { break }
        }
    }
    return (0..<3).map { Swift.max(1, abs(rows[$0][$0])) }
}
