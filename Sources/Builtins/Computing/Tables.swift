import Datasets
import Diagnostics
import Language
import Tensors

extension Computer {
    /// Tensors and lists side by side.
    func columnsTable(_ call: Call) throws -> ResultTable {
        let columns = try (call["of"].record ?? [:]).map { name, field -> (ResultTable.Column, [ResultTable.Cell]) in
            let value = field.value
            if let items = value.items, items.contains(where: { $0.string != nil || $0.word != nil }) {
                return (.init(name, isNumeric: false), items.map { .init($0.string ?? $0.word ?? $0.number.map(written) ?? "") })
            }
            let unit: String?, numbers: [Double]
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
        return ResultTable(
            columns: columns.map(\.0), rows: (0..<count).map { row in columns.map { $0.1.indices.contains(row) ? $0.1[row] : .init("") } })
    }

    /// The metrics, and in the same rows what was reported.
    func besideTable(_ call: Call) throws -> ResultTable {
        guard let metrics = call["table"].call, let source = call["reported"].call else { throw Diagnostic("type", "`beside` expected two tables") }
        let reported = try supplies.table(source)
        let ofMachines = metrics.builtin == "machines"
        var (table, owners) = try ofMachines ? machinesRows(metrics) : metricsRows(metrics)
        let matched = try reportedRows(
            call, reported, machines: owners.compactMap(\.self).max().map { $0 + 1 } ?? 0, chosen: ofMachines ? nil : chosenItems(metrics["of"]))
        let unit = table.columns.first { $0.header == "RMSE" }?.unit
        let prefixes = ["train": "tr", "validation": "te", "holdout": "ho"]
        for (header, name, unit) in [("reported RMSE", "rmse", unit), ("reported MAE", "mae", unit), ("reported R2", "r2", nil)] {
            guard prefixes.values.contains(where: { reported.columnNames.contains("\($0)_\(name)") }) else { continue }
            table.columns.append(.init(header, unit: unit))
            for row in table.rows.indices {
                // The second cell of a row of metrics is its part.
                let prefix = table.rows[row].indices.contains(1) ? prefixes[table.rows[row][1].text] : nil
                let column = prefix.flatMap { prefix in reported.columns.first { $0.name == "\(prefix)_\(name)" } }
                let found = owners[row].flatMap { matched.indices.contains($0) ? matched[$0] : nil }
                table.rows[row].append(.init(found.flatMap { place in column.map { $0.cells[place] } } ?? ""))
            }
        }
        let missing = matched.count { $0 == nil }
        if missing > 0 { table.notes.append("nothing was reported for \(missing) of \(matched.count) \(ofMachines ? "machines" : "experiments")") }
        return table
    }

    /// The items of one part of a split.
    func part(_ call: Call) throws -> Computed {
        let (array, unit) = try array(call["x"])
        let shape = array.shape.extents
        guard let count = shape.first else { throw Diagnostic("shape", "`part` expected items, found one number") }
        let rows = try chosenRows(call, count: count)
        let size = count == 0 ? 0 : array.count / count
        let values = rows.flatMap { array.values[$0 * size..<($0 + 1) * size] }
        return .array(try NumericArray(shape: Shape([rows.count] + shape.dropFirst()), values: values, precision: array.precision), unit: unit)
    }
}

/// The items that a `part` call chooses among `count` of them.
func chosenRows(_ call: Call, count: Int) throws -> [Int] {
    // Other splits look at a column, and a tensor has none.
    let name = call["split"].call?.builtin ?? ""
    guard ["random", "trainTestSplit"].contains(name) else {
        throw Diagnostic("type", "`part` expected a split that needs no column, `random` or `trainTestSplit`, found `\(name)`", at: call.span(of: "split"))
    }
    let items = Array(0..<count)
    let parts = try splitParts(call["split"], table: Table(file: "", columns: [], lines: items.map { $0 + 1 }), rows: items)
    switch call["of"].word {
    case "train": return parts.train
    case "validation": return parts.validation
    default: return parts.holdout
    }
}
