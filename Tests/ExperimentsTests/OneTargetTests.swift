import Diagnostics
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Tables and figures in which experiments with several targets would stand under one header, be averaged, or be chosen among by
/// numbers that cannot be compared.
@Suite(.timed) struct OneTargetTests {
    /// The errors of a script, each with its id.
    private func errors(_ text: String) throws -> [String] {
        let scratch = try Scratch()
        var table = "id,mark,other\n"
        for row in 0..<24 {
            table += "a\(row),\(row + 1),\(2 * row + 1)\n"
            try scratch.file("a\(row).npy", npyBytes(NumericArray(shape: [3], values: [1, 2, Double(row)], precision: .double)))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        var options = SessionOptions()
        options.standardLibrary = Place.library
        let session = try Session(base: scratch.path + "/", options: options, reporter: LineReporter())
        let script =
            """
            dataset marks {
                rows:   csv("marks.csv")
                id:     "id"
                inputs: { shape: tensor("{id}.npy") }
                target: { column: "mark", unit: "GPa" }
                split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
            }
            model net {
                input shape: [3]
                shape >> dense(1)
            }
            experiment one { data: marks, model: net, loss: mse, seed: 1, epochs: 1 }
            experiment energy like one { data.target: { column: "other", unit: "eV" } }
            experiment twin like one { data.target: { column: "other", unit: "GPa" } }
            experiment scaled like one { data.target.scale: minmax }
            experiment log like one { data.target.transform: log }

            """ + text
        return session.check(script, file: "script.ecdx").script.diagnostics.filter { $0.severity == .error }
            .map { "\($0.id): \($0.message)" }
    }

    @Test func rowsOfOneHeaderHaveOneUnit() throws {
        #expect(
            try errors("table metrics([one, energy])") == [
                "unit: `metrics` expected experiments with targets in one unit, found `one` in GPa and `energy` in eV"
            ])
        #expect(
            try errors("table metrics([one, one with { data.target.unit: \"eV\" }])").first?.hasPrefix("unit: `metrics` expected") == true)
        #expect(try errors("table metrics([one, twin, scaled, log])\ntable metrics([one, energy], units: scaled)") == [])
    }

    @Test func meansAreOverOneTarget() throws {
        #expect(
            try errors("table repeats([one, energy])") == [
                "type: `repeats` expected experiments with one target column, found `one` with `mark` and `energy` with `other`"
            ])
        #expect(
            try errors("table repeats([one, one with { data.target.unit: \"eV\" }])").first?.hasPrefix(
                "unit: `repeats` expected experiments with targets in one unit") == true)
        #expect(
            try errors("table repeats([one, scaled], units: scaled)") == [
                """
                type: `repeats` expected experiments with one scale of the target, found `one` with `scale: none` \
                and `scaled` with `scale: minmax`
                """
            ])
        #expect(try errors("table repeats([one, scaled, log])\ntable repeats([one, one with { seed: 2 }], units: scaled)") == [])
    }

    @Test func lossesOfOneSpaceAreCompared() throws {
        #expect(
            try errors("table metrics(select([one, scaled]))") == [
                """
                type: `select` on `validation.loss` expected experiments with one scale of the target, found `one` with `scale: none` \
                and `scaled` with `scale: minmax`
                """
            ])
        #expect(
            try errors("table metrics(select([one, log], on: train.loss))") == [
                """
                type: `select` on `train.loss` expected experiments with one transform of the target, found `one` with \
                `transform: none` and `log` with `transform: log`
                """
            ])
        #expect(
            try errors("table metrics(select([one, twin], on: validation.rmse))") == [
                """
                type: `select` on `validation.rmse` expected experiments with one target column, found `one` with `mark` \
                and `twin` with `other`
                """
            ])
        #expect(
            try errors(
                """
                table metrics(select([one, scaled, log], on: validation.rmse))
                let tried = for scale in [1, 2], seed in 1..2 {
                    if scale == 1 { one with { seed: seed } } else { scaled with { seed: seed } }
                }
                table metrics(select(tried, within: "scale"))
                """) == [])
    }

    @Test func cellsOfOneColumnHaveOneUnit() throws {
        #expect(
            try errors("table columns({ v: [one.holdout.rmse, energy.holdout.rmse] })") == [
                "unit: `v` expected numbers in one unit, found `one` in GPa and `energy` in eV"
            ])
        #expect(
            try errors("table columns({ v: [one.holdout.rmse, one.holdout.r2] })") == [
                "unit: `v` expected numbers in one unit, found one in GPa and one without a unit"
            ])
        #expect(try errors("table columns({ v: [one.holdout.rmse, twin.holdout.rmse, 4.5], r: [1, one.holdout.r2, 3] })") == [])
        #expect(
            try errors(
                """
                plot intervals({ a: [one.holdout.truth, one.holdout.predicted] }, against: { e: energy.holdout.rmse }) to "i.svg"
                """) == ["unit: `intervals` expected numbers in one unit, found `one` in GPa and `energy` in eV"])
        #expect(
            try errors(
                "plot intervals({ a: [one.holdout.truth, one.holdout.predicted] }, against: { e: one.holdout.rmse, f: 3 }) to \"i.svg\"")
                == [])
    }

    @Test func unitsAreOneHoweverTheyAreWritten() {
        #expect(isSameUnit("e/A^3", "e*A^-3") && isSameUnit(nil, nil) && isSameUnit("log(GPa)", "log(GPa)"))
        #expect(isSameUnit("GPa", "GPa^1") && isSameUnit("Å⁻¹", "1/A") && isSameUnit("log(GPa^1)", "log(GPa)"))
        #expect(!isSameUnit("GPa", "eV") && !isSameUnit("GPa", nil) && !isSameUnit("GPa", "MPa"))
    }
}
