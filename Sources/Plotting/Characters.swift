/// Draws a plane in characters from light to dark, a line each, with the scale below; no gnuplot is needed. At most `width`
/// x `height` characters, fewer where the plane is not of that shape.
public func characters(of plane: Plane, colours: ColourScale, width: Int = 60, height: Int = 24) -> [String] {
    let range = ColourRange(colours, planes: [plane])
    return characters(of: plane, range, width: width, height: height) + [legend(of: colours, range)]
}

/// Draws a plane of square pixels in characters, as `characters(of:colours:width:height:)` does, without holding its values.
/// `value`: the value in a row and a column, asked for several times.
public func characters(
    rows: Int, columns: Int, colours: ColourScale, width: Int = 60, height: Int = 24, value: (_ row: Int, _ column: Int) -> Float
) -> [String] {
    let range = ColourRange(colours) { take in for row in 0..<rows { for column in 0..<columns { take(value(row, column)) } } }
    let pixels = Pixels(rows: rows, columns: columns) { mean(rows: $0, columns: $1, value) }
    return characters(of: pixels, in: nil, range, width: width, height: height) + [legend(of: colours, range)]
}

func characters(of plane: Plane, _ range: ColourRange, width: Int, height: Int) -> [String] {
    characters(of: Pixels(plane), in: plane.cell, range, width: width, height: height)
}

private func characters(of pixels: Pixels, in cell: PlaneCell?, _ range: ColourRange, width: Int, height: Int) -> [String] {
    guard pixels.rows > 0, pixels.columns > 0 else { return [] }
    // A character is about twice as high as wide.
    let aspect = pixels.extent.height / pixels.extent.width / 2
    var columns = max(8, min(width, 100))
    var rows = Int((Double(columns) * aspect).rounded())
    let limit = max(4, min(200, height) - 2)
    if rows > limit { (columns, rows) = (max(8, Int(Double(limit) / aspect)), limit) }
    columns = min(columns, max(8, min(width, 1000)))
    rows = max(2, rows)
    let inside: (Double, Double) -> Bool = { x, y in
        guard let cell, cell.isDrawable else { return true }
        let (u, v) = cell.fractions(of: Point(pixels.origin.x + x * pixels.extent.width, pixels.origin.y + y * pixels.extent.height))
        return (0...1).contains(u) && (0...1).contains(v)
    }
    return (0..<rows).map { row in
        var line = ""
        for column in 0..<columns {
            let x = (Double(column) + 0.5) / Double(columns)
            let y = 1 - (Double(row) + 0.5) / Double(rows)
            let value = pixels.value(Int(y * Double(pixels.rows)), Int(x * Double(pixels.columns)))
            line.append(inside(x, y) && value.isFinite ? shade(range, value) : " ")
        }
        while line.last == " " { line.removeLast() }
        return line.isEmpty ? " " : line
    }
}

private func shade(_ range: ColourRange, _ value: Float) -> Character {
    let fraction = range.range.fraction(range.drawn(value))
    let index = Int(fraction * Double(shades.count))
    return shades[min(shades.count - 1, max(0, index))]
}

/// The legend of a plane drawn in characters: the shades with the values they begin and end at.
func legend(of colours: ColourScale, _ range: ColourRange) -> String {
    let name = labelled(colours.label, unit: colours.unit)
    return "\(shortText(range.range.lower)) \(String(shades)) \(shortText(range.range.upper))  \(name)"
}

private let shades: [Character] = Array(".:-=+*#%@")
