import Diagnostics
import Storage

extension Density {
    /// The values on the grid of another cell. Where the new points lie between the old ones is worked out in whole numbers.
    func resampled(in matrix: CellMatrix, to: [Int], method: Regridding, threads: Int) throws -> [Double] {
        if matrix == .identity {
            guard case .fourier = method else {
                return try Densities.regridded(values, from: grid, to: to, method: method, threads: threads)
            }
            return try Densities.regridded(values, from: grid, to: to, method: .fourier(shrinking: .sampled), threads: threads)
        }
        // Point t of the new grid lies at the sum over i of t_i rows[i][j] n_j / (denominator m_i) on axis j of the old one.
        var steps: [[Int]] = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
        var parts = [1, 1, 1]
        for j in 0..<3 {
            var fractions: [(Int, Int)] = []
            for i in 0..<3 {
                guard let top = product(matrix.rows[i][j], grid[j]), let bottom = product(matrix.denominator, to[i]) else {
                    throw tooFine(to)
                }
                let common = Swift.max(1, greatestCommonDivisor(top, bottom))
                fractions.append((top / common, bottom / common))
                let share = greatestCommonDivisor(parts[j], bottom / common)
                guard let multiple = product(parts[j], bottom / common / share) else { throw tooFine(to) }
                parts[j] = multiple
            }
            guard let period = product(grid[j], parts[j]) else { throw tooFine(to) }
            for i in 0..<3 {
                // Taken modulo the period first, so that the product fits.
                let top = ((fractions[i].0 % period) + period) % period
                let (whole, overflow) = top.multipliedReportingOverflow(by: parts[j] / fractions[i].1)
                guard !overflow else { throw tooFine(to) }
                steps[i][j] = whole % period
            }
        }
        guard case .fourier = method, parts != [1, 1, 1] else {
            return gathered(values, steps: steps, parts: parts, grid: grid, to: to, threads)
        }
        // The polynomial on a finer grid that has all the new points among its own.
        let fine = zip(grid, parts).map(*)
        guard let points = gridPoints(fine), points <= 1 << 27 else {
            return try summed(steps: steps, period: fine, to: to, threads: threads)
        }
        let finer = try fourier(values, from: grid, to: fine, shrinking: .sampled, threads: threads)
        return gathered(finer, steps: steps, parts: [1, 1, 1], grid: fine, to: to, threads)
    }

    /// The polynomial point by point, for grids that have little in common.
    private func summed(steps: [[Int]], period: [Int], to: [Int], threads: Int) throws -> [Double] {
        guard let work = product(to.reduce(1, *), values.count), work <= 1 << 34 else { throw tooFine(to) }
        var points: [[Double]] = []
        points.reserveCapacity(to.reduce(1, *))
        for i in 0..<to[0] {
            for j in 0..<to[1] {
                for k in 0..<to[2] {
                    points.append(
                        (0..<3).map { axis -> Double in
                            let place = i * steps[0][axis] + j * steps[1][axis] + k * steps[2][axis]
                            return Double(place % period[axis]) / Double(period[axis])
                        })
                }
            }
        }
        return try FourierSeries(values, grid: grid).values(at: points, threads: threads)
    }

    private func tooFine(_ grid: [Int]) -> Diagnostic {
        Diagnostic(
            "shape",
            "expected a grid of the new cell whose points fall on or simply between those of the \(gridText(self.grid)) grid, found "
                + gridText(grid),
            hint: "take numbers of points that are multiples of those of the file, or trilinear interpolation")
    }
}

/// A product of whole numbers; nil above 2^40.
private func product(_ a: Int, _ b: Int) -> Int? {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow || abs(product) > 1 << 40 ? nil : product
}

