import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing
import Training

@testable import Experiments

/// Runs that come from elsewhere are believed where their weights give their predictions.
@Suite(.timed) struct ImportedRunTests {
    @Test func predictionsAreThoseOfTheWeights() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let elsewhere = bench.scratch.file("elsewhere")
        let store = try Store(at: elsewhere, base: bench.scratch.path)
        let id = try RunImport(into: store).bring(bench.theRun().path).id
        let folder = joined(elsewhere, "runs/\(id)")
        #expect(try RunOrigin.isChecked(folder) == false && bench.listed(elsewhere).allSatisfy { $0.contains("done, not checked") })
        let second = try bench.run("table metrics(one)", store: elsewhere)
        #expect(second.lines == first.lines && second.trained == [] && second.warned == [])
        #expect(try RunOrigin.isChecked(folder) == true && bench.listed(elsewhere).allSatisfy { !$0.contains("not checked") })
    }

    @Test func predictionsThatTheWeightsDoNotGiveAreRefused() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        try bench.rewrite(run, hashed: false) { record in
            if let truth = record.parts["holdout"]?.truth { record.parts["holdout"]?.predicted = truth }
        }
        let elsewhere = bench.scratch.file("elsewhere")
        let importing = RunImport(into: try Store(at: elsewhere, base: bench.scratch.path))
        // The table beside the result gives it away.
        let found = diagnostic { try importing.bring(run.path) }
        #expect(found.id == "bad-data" && found.message.hasPrefix("expected the prediction ") && found.data?.line != nil)
        try removeTree(run.file("predictions.csv"))
        _ = try importing.bring(run.path)
        let second = try bench.run("table metrics(one)", store: elsewhere)
        #expect(second.warned.count == 1 && second.warned[0].hasPrefix("expected the predictions that the weights of the run give"))
        #expect(second.trained == ["one"] && second.lines == first.lines)
        #expect(try bench.run("table metrics(one)", store: elsewhere).warned == [])
    }

    @Test func recordsThatContradictThemselvesAreRefused() throws {
        let bench = try StoreBench()
        _ = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        let importing = RunImport(into: try Store(at: bench.scratch.file("elsewhere"), base: bench.scratch.path))
        let result = try readFile(run.file("result.json"))
        let weights = try readFile(run.file("weights.safetensors"))
        try removeTree(run.file("predictions.csv"))
        try bench.rewrite(run, hashed: false) { record in
            if let truth = record.parts["validation"]?.truth { record.parts["validation"]?.predicted = truth }
        }
        #expect(
            diagnostic { try importing.bring(run.path) }.message.hasPrefix("expected predictions of `validation` with the mean squared"))
        try writeWhole(result, to: run.file("result.json"))
        try writeSafetensors(Safetensors(tensors: []), to: run.file("weights.safetensors"))
        try bench.rewrite(run, hashed: false) { $0.weights = try Safetensors(tensors: []).digest() }
        #expect(diagnostic { try importing.bring(run.path) }.message == "expected the weights of a trained network, found none")
        try writeWhole(result, to: run.file("result.json"))
        try writeWhole(weights, to: run.file("weights.safetensors"))
        _ = try importing.bring(run.path)
    }

    /// What a script selects by is the history, which has to go with the predictions and with what the experiment keeps.
    @Test func historiesThatThePredictionsDoNotGiveAreRefused() throws {
        let bench = try StoreBench()
        let script = "experiment watched like one { keep: best(on: validation.loss) }\ntable metrics(watched)"
        let first = try bench.run(script)
        let run = try bench.theRun()
        let result = try readFile(run.file("result.json"))
        let cases: [(String, (inout RunRecord.Record) -> Void)] = [
            ("expected the validation loss ", { $0.history[$0.keptEpoch - 1].validation?.loss /= 2 }),
            ("expected the validation mean absolute error ", { $0.history[$0.keptEpoch - 1].validation?.mae /= 2 }),
            ("expected the kept epoch ", { $0.history[2 - $0.keptEpoch].validation?.loss = 1e-9 }),
            (
                "expected a history of 2 epochs, as the experiment has, found 1",
                { record in
                    record.history = Array(record.history.prefix(1))
                    record.keptEpoch = 1
                    record.history[0].validation?.mse = meanSquare(record.parts["validation"])
                }
            ),
            (
                "expected a history from epoch 1 on, found scores of an epoch 0",
                { record in
                    record.start = StartScores(train: nil, validation: EpochScores(loss: 0, mse: 0, mae: 0))
                }
            ),
            ("expected validation scores in every epoch", { $0.history[2 - $0.keptEpoch].validation = nil }),
        ]
        for (index, (said, change)) in cases.enumerated() {
            try writeWhole(result, to: run.file("result.json"))
            try bench.rewrite(run, hashed: false, change)
            let elsewhere = bench.scratch.file("elsewhere\(index)")
            _ = try RunImport(into: Store(at: elsewhere, base: bench.scratch.path)).bring(run.path)
            let second = try bench.run(script, store: elsewhere)
            #expect(second.warned.count == 1 && second.warned[0].hasPrefix(said), "\(said): \(second.warned)")
            #expect(second.trained == ["watched"] && second.lines == first.lines)
            #expect(try bench.run(script, store: elsewhere).warned == [])
        }
        // As it was it is used, without hashes of its own too.
        try writeWhole(result, to: run.file("result.json"))
        try bench.rewrite(run, hashed: false) { _ in }
        let elsewhere = bench.scratch.file("elsewhere")
        _ = try RunImport(into: Store(at: elsewhere, base: bench.scratch.path)).bring(run.path)
        let third = try bench.run(script, store: elsewhere)
        #expect(third.warned == [] && third.trained == [] && third.lines == first.lines)
        #expect(try bench.listed(elsewhere).allSatisfy { !$0.contains("not checked") })
    }

    /// The scores of stages, early stopping and targets that are learned in another space follow from their predictions too.
    @Test func historiesAsTheyWereAreBelieved() throws {
        let bench = try StoreBench()
        let script = """
            dataset logs {
                rows:   csv("marks.csv")
                id:     "id"
                inputs: { shape: numbers("{id}.txt") }
                target: { column: "mark", transform: log, scale: standard }
                split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
            }
            schedule two {
                stage a { train: all, rate: 0.01, epochs: 2 }
                stage b { train: all, rate: 0.5, epochs: 6, keep: best(on: validation.rmse), stop: never }
                stage c { train: all, rate: 0.5, epochs: 6, keep: best(on: validation.loss), stop: early(on: validation.loss, patience: 2) }
            }
            experiment staged like one { data: logs, schedule: two }
            experiment folded like one { folds: 3, report: refit }
            table metrics(staged)
            table metrics(folded)
            """
        let first = try bench.run(script)
        let elsewhere = bench.scratch.file("elsewhere")
        let importing = RunImport(into: try Store(at: elsewhere, base: bench.scratch.path))
        for run in bench.runs {
            _ = try importing.bring(run.path)
            try removeTree(run.file("contents.json"))
        }
        // The tables are there, and would not need the runs.
        let cache = joined(bench.store, "cache")
        for entry in try listFolder(cache) { try removeTree(joined(cache, entry)) }
        for store in [elsewhere, bench.store] {
            let second = try bench.run(script, store: store)
            #expect(second.warned == first.warned && second.trained == [], "\(second.warned)")
            #expect(second.lines == first.lines)
        }
        #expect(try bench.listed().allSatisfy { !$0.contains("not checked") })
    }

    /// A later stage is predicted with by the run that it began with, which stands beside the one of this store.
    @Test func aStageGoesWithTheOneItBeganWith() throws {
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
        let elsewhere = bench.scratch.file("elsewhere")
        let importing = RunImport(into: try Store(at: elsewhere, base: bench.scratch.path))
        for run in bench.runs {
            let folder = try joined(elsewhere, "runs/\(importing.bring(run.path).id)")
            let isFirst = try JSONValue(parsing: readFile(run.resolved))["stages"]?.arrayValue?.count == 1
            if isFirst { #expect(rename(folder, folder + "-node") == 0) }
        }
        let second = try bench.run(script, store: elsewhere)
        #expect(second.warned == [] && second.trained == [] && second.lines == first.lines)
        #expect(try bench.listed(elsewhere).count { $0.contains("not checked") } == 1)
    }

    private func meanSquare(_ part: RunRecord.Part?) -> Double {
        guard let part, !part.ids.isEmpty else { return 0 }
        return zip(part.truth, part.predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(part.ids.count)
    }
}
