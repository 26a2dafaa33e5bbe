import Builtins
import Datasets
import Diagnostics
import Engine
import Models
import Storage
import Training

/// The files of a finished run: `result.json` comes last, and its being there is what makes the run finished.
enum RunRecord {
    /// The contents of `result.json`.
    struct Record: Codable {
        var keptEpoch: Int
        var stoppedEarly: Bool
        /// What stands for an epoch 0; absent where nothing does.
        var start: StartScores?
        var history: [EpochRecord]
        var parts: [String: Part]
        var weights: Digest
        /// The hash of the weights of the stage before, which the training began with; nil for a first stage, and in records of
        /// older versions.
        var begunWith: Digest?
    }

    /// The predictions for one part, in the target's unit.
    struct Part: Codable {
        var ids: [String]
        var truth: [Double]
        var predicted: [Double]
    }

    /// A result with what tells it from every other.
    struct Finished {
        var result: RunResult
        /// The hash of `result.json`.
        var digest: Digest
        /// The hash of the weights' file, as the result names it.
        var weights: Digest
        /// The hash of the weights of the stage before; nil for a first stage, and where it is not recorded.
        var begunWith: Digest?
        /// Whether the hashes of its files are kept beside it, so that they are known to be as ecdx wrote them.
        var isHashed = true
        /// What is wrong where those hashes name other weights than the result does; nil where they agree.
        var differing: Diagnostic?

        /// Notes that the hashes of its files are kept beside it now.
        mutating func setHashed() { (isHashed, differing) = (true, nil) }
    }

    /// Writes the files of a finished run: weights, metrics, predictions, the hashes of all, and the result last. `values`: the
    /// hash of `resolved.json`, which is there already.
    static func write(
        _ result: RunResult, parameters: ParameterStore, begunWith: Digest?, values: Digest, to run: RunFolder
    ) throws -> Finished {
        let weights = Safetensors(
            tensors: parameters.names.compactMap { name in
                parameters[name].map { NamedTensor(name: name, shape: $0.shape.extents, values: $0.values) }
            })
        try writeSafetensors(weights, to: run.file("weights.safetensors"))
        let record = Record(
            keptEpoch: result.keptEpoch, stoppedEarly: result.stoppedEarly, start: result.start, history: result.history,
            parts: result.parts.mapValues { Part(ids: $0.ids, truth: $0.truth, predicted: $0.predicted) }, weights: try weights.digest(),
            begunWith: begunWith)
        let text = try JSONValue(encoding: record).canonical + "\n"
        let digest = try sha256(text)
        var hashes = ["result.json": digest, "weights.safetensors": record.weights, ResolvedValues.name: values]
        for (name, table) in tables(of: result) {
            try writeWhole(table, to: run.file(name))
            hashes[name] = try sha256(table)
        }
        try RunContents(hashes).write(to: run.path)
        try writeWhole(text, to: run.file("result.json"))
        return Finished(result: result, digest: digest, weights: record.weights, begunWith: begunWith)
    }

    /// The tables beside a result, which say it for people: names of files and texts.
    static func tables(of result: RunResult) -> [(name: String, text: String)] {
        [("metrics.csv", metrics(of: result)), ("predictions.csv", predictions(of: result))]
    }

    /// The text of `metrics.csv`.
    static func metrics(of result: RunResult) -> String {
        var metrics = "epoch,train_loss,train_mse,train_mae,validation_loss,validation_mse,validation_mae,rate,seconds\n"
        func cells(_ scores: EpochScores?) -> String { scores.map { "\($0.loss),\($0.mse),\($0.mae)" } ?? ",," }
        if let start = result.start { metrics += "0,\(cells(start.train)),\(cells(start.validation)),,\n" }
        for record in result.history {
            metrics += """
                \(record.epoch),\(cells(record.train)),\(cells(record.validation)),\(record.rate),\(fixed(record.seconds, 3))

                """
        }
        return metrics
    }

    /// The text of `predictions.csv`.
    private static func predictions(of result: RunResult) -> String {
        var predictions = "id,part,truth,predicted\n"
        for part in partNames {
            guard let items = result.parts[part] else { continue }
            for (index, id) in items.ids.enumerated() {
                predictions += "\(ResultTable.quoted(id)),\(part),\(items.truth[index]),\(items.predicted[index])\n"
            }
        }
        return predictions
    }

    /// Reads the result of a finished run, as it was written. `verify`: look at the contents of the weights too, which are looked
    /// at anyway where they are read. Throws `bad-data` and `cannot-read` where the run is not finished or its record is damaged:
    /// it is computed anew then.
    static func finished(_ run: RunFolder, verify: Bool = false) throws -> Finished {
        let path = run.file("result.json")
        let bytes = try readFile(path)
        let digest = try sha256(bytes)
        let contents = try RunContents(in: run.path)
        try contents?.check(digest, of: "result.json", in: run.path)
        let record = try JSONValue(parsing: bytes, in: DataPlace(file: path)).decoded(as: Record.self, in: DataPlace(file: path))
        let weights = run.file("weights.safetensors")
        guard fileStatus(weights)?.kind == .file else {
            throw Diagnostic("bad-data", "the weights of the run are missing", data: DataPlace(file: weights))
        }
        if verify {
            guard try sha256(ofFile: weights) == record.weights else { throw damagedWeights(weights) }
        }
        let differing = contents?.difference(fromWeights: record.weights, in: run.path)
        return Finished(
            result: result(record), digest: digest, weights: record.weights, begunWith: record.begunWith,
            isHashed: differing == nil && contents?.isComplete ?? false, differing: differing)
    }

