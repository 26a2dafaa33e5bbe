import Diagnostics

/// An atom of a crystal's cell.
public struct Atom: Sendable, Hashable, Codable {
    /// The symbol of the element; `X` where the file does not tell it.
    public var element: String
    /// The fractional coordinates along a, b and c, not wrapped into the cell.
    public var fractional: [Double]

    /// Makes an atom.
    public init(element: String, fractional: [Double]) {
        self.element = element
        self.fractional = fractional
    }
}

/// The header of a density's file: the crystal and the grid.
public struct DensityHeader: Sendable, Hashable, Codable {
    /// The first line of the file.
    public var comment: String
    /// The lattice of the crystal.
    public var lattice: Lattice
    /// The atoms in the order of the file.
    public var atoms: [Atom]
    /// Points along a, b and c.
    public var grid: [Int]

    /// Makes a header of its parts.
    public init(comment: String, lattice: Lattice, atoms: [Atom], grid: [Int]) {
        self.comment = comment
        self.lattice = lattice
        self.atoms = atoms
        self.grid = grid
    }
}

/// A charge density: a scalar field on the periodic grid of a crystal's cell, e/A^3.
///
/// Point (i, j, k) of an nx x ny x nz grid lies at the fractional position (i/nx, j/ny, k/nz); the far faces of the cell,
/// equal to the near ones, are not stored.
public struct Density: Sendable, Equatable {
    /// The lattice of the crystal.
    public let lattice: Lattice
    /// The atoms in the order of the file.
    public let atoms: [Atom]
    /// Points along a, b and c.
    public let grid: [Int]
    /// The values in e/A^3; that at (i, j, k) stands at (i * ny + j) * nz + k.
    public let values: [Double]
    /// Where the grid lies in the coordinates of its file, and whether the numbers repeat.
    public internal(set) var frame: GridFrame
    /// The charge that the file gives each atom, that of its core or nucleus; empty where it gives none.
    public internal(set) var charges: [Double]

    /// Makes a density of its parts. Throws `shape` unless the grid has three positive extents and as many points as there
    /// are values.
    public init(
        lattice: Lattice, atoms: [Atom], grid: [Int], values: [Double], frame: GridFrame = GridFrame(), charges: [Double] = []
    ) throws {
        guard grid.count == 3, let points = gridPoints(grid) else {
            throw Diagnostic("shape", "expected a grid of three positive extents, found \(grid)")
        }
        guard points == values.count else {
            throw Diagnostic("shape", "expected \(points) values on a \(gridText(grid)) grid, found \(values.count)")
        }
        self.lattice = lattice
        self.atoms = atoms
        self.grid = grid
        self.values = values
        self.frame = frame
        self.charges = charges.count == atoms.count ? charges : []
    }

    /// The smallest value, e/A^3.
    public var min: Double { values.reduce(.infinity) { Swift.min($0, $1) } }
    /// The largest value, e/A^3.
    public var max: Double { values.reduce(-.infinity) { Swift.max($0, $1) } }
    /// The mean over the cell, e/A^3.
    public var mean: Double { values.reduce(0, +) / Double(values.count) }
    /// The integral over the cell: the number of electrons.
    public var electrons: Double { mean * lattice.volume }
}

/// The number of points of a grid; nil where an extent is not positive or the product does not fit.
func gridPoints(_ grid: [Int]) -> Int? {
    var points = 1
    for extent in grid {
        guard extent > 0 else { return nil }
        let (product, overflow) = points.multipliedReportingOverflow(by: extent)
        if overflow { return nil }
        points = product
    }
    return grid.isEmpty ? nil : points
}

/// The text of a grid for a message, such as `20x20x20`.
func gridText(_ grid: [Int]) -> String { grid.map(String.init).joined(separator: "x") }
