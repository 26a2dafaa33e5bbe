import Datasets
import Densities
import Diagnostics
import Language
import Storage

/// Key of a plan that is remembered.
private struct PlannedData: Hashable {
    var data: Object
    var version: Int
    var notFinite: [Int]
}
extension CheckContext {
    /// The plan of a data set: its rows, files and parts, made again where the file of its rows changed, or other rows are left out;
    /// cut short in a smoke run. Throws the first thing that is wrong with it.
    public func plan(of data: Object) throws -> DatasetPlan {
        let version = library.tablePaths(of: data[field: "rows"]).reduce(0) { $0 + self.version(ofFile: resolve($1)) }
        let notFinite = try notFiniteRows(of: data, version: version)
        return try remembered(PlannedData(data: data, version: version, notFinite: notFinite)) {
            let whole = try makePlan(of: data, without: notFinite)
            return isSmoke ? whole.smoked : whole
        }
    }

    private func makePlan(of data: Object, without notFinite: [Int]) throws -> DatasetPlan {
        let candidates = try candidates(of: data)
        let ground = candidates.ground
        let leftOut = Set(notFinite)
        let rows = candidates.rows.filter { !leftOut.contains($0) }
        let notFinite = notFinite.map { ground.ids[$0] }
        guard let target = data[field: "target"].record, let targetColumn = candidates.target else {
            return try planWithoutTarget(of: data, ground, rows, candidates.absent.map { ground.ids[$0] }, notFinite)
        }
        let table = ground.table
        let column = target["column"]?.value.string ?? ""
        let targets = try located(target["column"]?.origin.span) { try table.targets(column: column, rows: rows) }
        try checkPaths(ground.sources, of: table, target: targetColumn, rows: rows, id: data[field: "id"].string ?? "")
        try checkColumns(ground.inputs, of: table, target: targetColumn, rows: rows)
        let transform: TargetSpace.Transform = target["transform"]?.value.word == "log" ? .log : .none
        let bad = targets.filter { $0 <= 0 }.count
        if transform == .log, bad > 0 {
            let example = rows[targets.firstIndex { $0 <= 0 } ?? 0]
            throw Diagnostic(
                "log-domain", "`transform: log` needs positive targets; `\(column)` is not positive in \(bad) of \(targets.count) rows",
                at: target["transform"]?.origin.span, data: table.place(ofRow: example))
        }
        let parts = try located(data.span(of: "split")) { try library.parts(data[field: "split"], table: table, rows: rows) }
        return DatasetPlan(
            label: data.label ?? "dataset", table: table, rows: rows, ids: rows.map { ground.ids[$0] }, targets: targets, column: column,
            unit: target["unit"]?.value.string ?? targetColumn.unit, transform: transform,
            scale: target["scale"]?.value.word.flatMap(TargetSpace.Scale.init(rawValue:)) ?? .none,
            inputs: try resolved(ground, rows: rows, data: data), parts: parts, dropped: candidates.withoutTarget,
            absent: candidates.absent.map { ground.ids[$0] },
            notFinite: notFinite,
            pairsByPosition: ground.byPosition)
    }

    /// The plan of a data set without a target: rows to predict for, in no part.
    private func planWithoutTarget(
        of data: Object, _ ground: Ground, _ rows: [Int], _ absent: [String], _ notFinite: [String]
    ) throws -> DatasetPlan {
        return DatasetPlan(
            label: data.label ?? "dataset", table: ground.table, rows: rows, ids: rows.map { ground.ids[$0] }, targets: [],
            column: "", unit: nil, transform: .none, scale: .none,
            inputs: try resolved(ground, rows: rows, data: data), parts: Parts(train: [], validation: [], holdout: []), dropped: 0,
            absent: absent,
            notFinite: notFinite, pairsByPosition: ground.byPosition)
    }

    /// The inputs of a data set with the items of these rows, in the order of their names.
    private func resolved(_ ground: Ground, rows: [Int], data: Object) throws -> [DatasetInput] {
        try ground.inputs.byName.map { name, field in
            var input = try self.input(name, field, ground, rows: rows, data: data)
            input.type = try itemType(input)
            return input
        }
    }
}
