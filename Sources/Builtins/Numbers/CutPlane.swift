import Densities
import Diagnostics
import Plotting

/// A plane through a crystal as it was cut: where it lies, and which it is in words.
public struct CutPlane: Sendable, Hashable {
    /// The part of the plane that was sampled.
    public var window: PlaneWindow
    /// The lattice of the crystal.
    public var lattice: Lattice
    /// The atoms in the cell.
    public var atoms: [Atom]
    /// Which plane it is: its indices in both cells, and the point it passes through.
    public var words: String

    init(_ window: PlaneWindow, of density: Density, _ words: String) {
        self.window = window
        (lattice, atoms) = (density.lattice, density.atoms)
        self.words = words
    }

    /// Whether both lie in one place of one crystal, to rounding.
    func isSamePlace(as other: CutPlane) -> Bool {
        func numbers(_ plane: CutPlane) -> [Double] { plane.window.origin + plane.window.u + plane.window.v + plane.lattice.rows.joined() }
        return zip(numbers(self), numbers(other)).allSatisfy { abs($0 - $1) <= 1e-3 }
    }

    /// The part of the plane laid flat, for drawing it undistorted: beyond a window whose sides are no lattice vectors nothing is known.
    public var cell: PlaneCell {
        let flat = window.flat
        return PlaneCell(first: Point(flat.u.x, flat.u.y), second: Point(flat.v.x, flat.v.y), repeats: window.isPeriodic)
    }
}

/// Miller indices as they are written of a plane: `(1 -1 0)`.
func planeIndices(_ miller: [Int]) -> String { "(\(miller.map(String.init).joined(separator: " ")))" }

extension Density {
    /// An atom as a phrase: `atom 0 (Al)`.
    func atomPhrase(_ index: Int) -> String { "atom \(index)" + (atoms.indices.contains(index) ? " (\(atoms[index].element))" : "") }
}

/// Fractional coordinates as a phrase: `0.25 0.25 0`.
func placePhrase(_ place: [Double]) -> String { place.map(threeDigits).joined(separator: " ") }
