import Builtins
import Datasets
import Diagnostics
import Language
import Models
import Storage
import Training

/// Experiments that are several trainings: folds and searches. Nothing of them is kept but their trainings, so that they go on
/// where they were by asking for each anew.
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

    // Folds.

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

    // Searches.

    /// The best trial of a search that is over.
    func bestTrial(of experiment: Object) throws -> Object {
        guard let best = bestRecord(try trials(of: experiment)) else {
            throw Diagnostic(
                "search", "every trial of the search failed", at: experiment.span(of: "search"),
                hint: "narrow the spaces, for example to smaller learning rates")
        }
        return best.experiment
    }

    private func bestRecord(_ records: [TrialRecord]) -> TrialRecord? {
        records.filter { $0.score != nil }.min { ($0.score ?? .infinity) < ($1.score ?? .infinity) }
    }

    /// All trials of a search, run now where they were not before. One that diverges is a failed trial and ends nothing.
    public func trials(of experiment: Object) throws -> [TrialRecord] {
        var records: [TrialRecord] = []
        while let next = try nextTrial(of: experiment, after: records) {
            records.append(try runTrial(next.experiment, next.values, of: experiment, extending: next.shorter))
        }
        return records
    }

    /// The trials whose results or failures are in the store, up to the first that has neither. Trains nothing.
    func knownTrials(of experiment: Object) throws -> [TrialRecord]? {
        var records: [TrialRecord] = []
        while let next = try nextTrial(of: experiment, after: records) {
            let failed = try failure(of: next.experiment)
            guard case .done = try status(of: next.experiment) else {
                guard let failed else { break }
                records.append(TrialRecord(experiment: next.experiment, values: next.values, score: nil, epochs: 0, message: failed))
                continue
            }
            records.append(try runTrial(next.experiment, next.values, of: experiment, extending: nil))
        }
        return records
    }

    /// The record of a trial, trained now where it was not before. One that diverges is remembered as failed.
    private func runTrial(_ trial: Object, _ values: [Value], of experiment: Object, extending shorter: Object?) throws -> TrialRecord {
        let monitor = try search(of: experiment).monitor
        if let message = try failure(of: trial) {
            return TrialRecord(experiment: trial, values: values, score: nil, epochs: 0, message: message)
        }
        do {
            let runs = trial.foldCount == nil ? [try result(of: trial, extending: shorter)] : try folds(of: trial)
            let mean = score(of: runs, on: monitor)
            return TrialRecord(
                experiment: trial, values: values, score: mean.isFinite ? mean : nil, epochs: runs.map(\.history.count).max() ?? 0)
        } catch let diagnostic as Diagnostic where diagnostic.id == "diverged" {
            reporter.ended(trial.label ?? "trial", "failed: \(diagnostic.message)")
            try remember(failure: diagnostic.message, of: trial)
            return TrialRecord(experiment: trial, values: values, score: nil, epochs: 0, message: diagnostic.message)
        }
    }

    /// The metric of an experiment in its best epoch: the mean over its folds, that of the best trial of its search.
    public func score(of experiment: Object, on monitor: Training.Monitor) throws -> Double {
        if !experiment["search"].isNone { return try score(of: bestTrial(of: experiment), on: monitor) }
        return score(of: try experiment.foldCount == nil ? [result(of: experiment)] : folds(of: experiment), on: monitor)
    }

    /// The mean over trainings of the metric in the best epoch of each.
    private func score(of runs: [RunResult], on monitor: Training.Monitor) -> Double {
        let scores = runs.map { run in
            let start = run.start.flatMap { monitor.value(in: $0) }
            return (run.history.compactMap { monitor.value(in: $0) } + [start].compactMap { $0 }).min() ?? .infinity
        }
        return scores.reduce(0, +) / Double(max(1, scores.count))
    }

    private func failurePath(of trial: Object) throws -> String { try runFolder(keys.key(of: trial)).file("failed.txt") }

    /// The message of a trial that failed before, since it would fail again; nil where it did not.
    func failure(of trial: Object) throws -> String? {
        let path = try failurePath(of: trial)
        guard fileStatus(path)?.kind == .file, let bytes = try? readFile(path, limit: 1 << 16) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func remember(failure message: String, of trial: Object) throws {
        _ = try store.run(runFolder(keys.key(of: trial)).id)
        try writeWhole(message, to: try failurePath(of: trial))
    }

    /// The next trial of a search with its values and the shorter trial that it goes on with; nil where the search is over.
    func nextTrial(of experiment: Object, after records: [TrialRecord]) throws -> (experiment: Object, values: [Value], shorter: Object?)? {
        if context.isSmoke, records.count >= Smoke.trials { return nil }
        let found = try search(of: experiment)
        let search = found.search
        let spaces = found.spaces
        // The proposals of before, in order, with what came of them.
        var proposals: [SearchProposal] = []
        var finished: [SearchTrial] = []
        for record in records {
            guard case .run(let proposal) = try search.next(after: finished) else { return nil }
            proposals.append(proposal)
            finished.append(SearchTrial(proposal, record.score.map { .finished(score: $0) } ?? .failed))
        }
        guard case .run(let proposal) = try search.next(after: finished) else { return nil }
        let values = zip(spaces, proposal.values).map { $0.value($1) }
        let what = zip(spaces, values).map { "\($0.name) \(brief($1))" }.joined(separator: ", ")
        var trial = experiment.trial(values, label: "\(experiment.label ?? "experiment") trial \(records.count + 1) (\(what))")
        var shorter: Object?
        if let rung = proposal.rung {
            trial.fields["epochs"] = Field(
                .number(Double(context.isSmoke ? Smoke.epochs : rung.to)), trial.fields["epochs"]?.origin ?? Origin())
            trial.fields["continued"] = Field(.bool(true))
            if let continues = rung.continues, records.indices.contains(continues) { shorter = records[continues].experiment }
        }
        return (trial, values, shorter)
    }

    private func brief(_ value: Value) -> String { value.number.map(briefNumber) ?? source(of: value) }
}
