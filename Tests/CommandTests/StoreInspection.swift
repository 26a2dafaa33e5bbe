import Storage
import TestSupport

extension Project {
    var store: String { file(".ecdx") }

    /// The folders of the runs in the store.
    var runs: [RunFolder] {
        (try? Store(at: store, base: folder, create: false))?.runs() ?? []
    }

    /// The one run of the store.
    func theRun() throws -> RunFolder {
        guard let run = runs.first, runs.count == 1 else { throw TestFailure(description: "expected one run, found \(runs.map(\.id))") }
        return run
    }

    /// The events of a run's journal.
    func events(of run: RunFolder) throws -> [JSONValue] { try Journal.read(run.journalPath).entries }

    func events(_ name: String, of run: RunFolder) throws -> [JSONValue] {
        try events(of: run).filter { $0["event"]?.stringValue == name }
    }

    /// The number of epochs that the one run of the store has trained.
    var epochs: Int { (try? events("epoch", of: theRun()).count) ?? 0 }

    /// What a reader of the store would stumble over: a file that is not whole. Those in the making carry a name that says
    /// so, and are nobody's yet.
    func damage() -> [String] {
        var found: [String] = []
        for path in Project.files(below: store) where !path.contains("/.ecdx-tmp-") {
            do {
                if path.hasSuffix(".json") { _ = try JSONValue(parsing: readFile(path)) }
                if path.hasSuffix(".jsonl") { _ = try Journal.read(path) }
                if path.hasSuffix(".safetensors") { _ = try readSafetensors(path) }
            } catch { found.append("\(path): \(error)") }
        }
        for run in runs {
            for name in (try? listFolder(run.file("checkpoints"))) ?? [] {
                found += Checkpoints(folder: joined(run.file("checkpoints"), name)).newest().warnings.map(\.message)
            }
        }
        let cache = Cache(root: joined(store, "cache"))
        found += cache.keys().filter { !cache.verify($0) }.map { "cache entry \($0.hex) is not what it says" }
        return found
    }

    /// Every file below a folder, sorted, links not followed.
    static func files(below folder: String) -> [String] {
        ((try? listFolder(folder)) ?? []).flatMap { name -> [String] in
            let path = joined(folder, name)
            return fileStatus(path, followingLinks: false)?.kind == .folder ? files(below: path) : [path]
        }
    }

    /// Every path of the project with what tells whether it was touched.
    func tree() -> [String: FileStatus] {
        var tree: [String: FileStatus] = [:]
        func add(_ folder: String) {
            tree[folder] = fileStatus(folder, followingLinks: false)
            for name in (try? listFolder(folder)) ?? [] {
                let path = joined(folder, name)
                if fileStatus(path, followingLinks: false)?.kind == .folder {
                    add(path)
                } else {
                    tree[path] = fileStatus(path, followingLinks: false)
                }
            }
        }
        add(folder)
        return tree
    }
}

/// All that a run came to, times of day and durations left out: equal results are equal in this.
struct Results: Equatable {
    var weights: [UInt8]
    var result: JSONValue
    var predictions: String
    var metrics: [String]
    var table: String
    var figure: String
    var figureScript: String

    init(of project: Project) throws {
        let run = try project.theRun()
        weights = try readFile(run.file("weights.safetensors"))
        result = Results.withoutSeconds(try JSONValue(parsing: readFile(run.file("result.json"))))
        predictions = try readText(run.file("predictions.csv"))
        // The last column is the time each epoch took.
        metrics = try readText(run.metrics).split(separator: "\n").map { String($0.prefix(upTo: $0.lastIndex(of: ",") ?? $0.endIndex)) }
        table = try project.read("out/metrics.csv")
        figure = try project.read("out/curves.svg")
        figureScript = try project.read("out/curves.svg.gp")
    }

    /// The names of what differs.
    func differences(from other: Results) -> [String] {
        var names: [String] = []
        if weights != other.weights { names.append("weights") }
        if result != other.result { names.append("result") }
        if predictions != other.predictions { names.append("predictions") }
        if metrics != other.metrics { names.append("metrics") }
        if table != other.table { names.append("table") }
        if figure != other.figure { names.append("figure") }
        if figureScript != other.figureScript { names.append("script of the figure") }
        return names
    }

    private static func withoutSeconds(_ value: JSONValue) -> JSONValue {
        if let fields = value.objectValue { return .object(fields.filter { $0.key != "seconds" }.mapValues(withoutSeconds)) }
        if let items = value.arrayValue { return .array(items.map(withoutSeconds)) }
        return value
    }
}
