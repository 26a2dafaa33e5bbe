import Diagnostics
import Language
import SessionTestSupport
import Storage
import TestSupport
import Testing
import Training

@testable import Builtins
@testable import Experiments

/// A training whose loss is finite may still have come to nothing: its predictions, brought back to the target's unit, say so.
@Suite(.timed) struct DivergenceTests {
    private func failure(_ actions: String, of bench: StoreBench) throws -> Diagnostic {
        let session = try bench.session(LineReporter())
        let checked = session.check(StoreBench.data + actions, file: "script.ecdx")
        #expect(!checked.script.hasErrors)
        return diagnostic { try session.perform(checked) }
    }

    @Test func predictionsThatOverflowAreADivergence() throws {
        let bench = try StoreBench()
        let wild = """
            dataset logarithms like plain { target.transform: log }
            experiment wild like one { data: logarithms, optimizer: adam(rate: 1e3) }

            """
        for action in ["table metrics(wild)", "table metrics(wild)", "show wild.holdout.rmse"] {
            let found = try failure(wild + action, of: bench)
            #expect(found.id == "diverged" && found.span != nil)
            #expect(found.message.hasPrefix("the training diverged at rate 1e+03: the prediction of `a"), "\(found.message)")
            #expect(found.hints == ["lower the rate, for example to 0.001"])
        }
        // Nothing was kept as a result.
        #expect(try bench.run("show one.holdout.rmse").lines.count > 0)
    }

    /// Where one row is to blame, it is named, and no lower rate is advised.
    @Test func aRowThatIsFarOffIsNamed() throws {
        let bench = try StoreBench()
        let parts = (0..<24).map { $0 < 12 ? "train" : $0 < 18 ? "validation" : "holdout" }
        try writeWhole(
            "id,mark,part\n" + parts.enumerated().map { "a\($0),\($0 + 1),\($1)\n" }.joined(), to: bench.scratch.file("marks.csv"))
        try writeWhole("1e38 1e38 1", to: bench.scratch.file("a3.txt"))
        let found = try failure(
            """
            dataset far like plain { split: given(by: "part") }
            experiment off like one { data: far }
            show off.holdout.rmse
            """, of: bench)
        #expect(found.id == "diverged")
        let hint = try #require(found.hints.first)
        #expect(found.hints.count == 1 && hint.hasPrefix("look at the row `a3` first: in `far.inputs.shape` it has a number "))
    }

    @Test func aLowRateIsNotLoweredFurther() {
        #expect(divergence("the loss is not a number", rate: 1e-30).hints.first?.hasPrefix("so low a rate is not the cause") == true)
        #expect(divergence("the loss is not a number", rate: 1e-3).hints == ["lower the rate, for example to 0.0001"])
    }

    private func result(_ predicted: [Double]) -> RunResult {
        let ids = predicted.indices.map { "a\($0)" }
        let part = RunResult.Part(ids: ids, truth: predicted.indices.map { Double($0 + 1) }, predicted: predicted)
        let scores = EpochScores(loss: 1, mse: 1, mae: 1)
        return RunResult(
            parts: ["holdout": part],
            history: [0.1, 0.01].enumerated().map {
                EpochRecord(epoch: $0.offset + 1, train: scores, validation: nil, rate: $0.element, seconds: 0)
            }, keptEpoch: 2, stoppedEarly: false)
    }

    @Test(
        arguments: [
            ([1, .infinity, 2], "the prediction of `a1` (holdout) is infinite"),
            ([.nan, 1, .nan], "the prediction of `a0` (holdout) is not a number; so it is with 2 of 3 predictions"),
            ([1, 2, 1e200], "the RMSE of `holdout` is infinite"),
        ] as [([Double], String)])
    func whatIsNotFiniteIsNamed(predicted: [Double], message: String) throws {
        let found = diagnostic { try result(predicted).checkFinite(.none) }
        #expect(found.id == "diverged" && found.message == "the training diverged at rate 0.1: " + message)
        #expect(found.hints == ["lower the rate, for example to 0.01"])
    }

    @Test func zeroHasNoLogarithm() throws {
        try result([1, 0, 2]).checkFinite(.none)
        let found = diagnostic { try result([1, 0, 2]).checkFinite(.log) }
        #expect(found.message == "the training diverged at rate 0.1: the prediction of `a1` (holdout) is 0, which has no logarithm")
    }
}
