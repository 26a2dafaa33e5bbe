import CSpglib
import Diagnostics

/// The symmetry of a crystal as spglib finds it, and the cell by whose axes the field names planes and directions.
public struct CrystalSymmetry: Sendable, Hashable {
    /// The number of the space group, 1 to 230.
    public let number: Int
    /// The short symbol of the space group by Hermann and Mauguin, such as `Fm-3m`.
    public let symbol: String
    /// The symbol of the point group, such as `m-3m`.
    public let pointGroup: String
    /// The number of the setting by Hall, 1 to 530.
    public let hall: Int
    /// The vectors of the conventional cell as combinations of the cell's own; the crystal is not turned.
    ///
    /// It is the standard setting that spglib takes (the first of the International Tables; hexagonal axes for rhombohedral
    /// lattices). Of the choices of axes that the Laue group makes equal, the one is taken whose axes lie closest to where
    /// the standard draws them (a along x, c along z for most), so that the axes of a cubic crystal drawn along x, y
    /// and z are those; among equally close ones the first by their numbers. A triclinic cell that is primitive is its own
    /// conventional cell.
    public let conventional: CellMatrix
    /// The vectors of a primitive cell as combinations of the cell's own: these where they span a primitive cell already, else
    /// those that the International Tables make of the conventional cell.
    public let primitive: CellMatrix
    /// Where the origin of spglib's standard setting lies, in fractional coordinates of the cell. The symmetry may leave
    /// others that are as good.
    public let standardOrigin: [Double]

    /// The letter of the lattice's centring: P, A, C, I, F or R.
    public var centring: String { String(symbol.prefix(1)) }

    /// Indices in the cell itself of the planes with these Miller indices in the conventional cell: whole numbers without a
    /// common divisor. Throws `bad-plane`.
    public func millerInCell(ofConventional miller: [Int]) throws -> [Int] {
        try checkMiller(miller)
        return try transformed(miller, by: conventional.adjugate, sign: conventional.determinant)
    }

    /// Indices in the conventional cell of the planes with these indices in the cell itself. Throws `bad-plane`.
    public func millerInConventional(ofCell miller: [Int]) throws -> [Int] {
        try checkMiller(miller)
        return try transformed(miller, by: conventional.rows, sign: 1)
    }

    private func transformed(_ miller: [Int], by matrix: [[Int]], sign: Int) throws -> [Int] {
        let indices = matrix.map { dot($0, miller) * sign.signum() }
        let divisor = Swift.max(1, indices.reduce(0, greatestCommonDivisor))
        let reduced = indices.map { $0 / divisor }
        guard reduced.allSatisfy({ (-100...100).contains($0) }) else {
            throw Diagnostic(
                "bad-plane",
                "expected Miller indices of the conventional cell that are at most 100 in the file's cell, found \(miller), "
                    + "which are \(reduced) there")
        }
        return reduced
    }
}

/// Finds the symmetry of a crystal with spglib.
///
/// `tolerance` is the distance, A, by which atoms may miss the places of the symmetry: 0.01, since VASP writes positions
/// with six decimals, at 1e-5 of which a real file has none. `kinds` tells atoms apart where their elements are not known
/// (`X`), as in files of VASP 4; without it atoms of one symbol are of one kind.
///
/// Throws `bad-data` where spglib finds nothing, as for atoms that lie upon one another.
public func symmetry(lattice: Lattice, atoms: [Atom], kinds: [Int]? = nil, tolerance: Double = 0.01) throws -> CrystalSymmetry {
    guard !atoms.isEmpty, atoms.allSatisfy({ $0.fractional.count == 3 && $0.fractional.allSatisfy(\.isFinite) }) else {
        throw Diagnostic("bad-data", "expected atoms with finite positions to find a crystal's symmetry, found \(atoms.count) atoms")
    }
    guard tolerance.isFinite, tolerance > 0, kinds.map({ $0.count == atoms.count }) ?? true else {
        throw Diagnostic("bad-data", "expected a positive tolerance in Angstrom and a kind for each atom, found \(tolerance)")
    }
    var numbers: [String: Int32] = [:]
    let elements = atoms.map { atom -> Int32 in
        if let known = numbers[atom.element] { return known }
        let new = Int32(numbers.count + 1)
        numbers[atom.element] = new
        return new
    }
    // Whole cells are taken off, so that no digits are lost far from the origin.
    let positions = atoms.flatMap { $0.fractional.map { $0 - $0.rounded(.down) } }
    var found = ecdx_spglib_symmetry()
    var message = [CChar](repeating: 0, count: 256)
    let status = ecdx_spglib_find(
        lattice.rows.flatMap { $0 }, positions, kinds?.map { Int32(truncatingIfNeeded: $0) } ?? elements, Int64(atoms.count), tolerance,
        &found, &message, message.count)
    guard status == 0 else {
        let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw Diagnostic(
            "bad-data", "expected a crystal whose symmetry can be found at a tolerance of \(tolerance) A, found none: \(reason)",
            hint: "look whether atoms lie upon one another, or try another tolerance")
    }
    return try crystalSymmetry(found, lattice)
}

extension Density {
    /// The symmetry of the crystal; see `symmetry(lattice:atoms:kinds:tolerance:)`. The density itself is not looked at.
    public func symmetry(kinds: [Int]? = nil, tolerance: Double = 0.01) throws -> CrystalSymmetry {
        try Densities.symmetry(lattice: lattice, atoms: atoms, kinds: kinds, tolerance: tolerance)
    }

    /// The density in the conventional cell, e/A^3, with crystal and origin where they are; see `CrystalSymmetry.conventional`
    /// and `supercell(_:grid:method:tolerance:threads:)`.
    public func conventional(
        grid: [Int]? = nil, method: Regridding = .trilinear, tolerance: Double = 0.01, threads: Int = 1
    ) throws -> Density {
        try supercell(
            try symmetry(tolerance: tolerance).conventional, grid: grid, method: method, tolerance: 2 * tolerance, threads: threads)
    }

    /// The density in a primitive cell, e/A^3, with crystal and origin where they are; see `CrystalSymmetry.primitive` and
    /// `supercell(_:grid:method:tolerance:threads:)`.
    public func primitive(
        grid: [Int]? = nil, method: Regridding = .trilinear, tolerance: Double = 0.01, threads: Int = 1
    ) throws -> Density {
        try supercell(try symmetry(tolerance: tolerance).primitive, grid: grid, method: method, tolerance: 2 * tolerance, threads: threads)
    }
}
