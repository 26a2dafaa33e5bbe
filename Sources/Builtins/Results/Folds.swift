import Diagnostics
import Language
import Training

/// The table `folds`: the metrics of each fold of an experiment.
let foldTables = Vocabulary([
    Word(
        "folds", family: "Results", [Parameter("of", .object("experiment"), "an experiment with folds")],
        gives: .sort(.table),
        """
        RMSE, MAE and R2 of each fold on the rows it left out, their mean and deviation, the best fold, \
        and those of the out-of-fold predictions together.
        """,
        examples: [Example("experiment folded like bulk { folds: 3, epochs: 2 }\ntable folds(folded)", with: .crystals)], check: needsFolds,
        computes: { call, context in .table(try context.foldsTable(call)) })
])

/// Checks that an experiment has folds. Throws `type`.
@Sendable private func needsFolds(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let object = call["of"].object, try context.experiment(object).folds == nil else { return .call(call) }
    throw Diagnostic(
        "type", "`folds` expected an experiment with folds, found one without", at: call.span(of: "of"), hint: "as in `folds: 10`")
}

extension ComputeContext {
    /// The metrics of each fold on the rows it left out, then of all of them together.
    fileprivate func foldsTable(_ call: Call) throws -> ResultTable {
        let experiment = try experiment(call, "of")
        let foldResults = try results.folds(of: experiment)
        let unit = experiment.plan.unit
        var scores: [Score] = []
        var rows: [[ResultTable.Cell]] = []
        func row(_ name: String, _ score: Score, _ kept: String) -> [ResultTable.Cell] {
            [
                .init(name), .init(String(score.count)), .init(threeDigits(score.rmse.value), exact: exactly(score.rmse.value)),
                .init(threeDigits(score.mae.value), exact: exactly(score.mae.value)),
                score.r2.map { .init(fixed($0.value, 3), exact: exactly($0.value)) } ?? .init("n/a", exact: ""), .init(kept),
            ]
        }
        for (index, result) in foldResults.enumerated() {
            guard let part = result.parts["validation"] else { continue }
            let score = try Score(truth: part.truth, predicted: part.predicted, resamples: 0)
            scores.append(score)
            rows.append(row(String(index + 1), score, String(result.keptEpoch)))
        }
        func spread(_ name: String, _ of: ([Double]) -> Double) -> [ResultTable.Cell] {
            let r2 = scores.compactMap(\.r2?.value)
            return [.init(name), .init("")]
                + [of(scores.map(\.rmse.value)), of(scores.map(\.mae.value))].map { .init(threeDigits($0), exact: exactly($0)) }
                + [r2.isEmpty ? .init("n/a", exact: "") : .init(fixed(of(r2), 3), exact: exactly(of(r2))), .init("")]
        }
        rows.append(spread("mean", mean))
        rows.append(spread("+-", deviation))
        if let best = scores.indices.min(by: { scores[$0].rmse.value < scores[$1].rmse.value }) {
            rows.append(row("best: \(best + 1)", scores[best], ""))
        }
        let all = try results.outOfFold(of: experiment)
        rows.append(row("out of fold", try Score(truth: all.truth, predicted: all.predicted, resamples: 0), ""))
        let columns: [ResultTable.Column] = [
            .init("fold", isNumeric: false), .init("n"), .init("RMSE", unit: unit), .init("MAE", unit: unit), .init("R2"),
            .init("kept epoch"),
        ]
        return ResultTable(
            columns: columns, rows: rows,
            notes: ["+- is the standard deviation over the folds; out of fold: all rows, each as the fold that left it out predicts it"]
                + notesOfChoice([experiment])
        ).marking(rows.map { _ in experiment.validationChose })
    }
}
