import Diagnostics
import Glibc
import Storage

/// Free atoms laid over one another on the grid of a crystal: the promolecular density.
public struct Superposition: Sendable {
    /// The density, e/A^3.
    public let density: Density
    /// The electrons of the atoms together, as their tables have them.
    public let atomicElectrons: Double
    /// The electrons that the grid gives with the values of the atoms at its points. What they differ by from `atomicElectrons` is what
    /// the grid cannot show: a few parts in a hundred or less for valence densities on usual grids, most of it for cores, whose peaks
    /// fall between its points.
    public let gridElectrons: Double
    /// The distance from each nucleus, A, beyond which values are those of the atoms at the points.
    public let corrected: Double
}

/// The sum of free atoms' densities over the atoms of a crystal and all their periodic images, on a grid, e/A^3.
///
/// Each atom reaches as far as all but 1e-6 of an electron. Values are those of the atoms at the points; with `normalised` but for
/// points nearer to a nucleus than about twice the spacing of the grid, which get what is needed for the grid to hold the electrons of that
/// atom (to rounding, 1e-12): a peak as narrow as that has no value of its own on the grid. The numbers do not depend on `threads`.
///
/// Throws `shape` for a grid that cannot be, and `bad-data` for an element without a density or with a position that is not finite.
public func superposition(
    of atoms: [Atom], lattice: Lattice, grid: [Int], radial: [String: RadialDensity], normalised: Bool = true, threads: Int = 1
) throws -> Superposition {
    try checkGrid(grid)
    let missing = Set(atoms.map(\.element)).filter { radial[$0] == nil }.sorted()
    guard missing.isEmpty else {
        throw Diagnostic(
            "bad-data",
            "expected the density of a free atom for each element, found none for \(missing.map { "`\($0)`" }.joined(separator: ", "))",
            hint: missing == ["X"] ? "the file does not name its elements: name them" : nil)
    }
    guard atoms.allSatisfy({ $0.fractional.count == 3 && $0.fractional.allSatisfy(\.isFinite) }) else {
        throw Diagnostic("bad-data", "expected three finite coordinates for each atom")
    }
    let reaches = radial.mapValues { $0.reach(rest: 1e-6) }
    let heights = lattice.reciprocal.map(length)
    var sources: [Source] = []
    var expected = 0.0
    for atom in atoms {
        guard let density = radial[atom.element], let reach = reaches[atom.element] else { continue }
        expected += density.electrons
        sources.append(
            Source(
                element: atom.element, density: density, place: atom.fractional.map { $0 - $0.rounded(.down) }, reach: reach,
                spans: heights.map { $0 * reach }))
    }
    // Tiny and flat cells would take more images than anyone can wait for.
    let work = sources.reduce(0.0) { sum, source in
        let rows = (2 * source.spans[0] * Double(grid[0]) + 1) * (2 * source.spans[1] * Double(grid[1]) + 1)
        return sum + rows * (2 * source.spans[2] * Double(grid[2]) + 1)
    }
    guard work < 1e12, sources.allSatisfy({ $0.spans.allSatisfy { $0 < 1e5 } }) else {
        throw Diagnostic("shape", "expected a coarser grid or a larger cell for superposed atoms, found one that takes \(work) values")
    }
    let values = filled(grid[0] * grid[1] * grid[2]) { target in
        let places = sources
        concurrently(grid[0], threads: threads) { i in
            let plane = target.pointer + i * grid[1] * grid[2]
            plane.update(repeating: 0, count: grid[1] * grid[2])
            for source in places { source.density.withReader { source.add($0, to: plane, layer: i, lattice, grid) } }
        }
    }
    let plain = try Density(lattice: lattice, atoms: atoms, grid: grid, values: values)
    let core = coreRadius(lattice, grid)
    let found = plain.electrons
    guard normalised else { return Superposition(density: plain, atomicElectrons: expected, gridElectrons: found, corrected: 0) }
    let right = try withElectrons(plain, sources, within: core, threads: threads)
    return Superposition(density: right, atomicElectrons: expected, gridElectrons: found, corrected: core)
}

