import Diagnostics

/// The three lattice vectors that span a crystal's cell, in Angstrom, right or left handed.
public struct Lattice: Sendable, Hashable, Codable {
    /// The vectors a, b, c: one row each, cartesian components.
    public let rows: [[Double]]

    /// Makes a lattice of its vectors. Throws `bad-lattice` unless there are three vectors of three finite numbers that
    /// span a volume.
    public init(rows: [[Double]]) throws {
        guard rows.count == 3, rows.allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isFinite) }) else {
            throw Diagnostic("bad-lattice", "expected three lattice vectors of three finite numbers each")
        }
        self.rows = rows
        let box = rows.reduce(1.0) { $0 * dot($1, $1).squareRoot() }
        guard box.isFinite, volume.isFinite, volume > 1e-9 * box else {
            throw Diagnostic("bad-lattice", "expected three lattice vectors that span a volume, found vectors in one plane")
        }
    }

    /// The volume of the cell, A^3, positive also for left-handed vectors.
    public var volume: Double { abs(dot(rows[0], cross(rows[1], rows[2]))) }

    /// The lengths of a, b and c, A.
    public var lengths: [Double] { rows.map { dot($0, $0).squareRoot() } }

    /// The reciprocal vectors, one row each, 1/A, without the factor 2 pi: row i times lattice row j is 1 for i = j, else 0.
    public var reciprocal: [[Double]] {
        let signed = dot(rows[0], cross(rows[1], rows[2]))
        return [cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])].map { $0.map { $0 / signed } }
    }

    /// Cartesian coordinates, A, of fractional ones. Missing coordinates count as 0.
    public func cartesian(_ fractional: [Double]) -> [Double] {
        (0..<3).map { axis in
            zip(fractional, rows).reduce(0.0) { $0 + $1.0 * $1.1[axis] }
        }
    }

    /// Fractional coordinates of cartesian ones in A. Missing coordinates count as 0.
    public func fractional(_ cartesian: [Double]) -> [Double] { reciprocal.map { dot($0, cartesian) } }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 } }

func cross(_ a: [Double], _ b: [Double]) -> [Double] {
    guard a.count == 3, b.count == 3 else { return [0, 0, 0] }
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