    /// Writes the hashes of a finished run that has none, or another one for its weights, once it was checked. Throws `cannot-read`
    /// and `cannot-write`.
    static func writeHashes(of found: Finished, in run: RunFolder) throws {
        let before = try? RunContents(in: run.path)
        var hashes = ["result.json": found.digest, "weights.safetensors": found.weights]
        for name in ["metrics.csv", "predictions.csv"] {
            // One that is gone is missed by the hash that it had.
            hashes[name] = try fileStatus(run.file(name)) != nil ? sha256(ofFile: run.file(name)) : before?[name]
        }
        hashes[ResolvedValues.name] = before?[ResolvedValues.name]
        if hashes[ResolvedValues.name] == nil, (try? ResolvedValues.read(run)) != nil {
            hashes[ResolvedValues.name] = try sha256(ofFile: run.resolved)
        }
        try RunContents(hashes).write(to: run.path)
    }

    /// The result that a record holds.
    static func result(_ record: Record) -> RunResult {
        RunResult(
            parts: record.parts.mapValues { RunResult.Part(ids: $0.ids, truth: $0.truth, predicted: $0.predicted) },
            start: record.start, history: record.history,
            keptEpoch: record.keptEpoch, stoppedEarly: record.stoppedEarly)
    }

    /// The parameters that a finished run left. Throws `bad-data` where the file does not hold what the result says.
    static func parameters(_ run: RunFolder, expecting digest: Digest) throws -> Safetensors {
        let path = run.file("weights.safetensors")
        let contents = try readSafetensors(path)
        // Writing is deterministic, so what was read gives back the bytes the hash was taken of.
        guard try contents.digest() == digest else { throw damagedWeights(path) }
        return contents
    }

    /// Takes back that a run is finished, before it is computed anew.
    static func withdraw(_ run: RunFolder) throws {
        for name in ["result.json", RunContents.name, RunOrigin.name] { try removeTree(run.file(name)) }
    }

    private static func damagedWeights(_ path: String) -> Diagnostic {
        Diagnostic("bad-data", "expected the weights as the training left them, found other contents", data: DataPlace(file: path))
    }
}

/// The hashes of the files of a finished run, which stand in `contents.json` beside them. Runs of older versions have none: they
/// are checked when they are first used, and get them then.
struct RunContents {
    static let name = "contents.json"
    private var hashes: [String: Digest]

    init(_ hashes: [String: Digest]) { self.hashes = hashes }

    /// Reads the hashes in the folder of a run; nil where there are none. Throws `bad-data` for a file that is none.
    init?(in folder: String) throws {
        let path = joined(folder, Self.name)
        guard fileStatus(path) != nil else { return nil }
        hashes = try JSONValue(parsing: readFile(path, limit: 1 << 16), in: DataPlace(file: path)).decoded(in: DataPlace(file: path))
    }

    /// The names of the files.
    var names: [String] { hashes.keys.sorted() }

    /// The hash of a file; nil where it has none.
    subscript(name: String) -> Digest? { hashes[name] }

    /// Whether the result and the weights are among the files.
    var isComplete: Bool { hashes["result.json"] != nil && hashes["weights.safetensors"] != nil }

    /// What is wrong where the hash of the weights is not the one that the result of the run in a folder names.
    func difference(fromWeights named: Digest, in folder: String) -> Diagnostic? {
        guard let recorded = hashes["weights.safetensors"], recorded != named else { return nil }
        return Diagnostic(
            "bad-data", "expected the hash of the weights that the result names, found another",
            data: DataPlace(file: joined(folder, Self.name)))
    }

    /// Whether the folder of a run has the hashes of its result and its weights.
    static func areThere(in folder: String) -> Bool { (try? RunContents(in: folder))?.isComplete ?? false }

    func write(to folder: String) throws { try writeWhole(JSONValue(encoding: hashes).pretty, to: joined(folder, Self.name)) }

    /// Checks the hash of a file's contents. Throws `bad-data` where it is not that which was written.
    func check(_ found: Digest, of name: String, in folder: String) throws {
        guard let recorded = hashes[name], recorded != found else { return }
        throw Diagnostic(
            "bad-data", "expected the file as ecdx wrote it, found other contents", data: DataPlace(file: joined(folder, name)))
    }

    /// Checks all files that are there. `isWhole`: none may be missing. Throws `bad-data` and `cannot-read`.
    func checkAll(in folder: String, isWhole: Bool = false) throws {
        for name in hashes.keys.sorted() where !name.contains("/") {
            if fileStatus(joined(folder, name)) == nil {
                guard isWhole else { continue }
                throw Diagnostic("bad-data", "expected the file as ecdx wrote it, found none", data: DataPlace(file: joined(folder, name)))
            }
            try check(sha256(ofFile: joined(folder, name)), of: name, in: folder)
        }
    }
}
