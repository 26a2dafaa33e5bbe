import Builtins
import Diagnostics
import Storage

/// The import of finished runs from other stores into one.
public struct RunImport {
    let store: Store

    /// Creates an import into a store.
    public init(into store: Store) { self.store = store }

    /// The folders of runs that `path` stands for: itself where it is the record of a run, those of a store (or of a folder with
    /// a store `.ecdx` in it), or those of a folder of runs. `unfinished`: how many were left out since they have no result.
    /// Throws `unknown-run` where there is none.
    public static func runs(in path: String) throws -> (folders: [String], unfinished: Int) {
        if fileStatus(joined(path, "result.json"), followingLinks: false) != nil { return ([path], 0) }
        let places = [joined(path, "runs"), joined(path, ".ecdx/runs"), path].filter {
            fileStatus($0, followingLinks: false)?.kind == .folder || $0 == path
        }
        var unfinished = 0
        for place in places {
            guard fileStatus(place)?.kind == .folder else { continue }
            let inside = try listFolder(place).filter { !$0.hasPrefix(".") }.map { joined(place, $0) }
                .filter { fileStatus($0, followingLinks: false)?.kind == .folder }
            let finished = inside.filter { fileStatus(joined($0, "result.json"), followingLinks: false) != nil }
            let known = Set(finished)
            unfinished += inside.count { fileStatus(joined($0, "journal.jsonl"), followingLinks: false) != nil && !known.contains($0) }
            if !finished.isEmpty { return (finished, unfinished) }
        }
        let hint =
            unfinished > 0 ? "run its script to the end first" : "name a store, the folder of a run, or one that `ecdx runs export` made"
        throw Diagnostic("unknown-run", "expected finished runs in `\(path)`, found none", hint: hint)
    }

    /// Copies one run into the store, whole or not at all, once all it says of itself holds. It gets the id of its training; with
    /// the name of its machine behind it where that is taken. Throws `same-run` for a run that is there already, `bad-data` for
    /// what is no record of a finished run, and `cannot-write`. Gives the run as it is now.
    public func bring(_ folder: String) throws -> RecordedRun {
        let id = try RunFolder.copyRecord(from: folder, into: store.runsFolder) { copy in
            let run: RecordedRun
            do { run = try Self.verified(copy) } catch var diagnostic as Diagnostic {
                // The place of the copy means nothing to the reader of the message.
                if let file = diagnostic.data?.file, file.hasPrefix(copy) { diagnostic.data?.file = folder + file.dropFirst(copy.count) }
                throw diagnostic
            }
            let base = String((run.key ?? "").prefix(16))
            for known in store.runs() where known.id == base || known.id.hasPrefix(base + "-") {
                let there = RecordedRun(known)
                guard !there.isSameRun(as: run) else {
                    let finished = there.result != nil
                    throw Diagnostic(
                        "same-run", "expected a run of its own, found a copy of \(finished ? "run" : "the unfinished run") `\(known.id)`",
                        data: DataPlace(file: folder),
                        hint: finished
                            ? "a second run of the same training is one that was computed anew, on another machine say"
                            : "`ecdx runs remove \(known.id)` makes room for it")
                }
            }
            try RunOrigin.mark(copy, checked: false)
            let machine = Self.suffix(run.machine?.host ?? "")
            return [base, "\(base)-\(machine)"] + (2...99).map { "\(base)-\(machine)-\($0)" }
        }
        return RecordedRun(try store.folder(id))
    }

