import Builtins
import Datasets
import Diagnostics
import Language
import Training

extension RunResult {
    /// Checks that what a training came to can be used: every prediction is finite, in the space of training too, and so is the
    /// error over each part. Losses may well be finite where these are not: `transform: log` is undone by an exponential.
    /// Throws `diverged`.
    func checkFinite(_ transform: TargetSpace.Transform) throws {
        // A rate that falls with the epochs did its harm while it was high.
        let rate = history.map(\.rate).max() ?? 0
        let all = partNames.compactMap { name in parts[name].map { (name: name, items: $0) } }
        func isFinite(_ value: Double) -> Bool { value.isFinite && (transform != .log || value > 0) }
        let bad = all.reduce(0) { $0 + $1.items.predicted.count { !isFinite($0) } }
        for (name, items) in all where bad > 0 {
            guard let place = items.predicted.firstIndex(where: { !isFinite($0) }), items.ids.indices.contains(place) else { continue }
            let value = items.predicted[place]
            let found =
                value.isNaN ? "not a number" : value.isFinite ? "\(written(value)), which has no logarithm" : "infinite"
            let rows = all.reduce(0) { $0 + $1.items.predicted.count }
            let others = bad == 1 ? "" : "; so it is with \(bad) of \(rows) predictions"
            var diagnostic = divergence("the prediction of `\(items.ids[place])` (\(name)) is \(found)\(others)", rate: rate)
            if bad * 10 <= rows { diagnostic.hints = ["look at the files of this row: nearly all others have finite predictions"] }
            throw diagnostic
        }
        for (name, items) in all where !items.predicted.isEmpty {
            guard try !Score(truth: items.truth, predicted: items.predicted, resamples: 0).rmse.value.isFinite else { continue }
            throw divergence("the RMSE of `\(name)` is infinite", rate: rate)
        }
    }
}

extension Runner {
    /// Checks that what a single training came to is finite. Throws `diverged`, at the experiment.
    func checkFinite(_ result: RunResult, of training: Experiment) throws {
        try located(training.declared.origin.span) { try result.checkFinite(training.plan.transform) }
    }

    /// Checks that predictions for the rows of a data set are finite. Throws `diverged` with the first row that has none.
    func checkFinite(_ predicted: [Double], of name: String, for ids: [String]) throws {
        let bad = zip(ids, predicted).filter { !$0.1.isFinite }
        guard let first = bad.first else { return }
        throw Diagnostic(
            "diverged", "`\(name)` predicts no finite number for \(bad.count) of \(ids.count) rows, the first is `\(first.0)`",
            hint: "train it again at a lower rate, and look at the inputs of the row")
    }
}
