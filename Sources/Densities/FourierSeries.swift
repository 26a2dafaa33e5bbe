import Diagnostics
import Glibc
import Storage

/// The trigonometric polynomial through the points of a periodic field: its value anywhere in the cell, exactly.
///
/// Along an axis of an even number of points the wave of Nyquist is split in two equal halves, so it is a cosine there.
public struct FourierSeries: Sendable {
    /// Points along a, b and c of the field.
    public let grid: [Int]
    /// The waves, nx x ny x (nz / 2 + 1) complex numbers, real and imaginary part in turn.
    private let waves: AlignedNumbers

    /// Makes the polynomial of values on a grid, x slowest. Throws `shape`.
    public init(_ values: [Double], grid: [Int]) throws {
        guard grid.count == 3, let points = gridPoints(grid), points == values.count, points <= mostGridPoints else {
            throw Diagnostic("shape", "expected as many values as a \(gridText(grid)) grid has points, found \(values.count)")
        }
        let count = grid[0] * grid[1] * (grid[2] / 2 + 1)
        let waves = AlignedNumbers(2 * count)
        let field = AlignedNumbers(points)
        values.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { field.start.update(from: start, count: points) }
        }
        try FourierPlan.field(grid).run(field.start, waves.start)
        let scale = 1 / Double(points)
        for i in 0..<(2 * count) { waves.start[i] *= scale }
        self.grid = grid
        self.waves = waves
    }

    /// The values at fractional points, taken in parallel. The time goes with points times the points of the grid: a 60 x 60
    /// picture of a 60^3 grid takes a part of a second. Coordinates must be finite.
    public func values(at points: [[Double]], threads: Int = 1) -> [Double] {
        let (nx, ny, half) = (grid[0], grid[1], grid[2] / 2 + 1)
        let runs = Swift.min(64, points.count)
        return filled(points.count) { target in
            concurrently(runs, threads: threads) { run in
                let x = AlignedNumbers(2 * nx)
                let y = AlignedNumbers(2 * ny)
                let z = AlignedNumbers(2 * half)
                let sheet = AlignedNumbers(2 * half)
                let row = AlignedNumbers(2 * half * ny)
                for index in (points.count * run / runs)..<(points.count * (run + 1) / runs) {
                    let point = points[index]
                    guard point.count == 3 else {
                        target.pointer[index] = .nan
                        continue
                    }
                    phases(point[0], nx, x.start, whole: true)
                    phases(point[1], ny, y.start, whole: true)
                    phases(point[2], grid[2], z.start, whole: false)
                    row.start.update(repeating: 0, count: 2 * half * ny)
                    for i in 0..<nx { add(waves.start + 2 * i * ny * half, x.start[2 * i], x.start[2 * i + 1], ny * half, to: row.start) }
                    sheet.start.update(repeating: 0, count: 2 * half)
                    for j in 0..<ny { add(row.start + 2 * j * half, y.start[2 * j], y.start[2 * j + 1], half, to: sheet.start) }
                    var sum = 0.0
                    for k in 0..<half { sum += sheet.start[2 * k] * z.start[2 * k] - sheet.start[2 * k + 1] * z.start[2 * k + 1] }
                    target.pointer[index] = sum
                }
            }
        }
    }

    /// The values on a picture of rows x columns points whose sides are lattice vectors, by one Fourier transform in the plane:
    /// element (i, j) at origin + (i / rows) u + (j / columns) v. Throws `bad-plane`.
    public func picture(origin: [Double], u: [Int], v: [Int], size: [Int]) throws -> [Double] {
        try checkPlaneSize(size)
        let (rows, columns) = (size[0], size[1])
        guard [u, v].allSatisfy({ $0.count == 3 && $0.allSatisfy { (-1_000_000...1_000_000).contains($0) } }),
            origin.count == 3, origin.allSatisfy({ $0.isFinite && abs($0) <= 1e6 })
        else {
            throw Diagnostic("bad-plane", "expected a corner and two lattice vectors for a periodic picture")
        }
        let picture = AlignedNumbers(2 * rows * columns)
        let half = grid[2] / 2 + 1
        let z = AlignedNumbers(2 * half)
        phases(origin[2], grid[2], z.start, whole: false, isPlain: true)
        for a in waveList(grid[0]) {
            for b in waveList(grid[1]) {
                let angle = 2 * Double.pi * (turn(a.wave, origin[0]) + turn(b.wave, origin[1]))
                let (cosine, sine) = (cos(angle) * a.weight * b.weight, sin(angle) * a.weight * b.weight)
                let line = waves.start + 2 * (a.index * grid[1] + b.index) * half
                var row = remainder(a.wave * u[0] + b.wave * u[1], rows)
                var column = remainder(a.wave * v[0] + b.wave * v[1], columns)
                let rowStep = remainder(u[2], rows)
                let columnStep = remainder(v[2], columns)
                for k in 0..<half {
                    let (p, q) = (line[2 * k], line[2 * k + 1])
                    let (r, s) = (p * cosine - q * sine, p * sine + q * cosine)
                    let place = picture.start + 2 * (row * columns + column)
                    place[0] += r * z.start[2 * k] - s * z.start[2 * k + 1]
                    place[1] += r * z.start[2 * k + 1] + s * z.start[2 * k]
                    row += rowStep
                    if row >= rows { row -= rows }
                    column += columnStep
                    if column >= columns { column -= columns }
                }
            }
        }
        try FourierPlan.picture(rows, columns).run(nil, picture.start)
        return (0..<(rows * columns)).map { picture.start[2 * $0] }
    }

    /// The mean over a whole lattice plane with these indices of the cell, through a fractional point: only the waves along
    /// its normal take part. Throws `bad-plane`.
    public func mean(overPlane miller: [Int], through point: [Double]) throws -> Double {
        try checkMiller(miller)
        guard point.count == 3, point.allSatisfy({ $0.isFinite && abs($0) <= 1e6 }) else {
            throw Diagnostic("bad-plane", "expected three fractional coordinates for the origin of a plane, found \(point)")
        }
        let half = grid[2] / 2 + 1
        var sum = waves.start[0]
        var order = 1
        while zip(miller, grid).allSatisfy({ 2 * order * abs($0) <= $1 }) {
            var wave = miller.map { order * $0 }
            if wave[2] < 0 { wave = wave.map { -$0 } }
            let index = (remainder(wave[0], grid[0]) * grid[1] + remainder(wave[1], grid[1])) * half + wave[2]
            // Each axis at Nyquist holds both halves.
            let share = zip(wave, grid).reduce(1.0) { 2 * abs($1.0) == $1.1 ? $0 / 2 : $0 }
            let angle = 2 * Double.pi * zip(wave, point).reduce(0.0) { $0 + turn($1.0, $1.1) }
            sum += 2 * share * (waves.start[2 * index] * cos(angle) - waves.start[2 * index + 1] * sin(angle))
            order += 1
        }
        return sum
    }

    /// exp(2 pi i k x) for the waves of an axis; where not `whole`, those from 0 up, with their share in a real sum.
    private func phases(_ x: Double, _ count: Int, _ out: UnsafeMutablePointer<Double>, whole: Bool, isPlain: Bool = false) {
        for index in 0..<(whole ? count : count / 2 + 1) {
            let wave = 2 * index > count ? index - count : index
            let angle = 2 * Double.pi * turn(wave, x)
            let isNyquist = 2 * index == count
            let share = whole || isNyquist || index == 0 ? 1.0 : 2.0
            out[2 * index] = share * cos(angle)
            out[2 * index + 1] = isNyquist && !isPlain ? 0 : share * sin(angle)
        }
    }

    /// The waves of an axis, that of Nyquist in halves.
    private func waveList(_ count: Int) -> [(index: Int, wave: Int, weight: Double)] {
        (-(count / 2)...(count / 2)).map { (remainder($0, count), $0, 2 * abs($0) == count ? 0.5 : 1) }
    }
}

/// The part of k x beyond whole turns.
private func turn(_ wave: Int, _ x: Double) -> Double {
    let turns = Double(wave) * (x - x.rounded(.down))
    return turns - turns.rounded(.down)
}

private func remainder(_ a: Int, _ b: Int) -> Int { (a % b + b) % b }

/// Adds `count` complex numbers times one.
@inline(__always) private func add(
    _ source: UnsafePointer<Double>, _ real: Double, _ imaginary: Double, _ count: Int, to target: UnsafeMutablePointer<Double>
) {
    for i in 0..<count {
        let (a, b) = (source[2 * i], source[2 * i + 1])
        target[2 * i] += a * real - b * imaginary
        target[2 * i + 1] += a * imaginary + b * real
    }
}
