import Diagnostics
import Storage

/// A density of electrons with what its file tells of the spin and of the spheres around the atoms.
public struct SpinDensity: Sendable, Equatable {
    /// The density of all electrons of the file, e/A^3.
    public var total: Density
    /// Spin up minus spin down, mu_B/A^3; nil where the calculation was not spin polarised. Of a noncollinear one, the length of the
    /// vector with the sign that the file gives to it.
    public var magnetization: Density?
    /// The three components of a noncollinear magnetization, mu_B/A^3; empty for other calculations.
    public var magnetizationVector: [Density]
    /// The augmentation occupancies of the total.
    public var occupancies: Occupancies
    /// The augmentation occupancies of the magnetization.
    public var magnetizationOccupancies: Occupancies
    /// The first line of the file that the document was made of; empty where it does not tell it.
    public var comment = ""
    /// Total and magnetization times the volume, as the file has them, where there are both: what is made of both is rounded as it is
    /// where a CHGCAR is read.
    var stored: [[Double]] = []

    /// The density of spin up, e/A^3; nil where the calculation was not spin polarised.
    public var up: Density? { spin(0.5) }
    /// The density of spin down, e/A^3; nil where the calculation was not spin polarised.
    public var down: Density? { spin(-0.5) }

    private func spin(_ sign: Double) -> Density? {
        guard let magnetization else { return nil }
        let volume = stored.count == 2 ? total.lattice.volume : 1
        let (all, difference) = stored.count == 2 ? (stored[0], stored[1]) : (total.values, magnetization.values)
        let values = zip(all, difference).map { (0.5 * $0 + sign * $1) / volume }
        return try? Density(lattice: total.lattice, atoms: total.atoms, grid: total.grid, values: values)
    }
}

/// What stands behind a block of a CHGCAR: occupancies of the PAW spheres, in the order of the atoms.
public struct Occupancies: Sendable, Hashable {
    /// The occupancies of one atom.
    public struct Block: Sendable, Hashable {
        /// The number of the atom, from 1.
        public var atom: Int
        /// Whether these are the imaginary parts, of a noncollinear calculation.
        public var isImaginary: Bool
        /// The occupancies.
        public var values: [Double]
    }

    /// The occupancies of each atom, ordered by the number of the atom.
    public var blocks: [Block] = []
    /// The numbers behind the occupancies, one for each atom; empty where the file keeps none.
    public var atomNumbers: [Double] = []
}

/// Reads a charge density of the Materials Project from JSON, plain or gzip: the object that pymatgen makes of a CHGCAR, nested in the
/// objects, or the list of one, around it, or the flattened one of emmet's `ChgcarLike`.
///
/// The numbers are density times cell volume, as in a CHGCAR, and are divided by the volume: the values are those of `readCHGCAR` bit
/// for bit. The file is read as a stream. Throws `cannot-read`, and `bad-data` with the line and the byte for what is not JSON, a
/// document without a density or with several, values that are no grid, and another field (`Locpot`, `Elfcar`). Format: pymatgen,
/// `pymatgen.io.vasp.outputs.Chgcar.as_dict`; emmet-core, `emmet.core.vasp.models.ChgcarLike`.
public func readMaterialsProjectDensity(path: String) throws -> SpinDensity {
    try readMaterialsProjectDensity(path: path, piece: TextPieces.usualSize, whole: TextPieces.packedWhole)
}

/// As the public one. `piece`: the bytes of text that are read at once; `whole`: the most bytes of a gzip file that is unpacked whole.
func readMaterialsProjectDensity(path: String, piece: Int, whole: Int) throws -> SpinDensity {
    var reader = DensityJSON(path: path)
    try JSONPull.read(path: path, size: piece, whole: whole) { try reader.document($0) }
    return try reader.density()
}

extension DensityJSON {
    /// The density of what was read. Throws `bad-data` where parts of it are missing or do not fit.
    mutating func density() throws -> SpinDensity {
        guard let total = fields.removeValue(forKey: "total") else { throw fault("the values of a total density") }
        guard let matrix else { throw fault("the lattice of a structure") }
        let lattice: Lattice
        do {
            lattice = try Lattice(rows: matrix)
        } catch let diagnostic as Diagnostic {
            throw Diagnostic("bad-data", diagnostic.message, data: DataPlace(file: path))
        }
        guard let grid = total.shape else { throw fault("the extents of the grid (`data_rank`)") }
        let atoms = sites.map { site in
            Atom(element: site.element, fractional: site.fractional ?? lattice.fractional(site.cartesian ?? []))
        }
        func density(_ name: String, _ field: Field) throws -> Density {
            guard field.shape == nil || field.shape == grid else {
                throw fault("`\(name)` on the \(gridText(grid)) grid of the total", found: gridText(field.shape ?? []))
            }
            guard gridPoints(grid) == field.values.count else {
                throw fault("\(GridBlock(grid: grid).phrase) of `\(name)`", found: "\(field.values.count)")
            }
            let volume = lattice.volume
            var values = field.values
            for index in values.indices { values[index] /= volume }
            return try Density(lattice: lattice, atoms: atoms, grid: grid, values: values)
        }
        let vector = ["diff_x", "diff_y", "diff_z"].compactMap { name in fields.removeValue(forKey: name).map { (name, $0) } }
        guard vector.isEmpty || vector.count == 3 else {
            throw fault("three components of a magnetization", found: "\(vector.count)")
        }
        let difference = fields.removeValue(forKey: "diff")
        var result = SpinDensity(
            total: try density("total", total),
            magnetization: try difference.map { try density("diff", $0) },
            magnetizationVector: try vector.map { try density($0.0, $0.1) },
            occupancies: try occupancies["total"]?.sorted() ?? Occupancies(),
            magnetizationOccupancies: try occupancies["diff"]?.sorted() ?? Occupancies(), comment: comment)
        if vector.isEmpty, let difference { result.stored = [total.values, difference.values] }
        return result
    }

    private func fault(_ expected: String, found: String = "none") -> Diagnostic {
        Diagnostic("bad-data", "expected \(expected), found \(found)", data: DataPlace(file: path))
    }
}
