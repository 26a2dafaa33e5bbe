import Datasets
import Diagnostics
import Language

/// The table `beside`: metrics with what others have published, in the same rows.
let besideTables = Vocabulary([
    Word(
        "beside", family: "Results",
        [
            Parameter("table", .sort(.table), "metrics of experiments, or `machines`, whose label is `machine`: 1, 2 and so on"),
            Parameter(
                "reported", .sort(.table),
                "with columns `tr_rmse`, `te_rmse`, `ho_rmse` and the same of `r2`, for train, validation and holdout"),
            Parameter(
                "match", .map(.either([.text, .map(.any)])), .fallback(.record([:])),
                """
                which column of the reported table equals which label of the experiments: `{ trial: "seed" }`; \
                a record says what the column's words mean: `{ stage: { before_ft: "head" } }`
                """
            ),
        ],
        gives: .sort(.table), "The metrics with what was reported in the same rows. Empty where nothing was reported.",
        examples: [
            Example(
                """
                let runs = for seed in 1..2 { bulk with { seed: seed } }
                table metrics(runs) |> beside(reported("paper/reported/table8.csv"), match: { trial: "seed" })
                """,
                with: .crystals)
        ],
        check: { call, context in
            let (inner, rows) = try experimentRows(call, context.library)
            let known = rows.known(inner)
            guard let reported = call["reported"].call else { return .call(call) }
            let table = try located(call.span(of: "reported")) { try context.table(reported) }
            _ = try reportedRows(Arguments(call, library: context.library), table, items: known.items, labels: known.labels)
            return .call(call)
        }, computes: { call, context in .table(try context.besideTable(call)) })
])

/// The table that a call of `beside` begins with, with the experiments behind its rows. Throws `type` for a table without them.
private func experimentRows(_ call: Call, _ library: Library) throws -> (call: Call, rows: ExperimentRows) {
    guard let table = call["table"].call, let rows = library.computed(table)?.rows else {
        throw Diagnostic("type", "`beside` expected a table made by `metrics` or `machines`, found another", at: call.span(of: "table"))
    }
    return (table, rows)
}

/// The row of the reported table that belongs to each experiment of `beside`; nil where there is none.
/// Throws `unknown-column`, `unknown-label`, `ambiguous-match`.
private func reportedRows(_ arguments: Arguments, _ table: Table, items: [ListItem], labels known: [String]) throws -> [Int?] {
    let call = arguments.call
    if !["tr", "te", "ho"].contains(where: { table.columnNames.contains("\($0)_rmse") }) {
        _ = try located(call.span(of: "reported")) { try table.column("tr_rmse") }
    }
    let conditions = try arguments.record("match").byName.map { name, field -> (Column, String, Fields?) in
        let column = try located(field.origin.span) { try table.column(name) }
        let label = field.value.string ?? name
        guard known.contains(label) else {
            throw Diagnostic(
                "unknown-label", "these experiments have no label `\(label)`", at: field.origin.span,
                label: nearMiss(label, among: known).map { "did you mean `\($0)`?" },
                hint: known.isEmpty ? "labels are the variables of the `for` that made a list" : nil)
        }
        return (column, label, field.value.record)
    }
    return try items.map { item in
        let rows = (0..<table.count).filter { row in
            conditions.allSatisfy { column, label, words in matches(column, row, item.labels[label] ?? .none, words) }
        }
        guard rows.count <= 1 else {
            let name = loopName(of: item.labels)
            throw Diagnostic(
                "ambiguous-match",
                "expected at most one reported row for \(name.isEmpty ? "an experiment" : "`\(name)`"), found \(rows.count)",
                at: call.span(of: "match"), hint: "name further columns in `match`")
        }
        return rows.first
    }
}

/// Whether a cell of the reported table has the value of a label. `words`: what the words of the column mean, where they are
/// not those of the script.
private func matches(_ column: Column, _ row: Int, _ value: Value, _ words: Fields?) -> Bool {
    if let words {
        guard column.cells.indices.contains(row), let meant = words[column.cells[row]]?.value else { return false }
        return meant == value || (meant.string ?? meant.word) == (value.string ?? value.word ?? "")
    }
    if let number = value.number { return column.numbers.map { $0.indices.contains(row) && $0[row] == number } ?? false }
    return column.cells.indices.contains(row) && column.cells[row] == (value.string ?? value.word ?? "")
}

extension ComputeContext {
    /// The table of metrics, and in the same rows what was reported.
    fileprivate func besideTable(_ call: Call) throws -> ResultTable {
        let (inner, rows) = try experimentRows(call, library)
        guard let reader = call["reported"].call else { throw Diagnostic("type", "`beside` expected two tables") }
        let reported = try results.table(reader)
        let found = try rows.compute(inner, self)
        var table = found.table
        let owners = found.owners
        let matched = try reportedRows(arguments(of: call), reported, items: found.items, labels: rows.known(inner).labels)
        let unit = table.columns.first { $0.header == "RMSE" }?.unit
        let prefixes = ["train": "tr", "validation": "te", "out of fold": "te", "holdout": "ho"]
        for (header, name, unit) in [("reported RMSE", "rmse", unit), ("reported MAE", "mae", unit), ("reported R2", "r2", nil)] {
            guard prefixes.values.contains(where: { reported.columnNames.contains("\($0)_\(name)") }) else { continue }
            table.columns.append(.init(header, unit: unit))
            for row in table.rows.indices {
                // The second cell of a row of metrics is its part.
                let prefix = table.rows[row].indices.contains(1) ? prefixes[table.rows[row][1].text] : nil
                let column = prefix.flatMap { prefix in reported.columns.first { $0.name == "\(prefix)_\(name)" } }
                let place = owners[row].flatMap { matched.indices.contains($0) ? matched[$0] : nil }
                table.rows[row].append(.init(place.flatMap { row in column.map { $0.cells[row] } } ?? ""))
            }
        }
        let missing = matched.count { $0 == nil }
        if missing > 0 { table.notes.append("nothing was reported for \(missing) of \(matched.count) \(rows.noun)") }
        return table
    }
}
