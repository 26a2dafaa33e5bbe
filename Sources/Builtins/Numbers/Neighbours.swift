import Diagnostics
import Language
import Tensors

/// The distances by which neighbours are found.
private enum NeighbourMetric: String, CaseIterable {
    case euclidean, cosine
}

private let metrics = Choices.each(of: NeighbourMetric.self) {
    switch $0 {
    case .euclidean: "the distance"
    case .cosine: "1 less the cosine of the angle, which takes no notice of lengths"
    }
}

/// The word `neighbours`.
let neighbourWords = Vocabulary([
    Word(
        "neighbours", family: "Tensors",
        [
            Parameter("x", anyTensor, "items along the first axis; the others count as features"),
            Parameter("count", .number(.count()), .fallback(.number(5)), "how many neighbours of each item"),
            Parameter(
                "metric", .word(metrics), .fallback(.word("euclidean")), "what is least between neighbours"),
        ],
        gives: anyTensor,
        """
        The positions of the items that are nearest to each item, the nearest first, items x count; of items equally near the first ones.
        """,
        examples: [Example("show neighbours(tensor([[0, 1], [0, 2], [5, 5], [5, 6]]), count: 1)")],
        check: { call, context in
            guard let shape = try context.facts(of: call["x"])?.shape else { return .call(call) }
            let count = call["count"].integer ?? 5
            try located(call.span(of: "count")) { try checkCount(count, shape) }
            return call.typed(TensorType(shape: [shape[0], count], unit: nil))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let x = try context.array(call["x"]).array
            let count = try arguments.integer("count")
            try checkCount(count, x.shape.extents)
            let found = try neighbours(x, count: count, arguments.choice("metric"))
            return .array(try NumericArray(shape: [x.shape.extents[0], count], values: found, precision: .double), unit: nil)
        })
])

private func checkCount(_ count: Int, _ shape: [Int]) throws {
    guard shape.count >= 2, shape[0] > 1 else {
        throw Diagnostic("shape", "`neighbours` expected at least two items of several features, found shape \(shape.asShape)")
    }
    guard count < shape[0] else {
        throw Diagnostic("range", "`count` expected at most \(shape[0] - 1), the number of the other items, found \(count)")
    }
}

private func neighbours(_ x: NumericArray, count: Int, _ metric: NeighbourMetric) throws -> [Double] {
    let items = x.shape.extents[0]
    let width = x.count / max(1, items)
    var rows = (0..<items).map { Array(x.values[$0 * width..<($0 + 1) * width]) }
    if let bad = rows.firstIndex(where: { $0.contains { !$0.isFinite } }) {
        throw Diagnostic("bad-data", "`neighbours` expected numbers, found NaN or infinity in item \(bad)")
    }
    if metric == .cosine {
        rows = try rows.enumerated().map { place, row in
            // The largest first, so that no square overflows.
            let most = row.reduce(0) { max($0, abs($1)) }
            guard most > 0 else { throw Diagnostic("bad-data", "the item \(place) is 0 throughout, and has no angle to others") }
            let scaled = row.map { $0 / most }
            let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return scaled.map { $0 / length }
        }
    }
    let flat = rows.flatMap { $0 }
    return (0..<items).flatMap { place -> [Double] in
        let distances = flat.withUnsafeBufferPointer { numbers in
            (0..<items).map { other -> Double in
                var sum = 0.0
                for column in 0..<width {
                    let apart = numbers[place * width + column] - numbers[other * width + column]
                    sum += apart * apart
                }
                return sum
            }
        }
        let order = (0..<items).filter { $0 != place }.sorted { (distances[$0], $0) < (distances[$1], $1) }
        return order.prefix(count).map { Double($0) }
    }
}
