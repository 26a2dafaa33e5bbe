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

    /// The largest part of its own length by which a vector differs from that of another cell; 0 where one of the cells is not known.
    func difference(from other: PeriodicCell) -> Double {
        guard let mine = vectors, let others = other.vectors else { return 0 }
        func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        return zip(mine, others).map { length(zip($0, $1).map { $0 - $1 }) / max(length($0), 1e-300) }.max() ?? 0
    }

    /// Whether two cells are taken for one: no vector differs by more than a thousandth of its length, as far as both are known.
    func isAlike(_ other: PeriodicCell) -> Bool { difference(from: other) <= 1e-3 }

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

/// Checks that two tensors on the grid of a cell lie in one cell, to a thousandth of the length of each vector, and on one grid, as far as
/// they are known. Throws `cell`, `shape`.
func checkSameCell(_ a: TensorType, _ b: TensorType) throws {
    if let one = a.cell, let other = b.cell, !one.isAlike(other) {
        throw Diagnostic(
            "cell",
            """
            expected two densities of one cell, found cells whose vectors differ by up to \(percent(one.difference(from: other))) of their \
            length
            """,
            hint: "of one crystal in two cells bring both into one, as in `conventional(a)`; of two crystals compare planes or profiles")
    }
    guard let first = a.shape, let second = b.shape, first != second else { return }
    throw Diagnostic(
        "shape", "expected two densities on one grid, found \(first.asShape) and \(second.asShape)",
        hint: "bring one onto the grid of the other, as in `a - regrid(b, like: a)`")
}

private func percent(_ share: Double) -> String { "\(threeDigits(share * 100)) %" }

extension CheckContext {
    /// Warns of two cells that are taken for one though they differ by more than what files round: point by point the atoms are not
    /// at one place then.
    func warnOfOtherCell(_ a: TensorType, _ b: TensorType, _ call: Call) {
        guard let one = a.cell, let other = b.cell, one.difference(from: other) > 1e-4, isFirst(OtherCell(call: call)) else { return }
        reported.append(
            Diagnostic(
                "other-cell",
                """
                the vectors of the two cells differ by up to \(percent(one.difference(from: other))) of their length, and are taken for \
                one cell
                """,
                severity: .warning, at: call.origin.span))
    }
}

/// Key of a warning that is given once.
private struct OtherCell: Hashable { var call: Call }
