import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Experiments

/// Runs that come from elsewhere are believed where their weights give their predictions.
@Suite(.timed) struct ImportedRunTests {
    private func rows(_ path: String) -> [String] {
        ((try? Store(existing: path)).map { RunPages.list($0) } ?? []).flatMap { output -> [String] in
            guard case .table(let table, _) = output else { return [] }
            return table.rows.map { $0.map(\.text).joined(separator: " ") }
        }
    }

    @Test func predictionsAreThoseOfTheWeights() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let elsewhere = bench.scratch.file("elsewhere")
        let store = try Store(at: elsewhere, base: bench.scratch.path)
        let id = try RunImport(into: store).bring(bench.theRun().path).id
        let folder = joined(elsewhere, "runs/\(id)")
        #expect(RunOrigin.isChecked(folder) == false && rows(elsewhere).allSatisfy { $0.contains("done, not checked") })
        let second = try bench.run("table metrics(one)", store: elsewhere)
        #expect(second.lines == first.lines && second.trained == [] && second.warned == [])
        #expect(RunOrigin.isChecked(folder) == true && rows(elsewhere).allSatisfy { !$0.contains("not checked") })
    }

    @Test func predictionsThatTheWeightsDoNotGiveAreRefused() throws {
        let bench = try StoreBench()
        let first = try bench.run("table metrics(one)")
        let run = try bench.theRun()
        try bench.rewrite(run) { record in
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
        try bench.rewrite(run) { record in
            if let truth = record.parts["validation"]?.truth { record.parts["validation"]?.predicted = truth }
        }
        #expect(
            diagnostic { try importing.bring(run.path) }.message.hasPrefix("expected predictions of `validation` with the mean squared"))
        try writeWhole(result, to: run.file("result.json"))
        try writeSafetensors(Safetensors(tensors: []), to: run.file("weights.safetensors"))
        try bench.rewrite(run) { $0.weights = try Safetensors(tensors: []).digest() }
        #expect(diagnostic { try importing.bring(run.path) }.message == "expected the weights of a trained network, found none")
        try writeWhole(result, to: run.file("result.json"))
        try writeWhole(weights, to: run.file("weights.safetensors"))
        _ = try importing.bring(run.path)
    }
}
