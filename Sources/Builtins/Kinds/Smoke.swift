import Datasets
import Language

/// What a smoke run makes of a script: enough to pass through every line of it, and nothing to learn from.
public enum Smoke {
    /// Of every experiment.
    public static let epochs = 1
    /// Of every experiment that has more, and of every search.
    public static let folds = 2, trials = 2
    /// Rows of a data set, and rows each of its parts keeps at least.
    public static let rows = 12, least = 2

    /// What the screen says of it.
    public static let note = "smoke run: \(epochs) epoch, \(rows) rows a data set; its numbers mean nothing"
}

extension DatasetPlan {
    /// The plan with `Smoke.rows` rows: each part keeps at least `Smoke.least` (or what it has), the others go to the parts
    /// by their shares, and the rows of a part are spread evenly over it.
    var smoked: DatasetPlan {
        let all = [parts.train, parts.validation, parts.holdout]
        guard count > Smoke.rows else { return self }
        var sizes = all.map { min($0.count, Smoke.least) }
        while sizes.reduce(0, +) < Smoke.rows {
            let lacking = all.indices.filter { sizes[$0] < all[$0].count }
                .max { share(all[$0].count) - Double(sizes[$0]) < share(all[$1].count) - Double(sizes[$1]) }
            guard let lacking else { break }
            sizes[lacking] += 1
        }
        // Rows to predict for are in no part.
        let isPlain = all.allSatisfy(\.isEmpty)
        let kept = isPlain ? [Array(0..<Smoke.rows), [], []] : zip(all, sizes).map { part, size in (0..<size).map { part[(2 * $0 + 1) * part.count / (2 * size)] } }
        let order = kept.flatMap { $0 }.sorted()
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        func renumbered(_ part: [Int]) -> [Int] { part.compactMap { places[$0] } }
        var result = self
        result.identity = Identity()
        result.rows = order.map { rows[$0] }
        result.ids = order.map { ids[$0] }
        result.targets = targets.isEmpty ? [] : order.map { targets[$0] }
        result.files = files.mapValues { files in
            var files = files
            files.paths = order.compactMap { files.paths.indices.contains($0) ? files.paths[$0] : nil }
            return files
        }
        if isPlain { return result }
        result.parts = Parts(train: renumbered(kept[0]), validation: renumbered(kept[1]), holdout: renumbered(kept[2]))
        return result
    }

    private func share(_ part: Int) -> Double { Double(Smoke.rows) * Double(part) / Double(count) }
}

/// An experiment as a smoke run has it.
@Sendable func adjustExperiment(_ experiment: inout Object, _ context: CheckContext) {
    guard context.isSmoke else { return }
    if let folds = experiment["folds"].integer { experiment.fields["folds"] = Field(.number(Double(min(folds, Smoke.folds))), experiment.fields["folds"]?.origin ?? Origin()) }
    guard experiment["epochs"].searchSpace == nil else { return }
    experiment.fields["epochs"] = Field(.number(Double(Smoke.epochs)), experiment.fields["epochs"]?.origin ?? Origin())
}

/// A stage as a smoke run has it.
@Sendable func adjustStage(_ stage: inout Object, _ context: CheckContext) {
    guard context.isSmoke, stage["epochs"].integer != nil else { return }
    stage.fields["epochs"] = Field(.number(Double(Smoke.epochs)), stage.fields["epochs"]?.origin ?? Origin())
}
