import Builtins
import Datasets
import Densities
import Diagnostics
import Language
import Plotting
import Tensors

/// The printed form of numbers: their shape and range, then the numbers themselves where they are few, a drawing where not.
struct ArrayDescription {
    let array: NumericArray
    let unit: String?
    /// Significant digits that numbers are shown with; nil for three.
    var digits: Int?

    /// Rows and columns up to which a matrix is printed in full, numbers of a list likewise, and the size of a drawing.
    private static let fullRows = 10, fullColumns = 8, fullList = 24, drawingWidth = 48, drawingHeight = 24

    /// The lines of text.
    var lines: [String] {
        let suffix = unit.map { " " + $0 } ?? ""
        if array.shape.rank == 0 {
            let value = array.values.first ?? .nan
            // A count is shown to the last digit, and so is a whole number of more digits than are shown of others.
            if let count = Int(exactly: value), unit == nil || count.magnitude >= 1000 { return [String(count) + suffix] }
            return [text(value) + suffix]
        }
        return ["\(ValueDescription.numbers(array.shape)): \(Self.range(of: array.values, text))\(suffix)"] + body
    }

    private func text(_ value: Double) -> String { digits.map { significant(value, digits: $0) } ?? threeDigits(value) }

    /// The lines of a picture, which are those of its values as an array; of a large one no array is made, which would take eight times
    /// its memory and more.
    static func lines(of picture: Picture) throws -> [String] {
        let (height, width, channels) = (picture.height, picture.width, picture.channels)
        guard height > fullRows || width > fullColumns else {
            return ArrayDescription(array: try NumericArray(shape: picture.shape, bytes: picture.pixels), unit: nil).lines
        }
        // Whole numbers add up exactly in any order.
        var counts = [Int](repeating: 0, count: 256)
        for value in picture.pixels { counts[Int(value)] += 1 }
        let least = Double(counts.firstIndex { $0 > 0 } ?? 0)
        let most = Double(counts.lastIndex { $0 > 0 } ?? 0)
        let mean = Double(counts.indices.reduce(0) { $0 + $1 * counts[$1] }) / Double(picture.pixels.count)
        return ["tensor \(picture.shape): min \(threeDigits(least)), mean \(threeDigits(mean)), max \(threeDigits(most))"]
            + (channels == 1 ? [] : ["[:, :, 0]:"])
            + picture.pixels.withUnsafeBufferPointer { pixels in
                characters(rows: height, columns: width, colours: ColourScale(""), width: drawingWidth, height: drawingHeight) {
                    row, column in
                    Float(pixels[(row * width + column) * channels])
                }.map { "  " + $0 }
            }
    }

    /// The range of values as text, `min 0.126, mean 0.209, max 0.407`; what is no number is left out and counted.
    static func range(of values: [Double], _ text: (Double) -> String = threeDigits) -> String {
        let finite = values.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else { return values.isEmpty ? "empty" : "no finite number" }
        var mean = finite.reduce(0, +) / Double(finite.count)
        // Of numbers around 0 the mean is what rounding left.
        if abs(mean) < 1e-12 * max(abs(least), abs(most)) { mean = 0 }
        let lost = values.count - finite.count
        return "min \(text(least)), mean \(text(mean)), max \(text(most))" + (lost > 0 ? ", \(lost) not finite" : "")
    }

    private var body: [String] {
        let shape = array.shape.extents
        guard array.count > 0 else { return [] }
        if shape.count == 1 { return list }
        if shape.count == 2 || shape.count == 3 && shape[2] == 1 { return matrix(array, rows: shape[0], columns: shape[1]) }
        // Of more axes the first plane of the leading ones is shown.
        let isImage = shape.count >= 3 && shape.last.map { $0 <= 4 } == true
        let kept = isImage ? shape.count - 3 : shape.count - 2
        var places = [AxisSlice](repeating: .at(0), count: kept)
        if isImage { places += [.range(0, shape[kept]), .range(0, shape[kept + 1]), .at(0)] }
        guard let plane = try? array.sliced(places), plane.shape.rank == 2 else { return [] }
        let label = places.map { if case .at(let place) = $0 { String(place) } else { ":" } } + (isImage ? [] : [":", ":"])
        return ["[\(label.joined(separator: ", "))]:"] + matrix(plane, rows: plane.shape.extents[0], columns: plane.shape.extents[1])
    }

    private var list: [String] {
        let shown = array.count <= Self.fullList ? array.values : Array(array.values.prefix(12)) + Array(array.values.suffix(3))
        var cells = shown.map(text)
        if array.count > Self.fullList { cells.insert("...", at: 12) }
        let width = cells.map(\.count).max() ?? 1
        return stride(from: 0, to: cells.count, by: 8).map { start in
            "  " + cells[start..<min(start + 8, cells.count)].map { pad($0, width) }.joined(separator: "  ")
        }
    }

    private func matrix(_ array: NumericArray, rows: Int, columns: Int) -> [String] {
        if rows <= Self.fullRows, columns <= Self.fullColumns {
            let cells = array.values.map(text)
            let width = cells.map(\.count).max() ?? 1
            return (0..<rows).map { row in
                "  " + cells[(row * columns)..<((row + 1) * columns)].map { pad($0, width) }.joined(separator: "  ")
            }
        }
        guard let plane = try? Plane(rows: rows, columns: columns, values: array.values) else { return [] }
        return Self.drawing(plane, unit: unit)
    }

    /// The lines of a plane drawn in characters; none where no value is finite.
    static func drawing(_ plane: Plane, unit: String?) -> [String] {
        guard plane.values.contains(where: \.isFinite) else { return [] }
        return characters(of: plane, colours: ColourScale("", unit: unit), width: drawingWidth, height: drawingHeight).map { "  " + $0 }
    }

    private func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}

extension Density {
    /// The layer of the grid through the origin of the cell, in the shape of the cell.
    var firstLayer: Plane? {
        guard grid.count == 3 else { return nil }
        let values = (0..<grid[0]).flatMap { i in (0..<grid[1]).map { j in self.values[(i * grid[1] + j) * grid[2]] } }
        return try? Plane(rows: grid[0], columns: grid[1], values: values, cell: PlaneCell(first: lattice.rows[0], second: lattice.rows[1]))
    }
}
