import Diagnostics
import Glibc
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// A folder is the run that it is named by only where the hashes of its files say so.
@Suite(.timed) struct OtherRunTests {
    private static let values = "expected the values that the id of the run is the hash of, found "
    private static let differing = "expected the hash of the weights that the result names, found another"
    private static let two = "experiment two like one { seed: 2 }\n"

    private func run(_ bench: StoreBench, seed: Int) throws -> RunFolder {
        try #require(try bench.runs.first { try readText($0.resolved).contains("\"seed\": \(seed).0") })
    }

    /// Puts the files of one run into the folder of another, in place of what was there.
    private func copy(_ bench: StoreBench, _ from: RunFolder, over run: RunFolder) throws {
        try removeTree(run.path)
        _ = try Store(at: bench.store, base: bench.scratch.path).run(run.id)
        for name in try listFolder(from.path) where fileStatus(from.file(name))?.kind == .file {
            try writeWhole(readFile(from.file(name)), to: run.file(name))
        }
    }

    /// Takes the hash of the values from those of a run's files, which older versions did not write.
    private func forgetValues(_ run: RunFolder) throws {
        guard case .object(var members) = try JSONValue(parsing: readFile(run.file("contents.json"))) else { return }
        #expect(members.removeValue(forKey: "resolved.json") != nil)
        try writeWhole(JSONValue.object(members).pretty, to: run.file("contents.json"))
    }

    /// The key in the journal of a run.
    private func keyOf(_ run: RunFolder) throws -> String {
        let keys = try Journal.read(run.journalPath).entries.compactMap { $0["key"]?.stringValue }
        return try #require(keys.first)
    }

    private func shown(_ run: RunFolder) -> [String] {
        RunPages.show(run).flatMap { output -> [String] in if case .lines(let lines) = output { lines } else { [] } }
    }

