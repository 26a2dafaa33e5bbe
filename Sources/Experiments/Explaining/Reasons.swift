import Builtins
import Diagnostics
import Language
import Storage

/// The reason why an experiment would be computed, or why it need not be.
public enum Reason: Sendable, Hashable {
    /// The experiment is computed: the run that holds its result.
    case computed(run: String)
    /// The experiment is begun: the run that goes on.
    case begun(run: String)
    /// The experiment failed: the run that ended with an error, and the message of that.
    case failed(run: String, String)
    /// The run of the experiment is there and is not used: it is damaged, or holds another run.
    case damaged(run: String)
    /// The experiment was not computed here: the recorded run that is most like it, and where the two differ.
    case differs(run: String, [Difference])
    /// No run is recorded that the experiment could be compared with.
    case new
    /// The experiment is several trainings: how many of them are computed, and of how many; nil where that only shows as they
    /// come.
    case parts(computed: Int, of: Int?)
}

/// The reason of an experiment, and of the trainings that it is made of: stages, folds, trials.
public struct Reasons: Sendable, Hashable {
    /// The kinds of what can be computed: a whole experiment, or one of the trainings it is made of.
    public enum Kind: String, Sendable, Hashable { case experiment, stage, fold, trial, refit }
    /// Kind of what would be computed.
    public var kind: Kind
    /// Name for people, such as `fold 3` or `stage head`.
    public var name: String
    /// Reason for the whole.
    public var reason: Reason
    /// Reasons for the trainings that an experiment is made of; empty for a single training.
    public var parts: [Reasons]

    /// A sentence for the whole and an indented line for each part, those that are computed together. `most`: differences that
    /// are named of each; nil for all.
    public func lines(most: Int? = nil) -> [String] { [sentence(most)] + Self.lines(parts, most, "  ") }

    private func sentence(_ most: Int?) -> String {
        switch reason {
        case .computed(let run): "`\(name)` is computed already: run \(run)"
        case .begun(let run): "`\(name)` was begun as run \(run) and goes on from there"
        case .failed(let run, let message): "`\(name)` failed as run \(run): \(message)"
        case .damaged(let run): "`\(name)` is trained anew: run \(run), which should hold it, is damaged"
        case .differs(let run, let found) where found.isEmpty:
            "`\(name)` was not computed here; run \(run) is the same, brought from another machine"
        case .differs(let run, let found):
            "`\(name)` was not computed yet; the recorded run most like it, \(run), differs in \(Self.list(found, most))"
        case .new: "`\(name)` was not computed yet, and no run is recorded that is like it"
        case .parts(let computed, let count):
            "`\(name)` is not computed to its end: "
                + (count.map { "\(computed) of its \($0) trainings are" }
                    ?? "\(computed) trial\(computed == 1 ? " is" : "s are"), and the next is known")
        }
    }

    private static func lines(_ parts: [Reasons], _ most: Int?, _ indent: String) -> [String] {
        var lines: [String] = []
        var index = 0
        while index < parts.count {
            let same = parts[index...].prefix { $0.isComputed && $0.kind == parts[index].kind }
            if same.count > 3 {
                lines.append("\(indent)\(parts[index].kind.rawValue)s \(index + 1) to \(index + same.count): computed")
                index += same.count
                continue
            }
            lines.append("\(indent)\(parts[index].name): \(parts[index].phrase(most))")
            lines += Self.lines(parts[index].parts, most, indent + "  ")
            index += 1
        }
        return lines
    }

    private var isComputed: Bool { if case .computed = reason { true } else { false } }

    private func phrase(_ most: Int?) -> String {
        switch reason {
        case .computed(let run): "computed, run \(run)"
        case .begun(let run): "begun, run \(run)"
        case .failed(let run, let message): "failed, run \(run): \(message)"
        case .damaged(let run): "trained anew: run \(run), which should hold it, is damaged"
        case .differs(let run, let found): "not computed; the recorded run most like it, \(run), differs in \(Self.list(found, most))"
        case .new: "not computed, and no run is recorded that is like it"
        case .parts(let computed, let count): "\(computed)\(count.map { " of \($0)" } ?? "") computed"
        }
    }

    /// The differences as one phrase. `most`: how many are named; nil for all.
    public static func list(_ differences: [Difference], _ most: Int?) -> String {
        if differences.isEmpty { return "nothing" }
        let shown = differences.prefix(most ?? differences.count)
        return shown.map(\.text).joined(separator: ", ")
            + (shown.count < differences.count ? " and \(differences.count - shown.count) more" : "")
    }
}

