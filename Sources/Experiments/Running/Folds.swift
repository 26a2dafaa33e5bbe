import Builtins
import Datasets
import Diagnostics
import Language
import Models
import Storage
import Training

/// Experiments that are several trainings: folds, and searches (`Search.swift`). Nothing of them is kept but their trainings, so
/// that they go on where they were by asking for each anew.
extension Runner {
    /// The result of an experiment that is several trainings, from the results of these.
    func combinedResult(of experiment: Experiment) throws -> RunResult {
        switch experiment.form {
        case .single: return try result(of: experiment)
        case .search: return try result(of: bestTrial(of: experiment))
        case .folds(let folds):
            switch folds.report {
            case .best: return try result(of: bestFold(of: experiment))
            case .mean: return try meanOfFolds(experiment)
            case .refit:
                var refit = try result(of: refitted(experiment))
                // Nothing was left out; what the folds predicted of what they left out stands for it.
                refit.parts["validation"] = try outOfFold(of: experiment)
                return refit
            }
        }
    }

    /// The progress of an experiment that is several trainings, from that of these.
    func combinedStatus(of experiment: Experiment) throws -> RunStatus {
        let id = String(try keys.key(of: experiment.declared).hex.prefix(16))
        if experiment.search != nil {
            let records = try knownTrials(of: experiment)
            guard !records.isEmpty else { return .absent(id) }
            let isOver = try nextTrial(of: experiment, after: records) == nil
            guard isOver, let best = bestRecord(records) else { return .begun(id) }
            return try status(of: self.experiment(best.experiment))
        }
        let states = try context.folds(of: experiment).map { try status(of: $0) }
        let done = states.count { if case .done = $0 { true } else { false } }
        let begun = states.contains { if case .absent = $0 { false } else { true } }
        if done == states.count {
            guard experiment.folds?.report == .refit else { return .done(id) }
            return try status(of: refitted(experiment))
        }
        return begun ? .begun(id) : .absent(id)
    }

    /// The course of each training that an experiment stands for, with the stages of its schedule: of its folds and of their
    /// refit, of the best fold or trial, or the only one.
    public func courses(of experiment: Experiment) throws -> [TrainingCourse] {
        switch experiment.form {
        case .single: return [try course(of: experiment, "")]
        case .search:
            let best = try bestTrial(of: experiment)
            let name = "best trial" + (best.label.map { ", \($0)" } ?? "")
            return try courses(of: best).map { TrainingCourse(name: $0.name.isEmpty ? name : "\(name), \($0.name)", stages: $0.stages) }
        case .folds(let folds):
            let all = try eachFold(of: experiment) { try course(of: $0, "fold \($1)") }
            switch folds.report {
            case .mean: return all
            case .refit: return all + [try course(of: refitted(experiment), "refit")]
            case .best:
                let best = try bestFold(of: experiment)
                return [try course(of: best, "fold \(best.foldIndex + 1), the best")]
            }
        }
    }

    private func course(of training: Experiment, _ name: String) throws -> TrainingCourse {
        TrainingCourse(
            name: name,
            stages: try training.stages.enumerated().map { index, stage in
                (stage.name, try result(of: context.experiment(training, throughStage: index)))
            })
    }

    /// The result of each fold of an experiment, trained now where it was not before; none where the experiment has no folds.
    public func folds(of experiment: Experiment) throws -> [RunResult] {
        // Folds do not wait for one another: one that diverges ends the experiment, as its training alone would.
        try eachFold(of: experiment) { training, _ in try result(of: training) }
    }

    /// What `body` gives for each fold of an experiment and its number from 1.
    private func eachFold<Result>(of experiment: Experiment, _ body: (Experiment, Int) throws -> Result) throws -> [Result] {
        let folds = try context.folds(of: experiment)
        return try folds.enumerated().map { index, training in
            try clock.within(.init("fold", index + 1, of: folds.count)) { try body(training, index + 1) }
        }
    }

    /// The training of the fold with the least validation loss. Throws `folds` where there are none.
    func bestFold(of experiment: Experiment) throws -> Experiment {
        let found = try eachFold(of: experiment) { training, _ in (training: training, result: try result(of: training)) }
        guard let best = found.min(by: { bestLoss($0.result) < bestLoss($1.result) }) else { throw noFolds(experiment) }
        return best.training
    }

    private func noFolds(_ experiment: Experiment) -> Diagnostic {
        Diagnostic("folds", "the experiment has no folds", at: experiment.declared.span(of: "folds"))
    }

    private func bestLoss(_ result: RunResult) -> Double { result.keptValidationLoss ?? .infinity }

    /// The training on the rows of all folds, for the mean of the epochs that the folds kept.
    func refitted(_ experiment: Experiment) throws -> Experiment {
        let folds = try context.folds(of: experiment)
        let epochs = try experiment.stages.indices.map { stage -> Int in
            let kept = try folds.map { try result(of: context.experiment($0, throughStage: stage)).keptEpoch }
            // A later stage may have kept what it began with, but the first one learns.
            return max(stage == 0 ? 1 : 0, Int((Double(kept.reduce(0, +)) / Double(max(1, kept.count))).rounded()))
        }
        return try self.experiment(experiment.declared.refitted(epochs: epochs))
    }

    /// The out-of-fold predictions: each row of the folded parts by the fold that left it out, in the order of the data set.
    public func outOfFold(of experiment: Experiment) throws -> RunResult.Part {
        var rows: [String: (Double, Double)] = [:]
        for result in try folds(of: experiment) {
            guard let part = result.parts["validation"] else { continue }
            for (index, id) in part.ids.enumerated() { rows[id] = (part.truth[index], part.predicted[index]) }
        }
        let plan = experiment.plan
        let ids = foldPool(plan).map { plan.ids[$0] }.filter { rows[$0] != nil }
        return RunResult.Part(ids: ids, truth: ids.map { rows[$0]?.0 ?? .nan }, predicted: ids.map { rows[$0]?.1 ?? .nan })
    }

    /// The means of the folds' predictions: of training rows over the folds that trained on them, of the holdout over all; each
    /// row of the folded parts stands in `validation` with what the fold that left it out predicts.
    private func meanOfFolds(_ experiment: Experiment) throws -> RunResult {
        let results = try folds(of: experiment)
        guard let first = results.first else { throw noFolds(experiment) }
        let inOrder = experiment.plan.ids
        func mean(_ part: String) -> RunResult.Part {
            var sums: [String: (truth: Double, sum: Double, count: Double)] = [:]
            for result in results {
                guard let items = result.parts[part] else { continue }
                for (index, id) in items.ids.enumerated() {
                    let before = sums[id] ?? (items.truth[index], 0, 0)
                    sums[id] = (before.truth, before.sum + items.predicted[index], before.count + 1)
                }
            }
            let order = inOrder.filter { sums[$0] != nil }
            return RunResult.Part(
                ids: order, truth: order.map { sums[$0]?.truth ?? .nan },
                predicted: order.map { sums[$0].map { $0.sum / $0.count } ?? .nan })
        }
        let best = results.min { bestLoss($0) < bestLoss($1) } ?? first
        return RunResult(
            parts: ["train": mean("train"), "validation": try outOfFold(of: experiment), "holdout": mean("holdout")],
            start: best.start, history: best.history, keptEpoch: best.keptEpoch, stoppedEarly: best.stoppedEarly)
    }
}
