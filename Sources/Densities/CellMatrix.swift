import Diagnostics

/// Three new cell vectors as rational combinations of a cell's own: row i over `denominator` gives vector i in a, b and c.
public struct CellMatrix: Sendable, Hashable {
    /// The whole numbers, a row for each new vector.
    public let rows: [[Int]]
    /// What they are divided by, positive and as small as can be.
    public let denominator: Int

    /// The cell's own vectors.
    public static let identity = CellMatrix(reducing: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], over: 1)

    /// Makes a matrix. Throws `bad-lattice` unless it has three rows of three whole numbers up to 1000 in size, a denominator
    /// from 1 to 1000, and a determinant other than 0.
    public init(rows: [[Int]], over denominator: Int = 1) throws {
        guard rows.count == 3, rows.allSatisfy({ $0.count == 3 && $0.allSatisfy { (-1000...1000).contains($0) } }),
            (1...1000).contains(denominator)
        else {
            throw Diagnostic(
                "bad-lattice", "expected three rows of three whole numbers from -1000 to 1000 for the vectors of a cell, found \(rows)",
                hint: "for example [[2, 0, 0], [0, 2, 0], [0, 0, 2]]")
        }
        self.init(reducing: rows, over: denominator)
        guard determinant != 0 else {
            throw Diagnostic("bad-lattice", "expected vectors of a cell that span a volume, found \(rows), whose determinant is 0")
        }
    }

    /// Takes out what rows and denominator have in common; for numbers that are known to be small.
    init(reducing rows: [[Int]], over denominator: Int) {
        let common = rows.joined().reduce(denominator, greatestCommonDivisor)
        self.rows = rows.map { $0.map { $0 / common } }
        self.denominator = denominator / common
    }

    /// The determinant of `rows`: the volume of the new cell over that of the old one is this over `denominator` cubed.
    public var determinant: Int { dot(rows[0], cross(rows[1], rows[2])) }

    /// The volume of the new cell in units of the old one's, negative where the cell turns the other way.
    public var volumeRatio: Double { Double(determinant) / Double(denominator * denominator * denominator) }

    /// The matrix as numbers, a row for each new vector.
    public var numbers: [[Double]] { rows.map { $0.map { Double($0) / Double(denominator) } } }

    /// The inverse times `determinant` / `denominator`.
    var adjugate: [[Int]] {
        let columns = [cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])]
        return (0..<3).map { i in (0..<3).map { columns[$0][i] } }
    }

    /// The vectors of a lattice combined by the matrix. Throws `bad-lattice`.
    public func lattice(of lattice: Lattice) throws -> Lattice {
        guard self != .identity else { return lattice }
        return try Lattice(
            rows: rows.map { row in
                (0..<3).map { axis in (0..<3).reduce(0.0) { $0 + Double(row[$1]) * lattice.rows[$1][axis] } / Double(denominator) }
            })
    }

    /// Fractional coordinates in the new cell of those in the old one.
    public func fractional(ofOld old: [Double]) -> [Double] {
        guard self != .identity, old.count == 3 else { return old }
        let adjugate = adjugate
        let factor = Double(denominator) / Double(determinant)
        return (0..<3).map { j in (0..<3).reduce(0.0) { $0 + old[$1] * Double(adjugate[$1][j]) } * factor }
    }

    /// Fractional coordinates in the old cell of those in the new one.
    public func fractional(ofNew new: [Double]) -> [Double] {
        guard self != .identity, new.count == 3 else { return new }
        return (0..<3).map { j in (0..<3).reduce(0.0) { $0 + new[$1] * Double(rows[$1][j]) } / Double(denominator) }
    }

    /// The matrix of vectors that are these combinations of the new ones.
    func combined(_ other: [[Int]], over otherDenominator: Int = 1) -> CellMatrix {
        let product = other.map { row in (0..<3).map { j in (0..<3).reduce(0) { $0 + row[$1] * rows[$1][j] } } }
        return CellMatrix(reducing: product, over: denominator * otherDenominator)
    }
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (abs(a), abs(b))
    while b != 0 { (a, b) = (b, a % b) }
    return a
}

func dot(_ a: [Int], _ b: [Int]) -> Int { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

func cross(_ a: [Int], _ b: [Int]) -> [Int] {
    guard a.count == 3, b.count == 3 else { return [0, 0, 0] }
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
