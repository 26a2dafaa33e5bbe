import Densities
import Diagnostics
import Language

/// Checks that two grids of one cell lie at one place of it, as far as their files tell. Throws `cell`.
///
/// A grid that begins elsewhere by a vector of the lattice is the same one, and so is one that moved with all its atoms.
func checkSamePlace(_ a: PeriodicCell, _ b: PeriodicCell) throws {
    // What is known of a cell is known of its origin too.
    guard a.origin != nil || b.origin != nil, let vectors = a.vectors, b.vectors != nil, let lattice = try? Lattice(rows: vectors)
    else { return }
    let zero = [0.0, 0.0, 0.0]
    let step = zip(a.origin ?? zero, b.origin ?? zero).map { $1 - $0 }
    guard step.count == 3, !lattice.isTranslation(step), !sharesAtoms(a, b, lattice) else { return }
    let apart = step.reduce(0) { $0 + $1 * $1 }.squareRoot()
    throw Diagnostic(
        "cell",
        """
        expected two densities on grids that begin at one place, found origins \(threeDigits(apart)) A apart, and atoms that do not lie \
        at the same places of the grids
        """,
        hint: "let the program write both files on one grid: with the same origin, vectors and numbers of points")
}

/// Whether all atoms of the cell with fewer of them lie in its grid as atoms of the other do; false where there are none.
private func sharesAtoms(_ a: PeriodicCell, _ b: PeriodicCell, _ lattice: Lattice) -> Bool {
    guard let first = a.atoms, let second = b.atoms else { return false }
    let (few, many) = first.count < second.count ? (first, second) : (second, first)
    // Beyond this many pairs the origins decide alone.
    guard !few.isEmpty, few.count * many.count <= 1 << 22 else { return false }
    return few.allSatisfy { atom in
        many.contains { other in
            other.element == atom.element && lattice.isTranslation(lattice.cartesian(zip(atom.place, other.place).map { $1 - $0 }))
        }
    }
}

extension Lattice {
    /// Whether a vector, A, is one of the lattice, up to what files of few digits lose: a thousandth of an Angstrom.
    fileprivate func isTranslation(_ vector: [Double]) -> Bool {
        let rest = cartesian(fractional(vector).map { $0 - $0.rounded() })
        return rest.allSatisfy { abs($0) < 1e-3 }
    }
}

extension ComputeContext {
    /// Warns where the grid of a file fills a part of its crystal's cell, which all that is done with a density takes for a cell.
    func warnOfPart(_ density: Density, _ path: String, _ call: Call) {
        guard density.frame.extent == .part else { return }
        results.warn(
            Diagnostic(
                "part-of-cell",
                "the grid fills no cell of the crystal but a box in it: its atoms, planes and integrals are not the crystal's",
                severity: .warning, at: library.pathSpan(of: call), data: DataPlace(file: path),
                hint: "let the program write a grid over the whole cell, or read it as what it is: `planes: box`"))
    }
}
