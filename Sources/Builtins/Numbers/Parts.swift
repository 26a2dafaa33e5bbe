import Datasets
import Diagnostics
import Language
import Tensors

/// The brackets on what is computed later, `[]` and `[name]`. Their names cannot be written, so a script reaches them through
/// the brackets alone.
let brackets = Vocabulary([
    Word(
        "[]", family: "Operators",
        [Parameter("x", anyField, "a tensor"), Parameter("at", .list(.any, count: nil), "positions and slices")],
        gives: anyTensor, "A part of a tensor.", role: .transform,
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            var shape: [Int]?
            if let known = facts.shape {
                shape = try located(call.span(of: "at")) {
                    try NumericArray.slicedShape(Shape(known), axisSlices(call["at"], shape: known)).extents
                }
            }
            return call.typed(facts.with(shape: shape, unit: facts.unit))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let (array, unit) = try context.array(call["x"])
            return .array(try array.sliced(axisSlices(call["at"], shape: array.shape.extents)), unit: unit)
        }),
    Word(
        "[name]", family: "Operators",
        [
            Parameter("x", .either([.sort(.table), .object("dataset")]), "a table or a data set"),
            Parameter("name", .text, "a column of numbers"),
        ],
        gives: anyTensor, "A column of a table, or of the rows of a data set in its order.",
        check: { call, context in
            if context.isOfResults(call) { return call.typed(try context.resultColumn(call)) }
            if try context.texts(call) != nil {
                var call = call
                call.type = .sort(.texts)
                return .call(call)
            }
            let column = try context.column(call)
            return call.typed(TensorType(shape: [column.values.count], unit: column.unit))
        },
        label: { $0["name"].string }, knows: { call, context in context.isOfResults(call) ? nil : try context.column(call).values },
        takesRowsAlone: true,
        texts: { call, context in context.rowsAtHand(try context.results.texts(call), call) },
        computes: { call, context in
            if call.type == .sort(.texts) { return .table(try context.tableOfTexts(call)) }
            if call["x"].call.map({ !context.library.givesRows($0) }) ?? false { return try context.resultColumn(call) }
            let column = try context.results.column(call)
            let values = context.rowsAtHand(column.values, call)
            return .array(try NumericArray(shape: [values.count], values: values, precision: .double), unit: column.unit)
        }),
    Word(
        "[row]", family: "Operators", [Parameter("rows", .sort(.table), "the rows of a data set")], gives: .sort(.table),
        "The table of a data set, of whose rows an input is made one by one.",
        role: .atHand { call, context in try context.rows(call["rows"]) },
        check: { call, _ in .call(call) }, takesRowsAlone: true, computes: computeTable),
])

extension ComputeContext {
    /// What a column holds of the rows at hand, where it is one of the rows of a data set; all of it else.
    fileprivate func rowsAtHand<Cell>(_ cells: [Cell], _ call: Call) -> [Cell] {
        guard let rows, library.isOfRow(call) else { return cells }
        return rows.compactMap { cells.indices.contains($0) ? cells[$0] : nil }
    }
}

/// The slices of a `[]` call on a tensor of that shape.
private func axisSlices(_ places: Value, shape: [Int]) throws -> [AxisSlice] {
    let items = places.items ?? []
    guard items.count <= shape.count else {
        throw Diagnostic("out-of-range", "a tensor of shape \(shape.asShape) takes at most \(shape.count) positions, found \(items.count)")
    }
    return try zip(items, shape).map { item, extent in
        // Negative positions count from the end; what lies before the first stays as it was written, for the message.
        func counted(_ position: Int) -> Int { position < 0 && position + extent >= 0 ? position + extent : position }
        if let position = item.integer { return .at(counted(position)) }
        guard let ends = item.items, 2...3 ~= ends.count else {
            throw Diagnostic("type", "expected a position or a slice, found \(item.phrase)")
        }
        let (from, to) = (counted(ends[0].integer ?? 0), ends[1].integer.map(counted) ?? extent)
        guard ends.count == 3, let step = ends[2].integer else { return .range(from, to) }
        return .stepped(from, to, by: step)
    }
}

extension CheckContext {
    /// Whether a `[name]` call names a column of a table of results, whose rows are not known before it is computed.
    fileprivate func isOfResults(_ call: Call) -> Bool { call["x"].call.map { !library.givesRows($0) } ?? false }

    /// The column that a `[name]` call names, and the plan of the data set where it is one of a data set.
    private func named(_ call: Call) throws -> (column: Column, plan: DatasetPlan?) {
        let plan = try call["x"].object.map { try self.plan(of: $0) }
        let table = try plan?.table ?? call["x"].call.map { try self.table($0) }
        guard let table else { throw Diagnostic("type", "expected a table, found \(call["x"].phrase)", at: call.span(of: "x")) }
        return (try located(call.span(of: "name")) { try table.column(call["name"].string ?? "") }, plan)
    }

    /// The cells of the column of text that a `[name]` call names; nil for a column of numbers.
    public func texts(_ call: Call) throws -> [String]? {
        let (column, plan) = try named(call)
        guard column.numbers == nil else { return nil }
        return plan.map { $0.rows.map { column.cells[$0] } } ?? column.cells
    }

    /// The numbers of a `[name]` call and their unit; NaN where a cell is empty.
    public func column(_ call: Call) throws -> (values: [Double], unit: String?) {
        let (column, plan) = try named(call)
        let name = column.name
        guard let numbers = column.numbers else {
            throw try columnAndTable(call).table.notNumbers("`[...]`", column, at: call.span(of: "name"))
        }
        guard let plan else { return (numbers, column.unit) }
        return (plan.rows.map { numbers[$0] }, name == plan.column ? plan.unit : column.unit)
    }
}
