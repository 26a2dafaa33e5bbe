import Builtins
import Diagnostics
import Storage
import Training

/// A run in the folder layout of MLflow's file store (`mlruns/EXPERIMENT/RUN`): values as parameters, the course of the training as
/// metrics, the files of the record as artefacts. MLflow 3.13 and later do not open such a folder; `mlflow migrate-filestore` brings it
/// into a database.
struct MLflowRun {
    let facts: RunFacts
    let folder: RunFolder
    /// The experiment that all runs of ecdx belong to: a number, as MLflow's own are, that is no other's.
    static let experiment = "726364780000000001"

    /// The id of the run there, 32 hexadecimal digits that rest on the run alone.
    var id: String { get throws { String(try sha256("mlflow \(facts.run.key ?? "") \(facts.run.id)").hex.prefix(32)) } }

    /// Writes the run below `root`, and what the experiment needs where it is not there. Throws `would-overwrite` and `cannot-write`.
    func write(to root: String) throws -> String {
        let experiment = joined(root, Self.experiment)
        let place = joined(experiment, try id)
        guard fileStatus(place) == nil else {
            throw Diagnostic(
                "would-overwrite", "expected no folder `\(place)`, found one", hint: "remove it first, or export to another folder")
        }
        let times = milliseconds
        try createFolder(experiment)
        let meta = joined(experiment, "meta.yaml")
        if fileStatus(meta) == nil {
            try writeWhole(
                yaml([
                    ("artifact_location", quoted(Self.experiment)), ("creation_time", "\(times.start)"),
                    ("experiment_id", quoted(Self.experiment)), ("last_update_time", "\(times.end)"), ("lifecycle_stage", "active"),
                    ("name", "ecdx"),
                ]), to: meta)
        }
        for (name, value) in facts.values where value.utf8.count <= 6000 { try put(value, joined(place, "params"), name) }
        for (name, lines) in metrics { try put(lines, joined(place, "metrics"), name) }
        for (name, value) in tags { try put(value, joined(place, "tags"), name) }
        let artefacts = joined(place, "artifacts")
        try createFolder(artefacts)
        for piece in RunFolder.pieces where fileStatus(folder.file(piece.name)) != nil {
            try copyFile(folder.file(piece.name), to: joined(artefacts, piece.name), limit: piece.limit)
        }
        // Last: a run without it is none.
        try writeWhole(
            yaml([
                ("artifact_uri", quoted("\(Self.experiment)/\(try id)/artifacts")), ("end_time", "\(times.end)"),
                ("entry_point_name", "''"), ("experiment_id", quoted(Self.experiment)), ("lifecycle_stage", "active"),
                ("run_id", quoted(try id)), ("run_name", quoted(facts.run.name)), ("run_uuid", quoted(try id)), ("source_name", "''"),
                ("source_type", "4"), ("source_version", "''"), ("start_time", "\(times.start)"), ("status", "3"), ("tags", "[]"),
                ("user_id", "''"),
            ]), to: joined(place, "meta.yaml"))
        return place
    }

    /// Beginning and end in milliseconds since 1970.
    private var milliseconds: (start: Int, end: Int) {
        func whole(_ seconds: Double) -> Int { Int(exactly: (seconds * 1000).rounded()) ?? 0 }
        let start = facts.run.sessions.first?.time ?? 0
        return (whole(start), whole(max(start, facts.run.latest ?? 0)))
    }

    /// The lines of each metric: time, value, step.
    private var metrics: [(name: String, lines: String)] {
        var lines: [String: String] = [:]
        var names: [String] = []
        var time = Double(milliseconds.start)
        func add(_ name: String, _ value: Double, _ step: Int) {
            if lines[name] == nil { names.append(name) }
            lines[name, default: ""] += "\(Int(exactly: time.rounded()) ?? 0) \(value) \(step)\n"
        }
        for record in facts.run.result?.history ?? [] {
            time += record.seconds * 1000
            add("train.loss", record.train.loss, record.epoch)
            if let validation = record.validation { add("validation.loss", validation.loss, record.epoch) }
            add("rate", record.rate, record.epoch)
        }
        // The loss of the kept epoch is in its course.
        for (name, value) in facts.numbers where lines[name] == nil { add(name, value, facts.run.result?.keptEpoch ?? 0) }
        return names.map { ($0, lines[$0] ?? "") }
    }

    private var tags: [(String, String)] {
        [("mlflow.runName", facts.run.name), ("mlflow.source.name", "ecdx"), ("mlflow.source.type", "LOCAL"), ("ecdx.run", facts.run.id)]
            + (facts.run.key.map { [("ecdx.key", $0)] } ?? []) + (facts.run.machine.map { [("ecdx.machine", $0.text)] } ?? [])
    }

    private func put(_ text: String, _ folder: String, _ name: String) throws {
        try createFolder(folder)
        try writeWhole(text, to: joined(folder, String(name.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })))
    }

    private func yaml(_ entries: [(String, String)]) -> String { entries.map { "\($0): \($1)\n" }.joined() }

    /// A text in YAML's single quotes, on one line.
    private func quoted(_ text: String) -> String {
        "'" + String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) }).replacing("'", with: "''") + "'"
    }
}
