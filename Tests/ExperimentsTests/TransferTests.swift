import Builtins
import Datasets
import Diagnostics
import Foundation
import Language
import SessionTestSupport
import Storage
import TestSupport
import Testing
import Training

@testable import Experiments

/// Interrupts a run once it has been asked so many times, then once more each time it is set up again.
private final class Countdown: @unchecked Sendable {
    var left: Int
    init(_ left: Int) { self.left = left }
    func ask() -> Bool {
        left -= 1
        return left < 0
    }
}

/// Stages, frozen features, folds and searches: what is computed once, gone on with, and seen by nobody.
@Suite(.timed) struct TransferTests {
    static let script = """
        dataset crystals {
            rows:   csv("../data/crystals.csv")
            id:     "material_id"
            inputs: { plane: chgcar("../data/densities/{material_id}.CHGCAR") \
            |> plane([1, 1, 1], size: [32, 32], cell: file) |> log |> standardize }
            target: { column: "k_vrh", unit: "GPa", scale: standard }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        model net {
            input plane: [32, 32, 1]
            plane >> conv(8, kernel: 3, strides: 2, bias: false) >> batchNorm >> activation(relu)
                  >> conv(8, kernel: 3) >> globalAveragePool >> dropout(0.2) >> dense(1)
        }
        schedule gradual {
            stage head { train: matching("dense_1.*"), rate: 0.05, epochs: 3 }
            stage deep { train: [matching("dense_1.*"), matching("conv_2.*")], rate: cosine(0.01), epochs: 4 }
            stage all  { train: all, rate: plateau(0.005, patience: 1), epochs: 3, batch: 5 }
        }
        experiment staged {
            data: crystals, model: net, schedule: gradual, loss: mse, seed: 3, batch: 4
            stop: early(on: validation.loss, patience: 2)
        }
        experiment varied like staged { augment: [flip(horizontal, vertical), rotate(turns: 0.2)] }
        experiment folded like staged { folds: 3, \
        schedule: schedule { stage head { train: matching("dense_1.*"), rate: 0.05, epochs: 3 } } }
        experiment found {
            data: crystals, model: net, loss: mse, seed: 3, batch: 4, epochs: 2
            optimizer: adam(rate: loguniform(1e-4, 1e-1)), search: randomSearch(trials: 3)
        }

        """

    /// What an experiment came to: predictions, epochs, losses.
    struct Outcome: Sendable, Equatable {
        var predicted: [String: [Double]]
        var losses: [Double]
        var kept: Int
    }

