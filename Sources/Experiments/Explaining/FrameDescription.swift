import Builtins
import Densities
import Diagnostics

extension GridFrame.Extent {
    /// What the integral over the grid is an integral over.
    var place: String {
        switch self {
        case .cell, .untold: "the cell"
        case .box: "the box"
        case .part: "this part of the crystal's cell"
        }
    }
}

extension GridFrame {
    /// What is to be said of where a grid lies: that it is no cell that repeats, and that it begins elsewhere than at the origin of its
    /// file; empty for a cell of a crystal.
    var remarks: [String] {
        let begins = "the grid begins at \(origin.map(threeDigits).joined(separator: ", ")) A in the coordinates of the file"
        switch extent {
        case .cell: return isMoved ? [begins] : []
        case .untold:
            let silence = "; the file does not tell a box from a cell that repeats, and planes and `regrid` take it to repeat"
            return isMoved ? [begins + silence] : []
        case .box: return ["the grid is a box that does not repeat; planes and `regrid` take it to repeat"]
        case .part: return ["the grid fills no cell of the crystal but a box in it, which planes and `regrid` take to repeat"]
        }
    }
}
