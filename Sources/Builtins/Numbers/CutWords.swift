import Diagnostics
import Language

extension Call {
    /// The plane that `plane` or `planeThrough` cuts, in words that hold for every row: what only the crystal of a row tells, such as the
    /// indices in its file's cell, is not in them.
    var latticePlaneInWords: String {
        let cell = self["cell"].word == "conventional" ? "of the conventional cell" : "of the file's cell"
        if let miller = self["miller"].integers { return "\(planeIndices(miller)) \(cell), through \(pointInWords)" }
        if let atoms = self["atoms"].integers { return "the plane through " + joinedByAnd(atoms.map { "atom \($0)" }) }
        func places(_ name: String) -> [String]? { self[name].items?.map { placePhrase($0.items?.compactMap(\.number) ?? []) } }
        if let points = places("points") { return "the plane through " + joinedByAnd(points) }
        return "the plane along \(joinedByAnd(places("vectors") ?? [])) \(cell), through \(pointInWords)"
    }

    /// The point that `through` says, the first atom where it says none.
    private var pointInWords: String {
        if let place = self["through"].items?.compactMap(\.number) { return placePhrase(place) }
        if let height = self["through"].record?["height"]?.value.number { return "the height \(threeDigits(height)) A" }
        return "atom \(self["through"].record?["atom"]?.value.integer ?? 0)"
    }

    /// The layer of the grid that `slice` gives, in words that hold for every row.
    var layerInWords: String {
        let index = self["index"].integer ?? 0
        return (index == -1 ? "the last layer" : "layer \(index)") + " of the grid along \(axisLetter(self["axis"].integer ?? 0))"
    }

    /// The points that `indexPlane` gives, in words that hold for every row.
    var indexPlaneInWords: String { "the points i + j + k = \(self["constant"].integer ?? 0) modulo N: (1 1 1) of the file's cell" }
}

/// The letter of an axis of the cell, by its number.
func axisLetter(_ axis: Int) -> String { ["a", "b", "c"].indices.contains(axis) ? ["a", "b", "c"][axis] : "\(axis)" }
