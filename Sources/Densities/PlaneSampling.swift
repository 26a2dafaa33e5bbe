import Diagnostics
import Tensors

/// A point that a plane passes through.
public enum PlaneOrigin: Sendable, Hashable {
    /// The position of an atom, counted from 0 in the order of the file.
    case atom(Int)
    /// A point given by its fractional coordinates.
    case fractional([Double])
}

/// Checks the size of a plane's picture. Throws `bad-plane` unless `size` is two numbers of points from 1 to 16384.
public func checkPlaneSize(_ size: [Int]) throws {
    guard size.count == 2, size.allSatisfy({ (1...16384).contains($0) }) else {
        throw Diagnostic(
            "bad-plane",
            "expected the rows and columns of a plane, each from 1 to 16384, found [\(size.map(String.init).joined(separator: ", "))]",
            hint: "for example size: [60, 60]")
    }
}

extension Density {
    /// The lattice plane with these Miller indices of the cell, through an atom or a point, and the window in it.
    ///
    /// Throws `bad-plane`.
    public func planeGeometry(miller: [Int], through: PlaneOrigin = .atom(0)) throws -> PlaneGeometry {
        let origin: [Double]
        switch through {
        case .fractional(let point): origin = point
        case .atom(let index):
            guard atoms.indices.contains(index) else {
                throw Diagnostic("bad-plane", "expected an atom from 0 to \(atoms.count - 1) for the plane to pass through, found \(index)")
            }
            origin = atoms[index].fractional
        }
        return try PlaneGeometry(lattice: lattice, miller: miller, origin: origin)
    }

    /// The density on the lattice plane with these Miller indices of the cell, through an atom or a point, e/A^3, as a
    /// picture of `size` (rows, columns) and one channel: a tensor of rows x columns x 1.
    ///
    /// Element (i, j) is the density at origin + (i / rows) u + (j / columns) v, with u and v of `PlaneGeometry`: one
    /// period of the plane, its far sides left out, so that the picture continues into itself at every edge. It is a
    /// sheared picture where u and v are not at right angles. Between grid points the value is interpolated linearly along
    /// each axis of the grid, periodically; on a grid point it is the value there.
    ///
    /// Throws `bad-plane`.
    public func plane(miller: [Int], through: PlaneOrigin = .atom(0), size: [Int]) throws -> Tensor {
        try checkPlaneSize(size)
        return try plane(try planeGeometry(miller: miller, through: through), size: size)
    }

    /// The density on the window of a plane; see `plane(miller:through:size:)`.
    public func plane(_ geometry: PlaneGeometry, size: [Int]) throws -> Tensor {
        try checkPlaneSize(size)
        let rows = size[0]
        let columns = size[1]
        var picture: [Float] = []
        picture.reserveCapacity(rows * columns)
        var place = [0.0, 0.0, 0.0]
        for i in 0..<rows {
            for j in 0..<columns {
                for axis in 0..<3 {
                    // In units of grid points; whole products are divided last, so that grid points are hit exactly.
                    place[axis] =
                        geometry.origin[axis] * Double(grid[axis])
                        + Double(i * geometry.u[axis] * grid[axis]) / Double(rows)
                        + Double(j * geometry.v[axis] * grid[axis]) / Double(columns)
                }
                picture.append(Float(interpolated(at: place)))
            }
        }
        return try Tensor(shape: [rows, columns, 1], values: picture)
    }

    /// The value at a place given in units of grid points, by periodic trilinear interpolation.
    func interpolated(at place: [Double]) -> Double {
        var low = (0, 0, 0)
        var high = (0, 0, 0)
        var part = (0.0, 0.0, 0.0)
        (low.0, high.0, part.0) = neighbours(place[0], grid[0])
        (low.1, high.1, part.1) = neighbours(place[1], grid[1])
        (low.2, high.2, part.2) = neighbours(place[2], grid[2])
        func along(_ i: Int, _ j: Int) -> Double {
            let row = (i * grid[1] + j) * grid[2]
            return mix(values[row + low.2], values[row + high.2], part.2)
        }
        return mix(
            mix(along(low.0, low.1), along(low.0, high.1), part.1),
            mix(along(high.0, low.1), along(high.0, high.1), part.1), part.0)
    }
}

/// The grid points on either side of a place on a periodic axis of `count` points, and how far it is past the lower one.
private func neighbours(_ place: Double, _ count: Int) -> (Int, Int, Double) {
    let floor = place.rounded(.down)
    let wrapped = floor - Double(count) * (floor / Double(count)).rounded(.down)
    let low = min(max(Int(wrapped), 0), count - 1)
    return (low, low + 1 == count ? 0 : low + 1, place - floor)
}

private func mix(_ a: Double, _ b: Double, _ part: Double) -> Double { part == 0 ? a : a * (1 - part) + b * part }
