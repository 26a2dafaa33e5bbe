import Datasets
import Diagnostics
import Language
import Tensors

/// The builtin `part`: the part of a tensor by a split.
let tensorParts = Vocabulary([
    Word(
        "part", family: "Splits",
        [
            Parameter("x", anyTensor, "items along the first axis"),
            Parameter("split", .sort(.split), "a split of as many rows"),
            Parameter("of", .word(partChoices), "which part"),
        ],
        gives: anyTensor, "The items that a split puts into one of its parts, in the order of the part.",
        examples: [Example("show part(tensor(0..9), split: trainTestSplit(rest: 40%, holdoutOfRest: 50%, seed: 42), of: holdout)")],
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]), let shape = facts.shape else { return .call(call) }
            guard let count = shape.first else {
                throw Diagnostic("shape", "`part` expected items, found one number", at: call.span(of: "x"))
            }
            let rows = try located(call.span(of: "split")) { try chosenRows(call, count: count, context.library) }
            return call.typed(facts.with(shape: [rows.count] + shape.dropFirst(), unit: facts.unit))
        }, computes: { call, context in try context.part(call) })
])

/// The items that a `part` call chooses among `count` of them.
private func chosenRows(_ call: Call, count: Int, _ library: Library) throws -> [Int] {
    // Other splits look at a column, and a tensor has none.
    let arguments = Arguments(call, library: library)
    let split = try arguments.call("split")
    guard let rule = try library.split(.call(split)) as? SplitRule else {
        throw Diagnostic(
            "type",
            "`part` expected a split that needs no column, `random` or `trainTestSplit`, found `\(split.builtin)`",
            at: call.span(of: "split"))
    }
    let items = Array(0..<count)
    let parts = try rule.parts(of: Table(file: "", columns: [], lines: items.map { $0 + 1 }), rows: items)
    return parts.rows(of: try arguments.word("of"))
}

extension ComputeContext {
    /// The items of one part of a split.
    fileprivate func part(_ call: Call) throws -> Computed {
        let (array, unit) = try array(call["x"])
        let shape = array.shape.extents
        guard let count = shape.first else { throw Diagnostic("shape", "`part` expected items, found one number") }
        let rows = try chosenRows(call, count: count, library)
        let size = count == 0 ? 0 : array.count / count
        let values = rows.flatMap { array.values[$0 * size..<($0 + 1) * size] }
        return .array(
            try NumericArray(shape: Shape([rows.count] + shape.dropFirst()), values: values, precision: array.precision), unit: unit)
    }
}