    private func withRunner<R: Sendable>(
        _ script: String = TransferTests.script, _ copy: CorpusCopy? = nil, caching: Bool = true,
        interrupted: @escaping @Sendable () -> Bool = { false },
        _ body: @escaping @Sendable (Runner, [String: Object]) throws -> R
    ) throws -> R {
        let copy = try copy ?? CorpusCopy()
        let path = copy.path
        defer { withExtendedLifetime(copy) {} }
        return try onLargeStack {
            var options = SessionOptions()
            options.standardLibrary = Place.library
            options.store = path + "/.ecdx"
            let session = try Session(base: path + "/language/", options: options, reporter: CollectingReporter())
            let checked = session.check(script, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            let store = try session.openStore(create: true)
            let runner = Runner(
                context: checked.context, store: store, reporter: CollectingReporter(), checkpoints: CheckpointPolicy(epochEnd: 0, step: 0),
                interrupted: interrupted)
            runner.usesFeatureCache = caching
            let names = Dictionary(checked.script.names.compactMap { name in name.value.object.map { (name.name, $0) } }) { _, last in last
            }
            return try body(runner, names)
        }
    }

    private static func outcome(_ runner: Runner, _ experiment: Object?) throws -> Outcome {
        let result = try runner.result(of: runner.experiment(#require(experiment)))
        return Outcome(
            predicted: result.parts.mapValues(\.predicted), losses: result.history.flatMap { [$0.trainLoss, $0.validationLoss ?? 0] },
            kept: result.keptEpoch)
    }

    @Test(arguments: ["staged", "varied", "folded"]) func featuresAreTheSameBitsWithTheCacheOff(_ name: String) throws {
        let copy = try CorpusCopy()
        let cached = try withRunner(Self.script, copy) { try Self.outcome($0, $1[name]) }
        // The runs are forgotten, the features are not.
        try FileManager.default.removeItem(atPath: copy.path + "/.ecdx/runs")
        let again = try withRunner(Self.script, copy) { try Self.outcome($0, $1[name]) }
        let without = try withRunner(caching: false) { try Self.outcome($0, $1[name]) }
        #expect(cached == again && cached == without)
    }

    /// Interrupted after each number of steps, over and over, a training of three stages ends where it would have ended.
    @Test(arguments: ["staged", "varied"], [1, 4]) func interruptsInAnyStageChangeNothing(_ name: String, _ steps: Int) throws {
        let whole = try withRunner { try Self.outcome($0, $1[name]) }
        let copy = try CorpusCopy()
        var sittings = 0
        var found: Outcome?
        while found == nil, sittings < 200 {
            let countdown = Countdown(steps + 30)
            sittings += 1
            found = try withRunner(Self.script, copy, interrupted: { countdown.ask() }) { runner, names in
                do { return try Self.outcome(runner, names[name]) } catch is Interrupted { return nil }
            }
        }
        #expect(found == whole, "after \(sittings) sittings")
        #expect(sittings > 1)
    }

    @Test func stagesAreSharedByWhatBeginsAlike() throws {
        let copy = try CorpusCopy()
        let runs = try withRunner(
            Self.script + "experiment other like staged { schedule: gradual with { stage all { train: all, rate: 0.001, epochs: 2 } } }\n",
            copy
        ) { runner, names in
            _ = try Self.outcome(runner, names["staged"])
            let before = runner.store.runs().count
            _ = try Self.outcome(runner, names["other"])
            return [before, runner.store.runs().count]
        }
        // Three stages, then only the last of the other.
        #expect(runs == [3, 4])
    }

    /// Names, the order of statements and comments are no part of what a training is.
    @Test func namesAreNoPartOfAKey() throws {
        let renamed = Self.script.replacing("gradual", with: "slowly").replacing("staged", with: "training").replacing("net", with: "cnn")
            .replacing("stage deep", with: "stage middle")
        let key = { @Sendable (runner: Runner, object: Object?) in try runner.keys.experiment(#require(object)).key.hex }
        let a = try withRunner { try key($0, $1["staged"]) }
        let b = try withRunner(renamed) { try key($0, $1["training"]) }
        #expect(a == b)
        let other = try withRunner(Self.script.replacing("rate: cosine(0.01)", with: "rate: cosine(0.02)")) { try key($0, $1["staged"]) }
        #expect(a != other)
    }

    /// What the holdout holds changes nothing but what is reported of it.
    @Test(arguments: ["staged", "folded", "found"]) func nothingLeaksFromTheHoldout(_ name: String) throws {
        let plain = try withRunner { runner, names in
            let plan = try runner.plan(of: #require(names["crystals"]))
            return (try Self.outcome(runner, names[name]), plan.parts.holdout.map { plan.ids[$0] }, plan.ids[plan.parts.train[0]])
        }
        let copy = try CorpusCopy()
        let path = copy.path + "/data/crystals.csv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        let header = try #require(lines.first).split(separator: ",").map(String.init)
        let column = try #require(header.firstIndex { $0.hasPrefix("k_vrh") })
        let id = try #require(header.firstIndex { $0.hasPrefix("material_id") })
        let changed =
            [lines[0]]
            + lines.dropFirst().map { line in
                var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if plain.1.contains(cells[id]) {
                    cells[column] = "99999"
                    // And the density of another crystal.
                    let folder = "\(copy.path)/data/densities/"
                    try? FileManager.default.removeItem(atPath: folder + cells[id] + ".CHGCAR")
                    try? FileManager.default.copyItem(atPath: folder + plain.2 + ".CHGCAR", toPath: folder + cells[id] + ".CHGCAR")
                }
                return cells.joined(separator: ",")
            }
        try (changed.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let after = try withRunner(Self.script, copy) { try Self.outcome($0, $1[name]) }
        for part in ["train", "validation"] { #expect(after.predicted[part] == plain.0.predicted[part], "\(part)") }
        #expect(after.losses == plain.0.losses && after.kept == plain.0.kept)
        #expect(after.predicted["holdout"] != plain.0.predicted["holdout"])
    }

    /// A fold's training does not see what it leaves out: changed targets there change nothing of what it learns.
    @Test func aFoldDoesNotSeeWhatItLeavesOut() throws {
        let parts = try withRunner { runner, names in
            try runner.context.folds(of: runner.experiment(#require(names["folded"]))).map(\.parts)
        }
        let pool = Set(parts.flatMap(\.validation))
        #expect(parts.map { Set($0.validation) }.reduce(0) { $0 + $1.count } == pool.count && pool.count == 18)
        for part in parts {
            #expect(Set(part.train).isDisjoint(with: part.validation) && Set(part.train).union(part.validation) == pool)
            #expect(pool.isDisjoint(with: part.holdout))
        }
    }

    @Test func aSearchGoesOnAfterAKill() throws {
        let whole = try withRunner { runner, names in
            try runner.trials(of: runner.experiment(#require(names["found"]))).map { [$0.score ?? -1] + $0.values.compactMap(\.number) }
        }
        #expect(whole.count == 3 && Set(whole.map { $0[1] }).count == 3)
        let copy = try CorpusCopy()
        var sittings = 0
        var found: [[Double]]?
        while found == nil, sittings < 100 {
            let countdown = Countdown(12)
            sittings += 1
            found = try withRunner(Self.script, copy, interrupted: { countdown.ask() }) { runner, names in
                do {
                    return try runner.trials(of: runner.experiment(#require(names["found"]))).map {
                        [$0.score ?? -1] + $0.values.compactMap(\.number)
                    }
                } catch is Interrupted { return nil }
            }
        }
        #expect(found == whole && sittings > 1)
        #expect(
            try withRunner(Self.script, copy) { runner, names in try runner.status(of: runner.experiment(#require(names["found"]))) }.isDone
        )
    }

    /// A file that `export` wrote predicts what the experiment predicts, bit for bit; so does the mean of folds.
    @Test func anExportedModelIsTheModel() throws {
        let copy = try CorpusCopy()
        let path = copy.path + "/m.safetensors"
        let (a, b, folds) = try withRunner(Self.script, copy) { runner, names in
            let staged = try #require(names["staged"])
            let data = try #require(names["crystals"])
            let sink = ByteList()
            try runner.model(of: runner.experiment(staged)).contents.write(to: sink)
            try Data(sink.bytes).write(to: URL(fileURLWithPath: path))
            let call = Call("trained", ["path": Field(.text(Text(path)))], type: .sort(.trained), origin: Origin())
            let here = try runner.predictions(of: .object(staged), on: data).rows.map { $0[1].exact }
            let there = try runner.predictions(of: .call(call), on: data).rows.map { $0[1].exact }
            let result = try runner.result(of: runner.experiment(staged))
            let plan = try runner.plan(of: data)
            let known = plan.parts.holdout.enumerated().allSatisfy { here[$1] == String(result.parts["holdout"]?.predicted[$0] ?? .nan) }
            #expect(known)
            let folded = try #require(names["folded"])
            let mean = try runner.predictions(of: .object(folded), on: data).rows.map { Double($0[1].exact) ?? .nan }
            let reported = try #require(runner.result(of: runner.experiment(folded)).parts["holdout"])
            let apart = zip(plan.parts.holdout, reported.predicted).map { abs(mean[$0] - $1) }.max() ?? 1
            return (here, there, apart)
        }
        #expect(a == b)
        #expect(folds < 1e-9)
    }
}

extension RunStatus {
    fileprivate var isDone: Bool { if case .done = self { true } else { false } }
}
