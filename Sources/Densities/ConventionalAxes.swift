import CSpglib
import Diagnostics

/// What spglib found, with conventional and primitive cells as combinations of the cell's vectors.
func crystalSymmetry(_ found: ecdx_spglib_symmetry, _ lattice: Lattice) throws -> CrystalSymmetry {
    let symbol = text(found.symbol)
    let matrix = numbers(found.transformation)
    let (spglib, ratio) = try rational(matrix, symbol: symbol)
    let conventional = closestAxes(found, isPrimitive: ratio == 1, lattice, spglib)
    let primitive = ratio == 1 ? .identity : conventional.combined(centring(symbol).rows, over: centring(symbol).denominator)
    // x in the standard setting is P x + p; its origin is where that is 0.
    let shift = numbers3(found.origin_shift)
    return CrystalSymmetry(
        number: Int(found.number), symbol: symbol, pointGroup: text(found.point_group), hall: Int(found.hall_number),
        conventional: conventional, primitive: primitive,
        standardOrigin: spglib.fractional(ofNew: shift.map { -$0 }).map { $0 - $0.rounded(.down) })
}

/// The conventional axes in whole numbers over a denominator, and how many primitive cells the cell holds.
///
/// spglib's matrix carries the noise of the positions. Conventional vectors are whole combinations of primitive ones, of which
/// the cell holds D, so D times their coordinates in the cell are whole numbers.
private func rational(_ transformation: [[Double]], symbol: String) throws -> (CellMatrix, Int) {
    let fault = Diagnostic("bad-data", "expected a conventional cell whose vectors are combinations of the cell's, found none")
    let determinant = dot(transformation[0], cross(transformation[1], transformation[2]))
    guard determinant.isFinite, abs(determinant) > 1e-6, abs(determinant) < 1e6 else { throw fault }
    // The vectors of the standard cell are (a b c) P^-1, columns: a row of the transposed inverse each.
    let columns = [
        cross(transformation[1], transformation[2]), cross(transformation[2], transformation[0]),
        cross(transformation[0], transformation[1]),
    ].map { $0.map { $0 / determinant } }
    let cells = (abs(determinant) * Double(centring(symbol).points)).rounded()
    guard cells >= 1, cells <= 1000 else { throw fault }
    let scaled = columns.map { $0.map { $0 * cells } }
    let whole = scaled.map { $0.map { $0.rounded() } }
    guard zip(scaled.joined(), whole.joined()).allSatisfy({ abs($0 - $1) < 0.2 && abs($1) <= 1e5 }) else { throw fault }
    let matrix = CellMatrix(reducing: whole.map { $0.map { Int($0) } }, over: Int(cells))
    guard matrix.determinant != 0 else { throw fault }
    return (matrix, Int(cells))
}

/// Of the axes that the Laue group makes equal those closest to the standard's drawing.
private func closestAxes(_ found: ecdx_spglib_symmetry, isPrimitive: Bool, _ lattice: Lattice, _ spglib: CellMatrix) -> CellMatrix {
    if found.number <= 2, isPrimitive { return .identity }
    let standard = numbers(found.standard_lattice).map(unit)
    func closeness(_ matrix: CellMatrix) -> Double {
        zip(matrix.numbers, standard).reduce(0.0) { $0 + dot(unit(lattice.cartesian($1.0)), $1.1) }
    }
    var best = spglib
    var score = -Double.infinity
    for turn in laueTurns(Int(found.number)) {
        let candidate = spglib.combined(turn)
        let value = closeness(candidate)
        // Noise must not decide between axes that are equally close.
        let isBetter = value > score + 1e-3
        let isEqual = !isBetter && value > score - 1e-3
        guard isBetter || isEqual && best.rows.joined().lexicographicallyPrecedes(candidate.rows.joined()) else { continue }
        best = candidate
        score = isBetter ? value : Swift.max(score, value)
    }
    return best
}

/// The turns of the axes of the conventional cell that the Laue group of a space group allows: new axes by rows.
func laueTurns(_ number: Int) -> [[[Int]]] {
    let identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    let aroundX = [[1, 0, 0], [0, -1, 0], [0, 0, -1]]
    let aroundY = [[-1, 0, 0], [0, 1, 0], [0, 0, -1]]
    let aroundZ = [[-1, 0, 0], [0, -1, 0], [0, 0, 1]]
    let quarter = [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]
    let cyclic = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    // Hexagonal axes: b, -a-b; and twofold axes along a, and at right angles to b's plane.
    let third = [[0, 1, 0], [-1, -1, 0], [0, 0, 1]]
    let alongA = [[1, 0, 0], [-1, -1, 0], [0, 0, -1]]
    let besideA = [[0, -1, 0], [-1, 0, 0], [0, 0, -1]]
    let generators: [[[Int]]]
    switch number {
    case ...2: generators = []
    case ...15: generators = [aroundY]
    case ...74: generators = [aroundX, aroundY]
    case ...88: generators = [quarter]
    case ...142: generators = [quarter, aroundX]
    case ...148: generators = [third]
    case 149, 151, 153, 157, 159, 162, 163: generators = [third, besideA]
    case ...167: generators = [third, alongA]
    case ...176: generators = [third, aroundZ]
    case ...194: generators = [third, aroundZ, alongA]
    case ...206: generators = [cyclic, aroundX]
    default: generators = [cyclic, quarter]
    }
    var turns = [identity]
    var next = 0
    while next < turns.count, turns.count <= 24 {
        for generator in generators {
            let turn = generator.map { row in (0..<3).map { j in (0..<3).reduce(0) { $0 + row[$1] * turns[next][$1][j] } } }
            if !turns.contains(turn) { turns.append(turn) }
        }
        next += 1
    }
    return turns
}

/// Primitive vectors as combinations of conventional ones, and the lattice points in a conventional cell. International
/// Tables, volume A, table 1.5.1.1 (obverse setting for R).
private func centring(_ symbol: String) -> (rows: [[Int]], denominator: Int, points: Int) {
    switch symbol.first {
    case "F": ([[0, 1, 1], [1, 0, 1], [1, 1, 0]], 2, 4)
    case "I": ([[-1, 1, 1], [1, -1, 1], [1, 1, -1]], 2, 2)
    case "A": ([[2, 0, 0], [0, 1, -1], [0, 1, 1]], 2, 2)
    case "B": ([[1, 0, -1], [0, 2, 0], [1, 0, 1]], 2, 2)
    case "C": ([[1, -1, 0], [1, 1, 0], [0, 0, 2]], 2, 2)
    case "R": ([[2, 1, 1], [-1, 1, 1], [-1, -2, 1]], 3, 3)
    default: ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 1, 1)
    }
}

private func unit(_ vector: [Double]) -> [Double] {
    let length = dot(vector, vector).squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
}

private func numbers<Tuple>(_ tuple: Tuple) -> [[Double]] {
    let flat = withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Double.self)) }
    return stride(from: 0, to: flat.count - 2, by: 3).map { Array(flat[$0..<($0 + 3)]) }
}

private func numbers3<Tuple>(_ tuple: Tuple) -> [Double] { numbers(tuple).first ?? [0, 0, 0] }

private func text<Tuple>(_ tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
