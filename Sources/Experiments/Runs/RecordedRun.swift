import Builtins
import Diagnostics
import Storage
import Training

/// Where a training ran: only what others see of a machine anyway.
public struct RunMachine: Sendable, Hashable {
    /// Empty where an older version wrote the record.
    public var host: String
    public var processor: String
    public var threads: Int
    /// The library behind the engine, with its version.
    public var library: String

    init(_ entry: JSONValue) {
        func text(_ name: String) -> String { String((entry[name]?.stringValue ?? "").prefix(100)) }
        host = text("host")
        processor = text("processor")
        threads = entry["threads"]?.intValue ?? 0
        library = text("engine")
    }

    /// `node7, AMD EPYC, 2 threads, oneDNN 2.6.0`
    public var text: String {
        [host, processor, threads > 0 ? "\(threads) thread\(threads == 1 ? "" : "s")" : "", library].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

/// What the folder of a run says of it. Parts that cannot be read are left out.
public struct RecordedRun: Sendable {
    public enum State: String, Sendable {
        case done, begun, running, failed
        /// Its process is gone, and did not give its lease back: it was killed.
        case stale = "stale lease"
    }

    /// A stretch of the training in one process.
    struct RunSession: Sendable {
        var machine: RunMachine
        var time: Double
        /// Where it went on: epoch and step.
        var resumed: (epoch: Int, step: Int)?
    }

    public var id: String
    public var state: State
    /// What the script called it.
    public var name: String
    var key: String?
    var resolved: JSONValue?
    var sessions: [RunSession] = []
    /// Epochs whose ends are in the journal.
    var epochs = 0
    /// Seconds since 1970 of the last entry with a time.
    var latest: Double?
    var message: String?
    var result: RunResult?
    var weights: Digest?
    /// Of `result.json`.
    var resultDigest: Digest?

    /// The machine of the first session.
    public var machine: RunMachine? { sessions.first?.machine }

    /// The names of all machines it ran on, in order.
    var hosts: [String] {
        var hosts: [String] = []
        for host in sessions.map(\.machine.host) where !host.isEmpty && !hosts.contains(host) { hosts.append(host) }
        return hosts
    }

    public init(_ run: RunFolder) {
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
        resolved = (try? readFile(run.resolved, limit: 1 << 24)).flatMap { try? JSONValue(parsing: $0) }
        if let bytes = try? readFile(run.file("result.json"), limit: 1 << 28), fileStatus(run.file("weights.safetensors"))?.kind == .file,
           let record = try? JSONValue(parsing: bytes).decoded(as: RunRecord.Record.self)
        {
            result = RunRecord.result(record)
            weights = record.weights
            resultDigest = try? sha256(bytes)
            epochs = record.history.count
        }
        let failed = (try? readFile(run.file("failed.txt"), limit: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
        let hasFailed = failed != nil || entries.last?["event"]?.stringValue == "failed"
        message = hasFailed ? failed ?? message : nil
        let isDone = result != nil
        state = switch Lease.standing(of: run.file("lease")) {
        case .held: isDone ? .done : .running
        case .stale: isDone ? .done : .stale
        case .free: isDone ? .done : hasFailed ? .failed : .begun
        }
    }

    /// The journal of a run, if it is not longer than one that is taken from elsewhere may be.
    private static func entries(of path: String) throws -> [JSONValue] {
        guard let status = fileStatus(path), status.bytes <= 1 << 25 else { return [] }
        return try Journal.read(path).entries
    }

    /// The validation loss of the epoch that was kept.
    var validationLoss: Double? { result.flatMap { result in result.history.first { $0.epoch == result.keptEpoch }?.validationLoss } }

    /// RMSE, MAE and R2 of a part; nil where it has no rows.
    func score(_ part: String) -> Score? {
        result?.parts[part].flatMap { $0.truth.isEmpty ? nil : try? Score(truth: $0.truth, predicted: $0.predicted, resamples: 0) }
    }

    /// Whether two folders hold one and the same run: a training that began at the same instant, or the same result down to
    /// the seconds that each epoch took.
    func isSameRun(as other: RecordedRun) -> Bool {
        if let time = sessions.first?.time, time != 0, time == other.sessions.first?.time { return true }
        return resultDigest != nil && resultDigest == other.resultDigest
    }
}
