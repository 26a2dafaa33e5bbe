import Builtins
import Diagnostics
import Storage
import Training

/// The record of a run, as its folder tells it. Parts that cannot be read are left out.
public struct RecordedRun: Sendable {
    /// The state of a run.
    public enum State: String, Sendable {
        /// The run is finished, was begun and left, is being trained now, or ended with an error.
        case done, begun, running, failed
        /// The run is finished, and its record is not as it was written: it is not used.
        case damaged
        /// The process of the run is gone, and did not give its lease back: it was killed.
        case stale = "stale lease"
    }

    /// A stretch of the training in one process.
    struct RunSession: Sendable {
        var machine: RunMachine
        /// Beginning of the session, in seconds since 1970.
        var time: Double
        /// Epoch and step that the session went on from; nil where it began the training.
        var resumed: (epoch: Int, step: Int)?
    }

    /// Id of the run, the name of its folder.
    public var id: String
    /// State of the run.
    public var state: State
    /// Name of the experiment in the script.
    public var name: String
    var key: String?
    var resolved: JSONValue?
    var sessions: [RunSession] = []
    /// Number of epochs whose ends are in the journal, or in the result.
    var epochs = 0
    /// Time of the last entry that has one, in seconds since 1970.
    var latest: Double?
    /// Message of the error that the run ended with; nil where there is none.
    var message: String?
    var result: RunResult?
    /// Hash of the weights' file.
    var weights: Digest?
    /// Hash of `result.json`.
    var resultDigest: Digest?
    /// What is wrong with the record of the run; nil where nothing is known to be.
    var damage: Diagnostic?
    /// Whether it was checked that the weights give the predictions; nil for a run that was computed here and has the hashes of its
    /// files, and for one without a result.
    public var isChecked: Bool?

    /// The machine of the first session.
    public var machine: RunMachine? { sessions.first?.machine }

    /// The names of all machines that the run was on, in order.
    var hosts: [String] {
        var hosts: [String] = []
        for host in sessions.map(\.machine.host) where !host.isEmpty && !hosts.contains(host) { hosts.append(host) }
        return hosts
    }

    /// Reads the record in the folder of a run. `isNamed`: whether its name is the id of the run, which it has in a store.
    public init(_ run: RunFolder, isNamed: Bool = true) {
        id = run.id
        name = ""
        let entries = (try? Self.entries(of: run.journalPath)) ?? []
        for entry in entries {
            if let time = entry["time"]?.doubleValue { latest = time }
            switch entry["event"]?.stringValue {
            case "began": sessions.append(RunSession(machine: RunMachine(entry), time: entry["time"]?.doubleValue ?? 0, resumed: nil))
            case "resumed":
                let place = (entry["epoch"]?.intValue ?? 0, entry["step"]?.intValue ?? 0)
                sessions.append(RunSession(machine: RunMachine(entry), time: entry["time"]?.doubleValue ?? 0, resumed: place))
            case "epoch": epochs = max(epochs, entry["epoch"]?.intValue ?? 0)
            case "failed": message = entry["message"]?.stringValue
            default: break
            }
            if let text = entry["name"]?.stringValue { name = text }
            if let text = entry["key"]?.stringValue { key = text }
        }
        let isFinished = fileStatus(run.file("result.json")) != nil
        if isNamed {
            do {
                let found = try ResolvedValues.read(run)
                (resolved, key) = (found.values, found.key.hex)
            } catch {
                // A training that has just begun has not written them.
                if isFinished || fileStatus(run.resolved) != nil { damage = error as? Diagnostic }
            }
        } else {
            resolved = (try? readFile(run.resolved, limit: ResolvedValues.longest)).flatMap { try? JSONValue(parsing: $0) }
        }
        if isFinished {
            var isHashed = true
            do {
                let found = try RunRecord.finished(run)
                result = found.result
                weights = found.weights
                resultDigest = found.digest
                epochs = found.result.history.count
                isHashed = found.isHashed
            } catch { damage = error as? Diagnostic }
            isChecked = RunOrigin.isChecked(run.path, isHashed: isHashed)
        }
        let failed = (try? readFile(run.file("failed.txt"), limit: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
        let hasFailed = failed != nil || entries.last?["event"]?.stringValue == "failed"
        message = hasFailed ? failed ?? message : nil
        let isDone = result != nil
        state =
            switch Lease.standing(of: run.file("lease")) {
            case .held: isDone ? .done : .running
            case .stale: isDone ? .done : .stale
            case .free: isDone ? .done : hasFailed ? .failed : .begun
            }
        if damage != nil, isFinished, state != .running { state = .damaged }
    }

    /// The entries of a run's journal; none where it is longer than one that is taken from elsewhere may be.
    private static func entries(of path: String) throws -> [JSONValue] {
        guard let status = fileStatus(path), status.bytes <= 1 << 25 else { return [] }
        return try Journal.read(path).entries
    }

    /// The validation loss of the epoch that was kept.
    var validationLoss: Double? { result?.keptValidationLoss }

    /// RMSE, MAE and R2 of a part; nil where it has no rows.
    func score(_ part: String) -> Score? {
        result?.parts[part].flatMap { $0.truth.isEmpty ? nil : try? Score(truth: $0.truth, predicted: $0.predicted, resamples: 0) }
    }

    /// The score of a part as pages show it: none of the holdout of a trial, since who looks at it there searches on it.
    func shownScore(_ part: String) -> Score? { isTrial && part == "holdout" ? nil : score(part) }

    /// Whether the run is a trial of a search, perhaps a fold or a stage of it, as its name tells: `found trial 3 (batch 8)`.
    var isTrial: Bool { name.contains(#/ trial [0-9]+ \(/#) }

    /// Whether the validation part chose the epoch: by the weights that are kept, or by stopping early.
    var validationChose: Bool {
        func watches(_ settings: JSONValue) -> Bool {
            ["keep", "stop"].contains { settings[$0]?["arguments"]?["on"]?["word"]?.stringValue?.hasPrefix("validation.") == true }
        }
        return resolved.map { watches($0) || ($0["stages"]?.arrayValue ?? []).contains(where: watches) } ?? false
    }

    /// Whether two folders hold one and the same run: a training that began at the same instant, or the same result down to
    /// the seconds that each epoch took.
    func isSameRun(as other: RecordedRun) -> Bool {
        if let time = sessions.first?.time, time != 0, time == other.sessions.first?.time { return true }
        return resultDigest != nil && resultDigest == other.resultDigest
    }
}