extension Runner {
    /// The reasons why an experiment, and each training that it is made of, would be computed. Writes nothing.
    public func reasons(for experiment: Experiment) throws -> Reasons {
        var records = Records(store: store)
        let found = try reasons(for: experiment, kind: .experiment, name: experiment.label ?? "an unnamed experiment", &records)
        for (run, damage) in records.damaged { say(damage, "run `\(run)` is not compared with") }
        for damage in records.data.damaged { say(damage, "what differs in the data is not told") }
        return found
    }

    private func reasons(for experiment: Experiment, kind: Reasons.Kind, name: String, _ records: inout Records) throws -> Reasons {
        func whole(_ parts: [Reasons], of count: Int?) throws -> Reasons {
            let computed = parts.count { if case .computed = $0.reason { true } else { false } }
            guard case .done(let run) = try status(of: experiment) else {
                return Reasons(kind: kind, name: name, reason: .parts(computed: computed, of: count), parts: parts)
            }
            return Reasons(kind: kind, name: name, reason: .computed(run: run), parts: parts)
        }
        switch experiment.form {
        case .search:
            let known = try knownTrials(of: experiment)
            var trials = known.map(\.experiment)
            if let next = try nextTrial(of: experiment, after: known) { trials.append(next.experiment) }
            let prefix = experiment.name + " "
            return try whole(
                trials.map { trial in
                    let name = trial.label ?? "trial"
                    return try reasons(
                        for: self.experiment(trial), kind: .trial,
                        name: name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name, &records)
                }, of: nil)
        case .folds(let folds):
            var parts = try context.folds(of: experiment).map {
                try reasons(for: $0, kind: .fold, name: "fold \($0.foldIndex + 1)", &records)
            }
            let isRefitted = folds.report == .refit
            let isOver = parts.allSatisfy { if case .computed = $0.reason { true } else { false } }
            // How long it trains is the mean of the folds.
            if isRefitted, isOver {
                parts.append(try reasons(for: refitted(experiment), kind: .refit, name: "refit on all of them", &records))
            }
            return try whole(parts, of: isRefitted ? folds.count + 1 : folds.count)
        case .single:
            var parts: [Reasons] = []
            if experiment.stages.count > 1 {
                parts = try zip(experiment.stages.indices, experiment.stageNames).map { index, name in
                    Reasons(
                        kind: .stage, name: "stage \(name)",
                        reason: try reason(of: context.experiment(experiment, throughStage: index), &records), parts: [])
                }
            }
            return Reasons(kind: kind, name: name, reason: try parts.last?.reason ?? reason(of: experiment, &records), parts: parts)
        }
    }

    /// The reason why a single training would be computed.
    private func reason(of training: Experiment, _ records: inout Records) throws -> Reason {
        let (key, resolved) = try keys.experiment(training.declared)
        let run = try runFolder(key)
        if let message = try failure(of: training.declared) { return .failed(run: run.id, message) }
        switch try status(of: training) {
        case .done(let run): return .computed(run: run)
        case .begun(let run): return .begun(run: run)
        case .absent: break
        }
        // Why it is not used was said.
        if fileStatus(run.file("result.json")) != nil { return .damaged(run: run.id) }
        let own = RecordedRun(run)
        if own.state == .failed { return .failed(run: run.id, own.message ?? "") }
        return records.nearest(
            to: resolved, data: { try? self.description(of: training) }, name: training.label ?? "",
            stages: training.stageNames)
    }

    /// The description of the data set that a training uses, as it is recorded with runs.
    func description(of training: Experiment) throws -> JSONValue {
        let description = try keys.description(of: training.data, inputs: training.network.inputs.map(\.name))
        // Infinities are texts in a record.
        return (try? JSONValue(parsing: description.canonical)) ?? description
    }

    /// The differences of an experiment from the one it was made from; `sharesData` where both train on the same.
    public func comparison(of experiment: Experiment, with base: Experiment) throws -> (found: [Difference], sharesData: Bool) {
        let now = try keys.experiment(experiment.declared).resolved
        let before = try keys.experiment(base.declared).resolved
        let stages = experiment.stageNames
        let (new, old) = try (description(of: experiment), description(of: base))
        let found = differences(from: before, to: now, stages: stages) { _, _ in dataDifferences(from: old, to: new) }
        return (found, now["data"] == before["data"])
    }
}

