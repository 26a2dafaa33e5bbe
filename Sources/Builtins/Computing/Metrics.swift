import Datasets
import Diagnostics
import Language
import Tensors
import Training

extension Computer {
    /// Metrics of experiments and baselines, part by part.
    func metricsTable(_ call: Call) throws -> ResultTable { try metricsRows(call).table }

    /// The table, and for each row the position of its experiment in the list; nil in the rows of baselines.
    func metricsRows(_ call: Call) throws -> (table: ResultTable, owners: [Int?]) {
        let items = try chosenItems(call["of"]), experiments = items.compactMap(\.value.object)
        var names: [Int: String] = [:]
        for (index, item) in items.enumerated() where !item.labels.isEmpty {
            names[index] = item.labels.sorted { $0.key < $1.key }.map { "\($0.key) \(source(of: $0.value))" }.joined(separator: ", ")
        }
        guard let first = experiments.first else { throw Diagnostic("empty-table", "`metrics` expected at least one experiment, found none", at: call.span(of: "of")) }
        let resamples = call["resamples"].integer ?? 2000
        let scaled = call["units"].word == "scaled"
        let unit = scaled ? nil : try supplies.plan(of: object(in: first, "data")).unit
        var rows: [[ResultTable.Cell]] = []
        var notes: Set<String> = []
        var owners: [Int?] = []
        for (index, experiment) in experiments.enumerated() {
            for part in try scores(of: experiment, scaled: scaled) {
                rows.append(try row(experiment.label ?? names[index] ?? "experiment \(index + 1)", part, resamples: resamples, notes: &notes))
                owners.append(index)
            }
        }
        // Experiments on one data set share their baselines.
        var seen: Set<Value> = []
        for (index, experiment) in experiments.enumerated() where seen.insert(experiment["data"]).inserted {
            let baseline = try Baseline(experiment: experiment, supplies: supplies)
            for value in call["baselines"].items ?? [] {
                for part in try scores(of: value, baseline, scaled: scaled) {
                    let suffix = seen.count > 1 || index > 0 ? " (\(experiment.label ?? names[index] ?? "experiment \(index + 1)"))" : ""
                    rows.append(try row(part.model + suffix, part, resamples: resamples, notes: &notes))
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
        return (ResultTable(columns: columns, rows: rows, notes: notes.sorted()), owners)
    }

    /// The experiments of a table; of a selection those that it comes to, the first among equals.
    func chosenItems(_ value: Value) throws -> [ListItem] {
        let items = experimentItems(value)
        guard let call = value.call, call.builtin == "select", let monitor = monitor(call["on"]) else { return items }
        var order: [String] = [], best: [String: (item: ListItem, score: Double)] = [:]
        for item in items {
            guard let experiment = item.value.object else { continue }
            let group = call["within"].string.flatMap { item.labels[$0] }.map { source(of: $0) } ?? ""
            let score = try supplies.score(of: experiment, on: monitor)
            if best[group] == nil { order.append(group) }
            if best[group].map({ score < $0.score }) ?? true { best[group] = (item, score) }
        }
        return order.compactMap { best[$0]?.item }
    }

    func object(in experiment: Object, _ field: String) throws -> Object {
        guard let object = experiment[field].object else { throw Diagnostic("type", "`\(field)` expected something declared", at: experiment.span(of: field)) }
        return object
    }

    private func row(_ name: String, _ part: PartScore, resamples: Int, notes: inout Set<String>) throws -> [ResultTable.Cell] {
        let score = try Score(truth: part.truth, predicted: part.predicted, resamples: resamples)
        var cells: [ResultTable.Cell] = [.init(name), .init(part.part), .init(String(score.count))]
        for (measure, digits) in [(score.rmse, nil), (score.mae, nil), (score.r2, 3)] as [(Measure?, Int?)] {
            guard let measure else {
                cells += [.init("n/a"), .init(""), .init("", exact: ""), .init("", exact: "")]
                if let reason = score.r2Undefined { notes.insert("n/a in \(part.part): \(reason.rawValue)") }
                continue
            }
            func shown(_ value: Double) -> String { digits.map { fixed(value, $0) } ?? threeDigits(value) }
            cells.append(.init(shown(measure.value), exact: String(measure.value)))
            let interval = measure.interval.map { "[\(shown($0.lower)), \(shown($0.upper))]" } ?? ""
            cells.append(.init(interval))
            cells.append(.init("", exact: measure.interval.map { String($0.lower) } ?? ""))
            cells.append(.init("", exact: measure.interval.map { String($0.upper) } ?? ""))
        }
        return cells
    }

    /// Losses of every epoch.
    func historyTable(_ call: Call) throws -> ResultTable {
        let run = try supplies.result(of: object(call, "of"))
        let columns: [ResultTable.Column] = [.init("epoch"), .init("train loss"), .init("validation loss"), .init("rate"), .init("kept", isNumeric: false)]
        return ResultTable(columns: columns, rows: run.history.map { record in
            [
                .init(String(record.epoch)), .init(threeDigits(record.trainLoss), exact: String(record.trainLoss)),
                .init(record.validationLoss.map(threeDigits) ?? "", exact: record.validationLoss.map { String($0) } ?? ""),
                .init(written(record.rate)), .init(record.epoch == run.keptEpoch ? "kept" : ""),
            ]
        })
    }

    /// `bulk.holdout.r2`
    func score(_ call: Call) throws -> Computed {
        let experiment = try object(call, "of")
        let part = call["part"].word ?? "holdout"
        let run = try supplies.result(of: experiment)
        guard let items = run.parts[part] else { throw Diagnostic("metrics", "the run has no part `\(part)`") }
        let score = try Score(truth: items.truth, predicted: items.predicted, resamples: 0)
        let unit = try supplies.plan(of: object(in: experiment, "data")).unit
        switch call["metric"].word {
        case "rmse": return .quantity(score.rmse.value, unit: unit)
        case "mae": return .quantity(score.mae.value, unit: unit)
        default:
            guard let r2 = score.r2 else { throw Diagnostic("metrics", "there is no R2 of `\(part)`: \(score.r2Undefined?.rawValue ?? "it is undefined")") }
            return .quantity(r2.value, unit: nil)
        }
    }
}
