import Builtins
import Datasets
import Diagnostics
import Language
import Storage
import Tensors

/// Runs of which nothing here says that they are as ecdx wrote them: those that were computed elsewhere, and those without hashes.
/// Where their data are at hand, what they predict is computed anew from their weights once, before they are used.
extension Runner {
    /// Checks a run that was not checked before: its tables have to agree with its result, its history with what the
    /// experiment keeps and with its predictions, and its weights have to give these, up to what another machine rounds
    /// differently. From then on it has hashes, as others have; that it had another for its weights is said. Where no run of
    /// the stage before is the one it began with, its weights are not enough to predict with: it is used as it is, which is said,
    /// or refused where the hash of its weights is another. Throws `bad-data`.
    func checkOnce(_ found: inout RunRecord.Finished, of training: Experiment, in run: RunFolder) throws {
        guard RunOrigin.isChecked(run.path, isHashed: found.isHashed) == false else { return }
        let table = run.file("predictions.csv")
        if fileStatus(table) != nil { try PredictionsFile.check(table, against: found.result) }
        if fileStatus(run.metrics) != nil { try MetricsFile.check(run.metrics, against: found.result) }
        let (plan, parts) = (training.plan, training.parts)
        let course = try CourseCheck(of: training, space: targetSpace(of: plan, training: parts.train))
        try course.check(found.result, file: run.file("result.json"))
        guard let start = try beginning(of: training, found, in: run) else {
            // Which of the two hashes is right cannot be told.
            if let differing = found.differing { throw differing }
            say(
                Diagnostic(
                    "bad-data", "expected a run of the stage before, whose weights this one began with, found none",
                    data: DataPlace(file: run.file("result.json"))),
                "run `\(run.id)` is used as it is: it was not checked that its weights give its predictions")
            return
        }
        let changes = try parameters(in: run, expecting: found.weights)
        let predicted = try predictions(of: training, with: changes, from: start)
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
        let isRemembered = mayWrite && (try? remember(found, isChecked: run)) ?? false
        if let differing = found.differing {
            say(differing, "the weights give the predictions of the result" + (isRemembered ? "; the hash is written anew" : ""))
        }
        if isRemembered { found.setHashed() }
    }

    /// Writes down that a run was checked. Gives whether it is still the one that was. Throws `in-use` where somebody is at it, and
    /// `cannot-write`.
    private func remember(_ found: RunRecord.Finished, isChecked run: RunFolder) throws -> Bool {
        if !found.isHashed {
            let lease = try run.lease()
            defer { lease.release() }
            // Somebody may have computed it anew meanwhile.
            guard try sha256(ofFile: run.file("result.json")) == found.digest else { return false }
            try RunRecord.writeHashes(of: found, in: run)
        }
        if RunOrigin.isImported(run.path) { try RunOrigin.mark(run.path, checked: true) }
        return true
    }

    /// The parameters that the training of a run began with; nil for a later stage where no run here left them.
    private func beginning(of training: Experiment, _ found: RunRecord.Finished, in run: RunFolder) throws -> Parameters? {
        guard let before = try stageBefore(training) else { return try startingParameters(of: training) }
        if let weights = found.begunWith { return try parameters(of: before, weights) }
        // What it began with is not recorded: what was trained here goes together, and so does what was brought here.
        let isFromElsewhere = try RunOrigin.isImported(run.path) || run.id != runFolder(keys.key(of: training.declared)).id
        guard try digest(of: before) != nil,
            try !isFromElsewhere || RunOrigin.isImported(runFolder(keys.key(of: before.declared)).path)
        else { return nil }
        return try parameters(of: before)
    }

    /// The parameters that a run of the stage before, `before`, left whose weights have that hash: the run of this store, or one of
    /// those from elsewhere; nil where there is none.
    private func parameters(of before: Experiment, _ weights: Digest) throws -> Parameters? {
        if try digest(of: before) != nil {
            let here = try parameters(of: before)
            if here.run == weights { return here }
        }
        let id = try runFolder(keys.key(of: before.declared)).id
        for folder in store.runs() where folder.id.hasPrefix(id + "-") {
            guard let found = try? RunRecord.finished(folder), found.weights == weights,
                (try? checkIdentity(of: before, in: folder)) != nil, (try? check(found.result, of: before, in: folder)) != nil,
                let changes = try? parameters(in: folder, expecting: weights),
                var result = try beginning(of: before, found, in: folder)?.replacing(changes, from: "weights \(weights.hex)")
            else { continue }
            result.run = weights
            return result
        }
        return nil
    }

    /// The most by which predictions of two machines may differ, as a part of the targets' standard deviation. Kernels differ in the
    /// order of their sums, which comes to some 1e-5; what is made up to look better differs by more than this.
    private static let tolerance = 0.01

    private static func deviation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
    }
}
