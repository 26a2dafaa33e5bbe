import Builtins
import Diagnostics
import Language
import Storage
import Training

/// Searches: their trials, one after another, each a training or folds of its own.
extension Runner {
    /// The best trial of a search that is over.
    func bestTrial(of experiment: Experiment) throws -> Experiment {
        guard let best = bestRecord(try trials(of: experiment)) else {
            throw Diagnostic(
                "search", "every trial of the search failed", at: experiment.declared.span(of: "search"),
                hint: "narrow the spaces, for example to smaller learning rates")
        }
        return try self.experiment(best.experiment)
    }

    /// The trial with the least score; nil where all failed.
    func bestRecord(_ records: [TrialRecord]) -> TrialRecord? {
        records.filter { $0.score != nil }.min { ($0.score ?? .infinity) < ($1.score ?? .infinity) }
    }

    /// All trials of a search, run now where they were not before. One that diverges is a failed trial and ends nothing.
    public func trials(of experiment: Experiment) throws -> [TrialRecord] {
        var records: [TrialRecord] = []
        while let next = try nextTrial(of: experiment, after: records) {
            let record = try clock.within(.init("trial", records.count + 1, of: trialCount(of: experiment))) {
                try runTrial(next.experiment, next.values, of: experiment, extending: next.shorter)
            }
            records.append(record)
        }
        return records
    }

    /// The number of trials of a search.
    func trialCount(of experiment: Experiment) throws -> Int {
        context.isSmoke ? Smoke.trials : try experiment.searching().search.trials
    }

    /// The trials whose results or failures are in the store, up to the first that has neither. Trains nothing.
    func knownTrials(of experiment: Experiment) throws -> [TrialRecord] {
        var records: [TrialRecord] = []
        while let next = try nextTrial(of: experiment, after: records) {
            let failed = try failure(of: next.experiment)
            guard try isDone(next.experiment) else {
                guard let failed else { break }
                records.append(TrialRecord(experiment: next.experiment, values: next.values, score: nil, epochs: 0, message: failed))
                continue
            }
            records.append(try runTrial(next.experiment, next.values, of: experiment, extending: nil))
        }
        return records
    }

    /// Whether the result of a trial is in the store. A network that cannot be built with its values has none: that is said where it
    /// is to be trained.
    private func isDone(_ trial: Object) throws -> Bool {
        let made: Experiment
        do { made = try experiment(trial) } catch is Diagnostic { return false }
        if case .done = try status(of: made) { return true }
        return false
    }

    /// The record of a trial, trained now where it was not before. One that diverges is remembered as failed.
    private func runTrial(_ trial: Object, _ values: [Value], of experiment: Experiment, extending shorter: Object?) throws -> TrialRecord {
        let monitor = try experiment.searching().monitor
        if let message = try failure(of: trial) {
            return TrialRecord(experiment: trial, values: values, score: nil, epochs: 0, message: message)
        }
        let training = try self.experiment(trial)
        do {
            let runs = training.folds == nil ? [try result(of: training, extending: shorter)] : try folds(of: training)
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
    public func score(of experiment: Experiment, on monitor: Training.Monitor) throws -> Double {
        if experiment.search != nil { return try score(of: bestTrial(of: experiment), on: monitor) }
        return score(of: try experiment.folds == nil ? [result(of: experiment)] : folds(of: experiment), on: monitor)
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
    func nextTrial(
        of experiment: Experiment, after records: [TrialRecord]
    ) throws -> (experiment: Object, values: [Value], shorter: Object?)? {
        if context.isSmoke, records.count >= Smoke.trials { return nil }
        let found = try experiment.searching()
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
        var trial = experiment.declared.trial(values, label: "\(experiment.name) trial \(records.count + 1) (\(what))")
        var shorter: Object?
        if let rung = proposal.rung {
            trial = trial.continued(to: context.isSmoke ? Smoke.epochs : rung.to)
            if let continues = rung.continues, records.indices.contains(continues) { shorter = records[continues].experiment }
        }
        return (trial, values, shorter)
    }

    private func brief(_ value: Value) -> String { value.number.map(briefNumber) ?? source(of: value) }
}
