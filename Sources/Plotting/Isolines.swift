import Glibc

/// Lines of one value on a plane, and perhaps one colour for each band between two of them.
public struct Isolines: Sendable, Hashable, Codable {
    /// The values that have a line.
    public enum Levels: Sendable, Hashable, Codable {
        /// About this many round values within the range of the colours.
        case about(Int)
        /// These values.
        case at([Double])
    }

    /// The values that have a line.
    public var levels: Levels
    /// Whether each band between two lines has one colour.
    public var isFilled: Bool

    /// Creates isolines.
    public init(_ levels: Levels, isFilled: Bool = false) {
        self.levels = levels
        self.isFilled = isFilled
    }

    /// The values that have a line, ascending: those that were asked for, or round ones.
    func values(in range: AxisRange) -> [Double] {
        switch levels {
        case .at(let values): return Set(values.filter(\.isFinite)).sorted()
        case .about(let count):
            guard range.scale == .logarithmic else {
                return roundSteps(from: range.lower, to: range.upper, count: count).filter { $0 > range.lower && $0 < range.upper }
            }
            // Equal ratios, each to two digits: round numbers would lie at unequal distances.
            let (low, high) = (log10(range.lower), log10(range.upper))
            let values = (1...max(1, count)).map {
                roundedTo(pow(10, low + (high - low) * Double($0) / Double(count + 1)), significant: 2)
            }
            return Set(values.filter { $0 > range.lower && $0 < range.upper }).sorted()
        }
    }
}

/// Round values between two ends, themselves included: whole multiples of 1, 2, 2.5 or 5 times a power of ten, about `count` of them.
func roundSteps(from low: Double, to high: Double, count: Int) -> [Double] {
    let span = high - low
    guard span > 0, span.isFinite, count > 0 else { return [] }
    let raw = span / Double(count)
    guard raw > 1e-290 else { return [] }
    let unit = pow(10, Double(decade(raw)))
    func values(_ step: Double) -> [Double] {
        let (first, last) = ((low / step - 1e-9).rounded(.up), (high / step + 1e-9).rounded(.down))
        guard first <= last, last - first < 1e5, first.magnitude < 1e15 else { return [] }
        return stride(from: first, through: last, by: 1).map { roundedTo($0 * step, significant: 12) }
    }
    let choices = [0.5, 1, 2, 2.5, 5, 10].map { values($0 * unit) }.filter { !$0.isEmpty }
    return choices.min { ($0.count - count).magnitude < ($1.count - count).magnitude } ?? []
}

/// A refined sampling of a plane for its isolines: values at nodes, and where the nodes lie.
struct NodeField {
    var rows: Int
    var columns: Int
    var values: [Double]

    /// The most nodes along a side.
    static let most = 400

    /// Samples a plane with a cell at equal distances over its whole cell, both ends included; one without at the middles of its
    /// samples. Curves between samples are cubic, since straight ones show as corners in every line.
    init(_ plane: Plane, fineness wanted: Int) {
        let hasCell = plane.cell?.isDrawable ?? false
        let repeats = hasCell && plane.cell?.repeats ?? true
        func count(_ samples: Int) -> Int {
            let steps = hasCell ? samples : samples - 1
            let refined = max(1, min(Self.most, wanted) / max(1, steps))
            return max(1, min(Self.most, steps * refined)) + 1
        }
        let (nodeRows, nodeColumns) = (count(plane.rows), count(plane.columns))
        let isSmooth = plane.values.allSatisfy(\.isFinite)
        (rows, columns) = (nodeRows, nodeColumns)
        values = []
        values.reserveCapacity(rows * columns)
        let (height, width) = hasCell ? (Double(plane.rows), Double(plane.columns)) : (Double(plane.rows - 1), Double(plane.columns - 1))
        for row in 0..<nodeRows {
            for column in 0..<nodeColumns {
                let i = Double(row) / Double(max(1, nodeRows - 1)) * height
                let j = Double(column) / Double(max(1, nodeColumns - 1)) * width
                values.append(plane.smooth(i, j, repeats: repeats && hasCell, isCubic: isSmooth))
            }
        }
    }

    func value(_ row: Int, _ column: Int) -> Double { values[row * columns + column] }

