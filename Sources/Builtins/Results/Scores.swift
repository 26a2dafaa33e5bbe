import Datasets
import Diagnostics
import Language
import Training

/// Truth and predictions of one part of one model, in the unit they are to be scored in.
struct PartScore {
    var model: String
    var part: String
    var truth: [Double]
    var predicted: [Double]

    /// The metrics of the part, without bootstrap intervals.
    func scored() throws -> Score { try Score(truth: truth, predicted: predicted, resamples: 0) }
}

/// A metric of a part after training, as in `bulk.holdout.rmse`.
enum PartMetric: String, CaseIterable {
    case rmse, mae, r2

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
    func scores(of experiment: Object, scaled: Bool) throws -> [PartScore] {
        let run = try results.result(of: experiment)
        let space = scaled ? try targetSpace(of: results.plan(of: object(in: experiment, "data"))) : nil
        return partNames.compactMap { part in
            run.parts[part].map { items in
                PartScore(
                    model: experiment.label ?? "experiment", part: part, truth: items.truth.map { space?.forward($0) ?? $0 },
                    predicted: items.predicted.map { space?.forward($0) ?? $0 })
            }
        }
    }

    /// Truth and predictions of each part of a baseline, in the target's unit; `scaled`: in the space of training.
    func scores(of value: Value, _ data: BaselineData, scaled: Bool) throws -> [PartScore] {
        let baseline = try library.baseline(value)
        let predicted = try baseline.predict(data)
        let space = scaled ? data.space : nil
        return partNames.map { part in
            let items = data.plan.rows(of: part)
            return PartScore(
                model: baseline.name, part: part, truth: items.map { space?.forward(data.plan.targets[$0]) ?? data.plan.targets[$0] },
                predicted: items.map { space?.forward(predicted[$0]) ?? predicted[$0] })
        }
    }
}
