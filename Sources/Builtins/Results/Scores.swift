import Datasets
import Diagnostics
import Language
import Training

/// Truth and predictions of one part of one model, in the unit they are to be scored in.
struct PartScore {
    var model: String
    var part: String
    /// Name of the part in tables.
    var shown: String
    var truth: [Double]
    var predicted: [Double]

    /// The metrics of the part, without bootstrap intervals.
    func scored() throws -> Score { try Score(truth: truth, predicted: predicted, resamples: 0) }
}

/// A metric of a part after training, as in `bulk.holdout.rmse`.
enum PartMetric: String, CaseIterable {
    case rmse, mae, r2

    /// Description in a phrase.
    var summary: String {
        switch self {
        case .rmse: "the root mean squared error, in the target's unit"
        case .mae: "the mean absolute error, in the target's unit"
        case .r2: "the coefficient of determination: 1 is perfect, 0 as good as the mean"
        }
    }

    /// Header of the metric in a table.
    var header: String {
        switch self {
        case .rmse: "RMSE"
        case .mae: "MAE"
        case .r2: "R2"
        }
    }

    /// Whether the metric has the unit of the target; R2 is a plain number.
    var hasUnit: Bool { self != .r2 }

    /// The metric of a part of an experiment's rows. Throws `metrics` where the run has no such part, or its R2 is undefined.
    func value(of part: String, in run: RunResult) throws -> Double {
        guard let items = run.parts[part] else { throw Diagnostic("metrics", "the run has no part `\(part)`") }
        let score = try Score(truth: items.truth, predicted: items.predicted, resamples: 0)
        switch self {
        case .rmse: return score.rmse.value
        case .mae: return score.mae.value
        case .r2:
            guard let r2 = score.r2 else {
                throw Diagnostic("metrics", "there is no R2 of `\(part)`: \(score.r2Undefined?.rawValue ?? "it is undefined")")
            }
            return r2.value
        }
    }
}

extension ComputeContext {
    /// Truth and predictions of each part of an experiment, in the target's unit; `scaled`: in the space of training.
    func scores(of experiment: Experiment, scaled: Bool) throws -> [PartScore] {
        let run = try results.result(of: experiment)
        let space = scaled ? try targetSpace(of: experiment.plan) : nil
        return partNames.compactMap { part in
            run.parts[part].map { items in
                PartScore(
                    model: experiment.name, part: part, shown: experiment.shownPart(part),
                    truth: items.truth.map { space?.forward($0) ?? $0 },
                    predicted: items.predicted.map { space?.forward($0) ?? $0 })
            }
        }
    }

    /// Truth and predictions of each part of a baseline, on the rows that the experiment beside it has in its parts, in the
    /// target's unit; `scaled`: in the space of training.
    func scores(of value: Value, beside experiment: Experiment, scaled: Bool) throws -> [PartScore] {
        let baseline = try library.baseline(value)
        let plan = experiment.plan
        let space = scaled ? try targetSpace(of: plan) : nil
        let predicted = try predictions(of: baseline, beside: experiment)
        return partNames.compactMap { part in
            guard let rows = predicted[part] else { return nil }
            return PartScore(
                model: baseline.name, part: part, shown: experiment.shownPart(part),
                truth: rows.map { space?.forward(plan.targets[$0.row]) ?? plan.targets[$0.row] },
                predicted: rows.map { space?.forward($0.value) ?? $0.value })
        }
    }

    /// The rows of each part with the predictions of a baseline that is fitted as the experiment is: on the training part, on
    /// those of its folds, on the rows of all folds.
    private func predictions(of baseline: BaselineModel, beside experiment: Experiment) throws -> [String: [(row: Int, value: Double)]] {
        let plan = experiment.plan
        func predicted(_ parts: Parts) throws -> [Double] {
            try baseline.predict(BaselineData(experiment: experiment, parts: parts, source: results))
        }
        func rows(_ parts: Parts) throws -> [String: [(row: Int, value: Double)]] {
            let values = try predicted(parts)
            return Dictionary(uniqueKeysWithValues: partNames.map { part in (part, parts.rows(of: part).map { ($0, values[$0]) }) })
        }
        guard let (count, report) = experiment.folds.map({ ($0.count, $0.report) }) else { return try rows(plan.parts) }
        let folds = try (0..<count).map { try results.experiment(experiment.declared.leavingOut(fold: $0, of: count)).parts }
        if report == .best {
            // The rows that the best fold left out tell which it is.
            let left = Set(try results.result(of: experiment).parts["validation"]?.ids ?? [])
            guard let best = folds.first(where: { Set($0.validation.map { plan.ids[$0] }) == left }) else {
                throw Diagnostic("internal", "the best fold leaves out rows that no fold does", at: experiment.declared.span(of: "folds"))
            }
            return try rows(best)
        }
        let byFold = try folds.map { (parts: $0, values: try predicted($0)) }
        var left: [Int: Double] = [:]
        for (parts, values) in byFold { for row in parts.validation { left[row] = values[row] } }
        let pool = foldPool(plan)
        let outOfFold = pool.compactMap { row in left[row].map { (row, $0) } }
        if report == .refit {
            var refit = try rows(Parts(train: pool, validation: [], holdout: plan.parts.holdout))
            refit["validation"] = outOfFold
            return refit
        }
        func mean(_ row: Int, _ folds: [(parts: Parts, values: [Double])]) -> Double {
            folds.reduce(0) { $0 + $1.values[row] } / Double(max(1, folds.count))
        }
        let trained = byFold.map { (set: Set($0.parts.train), fold: $0) }
        return [
            "train": pool.map { row in (row, mean(row, trained.filter { $0.set.contains(row) }.map(\.fold))) }, "validation": outOfFold,
            "holdout": plan.parts.holdout.map { row in (row, mean(row, byFold)) },
        ]
    }
}

/// What the rows of an experiment's parts rest on: the data set, and how it is folded.
struct RowsOfParts: Hashable {
    var data: Object
    var folds: Experiment.Folds?
    /// Seed that the folds are drawn with; nil where there are none.
    var seed: UInt64?
}

extension Experiment {
    /// The name of a part of an experiment's rows in tables and figures: what its folds left out is not the validation part.
    func shownPart(_ part: String) -> String { part == "validation" && reportsAllFolds ? "out of fold" : part }

    /// What the rows of an experiment's parts rest on: the data set, and how it is folded.
    var rowsOfParts: RowsOfParts { RowsOfParts(data: data, folds: folds, seed: folds == nil ? nil : seed) }

    /// The notes on what the parts of a folded experiment are; none for another.
    var partsNotes: [String] {
        guard reportsAllFolds else { return [] }
        let left = "out of fold: each row of train and validation as the fold that left it out predicts it"
        guard folds?.report == .mean else { return [left] }
        return [left, "\(label ?? "folds"): in train the mean of the folds that trained on a row, in holdout the mean of all folds"]
    }
}
