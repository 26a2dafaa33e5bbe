import Diagnostics
import Tensors

/// How a density is read between the points of its grid.
public enum Sampling: String, Sendable, Hashable, Codable, CaseIterable {
    /// Linearly along each axis of the grid.
    case trilinear
    /// By the trigonometric polynomial through the points; see `FourierSeries`.
    case fourier
}

extension Density {
    /// The density on a window in a plane, e/A^3: a tensor of rows x columns x 1; see `PlaneWindow` for where its points lie.
    ///
    /// Throws `bad-plane` for a size that cannot be.
    public func plane(_ window: PlaneWindow, size: [Int], sampling: Sampling = .trilinear, threads: Int = 1) throws -> Tensor {
        try checkPlaneSize(size)
        let values: [Double]
        switch sampling {
        case .trilinear: values = try self.values(on: window, size: size)
        case .fourier: values = try FourierSeries(self.values, grid: grid).values(on: window, size: size, threads: threads)
        }
        return try Tensor(shape: [size[0], size[1], 1], values: values.map { Float($0) })
    }

    /// The density on the window of a lattice plane, e/A^3, by the trigonometric polynomial; see `plane(_:size:)`.
    public func plane(_ geometry: PlaneGeometry, size: [Int], sampling: Sampling) throws -> Tensor {
        guard sampling == .fourier else { return try plane(geometry, size: size) }
        let series = try FourierSeries(values, grid: grid)
        let picture = try series.picture(origin: geometry.origin, u: geometry.u, v: geometry.v, size: size)
        return try Tensor(shape: [size[0], size[1], 1], values: picture.map { Float($0) })
    }

    /// The values at fractional points, e/A^3. Throws `shape` for points that are not three finite numbers up to 10^6 in size.
    public func values(at points: [[Double]], sampling: Sampling = .trilinear, threads: Int = 1) throws -> [Double] {
        guard points.allSatisfy({ $0.count == 3 && $0.allSatisfy { $0.isFinite && abs($0) <= 1e6 } }) else {
            throw Diagnostic("shape", "expected points of three finite fractional coordinates up to 10^6 in size")
        }
        if sampling == .fourier { return try FourierSeries(values, grid: grid).values(at: points, threads: threads) }
        return values.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return [] }
            let field = FieldPointer(start, FieldPointer.Shape(grid))
            return points.map { field.at(place($0[0], grid[0]), place($0[1], grid[1]), place($0[2], grid[2])) }
        }
    }

    /// The values on a window, linearly between grid points, row-major.
    private func values(on window: PlaneWindow, size: [Int]) throws -> [Double] {
        try checkPlaneSize(size)
        let (rows, columns) = (size[0], size[1])
        let n = grid.map(Double.init)
        var picture = [Double](repeating: 0, count: rows * columns)
        values.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            let field = FieldPointer(start, FieldPointer.Shape(grid))
            for i in 0..<rows {
                for j in 0..<columns {
                    let (s, t) = (Double(i), Double(j))
                    let x = window.origin[0] + s * window.u[0] / Double(rows) + t * window.v[0] / Double(columns)
                    let y = window.origin[1] + s * window.u[1] / Double(rows) + t * window.v[1] / Double(columns)
                    let z = window.origin[2] + s * window.u[2] / Double(rows) + t * window.v[2] / Double(columns)
                    picture[i * columns + j] = field.at(onPoint(x * n[0]), onPoint(y * n[1]), onPoint(z * n[2]))
                }
            }
        }
        return picture
    }
}

extension FourierSeries {
    /// The values on a window, row-major: by a transform in the plane where its sides are lattice vectors, else point by
    /// point. Throws `bad-plane`.
    public func values(on window: PlaneWindow, size: [Int], threads: Int = 1) throws -> [Double] {
        try checkPlaneSize(size)
        if window.isPeriodic {
            return try picture(
                origin: window.origin, u: window.u.map { Int($0.rounded()) }, v: window.v.map { Int($0.rounded()) }, size: size)
        }
        let points = (0..<(size[0] * size[1])).map { window.point($0 / size[1], $0 % size[1], size: size) }
        return values(at: points, threads: threads)
    }
}

private func place(_ x: Double, _ count: Int) -> Double { onPoint(x * Double(count)) }

/// A place in units of grid points; one that misses a point by rounding alone is on it.
@inline(__always) private func onPoint(_ place: Double) -> Double {
    let whole = place.rounded()
    return abs(place - whole) < 1e-9 ? whole : place
}
