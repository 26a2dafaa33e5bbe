import Datasets
import Diagnostics
import Language
import Storage
import Tensors

private let tensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))
private let trials = "let mine = columns({ trial: [1, 2], tr_rmse: tensor([5.60, 5.56]), ratio: tensor([0.5, 0.25]) })"

/// Tables that stand in publications, and tables of what a script has computed.
let tableBuiltins: [Builtin] = [
    Builtin(
        "reported", family: "Results",
        [Parameter("of", .path, "the name of a table, `\"table8\"` for `reported/table8.csv` beside the script, or a path that ends in `.csv`")],
        gives: .sort("table"), "A table of numbers that others have published, as it was printed.",
        examples: [Example("show reported(\"paper/reported/table8.csv\")[\"ho_r2\"]")], check: checkReported),
    Builtin(
        "beside", family: "Results",
        [
            Parameter("table", .sort("table"), "metrics of experiments, or `machines`, whose label is `machine`: 1, 2 and so on"),
            Parameter("reported", .sort("table"), "with columns `tr_rmse`, `te_rmse`, `ho_rmse` and the same of `r2`, for train, validation and holdout"),
            Parameter(
                "match", .map(.either([.text, .map(.any)])), .fallback(.record([:])),
                "which column of the reported table equals which label of the experiments: `{ trial: \"seed\" }`; a record says what the column's words mean: `{ stage: { before_ft: \"head\" } }`"),
        ],
        gives: .sort("table"), "The metrics with what was reported in the same rows. Empty where nothing was reported.",
        examples: [Example(
            "let runs = for seed in 1..2 { bulk with { seed: seed } }\ntable metrics(runs) |> beside(reported(\"paper/reported/table8.csv\"), match: { trial: \"seed\" })",
            with: .crystals)],
        check: { call, context in
            guard let reported = call["reported"].call else { return .call(call) }
            _ = try reportedRows(call, located(call.span(of: "reported")) { try context.table(reported) })
            return .call(call)
        }),
    Builtin(
        "columns", family: "Results",
        [Parameter("of", .map(.either([tensor, .list(.any, count: nil)])), "what to stand side by side: tensors of one axis, lists of numbers or of text")],
        gives: .sort("table"), "A table of tensors and lists, a column for each field of a record, in the order in which they are written.",
        examples: [Example(trials + "\ntable mine")], check: checkColumnsTable),
    Builtin(
        "part", family: "Splits",
        [
            Parameter("x", tensor, "items along the first axis"),
            Parameter("split", .sort("split"), "a split of as many rows"),
            Parameter("of", .word(partNames), "which part"),
        ],
        gives: tensor, "The items that a split puts into one of its parts, in the order of the part.",
        examples: [Example("show part(tensor(0..9), split: trainTestSplit(rest: 40%, holdoutOfRest: 50%, seed: 42), of: holdout)")],
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]), let shape = facts.shape else { return .call(call) }
            guard let count = shape.first else { throw Diagnostic("shape", "`part` expected items, found one number", at: call.span(of: "x")) }
            let rows = try located(call.span(of: "split")) { try chosenRows(call, count: count) }
            var result = call
            result.type = .tensor(TensorType(shape: [rows.count] + shape.dropFirst(), unit: facts.unit, isLogarithm: facts.isLogarithm))
            return .call(result)
        }),
]

@Sendable private func checkReported(_ call: Call, _ context: CheckContext) throws -> Value {
    let name = call["of"].string ?? ""
    let isPath = name.hasSuffix(".csv") || name.contains("/")
    let path = isPath ? name : "reported/\(name).csv"
    if !isPath, fileStatus(context.resolve(path))?.kind != .file {
        let known = ((try? listFolder(context.resolve("reported"))) ?? []).filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }.sorted()
        throw Diagnostic(
            "missing-file", "there is no reported table `\(name)`", at: call.span(of: "of"), label: nearMiss(name, among: known).map { "did you mean `\($0)`?" },
            hint: known.isEmpty ? "it would be the file `\(path)` beside the script" : nil)
    }
    let source = Call("csv", ["path": Field(.text(Text(path)), Origin(call.span(of: "of")))], type: .sort("table"), origin: call.origin)
    _ = try context.table(source)
    return .call(source)
}

