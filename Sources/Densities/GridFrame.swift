/// Where a grid lies in the coordinates of its file, and whether the numbers on it repeat.
public struct GridFrame: Sendable, Hashable {
    /// What the vectors of a grid span.
    public enum Extent: Sendable, Hashable {
        /// A cell that repeats through a crystal.
        case cell
        /// A cell or a box: the file does not tell.
        case untold
        /// A box, beyond which the numbers do not go on as they began.
        case box
        /// A part of a crystal's cell: its atoms belong to the whole of it.
        case part
    }

    /// The place of point (0, 0, 0) in the coordinates of the file, A.
    public var origin: [Double]
    /// What the vectors of the grid span.
    public var extent: Extent

    /// Makes a frame, by default that of a cell that repeats and begins at the origin.
    public init(origin: [Double] = [0, 0, 0], extent: Extent = .cell) {
        self.origin = origin
        self.extent = extent
    }

    /// Whether the grid begins elsewhere than at the origin of the file's coordinates, as far as files have digits.
    public var isMoved: Bool { origin.contains { abs($0) > 1e-6 } }
}

extension Density {
    /// The density with the frame of the one that it was made of. `charges`: also with the charges of its atoms, which are the same
    /// ones in the same order.
    public func framed(as other: Density, charges keepsCharges: Bool = true) -> Density {
        var result = self
        result.frame = other.frame
        if keepsCharges, atoms.count == other.atoms.count { result.charges = other.charges }
        return result
    }
}
