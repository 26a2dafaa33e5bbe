/// Thinning of points to what a picture can show, before they are written for gnuplot: a script of a million points takes
/// minutes to draw, and shows what some thousands show.
struct Thinning {
    /// Ranges of both axes.
    let x: AxisRange
    let y: AxisRange
    /// The size of the frame in half pixels of the SVG, which are the pixels of the PNG.
    let columns: Int
    let rows: Int

    /// Series of no more points than these are drawn as they are.
    static let mostOfLine = 10_000
    static let mostMarkers = 50_000

    /// Prepares thinning for a frame of some size, in pixels of the SVG.
    init(ranges: (x: AxisRange, y: AxisRange), frame: Size) {
        x = ranges.x
        y = ranges.y
        columns = max(1, Int(2 * frame.width))
        rows = max(1, Int(2 * frame.height))
    }

    /// The points of a series that are drawn, in their order; all of them where they are few.
    func thinned(_ points: [Point], form: Series.Form) -> [Point] {
        switch form {
        case .line where points.count > Self.mostOfLine: line(points)
        case .markers where points.count > Self.mostMarkers: markers(points)
        default: points
        }
    }

    /// Of successive points in one column of pixels the first, the lowest, the highest and the last: the line through them
    /// covers the pixels that the line through all covers (Jugel et al., VLDB 2014, doi:10.14778/2732951.2732953).
    private func line(_ points: [Point]) -> [Point] {
        var kept: [Point] = []
        var start = 0
        while start < points.count {
            let here = column(points[start])
            var end = start
            var lowest = start
            var highest = start
            while end + 1 < points.count, column(points[end + 1]) == here {
                end += 1
                if points[end].y < points[lowest].y { lowest = end }
                if points[end].y > points[highest].y { highest = end }
            }
            var last = -1
            for index in [start, lowest, highest, end].sorted() where index != last {
                kept.append(points[index])
                last = index
            }
            start = end + 1
        }
        return kept
    }

    /// The first of the points whose middles lie in one pixel: the others would be drawn over it.
    private func markers(_ points: [Point]) -> [Point] {
        var taken = [Bool](repeating: false, count: columns * rows)
        return points.filter { point in
            // Beyond fixed ends of an axis nothing is drawn, and nothing hidden.
            guard x.contains(point.x), y.contains(point.y) else { return true }
            let place = row(point) * columns + column(point)
            // No index is out of its range: rows and columns are clamped to theirs.
            if taken[place] { return false }
            taken[place] = true
            return true
        }
    }

    private func column(_ point: Point) -> Int { place(x.fraction(point.x), columns) }
    private func row(_ point: Point) -> Int { place(y.fraction(point.y), rows) }

    /// The pixel of a fraction of an axis; what lies beyond its ends is drawn at them, if at all.
    private func place(_ fraction: Double, _ count: Int) -> Int {
        guard fraction > 0 else { return 0 }
        return fraction < 1 ? min(count - 1, Int(fraction * Double(count))) : count - 1
    }
}