extension Experiment {
    /// The names of the stages of a schedule, or their numbers where they have none; none without a schedule.
    fileprivate var stageNames: [String] { isStaged ? stages.enumerated().map { $1.name ?? String($0 + 1) } : [] }
}

/// The finished runs of a store as far as they can be compared with, read once.
private struct Records {
    private struct Record {
        var run: String
        var resolved: JSONValue
        var name: String
        var modified: Int64
    }

    private let store: Store
    private var known: [Record]?
    /// Runs whose values are not those that they were trained with, with what is wrong.
    private(set) var damaged: [(run: String, damage: Diagnostic)] = []
    private(set) var data: DataRecord
    /// The differences between data sets, by both keys.
    private var told: [String: [Difference]] = [:]
    init(store: Store) { (self.store, data) = (store, DataRecord(store: store.path)) }

    /// The differences between two data sets by their keys; `description`: that of the second.
    private mutating func differences(_ before: String, _ now: String, _ description: () -> JSONValue?) -> [Difference] {
        if let known = told[before + now] { return known }
        let found = data.description(before).flatMap { old in description().map { dataDifferences(from: old, to: $0) } } ?? []
        told[before + now] = found
        return found
    }

    /// The recorded run that is most like a training, and where the two differ. Another fold and another number of stages weigh
    /// more than anything else; of equals one of the same name counts, then the latest. `description`: that of its data set.
    mutating func nearest(to resolved: JSONValue, data description: () -> JSONValue?, name: String, stages: [String]) -> Reason {
        let records = known ?? read()
        known = records
        // Infinities are texts in a record.
        let resolved = (try? JSONValue(parsing: resolved.canonical)) ?? resolved
        func weight(_ record: Record, _ count: Int) -> [Int64] {
            [
                record.resolved["fold"] == resolved["fold"] ? 0 : 1,
                record.resolved["stages"]?.arrayValue?.count == resolved["stages"]?.arrayValue?.count ? 0 : 1,
                Int64(count), record.name == name ? 0 : 1, -record.modified,
            ]
        }
        var best: (run: String, found: [Difference], weight: [Int64])?
        for record in records where record.resolved["node"] == resolved["node"] {
            let found = Experiments.differences(from: record.resolved, to: resolved, stages: stages) { before, now in
                differences(before, now, description)
            }
            let weight = weight(record, found.count)
            guard let known = best, !weight.lexicographicallyPrecedes(known.weight) else {
                best = (record.run, found, weight)
                continue
            }
        }
        return best.map { .differs(run: $0.run, $0.found) } ?? .new
    }

    private mutating func read() -> [Record] {
        var records: [Record] = []
        for run in store.runs() {
            guard let finished = fileStatus(run.file("result.json")), finished.kind == .file else { continue }
            do {
                let resolved = try ResolvedValues.read(run).values
                let name = (try? Journal.read(run.journalPath).entries.lazy.compactMap { $0["name"]?.stringValue }.first) ?? ""
                records.append(Record(run: run.id, resolved: resolved, name: name, modified: finished.modified))
            } catch {
                if let damage = error as? Diagnostic { damaged.append((run.id, damage)) }
            }
        }
        return records
    }
}

extension Session.Checked {
    /// The experiments that something declared in the script is or rests on. Throws `unknown-name` where nothing has the name, and
    /// `type` where it rests on none.
    public func experiments(named name: String) throws -> [Experiment] {
        let known = script.names.filter { !$0.value.experiments.isEmpty }.map(\.name)
        let listed =
            known.isEmpty ? "the script declares no experiment" : "experiments are \(known.map { "`\($0)`" }.joined(separator: ", "))"
        guard let found = script.names.last(where: { $0.name == name }) else {
            let near = nearMiss(name, among: known) ?? nearMiss(name, among: script.names.map(\.name))
            var diagnostic = Diagnostic("unknown-name", "nothing in the script was declared as `\(name)`", notes: [listed])
            if let near { diagnostic.hints = ["did you mean `\(near)`?"] }
            throw diagnostic
        }
        let experiments = found.value.experiments
        guard !experiments.isEmpty else {
            throw Diagnostic("type", "`\(name)` expected an experiment, found \(found.value.phrase)", notes: [listed])
        }
        return try experiments.map { try context.experiment($0) }
    }
}