    @Test func aFolderThatHoldsAnotherRunIsNotUsed() throws {
        let bench = try StoreBench()
        let script = Self.two + "table metrics(one)\ntable metrics(two)"
        let first = try bench.run(script)
        let (a, b) = try (run(bench, seed: 1), run(bench, seed: 2))
        let text = try readText(a.resolved)
        let cases: [(String, () throws -> Void)] = [
            (Self.values + "those of run `\(b.id)`", {}),
            // As older versions wrote it.
            (Self.values + "others", { try forgetValues(a) }),
            // The values alone are those of the id.
            (
                "expected the hashes of the files of the run, found those of a run of other values",
                { try writeWhole(text, to: a.resolved) }
            ),
            (
                Self.values + "others",
                { try writeWhole(readText(a.resolved).replacing("\"seed\": 2.0", with: "\"seed\": 3.0"), to: a.resolved) }
            ),
            ("expected the values that the run used, found none", { try removeTree(a.resolved) }),
        ]
        for (index, (said, change)) in cases.enumerated() {
            try copy(bench, b, over: a)
            try change()
            let page = shown(a)
            #expect(page.first?.hasSuffix("damaged") == true && page.contains { $0.hasPrefix("damaged: \(said)") }, "\(page)")
            // Whose the rest is shows from the script alone where the values were changed as well.
            if index < 3 { #expect(page.contains { $0.contains("with `--verify`, which trains it anew") }, "\(page)") }

            let second = try bench.run(script)
            #expect(second.warned == [said] && second.trained == ["one"], "\(index): \(second.warned) \(second.trained)")
            #expect(second.warnings.allSatisfy { $0.hints == [] && $0.notes.allSatisfy { $0.contains("the training is done anew") } })
            #expect(second.lines == first.lines)
            let third = try bench.run(script, verify: true)
            #expect(third.warned == [] && third.trained == [] && third.lines == first.lines)
            // Nothing of the other is left in it.
            let elsewhere = try Store(at: bench.scratch.file("elsewhere\(index)"), base: bench.scratch.path)
            #expect(try RunImport(into: elsewhere).bring(a.path).id == a.id)
        }
    }

    @Test func exchangedFoldersAreBothTrainedAnew() throws {
        let bench = try StoreBench()
        let script = Self.two + "table metrics(one)\ntable metrics(two)"
        let first = try bench.run(script)
        let (a, b) = try (run(bench, seed: 1), run(bench, seed: 2))
        #expect(rename(a.path, a.path + "x") == 0 && rename(b.path, a.path) == 0 && rename(a.path + "x", b.path) == 0)
        let second = try bench.run(script)
        #expect(second.warned == [b, a].map { Self.values + "those of run `\($0.id)`" } && second.trained == ["one", "two"])
        #expect(second.lines == first.lines)
        #expect(try bench.run(script, verify: true).warned == [])
    }

    /// A training does not go on from the states of another.
    @Test func statesOfAnotherTrainingAreNotGoneOnWith() throws {
        let bench = try StoreBench()
        let script = Self.two + "table metrics(one)\ntable metrics(two)"
        let first = try bench.run(script)
        let (a, b) = try (run(bench, seed: 1), run(bench, seed: 2))
        let key = try #require(Digest(hex: keyOf(a)))
        try copy(bench, b, over: a)
        try RunRecord.withdraw(a)
        let session = try bench.session(LineReporter())
        let runner = try session.runner(for: session.check(StoreBench.data, file: "script.ecdx"), create: false)
        for (run, isCleared) in [(b, false), (a, true)] {
            #expect(mkdir(run.file("checkpoints"), 0o755) == 0)
            try runner.clearOthers(in: run, key: isCleared ? key : #require(Digest(hex: keyOf(b))))
            #expect((fileStatus(run.file("checkpoints")) == nil) == isCleared && (fileStatus(run.journalPath) == nil) == isCleared)
        }
        let second = try bench.run(script)
        #expect(second.trained == ["one"] && second.lines == first.lines, "\(second.warned)")
        #expect(try keyOf(a) == key.hex)
    }

    /// Runs of older versions have no hash of their values, which get it when the hashes are next written.
    @Test func aRunOfAnOlderVersionIsUsed() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let contents = try readFile(run.file("contents.json"))
        try forgetValues(run)
        let second = try bench.run("table metrics(one)", verify: true)
        #expect(second.warned == [] && second.trained == [] && second.lines == first.lines)
        try removeTree(run.metrics)
        #expect(try bench.run("table metrics(one)", verify: true).warned == ["expected the file as ecdx wrote it, found none"])
        #expect(try readFile(run.file("contents.json")) == contents)
    }

    /// A table from the cache reads no run; to verify is to read all.
    @Test func valuesAreMendedWhereTheTableIsCached() throws {
        let bench = try StoreBench()
        _ = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let before = try readText(run.resolved)
        // Spaces are no other values, but another file.
        for (text, said) in [
            (before.replacing("\"seed\": 1.0", with: "\"seed\": 7.0"), Self.values + "others"),
            (before + "\n", "expected the file as ecdx wrote it, found other contents"),
        ] {
            try writeWhole(text, to: run.resolved)
            #expect(try bench.run("table metrics(one)").warned == [])
            #expect(diagnostic { try RunExport().copy(run, to: bench.scratch.file("exported")) }.hints.first?.contains("--verify") == true)
            let verified = try bench.run("table metrics(one)", verify: true)
            #expect(verified.warned == [said] && verified.trained == [], "\(verified.warned)")
            #expect(try readText(run.resolved) == before)
        }
        try RunExport().copy(run, to: bench.scratch.file("exported"))
    }

    /// The hash of the weights stands in two places: which is right, the predictions tell.
    @Test func anotherHashOfTheWeightsIsSaid() throws {
        let bench = try StoreBench()
        let table = try bench.run("table metrics(one)\nexport one to \"m.safetensors\"")
        let run = try bench.theRun()
        let path = run.file("contents.json")
        let before = try readText(path)
        let hash = try sha256(ofFile: run.file("weights.safetensors")).hex
        let wrong = before.replacing(hash, with: String(repeating: "0", count: 64))
        #expect(wrong != before)
        for (action, verify) in [("table metrics(one)", true), ("export one to \"m.safetensors\"", false)] {
            try writeWhole(wrong, to: path)
            #expect(try bench.listed().allSatisfy { $0.contains("done, not checked") })
            #expect(shown(run).contains { $0.hasPrefix("with another hash for its weights than the result names, not checked") })
            let refused = diagnostic { try RunExport().copy(run, to: bench.scratch.file("exported")) }
            #expect(refused.message == Self.differing && refused.data?.file == path && refused.hints.count == 1, "\(refused)")
            let importing = RunImport(into: try Store(at: bench.scratch.file("elsewhere"), base: bench.scratch.path))
            #expect(diagnostic { try importing.bring(run.path) }.message == Self.differing)

            let second = try bench.run(action, verify: verify)
            #expect(second.warned == [Self.differing] && second.trained == [], "\(second.warned)")
            #expect(second.warnings.map(\.notes) == [["the weights give the predictions of the result; the hash is written anew"]])
            #expect(try readText(path) == before)
            #expect(try bench.run(action, verify: verify).warned == [])
        }
        try RunExport().copy(run, to: bench.scratch.file("exported"))

        // Weights that do not give the predictions.
        try bench.rewrite(run) { record in
            if let truth = record.parts["holdout"]?.truth { record.parts["holdout"]?.predicted = truth }
        }
        try removeTree(run.file("predictions.csv"))
        try writeWhole(readText(path).replacing(hash, with: String(repeating: "0", count: 64)), to: path)
        let third = try bench.run("table metrics(one)", verify: true)
        #expect(third.warned.count == 1 && third.warned[0].hasPrefix("expected the predictions that the weights of the run give"))
        #expect(third.trained == ["one"] && Array(third.lines) == Array(table.lines.prefix(third.lines.count)))
    }

    @Test func whySaysThatTheRunIsDamaged() throws {
        let bench = try StoreBench()
        _ = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let text = try readText(run.file("result.json"))
        try writeWhole(text.replacing("\"truth\":[", with: "\"truth\":[1", maxReplacements: 1), to: run.file("result.json"))
        let reporter = LineReporter()
        let session = try bench.session(reporter)
        let checked = session.check(StoreBench.data, file: "script.ecdx")
        let runner = try session.runner(for: checked, create: false)
        let lines = try checked.experiments(named: "one").flatMap { try runner.reasons(for: $0).lines() }
        #expect(lines == ["`one` is trained anew: run \(run.id), which should hold it, is damaged"])
        #expect(reporter.warned == ["expected the file as ecdx wrote it, found other contents"])
        #expect(try bench.run("table metrics(one)").trained == ["one"])
    }
}
