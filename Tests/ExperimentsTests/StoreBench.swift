import Diagnostics
import Language
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments
@testable import SessionTestSupport

/// A folder with small data and a store, in which scripts are run and what they left is changed.
struct StoreBench {
    static let data = """
        dataset plain {
            rows:   csv("marks.csv")
            id:     "id"
            inputs: { shape: numbers("{id}.txt") }
            target: { column: "mark" }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        model net {
            input shape: [3]
            shape >> dense(1)
        }
        experiment one { data: plain, model: net, loss: mse, seed: 1, epochs: 2 }

        """

    let scratch: Scratch
    var store: String { scratch.file(".ecdx") }

    init() throws {
        scratch = try Scratch()
        for row in 0..<24 { try writeWhole("\(row) \(row % 5) 1", to: scratch.file("a\(row).txt")) }
        try writeMarks()
    }

    /// Writes the table of the rows. `changed`: the row whose mark is another; `count`: how many rows there are.
    func writeMarks(changed: Int? = nil, count: Int = 24) throws {
        var table = "id,mark,other\n"
        for row in 0..<count { table += "a\(row),\(row + (row == changed ? 2 : 1)),\(row * row + 1)\n" }
        try writeWhole(table, to: scratch.file("marks.csv"))
    }

    func session(_ reporter: LineReporter, verify: Bool = false, store: String? = nil, force: Bool = false) throws -> Session {
        var options = SessionOptions()
        options.library = catalogue.adding(addedSource.builtins)
        options.standardLibrary = Place.library
        options.store = store ?? self.store
        options.verify = verify
        options.force = force
        return try Session(base: scratch.path + "/", options: options, reporter: reporter)
    }

    /// Runs the data and the experiment of the bench with these actions.
    func run(_ actions: String, verify: Bool = false, store: String? = nil, force: Bool = false) throws -> LineReporter {
        let reporter = LineReporter()
        let session = try session(reporter, verify: verify, store: store, force: force)
        let checked = session.check(Self.data + actions, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return reporter
    }

    var runs: [RunFolder] { (try? Store(existing: store).runs()) ?? [] }

    /// The one run in the store.
    func theRun() throws -> RunFolder {
        #expect(runs.count == 1)
        return try #require(runs.first)
    }

    /// Changes the result of a run, as a training that came to other numbers would have left it. `hashed`: with the hashes of its
    /// files beside it, which older versions did not write.
    func rewrite(_ run: RunFolder, hashed: Bool = true, _ change: (inout RunRecord.Record) throws -> Void) throws {
        var record = try JSONValue(parsing: readFile(run.file("result.json"))).decoded(as: RunRecord.Record.self)
        try change(&record)
        try writeWhole(JSONValue(encoding: record).canonical + "\n", to: run.file("result.json"))
        try writeWhole(RunRecord.metrics(of: RunRecord.result(record)), to: run.metrics)
        try removeTree(run.file("contents.json"))
        if hashed { try RunRecord.writeHashes(of: RunRecord.finished(run), in: run) }
    }

    /// The rows of `ecdx runs list`.
    func listed(_ path: String? = nil) throws -> [String] {
        try RunPages.list(Store(existing: path ?? store).runs(), of: Store(existing: path ?? store)).flatMap { output -> [String] in
            guard case .table(let table, _) = output else { return [] }
            return table.rows.map { $0.map(\.text).joined(separator: " ") }
        }
    }

    /// The files of that name in the cache.
    func cached(_ name: String) throws -> [String] {
        let root = joined(store, "cache")
        return try listFolder(root).flatMap { folder in
            try listFolder(joined(root, folder)).map { joined(joined(joined(root, folder), $0), name) }
        }.filter { fileStatus($0) != nil }
    }
}

/// Changes one byte of a file, as many from its end.
func damage(_ path: String, fromEnd: Int = 10) throws {
    var bytes = try readFile(path)
    bytes[bytes.count - fromEnd] ^= 1
    try writeWhole(bytes, to: path)
}
