import Builtins
import Diagnostics
import Storage

/// A form in which `ecdx runs export` writes finished runs: what it is for, and how it is written.
public struct RunForm: Sendable {
    /// Word of the form on the command line.
    public let name: String
    /// What it is, for help.
    public let summary: String
    /// Writes runs to a path, a folder or a file, and gives the paths that were written, with lines to say besides. `force`: files that
    /// are there are overwritten.
    let write: @Sendable (_ runs: [RunFolder], _ path: String, _ force: Bool) throws -> (paths: [String], notes: [String])

    /// All forms, the usual one first.
    public static let all = [record, csv, json, tensorboard, mlflow, card]

    /// Writes runs in the form to a path. Throws `unfinished-run`, `bad-data` for a damaged run, `would-overwrite` and `cannot-write`.
    public func export(_ runs: [RunFolder], to path: String, force: Bool = false) throws -> (paths: [String], notes: [String]) {
        try write(runs, path, force)
    }

    private static let record = RunForm(
        name: "record", summary: "the whole record, for `ecdx runs import` elsewhere",
        write: { runs, folder, _ in
            for run in runs { try RunExport().copy(run, to: folder) }
            return (runs.map { joined(folder, $0.id) }, [])
        })

    private static let csv = RunForm(
        name: "csv", summary: "one table of all values and numbers, a row a run",
        write: { runs, path, force in try table(RunTables.csv(runs.map(finished)), to: path, force) })

    private static let json = RunForm(
        name: "json", summary: "the same as JSON, with the values as they were resolved",
        write: { runs, path, force in try table(RunTables.json(runs.map(finished)), to: path, force) })

    private static let tensorboard = RunForm(
        name: "tensorboard", summary: "event files of TensorBoard, a folder a run: `tensorboard --logdir FOLDER`",
        write: { runs, folder, force in
            let paths = try runs.map { run in
                let facts = try finished(run)
                let place = joined(folder, folderName(facts.run))
                try createFolder(place)
                let time = Int(exactly: (facts.run.sessions.first?.time ?? 0).rounded(.down)) ?? 0
                let path = joined(place, "events.out.tfevents.\(time).ecdx.\(run.id)")
                try put(facts.eventFile, to: path, force)
                return path
            }
            return (paths, [])
        })

    private static let mlflow = RunForm(
        name: "mlflow", summary: "the folder layout of MLflow, `mlruns/EXPERIMENT/RUN`",
        write: { runs, folder, _ in
            let paths = try runs.map { try MLflowRun(facts: finished($0), folder: $0).write(to: folder) }
            return (
                paths,
                [
                    "MLflow 3.13 and later open a database instead of such a folder:",
                    "    mlflow migrate-filestore --source \(folder) --target sqlite:///mlflow.db",
                ]
            )
        })

    private static let card = RunForm(
        name: "card", summary: "a model card in Markdown for each run, as the Hugging Face hub shows it",
        write: { runs, folder, force in
            try createFolder(folder)
            let paths = try runs.map { run in
                let facts = try finished(run)
                var data = DataRecord(store: parentFolder(of: parentFolder(of: run.path)))
                let card = ModelCard(facts: facts, data: facts.run.resolved?["data"]?.stringValue.flatMap { data.description($0) })
                let path = joined(folder, folderName(facts.run) + ".md")
                try put(Array(card.text.utf8), to: path, force)
                return path
            }
            return (paths, [])
        })

    private static func table(_ text: String, to path: String, _ force: Bool) throws -> (paths: [String], notes: [String]) {
        guard fileStatus(path)?.kind != .folder else {
            throw Diagnostic("would-overwrite", "expected the path of a file, found the folder `\(path)`", hint: "write `--to runs.csv`")
        }
        try put(Array(text.utf8), to: path, force)
        return ([path], [])
    }

    /// Writes a file where none is, or the same. Throws `would-overwrite` where another is there, unless `force`, and `cannot-write`.
    private static func put(_ bytes: [UInt8], to path: String, _ force: Bool) throws {
        if !force, fileStatus(path) != nil, try sha256(ofFile: path) != sha256(bytes) {
            throw Diagnostic(
                "would-overwrite", "expected no file or the same one, found another", data: DataPlace(file: path),
                hint: "give another name, or overwrite it with --force")
        }
        try writeWhole(bytes, to: path)
    }

    /// The facts of a finished run. Throws `unfinished-run` and what is wrong with it.
    private static func finished(_ run: RunFolder) throws -> RunFacts {
        let record = RecordedRun(run)
        if let damage = record.damage { throw damage }
        guard record.result != nil else {
            throw Diagnostic(
                "unfinished-run", "expected a finished run, found that `\(run.id)` has no result", hint: "run its script to the end first")
        }
        return RunFacts(record)
    }

    /// The name of a run and its id, as a name of a file.
    private static func folderName(_ run: RecordedRun) -> String {
        let name = run.name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }.prefix(80)
        return name.isEmpty ? run.id : String(name) + "-" + run.id
    }
}
