import Builtins
import Diagnostics
import Language
import Models
import Storage
import Training

/// One experiment that a script would compute, with what is there of it and an estimate of the time.
public struct PlanStep: Sendable {
    /// The state of an experiment: computed, begun, or neither.
    public enum State: String, Sendable { case done, begun, absent }
    /// Name of the experiment.
    public var name: String
    /// Work to be done as a phrase for people: rows, folds, stages, epochs.
    public var detail: String
    /// State of the experiment.
    public var state: State
    /// Parts that are there already and are used again: `2 of 3 trainings`, `features`.
    public var reused: [String] = []
    /// Estimate of the time at most for what is to be computed, in seconds; nil where nothing is.
    public var seconds: Double?
    /// The part of it that trainings take, without features of frozen layers and encoded texts.
    var trainingSeconds: Double?

    /// The estimate as text for people; empty where there is none.
    public var duration: String { seconds.map { briefDuration($0) } ?? "" }
}

/// The estimate for all steps together, as text for people; nil where none has one.
public func totalDuration(of steps: [PlanStep]) -> String? {
    let known = steps.compactMap(\.seconds)
    return known.isEmpty ? nil : briefDuration(known.reduce(0, +))
}

extension Runner {
    /// The steps of performing a script: what it would compute, in order, each experiment once. Writes nothing.
    public func steps(of script: CheckedScript) throws -> [PlanStep] {
        var steps: [PlanStep] = []
        var seen: Set<Value> = []
        var counted: Set<String> = []
        for action in script.actions {
            let experiments = action.value.experiments
            for experiment in experiments where seen.insert(.object(experiment)).inserted {
                steps.append(try step(self.experiment(experiment), counted: &counted, estimate: &speed))
            }
        }
        return steps
    }

    /// Seconds that are estimated for all that is still to be trained, and for one training of it; nil where there is no telling.
    func estimates(with training: Experiment) -> (all: Double, this: Double)? {
        guard let work, let steps = try? steps(of: work), let this = estimate(of: training) else { return nil }
        return (max(this, steps.reduce(0) { $0 + ($1.trainingSeconds ?? 0) }), this)
    }

    /// Seconds that are estimated for one training; nil where there is no telling.
    func estimate(of training: Experiment) -> Double? {
        guard let known = try? speed ?? Estimate() else { return nil }
        speed = known
        return (try? known.seconds(training.split(), of: training))?.training
    }

    /// The step of one experiment. `counted` holds the keys of the trainings that an earlier step does.
    private func step(_ experiment: Experiment, counted: inout Set<String>, estimate: inout Estimate?) throws -> PlanStep {
        let state: PlanStep.State =
            switch try status(of: experiment) {
            case .done: .done
            case .begun: .begun
            case .absent: .absent
            }
        let plan = experiment.plan
        var single = experiment
        var turns = 1.0
        var what = "\(plan.parts.train.count) rows of `\(plan.label)`"
        if let search = experiment.search {
            // Any values will do to see the size of a trial.
            single = try self.experiment(experiment.declared.trial(search.spaces.map(\.firstValue), label: "trial"))
            let count = try trialCount(of: experiment)
            // What is left of a search that was begun.
            turns = Double(max(1, count - (state == .begun ? try knownTrials(of: experiment).count : 0)))
            what += ", \(count) trials"
        }
        if let folds = experiment.folds?.count {
            what = what.replacing("\(plan.parts.train.count) rows", with: "\(foldPool(plan).count) rows")
            what += ", \(folds) folds"
        }
        let epochs = try single.stages.map { try $0.epochCount() }
        what +=
            epochs.count > 1
            ? ", \(epochs.count) stages, \(epochs.map(String.init).joined(separator: " + ")) epochs at most"
            : ", \(epochs.first ?? 0) epochs at most"
        var step = PlanStep(name: experiment.name, detail: "train on " + what, state: state)
        for fold in try context.trainings(of: single) { try warnOfCopies(in: fold) }
        guard state != .done else { return step }
        try addTexts(of: single, to: &step, counted: &counted, estimate: &estimate)
        try addParts(of: single, turns: turns, isSearch: experiment.search != nil, to: &step, counted: &counted, estimate: &estimate)
        return step
    }

    /// Adds to a step what is there of each training of an experiment, and how long the rest takes.
    private func addParts(
        of experiment: Experiment, turns: Double, isSearch: Bool, to step: inout PlanStep, counted: inout Set<String>,
        estimate: inout Estimate?
    ) throws {
        let folds = try context.trainings(of: experiment)
        var done = 0
        var total = 0
        var seconds = 0.0
        var features = 0.0
        var hasFeatures = false
        for fold in folds {
            for stage in fold.stages.indices {
                let training = try context.experiment(fold, throughStage: stage)
                total += 1
                let key = try keys.key(of: training.declared).hex
                if !isSearch {
                    if case .done = try status(of: training) {
                        done += 1
                        continue
                    }
                    guard counted.insert(key).inserted else {
                        done += 1
                        continue
                    }
                }
                let known = try estimate ?? Estimate()
                estimate = known
                let cost = try self.cost(of: training, known)
                seconds += cost.training
                // Folds, trials and experiments share what the same frozen layers give for the same rows.
                if let shared = cost.key, !counted.insert(shared).inserted { continue }
                if cost.areThere { hasFeatures = true } else { features += cost.features }
            }
        }
        if done > 0 { step.reused.append("\(done) of \(total) trainings") }
        if hasFeatures { step.reused.append("features") }
        step.seconds = (step.seconds ?? 0) + seconds * turns + features
        step.trainingSeconds = seconds * turns
    }

    /// Adds to a step the texts of its data set that are to be encoded. `counted` holds those that an earlier step encodes.
    private func addTexts(
        of experiment: Experiment, to step: inout PlanStep, counted: inout Set<String>, estimate: inout Estimate?
    ) throws {
        let plan = experiment.plan
        var (missing, all) = (0, 0)
        for input in experiment.network.inputs.map(\.name).sorted().compactMap({ plan.input($0) }) where !input.columns.isEmpty {
            let source = ComputeContext(source: self, rows: plan.rows)
            let isThere = try store.cache.has(keys.input(input.name, of: plan))
            for (question, texts) in try source.textQuestions(in: input.pipeline) {
                all += texts.count
                guard !isThere else { continue }
                let kin = try keys.vectors(question).hex
                let absent = try unencoded(texts, question).filter { counted.insert("\(kin) \(try sha256($0).hex)").inserted }
                guard !absent.isEmpty else { continue }
                missing += absent.count
                let known = try estimate ?? Estimate()
                estimate = known
                step.seconds = try (step.seconds ?? 0) + known.seconds(encoding: absent, question)
            }
        }
        if missing > 0 {
            step.detail += ", \(missing) \(missing == 1 ? "text" : "texts") to encode"
        } else if all > 0 {
            step.reused.append("encoded texts")
        }
    }

    /// The seconds of a training and of its features, the key of these, and whether they are in the cache.
    private func cost(
        of training: Experiment, _ estimate: Estimate
    ) throws -> (training: Double, features: Double, key: String?, areThere: Bool) {
        let split = try training.split()
        let seconds = try estimate.seconds(split, of: training)
        // After a first stage what the frozen part starts with may come from a run that is not there yet.
        guard let split, training.stages.count <= 1 else { return (seconds.training, seconds.features, nil, false) }
        let key = try firstFeatureKey(split, of: training)
        return (seconds.training, seconds.features, key.hex, store.cache.has(key))
    }
}
