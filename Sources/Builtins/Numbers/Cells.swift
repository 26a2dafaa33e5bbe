import Densities
import Diagnostics
import Language
import Tensors

/// The cell of a charge density, of which nothing more is known.
let densityCell = PeriodicCell(noun: "density")

/// The type of a charge density in any cell.
let anyDensity: ValueType = .tensor(TensorType(shape: nil, unit: nil, cell: densityCell))

extension PeriodicCell {
    /// The volume of the cell in A^3; nil where its vectors are not known.
    public var volume: Double? { vectors.flatMap { try? Lattice(rows: $0) }?.volume }

    /// The cell of a crystal, with its atoms.
    init(noun: String, lattice: Lattice, atoms: [Atom]) {
        self.init(
            noun: noun, vectors: lattice.rows, formula: Builtins.formula(of: atoms.map(\.element)),
            atoms: atoms.map { CellAtom(element: $0.element, place: $0.fractional) })
    }

    /// The crystal in the cell: its lattice and atoms; nil where they are not known. Throws `bad-lattice`.
    func crystal() throws -> Crystal? {
        guard let vectors, let atoms else { return nil }
        return Crystal(
            lattice: try Lattice(rows: vectors), atoms: atoms.map { Atom(element: $0.element, fractional: $0.place) })
    }

    /// The same cell for numbers of which more is not known.
    var asField: PeriodicCell {
        var result = self
        result.noun = FieldMeaning.other(nil).noun
        return result
    }

    /// Whether two cells are one, to a thousandth of the largest component of their vectors, as far as both are known.
    func isAlike(_ other: PeriodicCell) -> Bool {
        guard let u = vectors?.joined(), let v = other.vectors?.joined() else { return true }
        return (zip(u, v).map { abs($0 - $1) }.max() ?? 0) <= 1e-3 * (u.map(abs).max() ?? 0)
    }

    /// The cell that numbers have which are made, grid point by grid point, from those of this cell and of another: of one cell, as
    /// far as both are known.
    func joined(with other: PeriodicCell) -> PeriodicCell { vectors == nil ? other : self }
}

/// The formula of elements in the order they come, with their counts, such as `Ni2ZrAl`.
public func formula(of elements: [String]) -> String {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for element in elements {
        if counts[element] == nil { order.append(element) }
        counts[element, default: 0] += 1
    }
    return order.map { (counts[$0] ?? 1) > 1 ? "\($0)\(counts[$0] ?? 1)" : $0 }.joined()
}

/// Checks that two tensors on the grid of a cell lie on one grid, in one cell to a thousandth of its largest component, as far as they
/// are known. Throws `shape`, `cell`.
func checkSameCell(_ a: TensorType, _ b: TensorType) throws {
    guard let first = a.shape, let second = b.shape else { return }
    guard first == second else {
        throw Diagnostic(
            "shape", "expected two densities on one grid, found \(first.asShape) and \(second.asShape)",
            hint: "bring one onto the grid of the other, as in `a - regrid(b, like: a)`")
    }
    guard let one = a.cell, let other = b.cell, !one.isAlike(other) else { return }
    let apart = zip((one.vectors ?? []).joined(), (other.vectors ?? []).joined()).map { abs($0 - $1) }.max() ?? 0
    throw Diagnostic(
        "cell", "expected two densities of one cell, found cells whose vectors differ by up to \(threeDigits(apart)) A",
        hint: "of one crystal in two cells bring both into one, as in `conventional(a)`; of two crystals compare planes or profiles")
}
