import Diagnostics

/// A window in a plane of a crystal: a parallelogram of any size, whose sides need not be lattice vectors.
///
/// A picture of rows x columns points has element (i, j) at origin + (i / rows) u + (j / columns) v, the far sides left out.
public struct PlaneWindow: Sendable, Hashable {
    /// The fractional coordinates of the window's first corner.
    public let origin: [Double]
    /// The window's first side, along rows, in fractional coordinates.
    public let u: [Double]
    /// The window's second side, along columns, in fractional coordinates.
    public let v: [Double]
    /// The window's first side in cartesian components, A.
    public let uCartesian: [Double]
    /// The window's second side in cartesian components, A.
    public let vCartesian: [Double]

    /// Where the point that a window is given by stands in it.
    public enum Anchor: String, Sendable, Hashable, Codable, CaseIterable { case centre, corner }

    /// Makes a window of a corner and two sides, all fractional. Throws `bad-plane` unless they are finite, at most 10^6 in
    /// size, and span an area.
    public init(lattice: Lattice, origin: [Double], u: [Double], v: [Double]) throws {
        guard [origin, u, v].allSatisfy({ $0.count == 3 && $0.allSatisfy { $0.isFinite && abs($0) <= 1e6 } }) else {
            throw Diagnostic("bad-plane", "expected a corner and two sides of three finite numbers for a window in a plane")
        }
        (self.origin, self.u, self.v) = (origin, u, v)
        uCartesian = lattice.cartesian(u)
        vCartesian = lattice.cartesian(v)
        let area = length(cross(uCartesian, vCartesian))
        guard area > 1e-6 * length(uCartesian) * length(vCartesian) else {
            throw Diagnostic("bad-plane", "expected two directions that span a plane, found parallel ones")
        }
    }

    /// The window of a lattice plane, repeated this often along its sides.
    public init(_ geometry: PlaneGeometry, repeats: (u: Int, v: Int) = (1, 1), in lattice: Lattice) throws {
        guard (1...1000).contains(repeats.u), (1...1000).contains(repeats.v) else {
            throw Diagnostic("bad-plane", "expected 1 to 1000 repeats of a window, found \(repeats.u) and \(repeats.v)")
        }
        try self.init(
            lattice: lattice, origin: geometry.origin, u: geometry.u.map { Double($0 * repeats.u) },
            v: geometry.v.map { Double($0 * repeats.v) })
    }

    /// A rectangle in a lattice plane: `sides` in A, the first along the plane's vector u, the second at right angles to it,
    /// towards v; the plane's origin is its centre or its first corner. Throws `bad-plane`.
    public init(_ geometry: PlaneGeometry, sides: (Double, Double), anchor: Anchor = .centre, in lattice: Lattice) throws {
        try self.init(
            lattice: lattice, at: geometry.origin, along: geometry.uCartesian, towards: geometry.vCartesian, sides: sides, anchor: anchor)
    }

    /// A rectangle in the plane through three fractional points, such as atoms: the first side along the way from the first
    /// to the second point, the second at right angles to it, towards the third; the first point is its centre or its first corner.
    /// `sides` in A. Throws `bad-plane` for points on one line.
    public init(lattice: Lattice, through points: [[Double]], sides: (Double, Double), anchor: Anchor = .centre) throws {
        guard points.count == 3, points.allSatisfy({ $0.count == 3 }) else {
            throw Diagnostic("bad-plane", "expected three points for a plane, found \(points.count)")
        }
        func way(_ to: [Double]) -> [Double] { lattice.cartesian(zip(to, points[0]).map { $0 - $1 }) }
        try self.init(lattice: lattice, at: points[0], along: way(points[1]), towards: way(points[2]), sides: sides, anchor: anchor)
    }

    private init(
        lattice: Lattice, at point: [Double], along: [Double], towards: [Double], sides: (Double, Double), anchor: Anchor
    ) throws {
        guard sides.0.isFinite, sides.1.isFinite, sides.0 > 0, sides.1 > 0, max(sides.0, sides.1) <= 1e4 else {
            throw Diagnostic(
                "bad-plane", "expected two sides of a window in Angstrom, above 0 and up to 10^4, found \(sides.0) and \(sides.1)")
        }
        let normal = cross(along, towards)
        let size = length(normal)
        guard size.isFinite, size > 1e-6 * length(along) * length(towards) else {
            throw Diagnostic("bad-plane", "expected two directions that span a plane, found points on one line")
        }
        let e1 = along.map { $0 / length(along) }
        let e2 = cross(normal.map { $0 / size }, e1)
        let u = lattice.fractional(e1.map { $0 * sides.0 })
        let v = lattice.fractional(e2.map { $0 * sides.1 })
        var corner = point
        if anchor == .centre { for axis in 0..<3 { corner[axis] -= (u[axis] + v[axis]) / 2 } }
        try self.init(lattice: lattice, origin: corner, u: u, v: v)
    }

    /// Whether the sides are lattice vectors, so that the picture continues into itself at every edge.
    public var isPeriodic: Bool { (u + v).allSatisfy { abs($0 - $0.rounded()) < 1e-9 } }

    /// The area of the window, A^2.
    public var area: Double { length(cross(uCartesian, vCartesian)) }

