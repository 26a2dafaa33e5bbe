import Builtins
import Diagnostics
import Foundation
import Language
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

@Suite(.timed) struct KeyTests {
    /// The keys of the experiments and data sets a script names.
    private func keys(_ script: String) throws -> [String: String] {
        try onLargeStack {
            let copy = try CorpusCopy()
            var options = SessionOptions()
            options.standardLibrary = Place.library
            options.store = copy.path + "/.ecdx"
            let session = try Session(base: copy.path + "/language/", options: options, reporter: CollectingReporter())
            let checked = session.check(script, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            let runner = try session.runner(for: checked)
            var keys: [String: String] = [:]
            for (name, value, _) in checked.script.names {
                guard let object = value.object else { continue }
                if object.kind == "experiment" { keys[name] = try runner.keys.key(of: object).hex }
                if object.kind == "dataset" {
                    let plan = try runner.plan(of: object)
                    keys[name] = try runner.keys.dataset(plan, inputs: plan.inputs.map(\.name)).hex
                }
            }
            return keys
        }
    }

    private func plan(_ script: String) throws -> DatasetPlan {
        try onLargeStack {
            let checked = try check(script)
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            let data = try #require(checked.script.names.first?.value.object)
            return try CheckContext(folder: Place.corpus + "/language", library: catalogue).plan(of: data)
        }
    }

    @Test func aShuffledTableGivesTheSameDataSet() throws {
        let shuffled = crystalsScript.replacing("crystals.csv", with: "shuffled.csv")
        let (a, b) = (try plan(crystalsScript), try plan(shuffled))
        #expect(a.rows != b.rows)
        #expect(a.ids == b.ids && a.ids.count == 24)
        #expect(a.targets == b.targets)
        #expect(a.parts.train == b.parts.train && a.parts.validation == b.parts.validation && a.parts.holdout == b.parts.holdout)
        #expect(a.inputs.map(\.items) == b.inputs.map(\.items) && a.inputs.map(\.sources) == b.inputs.map(\.sources))
        #expect(try keys(crystalsScript) == keys(shuffled))
    }

    /// Rows to predict for that meet their files by position are told apart by their places, not by their ids.
    @Test func rowsToPredictForByPositionMayShareAnId() throws {
        let lines = try onLargeStack {
            let copy = try CorpusCopy()
            try writeWhole("name\n" + String(repeating: "same\n", count: 24), to: copy.path + "/data/same.csv")
            let reporter = CollectingReporter()
            let session = try Session(base: copy.path + "/language/", options: SessionOptions(), reporter: reporter)
            let script = """
                dataset found {
                    rows:   csv("../data/same.csv")
                    id:     "name"
                    inputs: { plane: chgcar("../data/densities/*.CHGCAR", pair: position) |> plane([1, 1, 1], size: [4, 4], cell: file) }
                }
                show found.count
                show found.ids[23]
                """
            let checked = session.check(script, file: "script.ecdx")
            #expect(checked.script.diagnostics == [])
            try session.perform(checked)
            return reporter.lines
        }
        #expect(lines == ["24", "\"same\""])
    }

    @Test func filesFoundByAPatternAreTheSameDataSet() throws {
        let globbed = crystalsScript.replacing("{material_id}.CHGCAR", with: "*.CHGCAR")
        #expect(try plan(globbed).inputs.map(\.items) == plan(crystalsScript).inputs.map(\.items))
        #expect(try keys(globbed) == keys(crystalsScript))
    }

    @Test func theOrderOfTwoSourcesIsInTheKey() throws {
        let source = "chgcar(\"../data/densities/{material_id}.CHGCAR\")"
        func key(_ pipeline: String) throws -> String? {
            let inputs = "inputs: { plane: \(pipeline) |> plane([1, 1, 1], size: [12, 12], cell: file) }"
            let line = try #require(crystalsScript.split(separator: "\n").first { $0.contains("inputs:") })
            return try keys(crystalsScript.replacing(line, with: inputs))["crystals"]
        }
        let other = "chgcar(\"../data/densities/*.CHGCAR\")"
        let forms = try [source, "(\(source) - 1)", "(\(source) - \(other) - \(source))", "(\(source) - \(other) - \(other))"].map {
            try key($0)
        }
        #expect(Set(forms).count == forms.count)
    }

    /// `cell: file` is what a plane was before the word had other cells: its key stays (`PinnedKeyTests`), the others have another.
    @Test func planesByTheIndicesOfAnotherCellHaveAnotherKey() throws {
        let conventional = crystalsScript.replacing(", cell: file", with: "")
        #expect(conventional != crystalsScript)
        #expect(try keys(conventional)["crystals"] != keys(crystalsScript)["crystals"])
        let written = crystalsScript.replacing("cell: file", with: "cell: conventional, through: none, sampling: trilinear")
        #expect(try keys(written) == keys(conventional))
    }

    @Test func namesCommentsLayoutAndOrderAreInNoKey() throws {
        let first = try keys(crystalsScript)
        #expect(first.count == 2)
        let parts = crystalsScript.components(separatedBy: "\nmodel")
        let turned = "model" + parts[1] + "# %% Data\n" + parts[0].replacing("    ", with: "\t") + "\n# the end"
        #expect(try keys(turned) == first)
        let renamed = crystalsScript.replacing("crystals {", with: "metals {").replacing("data: crystals", with: "data: metals")
            .replacing("net", with: "network").replacing("bulk", with: "hardness")
        let second = try keys(renamed)
        #expect(second["hardness"] == first["bulk"] && second["metals"] == first["crystals"])
        // Where the files are is no matter either, only what is in them.
        #expect(try keys(crystalsScript.replacing("../data/densities/{", with: "../data/../data/densities/{")) == first)
        let spelt = crystalsScript.replacing("epochs: 2", with: "epochs: 2, batch: 32, stop: none, optimizer: adam(rate: 0.001)")
        #expect(try keys(spelt) == first)
    }

    /// Each change of one thing that changes what is computed changes the key, and no two changes give the same one.
    @Test func whateverIsComputedIsInTheKey() throws {
        let changes: [(String, String)] = [
            ("\"k_vrh\"", "\"volume\""), ("unit: \"GPa\"", "unit: \"GPa\", transform: log"),
            ("unit: \"GPa\"", "unit: \"GPa\", scale: standard"),
            ("unit: \"GPa\"", "unit: \"GPa\", scale: minmax"), ("train: 50%, validation: 25%", "train: 45%, validation: 30%"),
            ("seed: 7", "seed: 8"),
            ("random(train: 50%, validation: 25%, holdout: 25%, seed: 7)", "trainTestSplit(rest: 50%, holdoutOfRest: 50%, seed: 7)"),
            ("[1, 1, 1], size", "[1, 1, 0], size"), ("cell: file)", "cell: file) |> log"),
            ("cell: file)", "cell: file) |> standardize"),
            ("conv(4", "conv(5"), ("kernel: 3", "kernel: 2"), ("kernel: 3", "kernel: 3, strides: 2"),
            ("kernel: 3", "kernel: 3, padding: same"),
            ("activation: relu", "activation: tanh"), ("kernel: 3, activation: relu", "kernel: 3"), ("kernel: 3", "kernel: 3, bias: false"),
            (">> dense(1)", ">> dropout(0.1) >> dense(1)"), (">> dense(1)", ">> dropout(0.2) >> dense(1)"),
            ("globalAveragePool", "flatten"),
            ("epochs: 2", "epochs: 3"), ("seed: 1", "seed: 2"), ("epochs: 2", "epochs: 2, batch: 4"),
            ("epochs: 2", "epochs: 2, optimizer: adam(rate: 0.01)"),
            ("epochs: 2", "epochs: 2, optimizer: adam(beta1: 0.8)"), ("epochs: 2", "epochs: 2, optimizer: adam(beta2: 0.9)"),
            ("epochs: 2", "epochs: 2, optimizer: adam(epsilon: 1e-8)"), ("epochs: 2", "epochs: 2, keep: last"),
            ("epochs: 2", "epochs: 2, keep: best(on: validation.mae)"),
            ("epochs: 2", "epochs: 2, stop: early(on: validation.loss, patience: 5)"),
            ("epochs: 2", "epochs: 2, stop: early(on: validation.loss, patience: 6)"),
            ("epochs: 2", "epochs: 2, stop: early(on: train.loss, patience: 5)"),
            ("epochs: 2", "epochs: 2, stop: early(on: validation.loss, patience: 5, minDelta: 1)"),
        ]
        var seen = ["": try #require(try keys(crystalsScript)["bulk"])]
        for (old, new) in changes {
            let changed = crystalsScript.replacing(old, with: new, maxReplacements: 1)
            #expect(changed != crystalsScript, "\(old)")
            let key = try #require(try keys(changed)["bulk"], "\(new)")
            #expect(!seen.values.contains(key), "\(old) to \(new) has the key of \(seen.first { $0.value == key }?.key ?? "")")
            seen[new] = key
        }
    }

    @Test func theContentsOfAFileAreInTheKey() throws {
        let script = crystalsScript.replacing("../data/densities", with: "../data/moved")
        func key(_ change: @escaping @Sendable (String) throws -> Void) throws -> String? {
            try onLargeStack {
                let copy = try CorpusCopy()
                try FileManager.default.moveItem(atPath: copy.path + "/data/densities", toPath: copy.path + "/data/moved")
                try change(copy.path + "/data/moved/Al-fcc.CHGCAR")
                let session = try Session(base: copy.path + "/language/", options: SessionOptions(), reporter: CollectingReporter())
                let checked = session.check(script, file: "script.ecdx")
                let runner = try session.runner(for: checked)
                return try checked.script.names.first { $0.name == "bulk" }?.value.object.map { try runner.keys.experiment($0).key.hex }
            }
        }
        let same = try key { _ in }
        #expect(same == (try keys(crystalsScript)["bulk"]))
        let other = try key { path in
            let text = try String(contentsOfFile: path, encoding: .utf8).replacing("6.6688E+00", with: "6.6689E+00", maxReplacements: 1)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(other != nil && other != same)
    }
}
