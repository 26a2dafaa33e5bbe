import Diagnostics
import Tensors

/// The groups of rows that a network reads as all but the same: in every input two of a group lie nearer than `share` of the distance
/// that half of all pairs have at least, and of their own distance from the mean of all; all are near the first of the group. Rows from
/// 0, in order; groups by their first row.
///
/// Distances are Euclidean, of all numbers of an item. Items are compared by sketches of 64 numbers (Charikar, Chen and Farach-Colton,
/// "Finding frequent items in data streams", 2002), and those that look alike number by number. In the inputs `exact`, whose numbers
/// are names, such as ids of tokens, items are alike only where they are equal. Without an input of at least 16 numbers that differ from
/// row to row there are no groups, since few numbers agree by chance. `between` is called now and then, to stop. Throws `shape` where the
/// inputs are not of as many rows, and what reading throws.
public func likeItems(
    _ inputs: [Items], exact: Set<Int> = [], within share: Double, between: () throws -> Void
) throws -> [[Int]] {
    guard let count = inputs.first?.count, count > 1, inputs.contains(where: { $0.shape.count >= 16 }) else { return [] }
    guard inputs.allSatisfy({ $0.count == count }) else { throw Diagnostic("shape", "expected inputs of the same rows") }
    let sketches = try inputs.map { try Sketches($0, between: between) }
    let telling = sketches.indices.filter { sketches[$0].scale > 0 }
    guard let key = telling.filter({ inputs[$0].shape.count >= 16 }).max(by: { sketches[$0].spread < sketches[$1].spread }) else {
        return []
    }
    var groups = Groups(count)
    let order = sketches[key].order
    let axis = sketches[key].widest
    let reach = 2 * share * sketches[key].scale.squareRoot()
    var compared = 0
    for (place, row) in order.enumerated() {
        if place & 255 == 0 { try between() }
        for other in order[(place + 1)...] {
            // No number of a sketch differs by more than all of them together.
            if sketches[key][other, axis] - sketches[key][row, axis] > reach { break }
            // Of a group its first row is compared, so that a chain of like rows is not one group.
            let (a, b) = (groups.root(row), groups.root(other))
            guard a != b else { continue }
            func limit(_ index: Int) -> Double { exact.contains(index) ? 0 : share * share * sketches[index].size(a, b) }
            // A sketch tells a distance to about a fifth.
            guard telling.allSatisfy({ sketches[$0].distance(a, b) <= 2 * limit($0) }) else { continue }
            compared += 1
            guard compared <= mostCompared else { return groups.ofSeveral }
            if compared & 1023 == 0 { try between() }
            if try telling.allSatisfy({ try inputs[$0].isNear(a, b, within: limit($0)) }) { groups.join(a, b) }
        }
    }
    return groups.ofSeveral
}

/// The most pairs that are compared number by number: more look alike only where an input is not fit to tell.
private let mostCompared = 100_000

/// What is kept of the items of an input to compare them: 64 sums each, over numbers and signs that are shared out by chance.
private struct Sketches {
    private static let size = 64
    private let values: [Double]
    private let count: Int
    /// The square of the distance that half of all pairs of rows have at least: one row that is far from all others changes it little.
    /// 0 where rows do not differ.
    let scale: Double
    /// About the square of the distance of each item from the mean of all, or of its own length where that is less.
    private let squares: [Double]
    /// The number of a sketch that differs most from row to row, and its variance.
    let widest: Int
    let spread: Double

    init(_ items: Items, between: () throws -> Void) throws {
        count = items.count
        var random = Philox(RandomKey(seed: 0, purpose: .sampling))
        let places = (0..<items.shape.count).map { _ in UInt8(truncatingIfNeeded: random.next() & 127) }
        var values = [Double](repeating: 0, count: count * Self.size)
        for row in 0..<count {
            if row & 63 == 0 { try between() }
            try items.withItem(row) { numbers in
                for (place, number) in zip(places, numbers) {
                    values[row * Self.size + Int(place & 63)] += place & 64 == 0 ? Double(number) : -Double(number)
                }
            }
        }
        var variances = [Double](repeating: 0, count: Self.size)
        var squares = [Double](repeating: 0, count: count)
        var lengths = squares
        var size = 0.0
        for axis in 0..<Self.size {
            var (mean, sum) = (0.0, 0.0)
            for row in 0..<count { mean += values[row * Self.size + axis] / Double(count) }
            for row in 0..<count {
                let apart = values[row * Self.size + axis] - mean
                sum += apart * apart
                squares[row] += apart * apart
                lengths[row] += values[row * Self.size + axis] * values[row * Self.size + axis]
            }
            variances[axis] = sum / Double(count)
            size += mean * mean
        }
        (self.values, self.squares) = (values, zip(squares, lengths).map { min($0, $1) })
        let mean = 2 * variances.reduce(0, +)
        let (rows, width) = (count, Self.size)
        // Each row with five others, near and far in the order of the rows, behind whose last one comes the first again.
        let steps = Set((1...5).map { max(1, rows * $0 / 11) }).filter { $0 < rows }
        let distances = steps.flatMap { step in
            (0..<rows).map { row -> Double in
                let other = (row + step) % rows
                return (0..<width).reduce(0.0) { sum, axis in
                    let apart = values[row * width + axis] - values[other * width + axis]
                    return sum + apart * apart
                }
            }
        }.sorted()
        let median = distances.isEmpty ? 0 : distances[distances.count / 2]
        // What is left of equal numbers by rounding is no difference. Where most rows are copies, the others tell what a distance is.
        scale = median > 1e-12 * size ? median : mean > 1e-12 * size ? mean : 0
        let axis = variances.indices.max { variances[$0] < variances[$1] } ?? 0
        (widest, spread) = (axis, variances[axis])
    }

    subscript(row: Int, axis: Int) -> Double { values[row * Self.size + axis] }

    /// The square of what a distance of two rows is measured by: that of most pairs, or theirs from the mean or 0 where that is less, as
    /// of rows of very different magnitudes.
    func size(_ a: Int, _ b: Int) -> Double { min(scale, (squares[a] + squares[b]) / 2) }

    /// The rows in the order of the number that differs most.
    var order: [Int] { (0..<count).sorted { (self[$0, widest], $0) < (self[$1, widest], $1) } }

    /// About the square of the distance of two rows.
    func distance(_ a: Int, _ b: Int) -> Double {
        (0..<Self.size).reduce(0.0) { sum, axis in
            let apart = self[a, axis] - self[b, axis]
            return sum + apart * apart
        }
    }
}

extension Items {
    /// Whether the square of the distance of two items is at most `limit`.
    fileprivate func isNear(_ a: Int, _ b: Int, within limit: Double) throws -> Bool {
        try withItem(a) { first in
            try withItem(b) { second in
                var sum = 0.0
                for (place, pair) in zip(first, second).enumerated() {
                    let apart = Double(pair.0) - Double(pair.1)
                    sum += apart * apart
                    if place & 1023 == 1023, sum > limit { return false }
                }
                return sum <= limit
            }
        }
    }
}

/// Rows that are joined to groups.
private struct Groups {
    private var parents: [Int]

    init(_ count: Int) { parents = Array(0..<count) }

    mutating func root(_ row: Int) -> Int {
        var row = row
        while parents[row] != row {
            parents[row] = parents[parents[row]]
            row = parents[row]
        }
        return row
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (first, second) = (root(a), root(b))
        parents[max(first, second)] = min(first, second)
    }

    var ofSeveral: [[Int]] {
        var copy = self
        let groups = Dictionary(grouping: parents.indices) { copy.root($0) }
        return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }
}
