import Diagnostics
import Glibc
import Storage

/// Free atoms laid over one another on the grid of a crystal: the promolecular density.
public struct Superposition: Sendable {
    /// The density, e/A^3.
    public let density: Density
    /// The electrons of the atoms together, as their tables have them.
    public let atomicElectrons: Double
    /// The electrons that the grid gave before the density was scaled to `atomicElectrons`. What they differ by is what
    /// the grid cannot show: a part in a hundred or less for valence densities on usual grids, most of it for cores, whose
    /// peaks fall between its points.
    public let gridElectrons: Double
}

/// The sum of free atoms' densities over the atoms of a crystal and all their periodic images, on a grid, e/A^3.
///
/// Each atom reaches as far as all but 1e-6 of an electron. With `normalised` the sum is multiplied by one number, so that
/// the grid holds the electrons of the atoms (to rounding, 1e-12); without it values are those of the atoms at the points.
/// The numbers do not depend on `threads`.
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
                density: density, place: atom.fractional.map { $0 - $0.rounded(.down) }, reach: reach,
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
    let found = plain.electrons
    guard normalised, found > 0 else { return Superposition(density: plain, atomicElectrons: expected, gridElectrons: found) }
    let factor = expected / found
    let scaled = try Density(lattice: lattice, atoms: atoms, grid: grid, values: values.map { $0 * factor })
    return Superposition(density: scaled, atomicElectrons: expected, gridElectrons: found)
}

/// A free atom at a place of the cell.
private struct Source: Sendable {
    let density: RadialDensity
    let place: [Double]
    let reach: Double
    /// How far it reaches along each axis, in cells.
    let spans: [Double]

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
        return try Density(lattice: lattice, atoms: self.atoms, grid: grid, values: zip(values, atoms.values).map { $0 - $1 })
    }
}