    /// The sides of the window as seen along its normal, with u along x: (x, y) in A, for drawing it undistorted.
    public var flat: (u: (x: Double, y: Double), v: (x: Double, y: Double)) {
        let size = length(uCartesian)
        return ((size, 0), (dot(uCartesian, vCartesian) / size, area / size))
    }

    /// The fractional coordinates of a point of a picture of rows x columns points.
    public func point(_ i: Int, _ j: Int, size: [Int]) -> [Double] {
        guard size.count == 2 else { return origin }
        return (0..<3).map { origin[$0] + Double(i) * u[$0] / Double(size[0]) + Double(j) * v[$0] / Double(size[1]) }
    }
}

func length(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }

extension Density {
    /// The window in the plane through three atoms, counted from 0 in the order of the file; see
    /// `PlaneWindow.init(lattice:through:sides:anchor:)`. Of the second and third atom the images nearest to the first are taken.
    public func window(throughAtoms indices: [Int], sides: (Double, Double), anchor: PlaneWindow.Anchor = .centre) throws -> PlaneWindow {
        guard indices.count == 3, indices.allSatisfy(atoms.indices.contains) else {
            throw Diagnostic("bad-plane", "expected three atoms from 0 to \(atoms.count - 1) for a plane, found \(indices)")
        }
        return try PlaneWindow(lattice: lattice, through: try places(ofAtoms: indices), sides: sides, anchor: anchor)
    }

    /// The fractional coordinates of atoms, counted from 0 in the order of the file: the first where the file has it, of the others the
    /// images nearest to it, where the file has them if none is nearer. Throws `bad-plane` for atoms that are not there.
    public func places(ofAtoms indices: [Int]) throws -> [[Double]] {
        guard indices.allSatisfy(atoms.indices.contains), let first = indices.first.map({ atoms[$0].fractional }), first.count == 3 else {
            throw Diagnostic("bad-plane", "expected atoms from 0 to \(atoms.count - 1), found \(indices)")
        }
        return [first] + indices.dropFirst().map { nearestImage(of: atoms[$0].fractional, to: first) }
    }

    private func nearestImage(of place: [Double], to first: [Double]) -> [Double] {
        let near = zip(place, first).map { $0 - ($0 - $1).rounded() }
        var best = place
        var least = length(lattice.cartesian(zip(place, first).map { $0 - $1 }))
        for i in -1...1 {
            for j in -1...1 {
                for k in -1...1 {
                    let image = zip(near, [i, j, k]).map { $0 + Double($1) }
                    let distance = length(lattice.cartesian(zip(image, first).map { $0 - $1 }))
                    // Rounding must not choose between images that are equally near.
                    guard distance < least - 1e-9 else { continue }
                    (best, least) = (image, distance)
                }
            }
        }
        return best
    }

    /// The lattice plane that two lattice vectors span (whole multiples of a, b and c): its Miller indices in the cell. Throws
    /// `bad-plane` for parallel ones.
    public func miller(ofPlaneBy u: [Int], _ v: [Int]) throws -> [Int] {
        guard [u, v].allSatisfy({ $0.count == 3 && $0.allSatisfy { (-1000...1000).contains($0) } }) else {
            throw Diagnostic("bad-plane", "expected two lattice vectors of three whole numbers up to 1000, found \(u) and \(v)")
        }
        let normal = cross(u, v)
        let divisor = normal.reduce(0, greatestCommonDivisor)
        guard divisor > 0 else { throw Diagnostic("bad-plane", "expected two lattice vectors that span a plane, found \(u) and \(v)") }
        let miller = normal.map { $0 / divisor }
        try checkMiller(miller)
        return miller
    }

    /// The point of a lattice plane at a height along its normal, A, from the cell's origin: give it to `through`. The height of
    /// the next parallel lattice plane is 1 / |h|, h the reciprocal vector of the indices of the cell. Throws `bad-plane`.
    public func planeOrigin(atHeight height: Double, miller: [Int]) throws -> PlaneOrigin {
        try checkMiller(miller)
        guard height.isFinite, abs(height) <= 1e4 else {
            throw Diagnostic("bad-plane", "expected the height of a plane in Angstrom, at most 10^4, found \(height)")
        }
        let normal = lattice.normal(miller)
        let size = length(normal)
        return .fractional(lattice.fractional(normal.map { $0 * height / size }))
    }

    /// The height of a fractional point along the normal of a lattice plane, A, from the cell's origin. Throws `bad-plane`.
    public func height(of point: [Double], miller: [Int]) throws -> Double {
        try checkMiller(miller)
        guard point.count == 3 else { throw Diagnostic("bad-plane", "expected three fractional coordinates, found \(point)") }
        return zip(miller, point).reduce(0.0) { $0 + Double($1.0) * $1.1 } / length(lattice.normal(miller))
    }
}

extension Lattice {
    /// The reciprocal vector of Miller indices, 1/A: along the normal of the planes, 1 over their distance long.
    public func normal(_ miller: [Int]) -> [Double] {
        (0..<3).map { axis in zip(miller, reciprocal).reduce(0.0) { $0 + Double($1.0) * $1.1[axis] } }
    }
}
