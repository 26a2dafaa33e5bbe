import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Experiments

/// What the store holds is used as far as it is what was written, and what the script asks for.
@Suite(.timed) struct StoreCheckTests {
    private static let other = "expected the file as ecdx wrote it, found other contents"

    private func worsen(_ record: inout RunRecord.Record) {
        record.parts = record.parts.mapValues { RunRecord.Part(ids: $0.ids, truth: $0.truth, predicted: $0.predicted.map { $0 + 1 }) }
    }

    @Test func aTableRestsOnTheRunsItShows() throws {
        let bench = try StoreBench()
        let actions = "table metrics(one)\nplot parity(one) to \"p.svg\"\n"
        let first = try bench.run(actions)
        let figure = try readText(bench.scratch.file("p.svg.gp"))
        #expect(first.trained == ["one"])
        #expect(try bench.run(actions).lines == first.lines)

        // A run in its place that came to other numbers, as another number of threads gives.
        try bench.rewrite(bench.theRun(), worsen)
        let second = try bench.run(actions)
        #expect(second.trained == [] && second.warned == [] && second.lines != first.lines)
        #expect(try readText(bench.scratch.file("p.svg.gp")) != figure)
        #expect(try bench.run(actions).lines == second.lines)

        try bench.theRun().remove()
        let third = try bench.run(actions)
        #expect(third.trained == ["one"] && third.lines == first.lines)
        #expect(try readText(bench.scratch.file("p.svg.gp")) == figure)
    }

    @Test func aTableRestsOnFoldsStagesAndTrials() throws {
        let bench = try StoreBench()
        let declarations = """
            schedule two {
                stage a { train: all, rate: 0.01, epochs: 2 }
                stage b { train: all, rate: 0.001, epochs: 1 }
            }
            experiment folded like one { folds: 3 }
            experiment staged like one { schedule: two }
            experiment found like one { optimizer: adam(rate: loguniform(1e-4, 1e-2)), search: randomSearch(trials: 2, seed: 1) }

            """
        let actions = ["table metrics(folded)", "table metrics(staged, rows: stage)", "table trials(found)"]
        for action in actions {
            let before = Set(bench.runs)
            let first = try bench.run(declarations + action)
            #expect(try bench.run(declarations + action).lines == first.lines)
            let made = bench.runs.filter { !before.contains($0) }
            #expect(made.count == (action.contains("folded") ? 3 : 2), "\(action)")
            for run in made {
                let record = try readFile(run.file("result.json"))
                let contents = try readFile(run.file("contents.json"))
                // The score of a trial is one of its history.
                try bench.rewrite(run) { record in
                    worsen(&record)
                    for index in record.history.indices { record.history[index].validation?.loss += 1 }
                }
                let second = try bench.run(declarations + action)
                #expect(second.trained == [] && second.lines != first.lines, "\(action): \(run.id)")
                try writeWhole(record, to: run.file("result.json"))
                try writeWhole(contents, to: run.file("contents.json"))
                #expect(try bench.run(declarations + action).lines == first.lines)
            }
        }
    }

    @Test func damagedWeightsAreNotExported() throws {
        let bench = try StoreBench()
        let model = bench.scratch.file("m.safetensors")
        _ = try bench.run("export one to \"m.safetensors\"")
        let exported = try readFile(model)
        try damage(bench.theRun().file("weights.safetensors"))
        try removeTree(model)
        let second = try bench.run("export one to \"m.safetensors\"")
        #expect(second.warned == ["expected the weights as the training left them, found other contents"] && second.trained == ["one"])
        #expect(try readFile(model) == exported)
        let third = try bench.run("export one to \"m.safetensors\"")
        #expect(third.warned == [] && third.trained == [])

        // A table reads no weights; to verify is to look at them all the same.
        let table = try bench.run("table metrics(one)")
        try damage(bench.theRun().file("weights.safetensors"))
        #expect(try bench.run("table metrics(one)").warned == [])
        let verified = try bench.run("table metrics(one)", verify: true)
        #expect(verified.warned.count == 1 && verified.trained == ["one"] && verified.lines == table.lines)
    }