    /// The lines along which the field has a value, as points in fractions of the rows and of the columns: closed ones end where they
    /// began. Squares with a corner that is not finite have none.
    func lines(at level: Double) -> [[Point]] {
        var tracer = LineTracer()
        guard rows > 1, columns > 1 else { return [] }
        for row in 0..<rows - 1 {
            for column in 0..<columns - 1 {
                let (a, b) = (value(row, column), value(row, column + 1))
                let (c, d) = (value(row + 1, column + 1), value(row + 1, column))
                guard min(a, b, c, d) < level, max(a, b, c, d) >= level, (a + b + c + d).isFinite else { continue }
                let corners = [a, b, c, d]
                let above = corners.map { $0 >= level }
                // Edges: 0 along the row, 1 at the next column, 2 along the next row, 3 at this column.
                let here = row * columns + column
                let edges = [2 * here, 2 * (here + 1) + 1, 2 * (here + columns), 2 * here + 1]
                let crossed = (0..<4).filter { above[$0] != above[($0 + 1) % 4] }
                if crossed.count == 2 {
                    tracer.join(edges[crossed[0]], edges[crossed[1]])
                } else {
                    // A saddle: the middle tells which corners hang together.
                    let isHigh = corners.reduce(0, +) / 4 >= level
                    let pairs = isHigh == above[0] ? [(0, 1), (2, 3)] : [(3, 0), (1, 2)]
                    for (a, b) in pairs { tracer.join(edges[a], edges[b]) }
                }
            }
        }
        return tracer.lines().map { $0.map { point(on: $0, at: level) } }
    }

    /// The point at which an edge between two nodes is crossed.
    private func point(on edge: Int, at level: Double) -> Point {
        let (row, column) = (edge / 2 / columns, edge / 2 % columns)
        let low = value(row, column)
        let isAlongRow = edge % 2 == 0
        let high = isAlongRow ? value(row, column + 1) : value(row + 1, column)
        let share = high == low ? 0.5 : min(1, max(0, (level - low) / (high - low)))
        return Point(
            (Double(row) + (isAlongRow ? 0 : share)) / Double(rows - 1), (Double(column) + (isAlongRow ? share : 0)) / Double(columns - 1))
    }
}

/// A joiner of pieces of lines, each between two edges of a mesh, into whole lines.
private struct LineTracer {
    private var neighbours: [Int: [Int]] = [:]
    private var order: [Int] = []

    mutating func join(_ a: Int, _ b: Int) {
        for (from, to) in [(a, b), (b, a)] {
            if neighbours[from] == nil { order.append(from) }
            neighbours[from, default: []].append(to)
        }
    }

    /// The lines as edges in order: open ones first, from one of their ends.
    func lines() -> [[Int]] {
        var left = neighbours
        var found: [[Int]] = []
        func follow(_ start: Int) {
            var line = [start]
            var here = start
            while let next = left[here]?.first {
                left[here]?.removeFirst()
                if let back = left[next]?.firstIndex(of: here) { left[next]?.remove(at: back) }
                line.append(next)
                here = next
            }
            if line.count > 1 { found.append(line) }
        }
        for start in order where neighbours[start]?.count == 1 { follow(start) }
        for start in order { follow(start) }
        return found
    }
}

extension Plane {
    /// The field at a fractional place counted in samples, cubic between them (E. Catmull and R. Rom, 1974) or linear, with the period
    /// of the plane or its last samples going on beyond its edges.
    func smooth(_ row: Double, _ column: Double, repeats: Bool, isCubic: Bool) -> Double {
        func place(_ index: Int, _ count: Int) -> Int {
            guard repeats else { return min(count - 1, max(0, index)) }
            let rest = index % count
            return rest < 0 ? rest + count : rest
        }
        let (i, j) = (row.rounded(.down), column.rounded(.down))
        let (a, b) = (weights(row - i, isCubic: isCubic), weights(column - j, isCubic: isCubic))
        var sum = 0.0
        for (di, weight) in a.enumerated() where weight != 0 {
            let line = place(Int(i) + di - 1, rows)
            var part = 0.0
            for (dj, share) in b.enumerated() where share != 0 {
                part += share * Double(value(line, place(Int(j) + dj - 1, columns)))
            }
            sum += weight * part
        }
        return sum
    }

    private func weights(_ t: Double, isCubic: Bool) -> [Double] {
        guard isCubic else { return [0, 1 - t, t, 0] }
        return [
            ((-t + 2) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2, ((-3 * t + 4) * t + 1) * t / 2, (t - 1) * t * t / 2,
        ]
    }
}
