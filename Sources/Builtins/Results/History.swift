import Diagnostics
import Language

/// The table `history`: the losses of a training by epoch.
let histories = Vocabulary([
    Word(
        "history", family: "Results", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("table"),
        "Losses of every epoch of a run.", examples: [Example("show history(bulk)", with: .crystals)],
        computes: { call, context in .table(try context.historyTable(call)) })
])

extension ComputeContext {
    /// The table of losses and learning rates of every epoch.
    fileprivate func historyTable(_ call: Call) throws -> ResultTable {
        let run = try results.result(of: object(call, "of"))
        let columns: [ResultTable.Column] = [
            .init("epoch"), .init("train loss"), .init("validation loss"), .init("rate"), .init("kept", isNumeric: false),
        ]
        return ResultTable(
            columns: columns,
            rows: run.history.map { record in
                [
                    .init(String(record.epoch)), .init(threeDigits(record.trainLoss), exact: String(record.trainLoss)),
                    .init(record.validationLoss.map(threeDigits) ?? "", exact: record.validationLoss.map { String($0) } ?? ""),
                    .init(written(record.rate)), .init(record.epoch == run.keptEpoch ? "kept" : ""),
                ]
            })
    }
}
