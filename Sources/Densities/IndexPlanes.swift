import Diagnostics
import Tensors

extension Density {
    /// The points of an N x N x N grid with i + j + k = `constant` modulo N, e/A^3, with nothing between points: a periodic
    /// tensor of N x N x 1 whose element (i, j) is the point (i, j, constant - i - j).
    ///
    /// It is the plane with indices (1, 1, 1) of the cell at constant / N along c, on the window that `indexPlaneWindow` tells.
    /// Throws `bad-plane` where the grid is not N x N x N or N is above 16384.
    public func indexPlane(_ constant: Int = 0) throws -> Tensor {
        let n = try cubicExtent()
        var picture: [Float] = []
        picture.reserveCapacity(n * n)
        let start = (constant % n + n) % n
        for i in 0..<n {
            for j in 0..<n { picture.append(Float(values[(i * n + j) * n + (start + 2 * n - i - j) % n])) }
        }
        return try Tensor(shape: [n, n, 1], values: picture)
    }

    /// The window of `indexPlane`: sides a - c and b - c from the point constant / N along c, which are not
    /// always those that `PlaneGeometry` would choose. Throws `bad-plane`.
    public func indexPlaneWindow(_ constant: Int = 0) throws -> PlaneWindow {
        let n = try cubicExtent()
        return try PlaneWindow(
            lattice: lattice, origin: [0, 0, Double((constant % n + n) % n) / Double(n)], u: [1, 0, -1], v: [0, 1, -1])
    }

    private func cubicExtent() throws -> Int {
        guard let n = grid.first, grid.allSatisfy({ $0 == n }), n <= 16384 else {
            throw Diagnostic(
                "bad-plane", "expected as many points along a, b and c for the plane i + j + k = c, found a \(gridText(grid)) grid",
                hint: "regrid it first, for example to [60, 60, 60]")
        }
        return n
    }

    /// The values on one layer of the grid, e/A^3: point `index` along `axis` (0, 1, 2 for a, b, c), counted periodically. A
    /// tensor of the two other extents, in the order a, b, c, x 1. Throws `bad-plane`.
    public func slice(axis: Int, index: Int) throws -> Tensor {
        guard (0...2).contains(axis) else { throw Diagnostic("bad-plane", "expected an axis from 0 to 2, found \(axis)") }
        let layer = (index % grid[axis] + grid[axis]) % grid[axis]
        let others = (0..<3).filter { $0 != axis }
        let strides = [grid[1] * grid[2], grid[2], 1]
        let (rows, columns) = (grid[others[0]], grid[others[1]])
        var picture: [Float] = []
        picture.reserveCapacity(rows * columns)
        for i in 0..<rows {
            for j in 0..<columns { picture.append(Float(values[layer * strides[axis] + i * strides[others[0]] + j * strides[others[1]]])) }
        }
        return try Tensor(shape: [rows, columns, 1], values: picture)
    }
}

/// A periodic picture on a parallelogram drawn undistorted: a tensor of rows x columns x 1 of a rectangle of `sides`, A, row i
/// at i / rows of the first side, which lies along the window's u, column j at j / columns of the second, at right angles to it
/// towards v. The rectangle begins at the window's origin or has it in its centre; between the picture's points it is linear.
///
/// Throws `bad-plane` for a picture without two extents and one channel, or for sides and sizes that cannot be.
public func undistorted(
    _ picture: Tensor, window: PlaneWindow, sides: (Double, Double), size: [Int], anchor: PlaneWindow.Anchor = .corner
) throws -> Tensor {
    try checkPlaneSize(size)
    let extents = picture.shape.extents
    guard extents.count == 3, extents[2] == 1, extents[0] > 0, extents[1] > 0, window.isPeriodic else {
        throw Diagnostic("bad-plane", "expected a periodic picture of rows x columns x 1, found one of shape \(extents)")
    }
    guard [sides.0, sides.1].allSatisfy({ $0.isFinite && $0 > 0 && $0 <= 1e4 }) else {
        throw Diagnostic(
            "bad-plane", "expected two sides of a picture in Angstrom, above 0 and up to 10^4, found \(sides.0) and \(sides.1)")
    }
    let (rows, columns) = (extents[0], extents[1])
    let flat = window.flat
    let values = picture.values.map(Double.init)
    var out: [Float] = []
    out.reserveCapacity(size[0] * size[1])
    values.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        let field = FieldPointer(start, FieldPointer.Shape([1, rows, columns]))
        for i in 0..<size[0] {
            for j in 0..<size[1] {
                var x = Double(i) * sides.0 / Double(size[0])
                var y = Double(j) * sides.1 / Double(size[1])
                if anchor == .centre { (x, y) = (x - sides.0 / 2, y - sides.1 / 2) }
                let t = y / flat.v.y
                let s = (x - t * flat.v.x) / flat.u.x
                out.append(Float(field.at(0, nearPoint(s * Double(rows)), nearPoint(t * Double(columns)))))
            }
        }
    }
    return try Tensor(shape: [size[0], size[1], 1], values: out)
}

private func nearPoint(_ place: Double) -> Double { abs(place - place.rounded()) < 1e-9 ? place.rounded() : place }
