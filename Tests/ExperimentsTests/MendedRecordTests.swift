import Diagnostics
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// What a run says for people and for other commands follows from what is known: it is checked where it is read, and written anew.
@Suite(.timed) struct MendedRecordTests {
    private static let values = "expected the values that the id of the run is the hash of, found others"
    private static let other = "expected the file as ecdx wrote it, found other contents"

    private func shown(_ run: RunFolder) -> [String] {
        RunPages.show(run).flatMap { output -> [String] in if case .lines(let lines) = output { lines } else { [] } }
    }

    private func notes(_ outputs: [Output]) -> [String] {
        outputs.flatMap { output -> [String] in if case .table(let table, _) = output { table.notes } else { [] } }
    }

    private func why(_ bench: StoreBench, _ reporter: LineReporter, seed: Int) throws -> [String] {
        let text = StoreBench.data.replacing("seed: 1", with: "seed: \(seed)")
        let session = try bench.session(reporter)
        let checked = session.check(text, file: "script.ecdx")
        let runner = try session.runner(for: checked, create: false)
        return try checked.experiments(named: "one").flatMap { try runner.reasons(for: $0).lines() }
    }

    /// The id of a run is the beginning of the hash of its values.
    @Test func valuesThatTheIdDoesNotFollowFromAreNotBelieved() throws {
        let bench = try StoreBench()
        _ = try bench.run("export one to \"m.safetensors\"")
        let run = try bench.theRun()
        let before = try readText(run.resolved)
        let cases: [(String, String?)] = [
            (Self.values, before.replacing("\"seed\": 1.0", with: "\"seed\": 7.0")), ("expected ", String(before.dropLast(5))),
            ("expected the values that the run used, found none", nil),
        ]
        for (said, text) in cases {
            try removeTree(run.resolved)
            try text.map { try writeWhole($0, to: run.resolved) }
            #expect(text != before)

            let page = shown(run)
            #expect(page.first?.hasSuffix("one, damaged") == true && !page.contains("values:"), "\(page)")
            #expect(page.contains { $0.hasPrefix("damaged: \(said)") && $0.contains(run.resolved) }, "\(page)")
            #expect(page.contains { $0.hasPrefix("  hint: run the script of the run again") }, "\(page)")
            #expect(try bench.listed().allSatisfy { $0.contains("damaged") })
            #expect(notes(RunPages.compare([run, run])).contains { $0.hasPrefix("the values of \(run.id) are not compared: \(said)") })
            let refused = diagnostic { try RunExport().copy(run, to: bench.scratch.file("exported")) }
            #expect(refused.id == "bad-data" && refused.message.hasPrefix(said) && refused.data?.file == run.resolved, "\(refused)")

            // `why` names it, compares with it no more, and writes nothing.
            let reporter = LineReporter()
            #expect(try why(bench, reporter, seed: 3) == ["`one` was not computed yet, and no run is recorded that is like it"])
            #expect(reporter.warned.count == 1 && reporter.warned.allSatisfy { $0.hasPrefix(said) }, "\(reporter.warned)")
            #expect(reporter.warnings.allSatisfy { $0.data?.file == run.resolved })
            #expect((try? readText(run.resolved)) == text)

            let again = try bench.run("export one to \"m.safetensors\"")
            #expect(again.warned.count == 1 && again.warned[0].hasPrefix(said) && again.trained == [], "\(again.warned)")
            #expect(again.warnings[0].notes == ["it is written anew from the script"] && again.warnings[0].hints == [])
            #expect(try readText(run.resolved) == before)
            #expect(try bench.run("export one to \"m.safetensors\"").warned == [])
            #expect(shown(run).first?.hasSuffix("one, done") == true)
        }
        let reporter = LineReporter()
        #expect(try why(bench, reporter, seed: 3).allSatisfy { $0.hasSuffix("differs in seed: 3 (was 1)") } && reporter.warned == [])
    }

