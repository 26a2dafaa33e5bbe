import Builtins
import Foundation
import Language
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing
import Training

@testable import Experiments

/// What a stage says of the statistics of batch normalisations holds for the model's own layers, too.
@Suite(.timed) struct FrozenStatisticsTests {
    private static func script(_ statistics: String, norm: String = "batchNorm") -> String {
        """
        dataset crystals {
            rows:   csv("../data/crystals.csv")
            id:     "material_id"
            inputs: { plane: chgcar("../data/densities/{material_id}.CHGCAR") \
            |> plane([1, 1, 1], size: [12, 12], cell: file) |> standardize }
            target: { column: "k_vrh", unit: "GPa", scale: standard }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        model net {
            input plane: [12, 12, 1]
            plane >> conv(4, kernel: 3) >> \(norm) >> globalAveragePool >> dense(4) >> \(norm) >> dense(1)
        }
        schedule two {
            stage first  { train: all, rate: 0.01 }
            stage second { train: all, rate: 0.01\(statistics) }
        }
        experiment staged { data: crystals, model: net, schedule: two, loss: mse, seed: 1, batch: 4, epochs: 2, keep: last }
        """
    }

    private func withRunner<R: Sendable>(_ script: String, _ body: @escaping @Sendable (Runner, Object) throws -> R) throws -> R {
        let copy = try CorpusCopy()
        let path = copy.path
        defer { withExtendedLifetime(copy) {} }
        return try onLargeStack {
            var options = SessionOptions()
            options.standardLibrary = Place.library
            options.store = path + "/.ecdx"
            let session = try Session(base: path + "/language/", options: options, reporter: CollectingReporter())
            let checked = session.check(script, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            let staged = try #require(checked.script.names.first { $0.name == "staged" }?.value.object)
            return try body(try session.runner(for: checked), staged)
        }
    }

    /// The parameters after the first stage and after the second that differ, by name.
    private func changed(_ statistics: String) throws -> Set<String> {
        try withRunner(Self.script(statistics)) { runner, staged in
            let first = try runner.parameters(of: runner.experiment(staged.through(stage: 0))).store
            let second = try runner.parameters(of: runner.experiment(staged)).store
            return Set(first.names.filter { first[$0] != second[$0] })
        }
    }

    @Test(arguments: ["", ", statistics: moving", ", statistics: frozen"]) func aStageMovesWhatItSays(_ statistics: String) throws {
        let changed = try changed(statistics)
        #expect(changed.contains("batchNorm_1.gamma") && changed.contains("batchNorm_2.beta"), "\(changed)")
        let moved = changed.filter { $0.contains("moving") }
        #expect(moved.count == (statistics.contains("frozen") ? 0 : 4), "\(moved)")
    }

    private func key(_ statistics: String, norm: String) throws -> String {
        try withRunner(Self.script(statistics, norm: norm)) { runner, staged in try runner.keys.experiment(staged).key.hex }
    }

    /// A training has another key where it is another training, and only there.
    @Test func keysSayWhetherStatisticsMove() throws {
        #expect(try key("", norm: "activation(relu)") == key(", statistics: frozen", norm: "activation(relu)"))
        #expect(try key("", norm: "batchNorm") != key(", statistics: frozen", norm: "batchNorm"))
    }
}
