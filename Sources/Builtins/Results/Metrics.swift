import Datasets
import Diagnostics
import Language
import Training

/// The table `metrics`: RMSE, MAE and R2 of experiments.
let metricTables = Vocabulary([
    Word(
        "metrics", family: "Results",
        [
            Parameter(
                "of", .either([experimentsType, .sort(.selection)]), "an experiment, a list of them, or what `select` chooses among them"),
            baselinesParameter, unitsParameter,
            Parameter(
                "rows", .word(["experiment": "one for each experiment", "stage": "one for each stage of a schedule"]),
                .fallback(.word("experiment")), "what has a row in each part"),
            Parameter("resamples", .number(.whole(100, 1_000_000)), .fallback(.number(2000)), "bootstrap resamples behind each interval"),
        ],
        gives: .sort(.table), "RMSE, MAE and R2 of each part in the target's unit, each with a bootstrap 95 % interval.",
        examples: [Example("table metrics(bulk, baselines: [mean, ridge(statistics)])", with: .crystals)], check: checkMetrics,
        rows: ExperimentRows(
            noun: "experiments",
            known: { call in
                let items = experimentItems(call["of"])
                return (items, Set(items.flatMap { $0.labels.keys }).sorted())
            },
            compute: { call, context in try context.metricsRows(call) }),
        computes: { call, context in .table(try context.metricsRows(call).table) })
])

/// Replaces experiments by their stages where a row for each stage is asked for, tells them apart, and checks their units and the
/// baselines.
@Sendable private func checkMetrics(_ call: Call, _ context: CheckContext) throws -> Value {
    guard call["rows"].word == "stage" else { return try checkRows(call.tellingApart("of"), context) }
    if call["of"].call != nil {
        throw Diagnostic(
            "type", "a row for each stage expected experiments, found what `select` chooses", at: call.span(of: "of"),
            hint: "leave out `rows: stage`")
    }
    var result = call
    result.arguments["of"] = Field(
        .list(
            experimentItems(call["of"]).flatMap { item -> [ListItem] in
                guard let object = item.value.object, !object.stages.isEmpty else { return [item] }
                return object.stages.enumerated().map { index, stage in
                    ListItem(
                        .object(object.through(stage: index)), labels: item.labels.merging(["stage": .text(Text(stage.label ?? ""))]) { $1 }
                    )
                }
            }), call.arguments["of"]?.origin ?? Origin())
    return try checkRows(result.tellingApart("of"), context)
}

/// Checks the experiments of a table of metrics, and what stands beside them. Throws `unit` where one header would name the unit of
/// some of the rows alone, and what `checkBaselines` throws.
private func checkRows(_ call: Call, _ context: CheckContext) throws -> Value {
    if call["units"].word != "scaled" {
        try context.checkAgree(
            experimentItems(call["of"]).compactMap(\.value.object), in: [.unit], subject: "`metrics`", at: call.span(of: "of")
        ) { _ in "make a table for each unit" }
    }
    return try checkBaselines(call, context)
}

extension ComputeContext {
    /// Metrics of experiments and baselines, part by part.
    fileprivate func metricsRows(_ call: Call) throws -> OwnedRows {
        let items = try chosenItems(call["of"])
        let experiments = try items.compactMap(\.value.object).map { try results.experiment($0) }
        let names = experiments.map(\.name)
        guard let first = experiments.first else {
            throw Diagnostic("empty-table", "`metrics` expected at least one experiment, found none", at: call.span(of: "of"))
        }
        let arguments = arguments(of: call)
        let resamples = try arguments.integer("resamples")
        let scaled = try arguments.word("units") == "scaled"
        let unit = scaled ? nil : first.plan.unit
        var rows: [[ResultTable.Cell]] = []
        var notes: Set<String> = []
        var owners: [Int?] = []
        var chosen: [String?] = []
        var showsValidation = false
        for (index, experiment) in experiments.enumerated() {
            notes.formUnion(experiment.partsNotes)
            for part in try scores(of: experiment, scaled: scaled) {
                let isChosen = part.part == "validation" && !part.truth.isEmpty
                showsValidation = showsValidation || isChosen
                rows.append(try row(names[index], part, resamples: resamples, notes: &notes))
                owners.append(index)
                chosen.append(isChosen ? validationChose([experiment], selected: call["of"]) : nil)
            }
        }
        // Experiments on one data set, folded alike, share their baselines.
        var seen: Set<RowsOfParts> = []
        let baselines = try arguments.items("baselines")
        let baselineNames = try namesOfBaselines(baselines, beside: names)
        for (index, experiment) in experiments.enumerated() where seen.insert(experiment.rowsOfParts).inserted {
            for (name, value) in zip(baselineNames, baselines) {
                for part in try scores(of: value, beside: experiment, scaled: scaled) {
                    let suffix = seen.count > 1 || index > 0 ? " (\(names[index]))" : ""
                    rows.append(try row(name + suffix, part, resamples: resamples, notes: &notes))
                }
            }
        }
        var columns: [ResultTable.Column] = [.init("model", isNumeric: false), .init("part", isNumeric: false), .init("n")]
        for (header, unit) in [("RMSE", unit), ("MAE", unit), ("R2", nil)] {
            columns.append(.init(header, unit: unit))
            columns.append(.init("95 % interval", isNumeric: false, in: .screen))
            columns.append(.init("\(header) low", unit: unit, in: .file))
            columns.append(.init("\(header) high", unit: unit, in: .file))
        }
        owners += [Int?](repeating: nil, count: rows.count - owners.count)
        let choices = showsValidation ? notesOfChoice(experiments, names: names, selected: call["of"]) : []
        let table = ResultTable(columns: columns, rows: rows, notes: notes.sorted() + notesOfTwins(experiments.map(\.declared)) + choices)
        return OwnedRows(table: table.marking(chosen), owners: owners, items: items)
    }

    private func row(_ name: String, _ part: PartScore, resamples: Int, notes: inout Set<String>) throws -> [ResultTable.Cell] {
        let score = try Score(truth: part.truth, predicted: part.predicted, resamples: resamples)
        var cells: [ResultTable.Cell] = [.init(name), .init(part.shown), .init(String(score.count))]
        for (measure, digits) in [(score.rmse, nil), (score.mae, nil), (score.r2, 3)] as [(Measure?, Int?)] {
            guard let measure else {
                cells += [.init("n/a"), .init(""), .init("", exact: ""), .init("", exact: "")]
                if let reason = score.r2Undefined { notes.insert("n/a in \(part.shown): \(reason.rawValue)") }
                continue
            }
            func shown(_ value: Double) -> String { digits.map { fixed(value, $0) } ?? threeDigits(value) }
            cells.append(.init(shown(measure.value), exact: exactly(measure.value)))
            let interval = measure.interval.map { "[\(shown($0.lower)), \(shown($0.upper))]" } ?? ""
            cells.append(.init(interval))
            cells.append(.init("", exact: measure.interval.map { String($0.lower) } ?? ""))
            cells.append(.init("", exact: measure.interval.map { String($0.upper) } ?? ""))
        }
        return cells
    }
}
