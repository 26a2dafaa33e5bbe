import Builtins
import Diagnostics
import Glibc
import Language
import Storage

/// The machine that a training ran on: only what others see of a machine anyway.
public struct RunMachine: Sendable, Hashable {
    /// Name of the machine; empty where an older version wrote the record.
    public var host: String
    /// Model of the processor; empty where the record does not say.
    public var processor: String
    /// Number of threads; 0 where the record does not say.
    public var threads: Int
    /// The library behind the engine, with its version.
    public var library: String

    /// Reads the machine from an entry of a journal.
    init(_ entry: JSONValue) {
        func text(_ name: String) -> String { String((entry[name]?.stringValue ?? "").prefix(100)) }
        host = text("host")
        processor = text("processor")
        threads = entry["threads"]?.intValue ?? 0
        library = text("engine")
    }

    /// The machine as text, such as `node7, AMD EPYC, 2 threads, oneDNN 2.6.0`.
    public var text: String {
        [host, processor, threads > 0 ? "\(threads) thread\(threads == 1 ? "" : "s")" : "", library].filter { !$0.isEmpty }.joined(
            separator: ", ")
    }
}

extension Runner {
    /// The runs of one training: the one of this store first, then those that were brought from elsewhere. Trains it here where
    /// it was not. A run and its copies count once. Throws `one-machine` where there are not two, but in a smoke run, which
    /// could never have them.
    public func machines(of experiment: Experiment) throws -> [MachineRun] {
        let training = try single(experiment)
        _ = try result(of: training)
        let key = try keys.key(of: training.declared)
        let base = try runFolder(key).id
        var found: [RecordedRun] = []
        for folder in store.runs() where folder.id == base || folder.id.hasPrefix(base + "-") {
            let run = RecordedRun(folder)
            guard run.key == nil || run.key == key.hex, !found.contains(where: { $0.isSameRun(as: run) }) else { continue }
            // Like the run of this store, one from elsewhere is checked before it is shown.
            if folder.id != base, try copy(in: folder, of: training) == nil { continue }
            if run.result != nil { found.append(run) }
        }
        guard found.count > 1 || context.isSmoke else {
            throw Diagnostic(
                "one-machine", "`machines` expected at least two runs of `\(experiment.label ?? "the experiment")`, found one",
                hint: "run the script on another machine too and bring its runs here: `ecdx runs import FOLDER`")
        }
        return found.compactMap { run in
            // What a smoke run shows is the same everywhere: it names no machine.
            if context.isSmoke {
                return run.result.map { MachineRun(run: run.id, host: "here", processor: "", threads: 0, library: "", result: $0) }
            }
            return run.result.map {
                MachineRun(
                    run: run.id, host: run.hosts.joined(separator: ", "), processor: run.machine?.processor ?? "",
                    threads: run.machine?.threads ?? 0,
                    library: run.machine?.library ?? "", result: $0)
            }
        }
    }

    /// The recorded runs that calls of `machines` in a value depend on besides their experiments, as text for a key: which runs
    /// there are, and what they came to. Empty where there is no such call, or no run yet. Trains nothing.
    func recordedMachines(in value: Value) throws -> String {
        try value.collect { part -> String? in
            guard let call = part.call, library.looksAtMachines(call), let object = call["of"].object else { return nil }
            let experiment = try experiment(object)
            guard case .done = try status(of: experiment) else { return nil }
            let base = try runFolder(keys.key(of: single(experiment).declared)).id
            return try store.runs().filter { $0.id == base || $0.id.hasPrefix(base + "-") }.map { run in
                let path = run.file("result.json")
                return "\(run.id) \(fileStatus(path) == nil ? "" : try sha256(ofFile: path).hex)\n"
            }.joined()
        }.joined()
    }
}

/// The time of the system's clock, in seconds since 1970.
func wallSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// The model of the processor, for the record: other models may round sums in another order.
func processorName() -> String {
    guard let text = try? readText("/proc/cpuinfo", limit: 1 << 22) else { return "unknown" }
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
        return String(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " })
    }
    return "unknown"
}
