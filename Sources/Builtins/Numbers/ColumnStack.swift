import Diagnostics
import Language
import Tensors

/// The word `columnStack`.
let columnStacks = Vocabulary([
    Word(
        "columnStack", family: "Tensors",
        [Parameter("columns", .list(anyTensor, count: nil), "vectors of one length, and matrices of as many rows")], gives: anyTensor,
        "Vectors side by side as the columns of a matrix, as NumPy's `column_stack` puts them.",
        examples: [
            Example(
                """
                let t = csv("data/fcc-dft/elements.csv")
                show columnStack([t["energy_per_atom_eV"], t["energy_per_atom_eV"] / 2])
                """)
        ],
        role: .transform,
        check: { call, context in
            let items = call["columns"].items ?? []
            guard !items.isEmpty else {
                throw Diagnostic("shape", "`columnStack` expected at least one column", at: call.span(of: "columns"))
            }
            var types: [TensorType] = []
            for item in items {
                guard let facts = try context.facts(of: item), facts.shape != nil else { return .call(call) }
                types.append(facts.tensor)
            }
            let shape = try located(call.span(of: "columns")) { try stackedShape(types.compactMap(\.shape)) }
            return call.typed(TensorType(shape: shape, unit: commonUnit(types.map(\.unit))))
        },
        keepsFinite: { _ in true }, takesRowsAlone: true,
        computes: { call, context in
            let parts = try (call["columns"].items ?? []).map { try context.array($0) }
            let shape = try stackedShape(parts.map(\.array.shape.extents))
            var values = [Double](repeating: 0, count: shape.reduce(1, *))
            var first = 0
            for part in parts {
                let width = part.array.shape.rank == 1 ? 1 : part.array.shape.extents[1]
                for row in 0..<shape[0] {
                    for column in 0..<width { values[row * shape[1] + first + column] = part.array.values[row * width + column] }
                }
                first += width
            }
            let isSingle = parts.allSatisfy { $0.array.precision == .single }
            return .array(
                try NumericArray(shape: Shape(shape), values: values, precision: isSingle ? .single : .double),
                unit: commonUnit(parts.map(\.unit)))
        })
])

/// The shape of vectors and matrices side by side. Throws `shape` for other tensors, and where they have not as many rows.
private func stackedShape(_ shapes: [[Int]]) throws -> [Int] {
    if let wrong = shapes.first(where: { $0.count != 1 && $0.count != 2 }) {
        throw Diagnostic("shape", "`columnStack` expected vectors and matrices, found a tensor of shape \(wrong.asShape)")
    }
    guard let rows = shapes.first?[0], let other = shapes.first(where: { $0[0] != rows }) else {
        return [shapes.first?[0] ?? 0, shapes.reduce(0) { $0 + ($1.count == 1 ? 1 : $1[1]) }]
    }
    throw Diagnostic("shape", "`columnStack` expected columns of one length, found \(rows) and \(other[0]) numbers")
}

/// The unit that all have; nil where they differ.
private func commonUnit(_ units: [String?]) -> String? { units.allSatisfy { $0 == units.first } ? units.first ?? nil : nil }
