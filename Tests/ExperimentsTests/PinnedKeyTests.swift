import Builtins
import Diagnostics
import Language
import Models
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// Keys as they are written down. Where one of these changes, a result of an older program would be taken for one of this, or
/// computed anew without need: raise the version in `NodeVersion` if numbers or bytes change, and leave the key alone if not.
@Suite(.timed) struct PinnedKeyTests {
    static let script =
        crystalsScript + """

            backbone net2 { architecture: VGG16, weights: none, channels: repeat }
            schedule gradual {
                stage first { train: head, rate: 0.01, epochs: 2 }
                stage second { train: [head, last(2, of: net2)], rate: cosine(1e-3), statistics: moving }
            }
            dataset wide like crystals { \
            inputs: { plane: chgcar("../data/densities/{material_id}.CHGCAR") \
            |> plane([1, 1, 1], size: [32, 32], cell: file) |> log |> standardize } }
            model transfer {
                input plane: [32, 32, 1]
                plane >> net2 >> globalAveragePool >> dropout(0.1) >> dense(1)
            }
            experiment staged { data: wide, model: transfer, schedule: gradual, loss: mse, seed: 3, \
            augment: [flip(horizontal, vertical), rotate(turns: 0.1)] }
            experiment folded like bulk { folds: 3, report: refit }
            experiment searched like bulk { optimizer: adam(rate: loguniform(1e-4, 1e-2)), batch: choice([4, 8]), \
            search: randomSearch(trials: 2, seed: 1) }
            experiment plateaued like bulk { optimizer: adam(rate: plateau(0.01, patience: 3)), \
            stop: early(on: validation.rmse, patience: 4) }
            let both = for s in [1, 2] { bulk with { seed: s } }
            """

    private func keys(_ actions: String) throws -> [String: String] {
        try onLargeStack {
            let copy = try CorpusCopy()
            var options = SessionOptions()
            options.standardLibrary = Place.library
            options.store = copy.path + "/.ecdx"
            let session = try Session(base: copy.path + "/language/", options: options, reporter: CollectingReporter())
            let checked = session.check(Self.script + "\n" + actions, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            let runner = try session.runner(for: checked)
            func object(_ name: String) throws -> Object { try #require(checked.script.names.first { $0.name == name }?.value.object) }
            var found: [String: String] = [:]
            func pin(_ name: String, _ digest: Digest) { found[name] = String(digest.hex.prefix(16)) }
            for name in ["crystals", "wide"] {
                let plan = try runner.plan(of: object(name))
                pin("dataset \(name)", try runner.keys.dataset(plan, inputs: ["plane"]))
                pin("input \(name)", try runner.keys.input("plane", of: plan))
            }
            for name in ["bulk", "staged", "folded", "searched", "plateaued"] {
                pin("experiment \(name)", try runner.keys.experiment(object(name)).key)
            }
            let staged = try object("staged")
            let folded = try object("folded")
            let searched = try object("searched")
            pin("stage", try runner.keys.experiment(staged.through(stage: 0)).key)
            pin("fold", try runner.keys.experiment(folded.leavingOut(fold: 1, of: 3)).key)
            pin("refit", try runner.keys.experiment(folded.refitted(epochs: [7])).key)
            pin("trial", try runner.keys.experiment(searched.trial([.number(4), .number(0.001)], label: "trial")).key)
            pin("features", try runner.pinnedFeatures(of: runner.experiment(staged.through(stage: 0))))
            for (index, action) in checked.script.actions.enumerated() {
                guard let call = action.value.call else { continue }
                let isTable = action.verb == .table
                pin(
                    "\(isTable ? "table" : "figure") \(index)",
                    try runner.keys.result(
                        call, node: isTable ? "table" : "figure", version: isTable ? NodeVersion.table : NodeVersion.figure,
                        detail: isTable ? "" : "x.svg"))
            }
            return found
        }
    }

    @Test func keysAreThoseThatStandHere() throws {
        let found = try keys(
            """
            table metrics(both, baselines: [mean, ridge(components, count: 3)])
            table columns({ zeta: [1, 2], alpha: tensor([3, 4]) })
            plot parity(bulk) to "a/x.svg"
            plot gallery(crystals.inputs.plane, count: 4) to "b/x.svg"
            plot intervals({ b: [tensor([1, 2]), tensor([3, 4])], a: [tensor([1]), tensor([2])] }, against: { t: 2 }) to "c/x.svg"
            """)
        let pinned = [
            "input crystals": "dc97480a231b13f8",
            "input wide": "5c35b4a276dcd162",
            "dataset crystals": "97fe4a16b5b1e00f",
            "dataset wide": "f562ed187fd50eff",
            "experiment bulk": "e387cb260fdc3671",
            "experiment staged": "99eba162e2086422",
            "stage": "1171d1c78aa2cc46",
            "experiment folded": "23313b293e5a9b83",
            "fold": "c261434875d3dd28",
            "refit": "77b729a868208ac0",
            "experiment searched": "a71f47837e854345",
            "trial": "bf6896ac920de06b",
            "experiment plateaued": "4706f57df0d2198e",
            "features": "1d568a0f11d04152",
            "table 0": "252b8747f751de91",
            "table 1": "cce5d4cb2780341a",
            "figure 2": "e3aff7c41079711c",
            "figure 3": "c9595cc834a68040",
            "figure 4": "d8c63b489e028da9",
        ]
        for (name, key) in pinned { #expect(found[name] == key, "the key of \(name)") }
        #expect(found.count == pinned.count)
    }
}

extension Runner {
    /// The key of what the frozen part of a training's network gives for the rows of its data set.
    fileprivate func pinnedFeatures(of training: Experiment) throws -> Digest {
        try firstFeatureKey(#require(try training.split()), of: training)
    }
}