    /// To verify is to have the tables beside a result again.
    @Test func tablesAreWrittenAnew() throws {
        let bench = try StoreBench()
        let table = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let files = ["predictions.csv", "metrics.csv", "contents.json"]
        let before = try files.map { try readFile(run.file($0)) }
        let cases: [(String, String, () throws -> Void)] = [
            (Self.other, "predictions.csv", { try damage(run.file("predictions.csv"), fromEnd: 3) }),
            (Self.other, "metrics.csv", { try damage(run.file("metrics.csv"), fromEnd: 3) }),
            ("expected the file as ecdx wrote it, found none", "predictions.csv", { try removeTree(run.file("predictions.csv")) }),
            ("expected the file as ecdx wrote it, found none", "metrics.csv", { try removeTree(run.file("metrics.csv")) }),
            (
                "expected the hashes of the run's files, found others", "contents.json",
                {
                    let text = try readText(run.file("contents.json"))
                    let hash = try sha256(ofFile: run.file("metrics.csv")).hex
                    try writeWhole(text.replacing(hash, with: String(repeating: "0", count: 64)), to: run.file("contents.json"))
                }
            ),
            (
                "expected the hashes of the run's files, found others", "contents.json",
                {
                    let text = try readText(run.file("contents.json"))
                    try writeWhole(text.replacing("metrics.csv", with: "netrics.csv"), to: run.file("contents.json"))
                }
            ),
        ]
        for (said, name, harm) in cases {
            try harm()
            #expect(try bench.run("table metrics(one)").warned == [], "\(name)")
            if name != "contents.json" {
                let refused = diagnostic { try RunExport().copy(run, to: bench.scratch.file("exported")) }
                #expect(refused.id == "bad-data" && refused.data?.file == run.file(name) && refused.hints.count == 1, "\(refused)")
            }
            // Who only looks writes nothing.
            let reporter = LineReporter()
            let session = try bench.session(reporter, verify: true)
            let checked = session.check(StoreBench.data, file: "script.ecdx")
            let runner = try session.runner(for: checked, create: false)
            _ = try checked.experiments(named: "one").map { try runner.status(of: $0) }
            #expect(reporter.warned == [said], "\(name): \(reporter.warned)")
            #expect(files.map { (try? readFile(run.file($0))) ?? [] } != before)

            let verified = try bench.run("table metrics(one)", verify: true)
            #expect(verified.warned == [said] && verified.warnings.map(\.data?.file) == [run.file(name)], "\(name): \(verified.warned)")
            #expect(verified.warnings.map(\.notes) == [["it is written anew from `result.json`, which is as it was written"]])
            #expect(verified.trained == [] && verified.lines == table.lines)
            #expect(try files.map { try readFile(run.file($0)) } == before, "\(name)")
            #expect(try bench.run("table metrics(one)", verify: true).warned == [], "\(name)")
        }
        try RunExport().copy(run, to: bench.scratch.file("exported"))
    }

    /// A table of another version, whose hash is there, is left as it is.
    @Test func aTableOfAnotherVersionIsLeft() throws {
        let bench = try StoreBench()
        _ = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let older = try readText(run.metrics).replacing("epoch,", with: "epochs,")
        try writeWhole(older, to: run.metrics)
        try RunRecord.writeHashes(of: RunRecord.finished(run), in: run)
        #expect(try bench.run("table metrics(one)", verify: true).warned == [])
        #expect(try readText(run.metrics) == older)
    }

    /// A record from elsewhere, or without hashes, says of its epochs what its history does.
    @Test func metricsThatTheHistoryDoesNotHaveAreRefused() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let lines = try readText(run.metrics).split(separator: "\n")
        #expect(lines.count == 3)
        try writeWhole((lines.dropLast() + ["2,0,0,0,0,0,0,0.001,0.001"]).joined(separator: "\n") + "\n", to: run.metrics)
        try removeTree(run.file("contents.json"))
        let importing = RunImport(into: try Store(at: bench.scratch.file("elsewhere"), base: bench.scratch.path))
        let refused = diagnostic { try importing.bring(run.path) }
        #expect(refused.id == "bad-data" && refused.data == DataPlace(file: run.metrics, line: 3), "\(refused)")
        #expect(refused.message.contains("as the history of the result has it, found `2,0,0,0"))
        let second = try bench.run("export one to \"m.safetensors\"")
        #expect(second.warned == [refused.message] && second.trained == ["one"])
        #expect(try bench.run("table metrics(one)").lines == first.lines)
    }

    /// What `why` says of data is what was written when they were used.
    @Test func aDescriptionOfDataThatWasChangedIsNotBelieved() throws {
        let bench = try StoreBench()
        _ = try bench.run("table metrics(one)")
        let folder = joined(bench.store, "data")
        let name = try #require(try listFolder(folder).first)
        let text = try readText(joined(folder, name))
        let changed = StoreBench.data.replacing("seed: 7", with: "seed: 8")
        func why() throws -> (lines: [String], said: [Diagnostic]) {
            let reporter = LineReporter()
            let session = try bench.session(reporter)
            let checked = session.check(changed, file: "script.ecdx")
            let runner = try session.runner(for: checked, create: false)
            return (try checked.experiments(named: "one").flatMap { try runner.reasons(for: $0).lines() }, reporter.warnings)
        }
        #expect(try why().lines.allSatisfy { $0.hasSuffix("differs in split.seed: 8 (was 7)") } && why().said == [])
        try writeWhole(text.replacing("\"seed\":7", with: "\"seed\":9"), to: joined(folder, name))
        let found = try why()
        #expect(found.lines.allSatisfy { $0.hasSuffix("differs in data: other rows, files or split") }, "\(found.lines)")
        #expect(found.said.map(\.message) == ["expected the description of data as ecdx wrote it, found other contents"])
        #expect(found.said.allSatisfy { $0.data?.file == joined(folder, name) && $0.hints.count == 1 })
        // As an older version wrote it.
        let older = text.replacing(#/,"sha256":"[0-9a-f]*"/#, with: "")
        #expect(older != text)
        try writeWhole(older, to: joined(folder, name))
        #expect(try why().lines.allSatisfy { $0.hasSuffix("differs in split.seed: 8 (was 7)") } && why().said == [])
    }
}