    /// The tables beside a result are copies for people: to verify is to say that one is gone.
    @Test func aCopyThatIsGoneIsSaid() throws {
        let bench = try StoreBench()
        let table = try bench.run("table metrics(one)")
        try removeTree(bench.theRun().file("predictions.csv"))
        #expect(try bench.run("table metrics(one)").warned == [])
        let verified = try bench.run("table metrics(one)", verify: true)
        #expect(verified.warned == ["expected the file as ecdx wrote it, found none"])
        #expect(verified.trained == [] && verified.lines == table.lines)
    }

    /// A later stage goes with the weights that it began with.
    @Test func aStageOfOtherWeightsIsTrainedAnew() throws {
        let bench = try StoreBench()
        let script = """
            schedule two {
                stage a { train: all, rate: 0.01, epochs: 2 }
                stage b { train: all, rate: 0.001, epochs: 1 }
            }
            experiment staged like one { schedule: two }
            export staged to "m.safetensors"
            """
        #expect(try bench.run(script).trained.count == 2)
        #expect(try bench.run(script).trained == [])
        let first = try #require(
            bench.runs.first { run in try JSONValue(parsing: readFile(run.resolved))["stages"]?.arrayValue?.count == 1 })
        var weights = try readSafetensors(first.file("weights.safetensors"))
        for index in weights.tensors.indices {
            guard case .float(let values) = weights.tensors[index].values else { continue }
            weights.tensors[index].values = .float(values.map { $0 + 0.125 })
        }
        try writeSafetensors(weights, to: first.file("weights.safetensors"))
        try bench.rewrite(first) { $0.weights = try weights.digest() }
        let again = try bench.run(script)
        #expect(again.warned.count == 1 && again.warned[0].contains("those were trained anew since") && again.trained == ["staged"])
        #expect(try bench.run(script).warned == [])
    }

    @Test func damagedResultsAreComputedAnew() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let path = try bench.theRun().file("result.json")
        try writeWhole(try readText(path).replacing("\"truth\":[", with: "\"truth\":[1", maxReplacements: 1), to: path)
        let second = try bench.run("table metrics(one)")
        #expect(second.warned == [Self.other] && second.trained == ["one"] && second.lines == first.lines)

        // Stores of older versions have no hashes of results.
        try removeTree(bench.theRun().file("contents.json"))
        let third = try bench.run("table metrics(one)\nexport one to \"m.safetensors\"")
        #expect(third.warned == [] && third.trained == [])

        try removeTree(bench.theRun().file("weights.safetensors"))
        let fourth = try bench.run("table metrics(one)")
        #expect(fourth.warned == ["the weights of the run are missing"] && fourth.trained == ["one"] && fourth.lines == first.lines)
    }

    @Test func whatIsCachedIsCheckedWhenItIsRead() throws {
        let bench = try StoreBench()
        let show = "show mean(plain.inputs.shape)"
        let first = try bench.run(show)
        let harms: [(String, (String) throws -> Void)] = [
            (Self.other, { try damage($0) }), ("found 100 bytes in place of", { #expect(truncate($0, 100) == 0) }),
            ("expected the file as ecdx wrote it, found none", { try removeTree($0) }),
            ("found none that names `input.safetensors`", { try writeWhole("{", to: joined(parentFolder(of: $0), "entry.json")) }),
        ]
        for (said, harm) in harms {
            let path = try #require(bench.cached("input.safetensors").first)
            try harm(path)
            let second = try bench.run(show)
            #expect(second.lines == first.lines && second.warned.count == 1 && second.warned[0].contains(said), "\(second.warned)")
            #expect(try bench.run(show).warned == [])
        }
        let table = try bench.run("table metrics(one)\nplot parity(one) to \"p.svg\"")
        let script = try readText(bench.scratch.file("p.svg.gp"))
        for name in ["table.json", "figure", "figure.gp"] {
            try damage(#require(bench.cached(name).first), fromEnd: 20)
            let again = try bench.run("table metrics(one)\nplot parity(one) to \"p.svg\"")
            #expect(again.lines == table.lines && again.warned == [Self.other] && again.trained == [], "\(name): \(again.warned)")
        }
        #expect(try readText(bench.scratch.file("p.svg.gp")) == script)
    }

    /// Records that lie about what was trained on, or hold nothing that was learned.
    @Test func aRunOfOtherRowsIsNotUsed() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let cases: [(String, (inout RunRecord.Record) throws -> Void)] = [
            ("in `holdout`, as the experiment has, found `zz`", { $0.parts["holdout"]?.ids[0] = "zz" }),
            ("expected the target ", { $0.parts["train"]?.truth[2] += 1 }),
            (
                "expected 6 rows in `holdout`, as the experiment has, found 2",
                { record in
                    record.parts["holdout"] = record.parts["holdout"].map {
                        RunRecord.Part(
                            ids: Array($0.ids.prefix(2)), truth: Array($0.truth.prefix(2)), predicted: Array($0.predicted.prefix(2)))
                    }
                }
            ),
            (
                "expected the weights `dense_1.",
                { record in
                    try writeSafetensors(Safetensors(tensors: []), to: bench.theRun().file("weights.safetensors"))
                    record.weights = try Safetensors(tensors: []).digest()
                }
            ),
        ]
        for (said, change) in cases {
            try bench.rewrite(bench.theRun(), change)
            let second = try bench.run("table metrics(one)")
            #expect(second.warned.count == 1 && second.warned[0].contains(said), "\(said): \(second.warned)")
            #expect(second.trained == ["one"] && second.lines == first.lines)
        }
    }

    /// Runs without the hashes of their files, which older versions did not write, are checked when they are first used.
    @Test func aRunWithoutHashesIsCheckedOnce() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let hashes = try readFile(run.file("contents.json"))
        for contents in [nil, "{}"] {
            try removeTree(run.file("contents.json"))
            try contents.map { try writeWhole($0, to: run.file("contents.json")) }
            #expect(try bench.listed().allSatisfy { $0.contains("done, not checked") })
            // Not the table of before, which is kept and needs no run.
            let second = try bench.run("export one to \"m.safetensors\"")
            #expect(second.warned == [] && second.trained == [])
            #expect(try readFile(run.file("contents.json")) == hashes)
            #expect(try bench.listed().allSatisfy { !$0.contains("not checked") })
        }
        let cases: [(String, verify: Bool, table: Bool)] = [
            ("expected the prediction ", false, true), ("expected the prediction ", true, true),
            ("expected the predictions that the weights of the run give", false, false),
            ("expected the predictions that the weights of the run give", true, false),
        ]
        for (said, verify, table) in cases {
            try bench.rewrite(run, hashed: false) { record in
                if let truth = record.parts["holdout"]?.truth { record.parts["holdout"]?.predicted = truth }
            }
            if !table { try removeTree(run.file("predictions.csv")) }
            let second = try bench.run("table metrics(one)", verify: verify)
            #expect(second.warned.count == 1 && second.warned[0].hasPrefix(said), "\(said): \(second.warned)")
            #expect(second.trained == ["one"] && second.lines == first.lines)
            #expect(try bench.run("table metrics(one)", verify: verify).warned == [])
        }
    }

    /// A later stage without hashes whose first stage is not there is used as it is, which is said.
    @Test func aRunThatCannotBeCheckedIsSaid() throws {
        let bench = try StoreBench()
        let script = """
            schedule two {
                stage a { train: all, rate: 0.01, epochs: 2 }
                stage b { train: all, rate: 0.001, epochs: 1 }
            }
            experiment staged like one { schedule: two }
            table metrics(staged)
            """
        let first = try bench.run(script)
        for run in bench.runs {
            if try JSONValue(parsing: readFile(run.resolved))["stages"]?.arrayValue?.count == 1 {
                try run.remove()
            } else {
                try removeTree(run.file("contents.json"))
            }
        }
        let second = try bench.run(script)
        #expect(second.trained == [] && second.lines == first.lines)
        #expect(second.warned == ["expected a run of the stage before, whose weights this one began with, found none"])
        #expect(try bench.listed().allSatisfy { $0.contains("done, not checked") })
    }
}
