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
    func combinedResult(of experiment: Object) throws -> RunResult {
        if !experiment["search"].isNone { return try result(of: bestTrial(of: experiment)) }
        guard let count = experiment.foldCount else { return try result(of: experiment) }
        switch experiment["report"].word {
        case "best": return try result(of: bestFold(of: experiment, count))
        case "refit":
            var refit = try result(of: refitted(experiment, count))
            // Nothing was left out; what the folds predicted of what they left out stands for it.
            refit.parts["validation"] = try outOfFold(experiment, count)
            return refit
        default: return try meanOfFolds(experiment, count)
        }
    }

    /// The progress of an experiment that is several trainings, from that of these.
    func combinedStatus(of experiment: Object) throws -> RunStatus {
        let id = String(try keys.key(of: experiment).hex.prefix(16))
        var trainings: [Object]
        if !experiment["search"].isNone {
            guard let records = try knownTrials(of: experiment), !records.isEmpty else { return .absent(id) }
            let isOver = try nextTrial(of: experiment, after: records) == nil
            guard isOver, let best = bestRecord(records) else { return .begun(id) }
            return try status(of: best.experiment)
        } else {
            trainings = (0..<(experiment.foldCount ?? 0)).map { experiment.leavingOut(fold: $0, of: experiment.foldCount ?? 1) }
        }
        let states = try trainings.map { try status(of: $0) }
        let done = states.count { if case .done = $0 { true } else { false } }
        let begun = states.contains { if case .absent = $0 { false } else { true } }
        if done == states.count {
            guard experiment["report"].word == "refit", let count = experiment.foldCount else { return .done(id) }
            return try status(of: refitted(experiment, count))
        }
        return begun ? .begun(id) : .absent(id)
    }

    /// The course of each training that an experiment stands for, with the stages of its schedule: of its folds and of their
    /// refit, of the best fold or trial, or the only one.
    public func courses(of experiment: Object) throws -> [TrainingCourse] {
        if !experiment["search"].isNone {
            let best = try bestTrial(of: experiment)
            let name = "best trial" + (best.label.map { ", \($0)" } ?? "")
            return try courses(of: best).map { TrainingCourse(name: $0.name.isEmpty ? name : "\(name), \($0.name)", stages: $0.stages) }
        }
        guard let count = experiment.foldCount else { return [try course(of: experiment, "")] }
        let folds = (0..<count).map { experiment.leavingOut(fold: $0, of: count) }
        let all = try folds.enumerated().map { try course(of: $0.element, "fold \($0.offset + 1)") }
        switch experiment["report"].word {
        case "best":
            let best = try bestFold(of: experiment, count)
            return try folds.enumerated().filter { $0.element == best }.map {
                try course(of: $0.element, "fold \($0.offset + 1), the best")
            }
        case "refit": return all + [try course(of: refitted(experiment, count), "refit")]
        default: return all
        }
    }

    private func course(of training: Object, _ name: String) throws -> TrainingCourse {
        let stages = training.stages
        guard !stages.isEmpty else { return TrainingCourse(name: name, stages: [(nil, try result(of: training))]) }
        return TrainingCourse(
            name: name, stages: try stages.indices.map { (stages[$0].label, try result(of: training.through(stage: $0))) })
    }

    /// The result of each fold of an experiment, trained now where it was not before; none where the experiment has no folds.
    public func folds(of experiment: Object) throws -> [RunResult] {
        guard let count = experiment.foldCount else { return [] }
        // Folds do not wait for one another: one that diverges ends the experiment, as its training alone would.
        return try (0..<count).map { try result(of: experiment.leavingOut(fold: $0, of: count)) }
    }

    /// The training of the fold with the least validation loss.
    func bestFold(of experiment: Object, _ count: Int) throws -> Object {
        let results = try folds(of: experiment)
        let best = results.indices.min { bestLoss(results[$0]) < bestLoss(results[$1]) } ?? 0
        return experiment.leavingOut(fold: best, of: count)
    }

    private func bestLoss(_ result: RunResult) -> Double { result.keptValidationLoss ?? .infinity }

    /// The training on the rows of all folds, for the mean of the epochs that the folds kept.
    func refitted(_ experiment: Object, _ count: Int) throws -> Object {
        let stages = max(1, experiment.stages.count)
        let epochs = try (0..<stages).map { stage -> Int in
            let kept = try (0..<count).map { fold -> Int in
                let training = experiment.leavingOut(fold: fold, of: count)
                return try result(of: training.stages.isEmpty ? training : training.through(stage: stage)).keptEpoch
            }
            // A later stage may have kept what it began with, but the first one learns.
            return max(stage == 0 ? 1 : 0, Int((Double(kept.reduce(0, +)) / Double(count)).rounded()))
        }
        return experiment.refitted(epochs: epochs)
    }

    /// The out-of-fold predictions: each row of the folded parts by the fold that left it out, in the order of the data set.
    public func outOfFold(of experiment: Object) throws -> RunResult.Part { try outOfFold(experiment, experiment.foldCount ?? 0) }

    func outOfFold(_ experiment: Object, _ count: Int) throws -> RunResult.Part {
        var rows: [String: (Double, Double)] = [:]
        for result in try folds(of: experiment) {
            guard let part = result.parts["validation"] else { continue }
            for (index, id) in part.ids.enumerated() { rows[id] = (part.truth[index], part.predicted[index]) }
        }
        guard let data = experiment["data"].object else { return RunResult.Part(ids: [], truth: [], predicted: []) }
        let plan = try plan(of: data)
        let ids = foldPool(plan).map { plan.ids[$0] }.filter { rows[$0] != nil }
        return RunResult.Part(ids: ids, truth: ids.map { rows[$0]?.0 ?? .nan }, predicted: ids.map { rows[$0]?.1 ?? .nan })
    }

    /// The means of the folds' predictions: of training rows over the folds that trained on them, of the holdout over all; each
    /// row of the folded parts stands in `validation` with what the fold that left it out predicts.
    private func meanOfFolds(_ experiment: Object, _ count: Int) throws -> RunResult {
        let results = try folds(of: experiment)
        guard let first = results.first else { throw Diagnostic("folds", "the experiment has no folds", at: experiment.span(of: "folds")) }
        let inOrder = try experiment["data"].object.map { try plan(of: $0).ids } ?? []
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
            parts: ["train": mean("train"), "validation": try outOfFold(experiment, count), "holdout": mean("holdout")],
            start: best.start, history: best.history, keptEpoch: best.keptEpoch, stoppedEarly: best.stoppedEarly)
    }
}