    /// The record of a finished run in a folder, if all it says of itself holds. Throws `bad-data`.
    static func verified(_ folder: String) throws -> RecordedRun {
        func bad(_ message: String, _ name: String) -> Diagnostic {
            Diagnostic("bad-data", message, data: DataPlace(file: joined(folder, name)))
        }
        func place(_ name: String) -> DataPlace { DataPlace(file: joined(folder, name)) }
        let resolved = try JSONValue(
            parsing: readFile(joined(folder, "resolved.json"), limit: ResolvedValues.longest), in: place("resolved.json"))
        guard resolved["node"]?.stringValue == "experiment" else {
            throw bad("expected the values of an experiment, found others", "resolved.json")
        }
        let key = try sha256(resolved.canonical).hex
        // A line that is no JSON is found here, with its number.
        let entries = try Journal.read(joined(folder, "journal.jsonl")).entries
        guard let beginning = entries.first(where: { ["began", "resumed"].contains($0["event"]?.stringValue) }),
            beginning["time"]?.doubleValue?.isFinite == true
        else {
            throw bad("expected a journal that says when the training began, found none", "journal.jsonl")
        }
        guard entries.allSatisfy({ $0["key"] == nil || $0["key"]?.stringValue == key }) else {
            throw bad("expected the journal of the training that `resolved.json` describes, found that of another", "journal.jsonl")
        }
        let record = try JSONValue(parsing: readFile(joined(folder, "result.json"), limit: 1 << 25), in: place("result.json"))
            .decoded(as: RunRecord.Record.self, in: place("result.json"))
        try check(record) { bad($0, "result.json") }
        guard try sha256(ofFile: joined(folder, "weights.safetensors")) == record.weights else {
            throw bad("expected the weights that the result names, found others or a part of them", "weights.safetensors")
        }
        guard try !readSafetensorsHeader(joined(folder, "weights.safetensors")).tensors.isEmpty else {
            throw bad("expected the weights of a trained network, found none", "weights.safetensors")
        }
        let predictions = joined(folder, "predictions.csv")
        if fileStatus(predictions) != nil { try PredictionsFile.check(predictions, against: RunRecord.result(record)) }
        let contents = try RunContents(in: folder)
        if let differing = contents?.difference(fromWeights: record.weights, in: folder) { throw differing }
        try contents?.checkAll(in: folder)
        let metrics = joined(folder, "metrics.csv")
        if fileStatus(metrics) != nil { try MetricsFile.check(metrics, against: RunRecord.result(record)) }
        var run = RecordedRun(RunFolder(at: folder), isNamed: false)
        run.key = key
        guard run.result != nil else { throw bad("expected a result, found one that cannot be read", "result.json") }
        return run
    }

    /// Checks that the epochs, parts and numbers of a record go together. Throws what `bad` makes of a message.
    private static func check(_ record: RunRecord.Record, _ bad: (String) -> Diagnostic) throws {
        guard !record.history.isEmpty, record.history.enumerated().allSatisfy({ $0.element.epoch == $0.offset + 1 }) else {
            throw bad("expected a history of epochs from 1 on, found another")
        }
        let first = record.start == nil ? 1 : 0
        guard (first...record.history.count).contains(record.keptEpoch) else {
            throw bad("expected a kept epoch from \(first) to \(record.history.count), found \(record.keptEpoch)")
        }
        guard Set(record.parts.keys) == Set(partNames) else {
            throw bad("expected the parts \(partNames.joined(separator: ", ")), found others")
        }
        for name in partNames {
            guard let part = record.parts[name] else { continue }
            guard part.ids.count == part.truth.count, part.ids.count == part.predicted.count, Set(part.ids).count == part.ids.count else {
                throw bad("expected an id, a target and a prediction for each row of `\(name)`, found others")
            }
            guard part.truth.allSatisfy(\.isFinite), part.predicted.allSatisfy(\.isFinite) else {
                throw bad("expected finite numbers in `\(name)`, found others")
            }
        }
        // What the history says of the epoch that was kept follows from the predictions.
        guard let kept = record.history.first(where: { $0.epoch == record.keptEpoch })?.validation?.mse,
            let part = record.parts["validation"], !part.ids.isEmpty
        else { return }
        let mse = zip(part.truth, part.predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(part.ids.count)
        guard abs(mse - kept) <= 0.02 * max(mse, kept) else {
            throw bad(
                """
                expected predictions of `validation` with the mean squared error \(briefNumber(kept)) of the kept epoch, found \
                \(briefNumber(mse))
                """)
        }
    }

    /// The name of a machine in the form that an id can hold.
    static func suffix(_ host: String) -> String {
        let letters = host.lowercased().unicodeScalars.prefix(32).map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) ? Character(scalar) : "-"
        }
        let plain = String(letters).split(separator: "-").joined(separator: "-")
        return plain.isEmpty ? "other" : plain
    }
}

/// The export of finished runs: copies of their records.
public struct RunExport {
    /// Creates an export.
    public init() {}

    /// Copies a run to `folder/ID`, whole or not at all. Throws `unfinished-run`, `bad-data` for one that is damaged,
    /// `would-overwrite`, `cannot-write`.
    public func copy(_ run: RunFolder, to folder: String) throws {
        guard fileStatus(run.file("result.json")) != nil else {
            throw Diagnostic(
                "unfinished-run", "expected a finished run, found that `\(run.id)` has no result", hint: "run its script to the end first")
        }
        // A damaged record is no use to anybody.
        let found = try RunRecord.finished(run, verify: true)
        _ = try ResolvedValues.read(run)
        do {
            if let differing = found.differing { throw differing }
            try RunContents(in: run.path)?.checkAll(in: run.path, isWhole: true)
        } catch var diagnostic as Diagnostic {
            diagnostic.hints = ["run the script of the run again with `--verify`, which writes the file anew"]
            throw diagnostic
        }
        _ = try RunFolder.copyRecord(from: run.path, into: folder) { _ in [run.id] }
    }
}
