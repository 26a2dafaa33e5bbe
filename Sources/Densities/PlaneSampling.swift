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
        let (origin, u, v) = (geometry.origin, geometry.u, geometry.v)
        let (nx, ny, nz) = (grid[0], grid[1], grid[2])
        // In units of grid points; whole products are divided last, so that grid points are hit exactly.
        let shifts = (0..<columns).map { j in
            (
                x: Double(j * v[0] * nx) / Double(columns), y: Double(j * v[1] * ny) / Double(columns),
                z: Double(j * v[2] * nz) / Double(columns)
            )
        }
        var picture = [Float](repeating: 0, count: rows * columns)
        values.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            let field = FieldPointer(start, FieldPointer.Shape(grid))
            for i in 0..<rows {
                let x = origin[0] * Double(nx) + Double(i * u[0] * nx) / Double(rows)
                let y = origin[1] * Double(ny) + Double(i * u[1] * ny) / Double(rows)
                let z = origin[2] * Double(nz) + Double(i * u[2] * nz) / Double(rows)
                for (j, shift) in shifts.enumerated() {
                    picture[i * columns + j] = Float(field.at(x + shift.x, y + shift.y, z + shift.z))
                }
            }
        }
        return try Tensor(shape: [rows, columns, 1], values: picture)
    }
}