@Sendable private func checkColumnsTable(_ call: Call, _ context: CheckContext) throws -> Value {
    let fields = call["of"].record ?? [:]
    guard let first = fields.first(where: { _ in true }) else { throw Diagnostic("empty-table", "`columns` expected at least one column, found none", at: call.span(of: "of")) }
    var wanted: Int?
    for (name, field) in fields {
        var count: Int?
        if let items = field.value.items {
            count = items.count
            for item in items where item.number == nil && item.string == nil && item.word == nil {
                guard try context.facts(of: item)?.shape == [] else {
                    throw Diagnostic("type", "`\(name)` expected numbers or text, found \(item.phrase)", at: field.origin.span)
                }
            }
        } else if let shape = try context.facts(of: field.value)?.shape {
            guard shape.count <= 1 else { throw Diagnostic("shape", "`\(name)` expected one axis, found shape \(shape.asShape)", at: field.origin.span) }
            count = shape.first ?? 1
        }
        guard let count else { continue }
        guard wanted == nil || wanted == count else {
            throw Diagnostic("shape", "expected as many items in each column, found \(wanted ?? 0) in `\(first.key)` and \(count) in `\(name)`", at: field.origin.span)
        }
        wanted = count
    }
    return .call(call)
}

/// For each experiment of `beside`, the row of the reported table that belongs to it; nil where there is none.
/// Throws `unknown-column`, `unknown-label`, `ambiguous-match`.
/// `machines`: how many there are, in a table of `machines`, and `chosen`: what `select` came to; only a run knows.
func reportedRows(_ call: Call, _ table: Table, machines: Int = 0, chosen: [ListItem]? = nil) throws -> [Int?] {
    guard let metrics = call["table"].call, ["metrics", "machines"].contains(metrics.builtin) else {
        throw Diagnostic("type", "`beside` expected a table made by `metrics` or `machines`, found another", at: call.span(of: "table"))
    }
    var items = chosen ?? experimentItems(metrics["of"])
    var known = Set(items.flatMap { $0.labels.keys }).sorted()
    if metrics.builtin == "machines" {
        items = (0..<machines).map { ListItem(metrics["of"], labels: ["machine": .number(Double($0 + 1))]) }
        known = ["machine"]
    }
    if !["tr", "te", "ho"].contains(where: { table.columnNames.contains("\($0)_rmse") }) {
        _ = try located(call.span(of: "reported")) { try table.column("tr_rmse") }
    }
    let conditions = try (call["match"].record ?? [:]).map { name, field -> (Column, String, Fields?) in
        let column = try located(field.origin.span) { try table.column(name) }
        let label = field.value.string ?? name
        guard known.contains(label) else {
            throw Diagnostic(
                "unknown-label", "these experiments have no label `\(label)`", at: field.origin.span, label: nearMiss(label, among: known).map { "did you mean `\($0)`?" },
                hint: known.isEmpty ? "labels are the variables of the `for` that made a list" : nil)
        }
        return (column, label, field.value.record)
    }
    return try items.map { item in
        let rows = (0..<table.count).filter { row in conditions.allSatisfy { column, label, words in fits(column, row, item.labels[label] ?? .none, words) } }
        guard rows.count <= 1 else {
            let name = loopName(of: item.labels)
            throw Diagnostic(
                "ambiguous-match", "expected at most one reported row for \(name.isEmpty ? "an experiment" : "`\(name)`"), found \(rows.count)",
                at: call.span(of: "match"), hint: "name further columns in `match`")
        }
        return rows.first
    }
}

/// `words`: what the words of the column mean, where they are not those of the script.
private func fits(_ column: Column, _ row: Int, _ value: Value, _ words: Fields?) -> Bool {
    if let words {
        guard column.cells.indices.contains(row), let meant = words[column.cells[row]]?.value else { return false }
        return meant == value || (meant.string ?? meant.word) == (value.string ?? value.word ?? "")
    }
    if let number = value.number { return column.numbers.map { $0.indices.contains(row) && $0[row] == number } ?? false }
    return column.cells.indices.contains(row) && column.cells[row] == (value.string ?? value.word ?? "")
}
