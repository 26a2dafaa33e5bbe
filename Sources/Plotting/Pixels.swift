/// A raster image of a plane: pixels of equal size over its bounding rectangle, row 0 at the bottom.
struct Pixels {
    var columns: Int
    var rows: Int
    var values: [Float]
    /// The lower left corner of the bounding rectangle, in the plane's units: A with a cell, samples without.
    var origin: Point
    var extent: Size

    /// Rasterises a plane. `fineness` pixels stand for one sample of a plane with a cell; there are at most `limit` either
    /// way. `isSmooth`: curves between samples are cubic, as those of isolines are.
    init(_ plane: Plane, fineness: Double = 1, limit: Int = 256, isSmooth: Bool = false) {
        if let cell = plane.cell, cell.isDrawable, plane.rows > 0, plane.columns > 0 {
            self.init(plane, cell, fineness, limit, isSmooth: isSmooth && plane.values.allSatisfy(\.isFinite))
        } else {
            self.init(rows: plane.rows, columns: plane.columns, limit, mean: plane.mean)
        }
    }

    /// Makes a pixel of each sample of a plane, or of the mean of a block of them where there are too many. `mean`: the mean of the
    /// samples in these rows and columns.
    init(rows samples: Int, columns across: Int, _ limit: Int = 256, mean: (_ rows: Range<Int>, _ columns: Range<Int>) -> Float) {
        let rowBlock = (samples + limit - 1) / limit
        let columnBlock = (across + limit - 1) / limit
        let blockRows = rowBlock > 0 ? (samples + rowBlock - 1) / rowBlock : 0
        let blockColumns = columnBlock > 0 ? (across + columnBlock - 1) / columnBlock : 0
        // gnuplot wants at least two pixels either way.
        let repeatRows = blockRows == 1 ? 2 : 1
        let repeatColumns = blockColumns == 1 ? 2 : 1
        rows = blockRows * repeatRows
        columns = blockColumns * repeatColumns
        origin = Point(0, 0)
        extent = Size(width: Double(across), height: Double(samples))
        values = []
        values.reserveCapacity(rows * columns)
        for row in 0..<rows {
            let top = (blockRows - 1 - row / repeatRows) * rowBlock
            for column in 0..<columns {
                let left = column / repeatColumns * columnBlock
                values.append(mean(top..<min(samples, top + rowBlock), left..<min(across, left + columnBlock)))
            }
        }
    }

    /// Samples a plane with a cell, linear between samples and across the repeats of the cell.
    private init(_ plane: Plane, _ cell: PlaneCell, _ fineness: Double, _ limit: Int, isSmooth: Bool) {
        let corners = cell.corners
        let xs = corners.map(\.x)
        let ys = corners.map(\.y)
        origin = Point(xs.min() ?? 0, ys.min() ?? 0)
        extent = Size(width: (xs.max() ?? 1) - origin.x, height: (ys.max() ?? 1) - origin.y)
        let firstLength = (cell.first.x * cell.first.x + cell.first.y * cell.first.y).squareRoot()
        let secondLength = (cell.second.x * cell.second.x + cell.second.y * cell.second.y).squareRoot()
        let pitch = min(firstLength / Double(plane.rows), secondLength / Double(plane.columns)) / fineness
        // A coarse sampling of a wide cell still shows its bilinear shape; a fine one stays within what a file can hold.
        func count(_ length: Double) -> Int { Int(min(Double(limit), max(48, (length / pitch).rounded(.up)))) }
        columns = count(extent.width)
        rows = count(extent.height)
        values = []
        values.reserveCapacity(rows * columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let point = Point(
                    origin.x + (Double(column) + 0.5) / Double(columns) * extent.width,
                    origin.y + (Double(row) + 0.5) / Double(rows) * extent.height)
                let (u, v) = cell.fractions(of: point)
                let (row, column) = (u * Double(plane.rows), v * Double(plane.columns))
                if cell.repeats, !isSmooth {
                    values.append(plane.repeating(row, column))
                } else {
                    values.append(Float(plane.smooth(row, column, repeats: cell.repeats, isCubic: isSmooth)))
                }
            }
        }
    }

    func value(_ row: Int, _ column: Int) -> Float {
        let index = row * columns + column
        return values.indices.contains(index) ? values[index] : .nan
    }

    /// Runs of pixels without a finite value, as rectangles in pixels.
    var holes: [(row: Int, from: Int, to: Int)] {
        guard values.contains(where: { !$0.isFinite }) else { return [] }
        var result: [(row: Int, from: Int, to: Int)] = []
        for row in 0..<rows {
            var start: Int?
            for column in 0...columns {
                let isHole = column < columns && !value(row, column).isFinite
                if isHole, start == nil { start = column }
                if !isHole, let from = start {
                    result.append((row, from, column))
                    start = nil
                }
            }
        }
        return result
    }
}

/// The mean of the values in these rows and columns.
func mean(rows: Range<Int>, columns: Range<Int>, _ value: (Int, Int) -> Float) -> Float {
    if rows.count == 1, columns.count == 1 { return value(rows.lowerBound, columns.lowerBound) }
    var sum = 0.0
    for row in rows { for column in columns { sum += Double(value(row, column)) } }
    return Float(sum / Double(rows.count * columns.count))
}

extension Plane {
    func mean(rows: Range<Int>, columns: Range<Int>) -> Float {
        Plotting.mean(rows: rows, columns: columns, value)
    }

    /// The field at a fractional place counted in samples, linear between neighbours, with the period of the plane.
    func repeating(_ row: Double, _ column: Double) -> Float {
        let lowRow = row.rounded(.down)
        let lowColumn = column.rounded(.down)
        let a = Float(row - lowRow)
        let b = Float(column - lowColumn)
        func wrapped(_ index: Double, _ count: Int) -> Int {
            let rest = Int(index) % count
            return rest < 0 ? rest + count : rest
        }
        let i = wrapped(lowRow, rows)
        let j = wrapped(lowColumn, columns)
        let k = (i + 1) % rows
        let l = (j + 1) % columns
        let low = value(i, j) * (1 - b) + value(i, l) * b
        let high = value(k, j) * (1 - b) + value(k, l) * b
        return low * (1 - a) + high * a
    }

    /// Width and height of the bounding rectangle, in A with a cell and in samples without.
    var extent: Size {
        guard let cell, cell.isDrawable else {
            return Size(width: Double(max(1, columns)), height: Double(max(1, rows)))
        }
        let xs = cell.corners.map(\.x)
        let ys = cell.corners.map(\.y)
        return Size(width: (xs.max() ?? 1) - (xs.min() ?? 0), height: (ys.max() ?? 1) - (ys.min() ?? 0))
    }
}