/// The distance from a nucleus, A, within which a grid cannot show an atom: twice the mean spacing of its points, about 30 of which lie
/// that near, or three quarters of the longest diagonal of a cell of a very uneven grid.
private func coreRadius(_ lattice: Lattice, _ grid: [Int]) -> Double {
    let spacing = cbrt(lattice.volume / Double(grid.reduce(1, *)))
    let diagonals = [[1.0, 1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]]
    let longest = diagonals.map { signs in length(lattice.cartesian(zip(signs, grid).map { $0 / Double($1) })) }.max() ?? 0
    return max(2 * spacing, 0.75 * longest)
}

/// The density with the points near each nucleus put right, so that each atom has its electrons on the grid.
///
/// Within the distance h of a nucleus the atom's own part becomes min(density, density at h / 2) + c (1 - (r / h)^2)^2, with the c that
/// gives the electrons; at h it goes over into what it was. Of points as far apart as the grid's some always lie that near.
private func withElectrons(_ plain: Density, _ sources: [Source], within h: Double, threads: Int) throws -> Density {
    let (lattice, grid) = (plain.lattice, plain.grid)
    let volume = lattice.volume / Double(plain.values.count)
    var values = plain.values
    var known: [Corrected: Double] = [:]
    for source in sources {
        let offsets = zip(source.place, grid).map { place, points in place * Double(points) - (place * Double(points)).rounded(.down) }
        // Atoms of one element on like places of the grid have like sums.
        let key = Corrected(element: source.element, offsets: offsets.map { Int(($0 * 1e9).rounded()) })
        let sum = known[key] ?? source.electronsOnGrid(lattice, grid, threads: threads)
        known[key] = sum
        let cap = source.density.value(at: h / 2)
        let points = source.points(within: h, lattice, grid)
        var (removed, room) = (0.0, 0.0)
        for point in points {
            removed += max(0, source.density.value(at: point.distance) - cap)
            room += bump(point.distance / h)
        }
        let share = (source.density.electrons / volume - (sum / volume - removed)) / room
        guard room > 0, share.isFinite else { continue }
        for point in points {
            values[point.index] += share * bump(point.distance / h) - max(0, source.density.value(at: point.distance) - cap)
        }
    }
    return try Density(lattice: lattice, atoms: plain.atoms, grid: grid, values: values)
}

/// Key of the electrons that an atom has on a grid: its element, and where it lies between the points, in 1e-9 of a step.
private struct Corrected: Hashable {
    var element: String
    var offsets: [Int]
}

private func bump(_ x: Double) -> Double { x < 1 ? (1 - x * x) * (1 - x * x) : 0 }

/// A free atom at a place of the cell.
private struct Source: Sendable {
    let element: String
    let density: RadialDensity
    let place: [Double]
    let reach: Double
    /// How far it reaches along each axis, in cells.
    let spans: [Double]

    /// The electrons of the atom on a grid: of it and all its images, which is of it alone in all of space.
    func electronsOnGrid(_ lattice: Lattice, _ grid: [Int], threads: Int) -> Double {
        let layer = grid[1] * grid[2]
        let sums = filled(grid[0]) { target in
            concurrently(grid[0], threads: threads) { i in
                let plane = AlignedNumbers(layer)
                density.withReader { add($0, to: plane.start, layer: i, lattice, grid) }
                target.pointer[i] = (0..<layer).reduce(0.0) { $0 + plane.start[$1] }
            }
        }
        return sums.reduce(0, +) * lattice.volume / Double(grid[0] * layer)
    }

