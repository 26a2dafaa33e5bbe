import Diagnostics
import Language
import Tensors

private let trials = "let mine = columns({ trial: [1, 2], tr_rmse: tensor([5.60, 5.56]), ratio: tensor([0.5, 0.25]) })"

/// The table `columns`: tensors and lists of a script, side by side.
let columnTables = Vocabulary([
    Word(
        "columns", family: "Results",
        [
            Parameter(
                "of", .map(.either([anyTensor, .sort(.texts), .list(.any, count: nil)])),
                "what to stand side by side: tensors of one axis, lists of numbers or of text")
        ],
        gives: .sort(.table), "A table of tensors and lists, a column for each field of a record, in the order in which they are written.",
        examples: [Example(trials + "\ntable mine")], check: checkColumnsTable,
        computes: { call, context in .table(try context.columnsTable(call)) })
])

/// Checks that columns hold numbers or text along one axis, as many items each, and numbers of one unit. Throws `empty-table`,
/// `type`, `shape`, `unit`.
@Sendable private func checkColumnsTable(_ call: Call, _ context: CheckContext) throws -> Value {
    let fields = try Arguments(call, library: context.library).record("of")
    guard let first = fields.first(where: { _ in true }) else {
        throw Diagnostic("empty-table", "`columns` expected at least one column, found none", at: call.span(of: "of"))
    }
    var wanted: Int?
    for (name, field) in fields {
        var count: Int?
        if field.value.isColumn {
            count = try ComputeContext(source: TablesAlone(context)).texts(field.value).count
        } else if let items = field.value.items {
            count = items.count
            for item in items where item.number == nil && item.string == nil && item.word == nil {
                guard try context.facts(of: item)?.shape == [] else {
                    throw Diagnostic("type", "`\(name)` expected numbers or text, found \(item.phrase)", at: field.origin.span)
                }
            }
            try context.checkOneUnit(items, name: name, bare: true, at: field.origin.span)
        } else if let shape = try context.facts(of: field.value)?.shape {
            guard shape.count <= 1 else {
                throw Diagnostic("shape", "`\(name)` expected one axis, found shape \(shape.asShape)", at: field.origin.span)
            }
            count = shape.first ?? 1
        }
        guard let count else { continue }
        guard wanted == nil || wanted == count else {
            throw Diagnostic(
                "shape", "expected as many items in each column, found \(wanted ?? 0) in `\(first.key)` and \(count) in `\(name)`",
                at: field.origin.span)
        }
        wanted = count
    }
    return .call(call)
}

extension ComputeContext {
    /// The table of tensors and lists side by side.
    fileprivate func columnsTable(_ call: Call) throws -> ResultTable {
        let fields = try arguments(of: call).record("of")
        let columns = try fields.map { name, field -> (ResultTable.Column, [ResultTable.Cell]) in
            let value = field.value
            if let items = value.items, items.contains(where: { $0.string != nil || $0.word != nil }) {
                return (.init(name, isNumeric: false), items.map { .init($0.string ?? $0.word ?? $0.number.map(written) ?? "") })
            }
            if value.isColumn { return (.init(name, isNumeric: false), try texts(value).map { .init($0) }) }
            let unit: String?
            let numbers: [Double]
            if let items = value.items {
                let parts = try items.map { try array($0) }
                (unit, numbers) = (parts.lazy.compactMap(\.unit).first, parts.compactMap(\.array.values.first))
            } else {
                let found = try array(value)
                (unit, numbers) = (found.unit, found.array.values)
            }
            let whole = numbers.allSatisfy { Int(exactly: $0) != nil }
            return (.init(name, unit: unit), numbers.map { .init(whole ? written($0) : fourDigits($0), exact: written($0)) })
        }
        let count = columns.map(\.1.count).max() ?? 0
        let lists = try fields.map { field in
            try (field.value.value.items ?? [field.value.value]).map { try $0.validationScores.map { try results.experiment($0) } }
        }
        let scored = lists.flatMap { $0.joined() }
        return ResultTable(
            columns: columns.map(\.0), rows: (0..<count).map { row in columns.map { $0.1.indices.contains(row) ? $0.1[row] : .init("") } },
            notes: notesOfChoice(scored)
        ).marking((0..<count).map { row in validationChose(lists.flatMap { $0.indices.contains(row) ? $0[row] : [] }) })
    }
}

extension Value {
    /// The experiments whose metrics of the validation part a value holds, as in `bulk.validation.rmse`.
    fileprivate var validationScores: [Object] {
        collect { part in
            guard let call = part.call, !call["metric"].isNone, call["part"].word == "validation" else { return nil }
            return call["of"].object
        }
    }
}
