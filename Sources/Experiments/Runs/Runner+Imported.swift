import Builtins
import Diagnostics
import Language
import Storage
import Tensors

/// Runs that were computed elsewhere: where their data are at hand, what they predict is computed anew from their weights once, before
/// they are used.
extension Runner {
    /// Checks a run from elsewhere that was not checked before: its weights have to give the predictions it holds, up to what another
    /// machine rounds differently. Left alone where the stage before it is not the one it began with. Throws `bad-data`.
    func checkImported(_ found: RunRecord.Finished, of training: Object, in run: RunFolder) throws {
        guard RunOrigin.isChecked(run.path) == false else { return }
        if training.stages.count > 1 {
            let before = training.through(stage: training.stages.count - 2)
            guard try digest(of: before) != nil else { return }
            if let start = found.begunWith {
                guard try parameters(of: before).run == start else { return }
            } else if try RunOrigin.isChecked(runFolder(keys.key(of: before)).path) == nil {
                // What it began with is not recorded, and was not brought with it.
                return
            }
        }
        let changes = try parameters(in: run, expecting: found.weights)
        let predicted = try predictions(of: training, with: changes)
        guard let data = training["data"].object else { return }
        let plan = try plan(of: data)
        let parts = try parts(of: training, plan)
        let spread = Self.deviation(plan.targets)
        for name in partNames {
            guard let part = found.result.parts[name] else { continue }
            for (place, row) in parts.rows(of: name).enumerated() {
                let (said, given) = (part.predicted[place], predicted[row])
                guard abs(said - given) <= Self.tolerance * max(spread, abs(given) * 1e-3) || said == given else {
                    throw Diagnostic(
                        "bad-data",
                        """
                        expected the predictions that the weights of the run give, \(given) for row `\(part.ids[place])`, found \
                        \(said)
                        """, data: DataPlace(file: run.file("result.json")))
                }
            }
        }
        // A store that cannot be written to is checked again the next time.
        try? RunOrigin.mark(run.path, checked: true)
    }

    /// The most by which predictions of two machines may differ, as a part of the targets' standard deviation. Kernels differ in the
    /// order of their sums, which comes to some 1e-5; what is made up to look better differs by more than this.
    private static let tolerance = 0.01

    private static func deviation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
    }
}