    /// The points of the grid within a distance of the atom and its images, A, each as often as images are near it.
    func points(within radius: Double, _ lattice: Lattice, _ grid: [Int]) -> [(index: Int, distance: Double)] {
        let reach = zip(lattice.reciprocal, grid).map { Int((length($0) * radius * Double($1)).rounded(.up)) + 1 }
        let nearest = zip(place, grid).map { Int(($0 * Double($1)).rounded()) }
        var found: [(index: Int, distance: Double)] = []
        for i in -reach[0]...reach[0] {
            for j in -reach[1]...reach[1] {
                for k in -reach[2]...reach[2] {
                    let point = [nearest[0] + i, nearest[1] + j, nearest[2] + k]
                    let step = (0..<3).map { Double(point[$0]) / Double(grid[$0]) - place[$0] }
                    let distance = length(lattice.cartesian(step))
                    guard distance < radius else { continue }
                    let wrapped = zip(point, grid).map { (($0 % $1) + $1) % $1 }
                    found.append(((wrapped[0] * grid[1] + wrapped[1]) * grid[2] + wrapped[2], distance))
                }
            }
        }
        return found
    }

    /// Adds the atom and all its images to one layer of the grid.
    func add(_ reader: RadialReader, to plane: UnsafeMutablePointer<Double>, layer: Int, _ lattice: Lattice, _ grid: [Int]) {
        let (rows, n) = (lattice.rows, grid)
        let (a, b, c) = (rows[0], rows[1], rows[2])
        let (nx, ny, nz) = (Double(n[0]), Double(n[1]), Double(n[2]))
        let (stepX, stepY, stepZ) = (c[0] / nz, c[1] / nz, c[2] / nz)
        let stepSquare = stepX * stepX + stepY * stepY + stepZ * stepZ
        let square = reach * reach
        let here = Double(layer) / nx
        // The cells whose layer comes near enough.
        for cell in Int(
            (place[0] - spans[0] - here).rounded(.up))...Swift.max(
                Int((place[0] - spans[0] - here).rounded(.up)), Int((place[0] + spans[0] - here).rounded(.down)))
        {
            let x = here + Double(cell) - place[0]
            guard abs(x) <= spans[0] else { continue }
            let first = Int(((place[1] - spans[1]) * ny).rounded(.up))
            let last = Int(((place[1] + spans[1]) * ny).rounded(.down))
            for j in first...Swift.max(first, last) {
                let y = Double(j) / ny - place[1]
                // The row's points are base + k step; those within reach lie between the roots of a square equation.
                let baseX = x * a[0] + y * b[0] - place[2] * c[0]
                let baseY = x * a[1] + y * b[1] - place[2] * c[1]
                let baseZ = x * a[2] + y * b[2] - place[2] * c[2]
                let along = baseX * stepX + baseY * stepY + baseZ * stepZ
                let room = along * along - stepSquare * (baseX * baseX + baseY * baseY + baseZ * baseZ - square)
                guard room >= 0 else { continue }
                let width = room.squareRoot()
                let low = Int(((-along - width) / stepSquare).rounded(.up))
                let high = Int(((-along + width) / stepSquare).rounded(.down))
                guard low <= high else { continue }
                let row = plane + ((j % n[1] + n[1]) % n[1]) * n[2]
                var k = (low % n[2] + n[2]) % n[2]
                for index in low...high {
                    let t = Double(index)
                    let (dx, dy, dz) = (baseX + t * stepX, baseY + t * stepY, baseZ + t * stepZ)
                    row[k] += reader.at(square: dx * dx + dy * dy + dz * dz)
                    k += 1
                    if k == n[2] { k = 0 }
                }
            }
        }
    }
}

extension Density {
    /// The superposed free atoms of this crystal on this grid, e/A^3; see `superposition(of:lattice:grid:radial:normalised:threads:)`.
    public func superposed(_ radial: [String: RadialDensity], normalised: Bool = true, threads: Int = 1) throws -> Superposition {
        try superposition(of: atoms, lattice: lattice, grid: grid, radial: radial, normalised: normalised, threads: threads)
    }

    /// The deformation density: this one minus the superposed free atoms, e/A^3. Valence densities of free atoms go with a
    /// valence density, and total ones with an all-electron one; its electrons are what the crystal has more than its atoms.
    public func deformation(_ radial: [String: RadialDensity], normalised: Bool = true, threads: Int = 1) throws -> Density {
        let atoms = try superposed(radial, normalised: normalised, threads: threads).density
        return try Density(
            lattice: lattice, atoms: self.atoms, grid: grid, values: zip(values, atoms.values).map { $0 - $1 }, frame: frame)
    }
}