/// The values at points that move by `steps[i][j]` / `parts[j]` along axis j of the old grid for each step along axis i of the
/// new one: as they are on points, linear between them.
private func gathered(_ values: [Double], steps: [[Int]], parts: [Int], grid: [Int], to: [Int], _ threads: Int) -> [Double] {
    let period = zip(grid, parts).map(*)
    let isExact = parts == [1, 1, 1]
    let (s0, s1, s2) = (steps[2][0], steps[2][1], steps[2][2])
    let (p0, p1, p2) = (period[0], period[1], period[2])
    let field = FieldPointer.Shape(grid)
    return filled(to[0] * to[1] * to[2]) { target in
        shared(values) { source in
            concurrently(to[0], threads: threads) { i in
                let field = FieldPointer(source.pointer, field)
                var out = target.pointer + i * to[1] * to[2]
                for j in 0..<to[1] {
                    // Extents are at most 4096 and steps below 2^40.
                    var x = (i * steps[0][0] + j * steps[1][0]) % p0
                    var y = (i * steps[0][1] + j * steps[1][1]) % p1
                    var z = (i * steps[0][2] + j * steps[1][2]) % p2
                    for k in 0..<to[2] {
                        if isExact {
                            out[k] = field.values[(x * field.shape.ny + y) * field.shape.nz + z]
                        } else {
                            let (a, b, c) = (x / parts[0], y / parts[1], z / parts[2])
                            out[k] = field.between(
                                a, b, c, Double(x - a * parts[0]) / Double(parts[0]), Double(y - b * parts[1]) / Double(parts[1]),
                                Double(z - c * parts[2]) / Double(parts[2]))
                        }
                        x += s0
                        y += s1
                        z += s2
                        if x >= p0 { x -= p0 }
                        if y >= p1 { y -= p1 }
                        if z >= p2 { z -= p2 }
                    }
                    out += to[2]
                }
            }
        }
    }
}

/// The values of a periodic field for reading at places between grid points.
struct FieldPointer {
    /// The extents of a grid.
    struct Shape: Sendable {
        let nx: Int
        let ny: Int
        let nz: Int
        init(_ grid: [Int]) { (nx, ny, nz) = grid.count == 3 ? (grid[0], grid[1], grid[2]) : (1, 1, 1) }
    }

    let values: UnsafePointer<Double>
    let shape: Shape

    init(_ values: UnsafePointer<Double>, _ shape: Shape) { (self.values, self.shape) = (values, shape) }

    /// The value past point (i, j, k) of the grid by parts of a step.
    @inline(__always) func between(_ i: Int, _ j: Int, _ k: Int, _ x: Double, _ y: Double, _ z: Double) -> Double {
        let i1 = i + 1 == shape.nx ? 0 : i + 1
        let j1 = j + 1 == shape.ny ? 0 : j + 1
        let k1 = k + 1 == shape.nz ? 0 : k + 1
        let (a, b, c, d) = (
            (i * shape.ny + j) * shape.nz, (i * shape.ny + j1) * shape.nz, (i1 * shape.ny + j) * shape.nz, (i1 * shape.ny + j1) * shape.nz
        )
        return mix(
            mix(mix(values[a + k], values[a + k1], z), mix(values[b + k], values[b + k1], z), y),
            mix(mix(values[c + k], values[c + k1], z), mix(values[d + k], values[d + k1], z), y), x)
    }

    /// The value at a place in units of grid points, periodically.
    @inline(__always) func at(_ x: Double, _ y: Double, _ z: Double) -> Double {
        let (i, u) = Self.below(x, shape.nx)
        let (j, v) = Self.below(y, shape.ny)
        let (k, w) = Self.below(z, shape.nz)
        return between(i, j, k, u, v, w)
    }

    /// The grid point below a place on a periodic axis, and how far the place is past it.
    @inline(__always) private static func below(_ place: Double, _ count: Int) -> (Int, Double) {
        guard abs(place) < 4e15 else {
            let floor = place.rounded(.down)
            let wrapped = floor - Double(count) * (floor / Double(count)).rounded(.down)
            return (Int(exactly: wrapped).map { Swift.min(Swift.max($0, 0), count - 1) } ?? 0, place - floor)
        }
        // Rounding down is a call of the C library on processors of the first generation, a whole number is none.
        var point = Int(place)
        if Double(point) > place { point -= 1 }
        let past = place - Double(point)
        if point < 0 || point >= count {
            point %= count
            if point < 0 { point += count }
        }
        return (point, past)
    }
}
