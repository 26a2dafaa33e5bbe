import Diagnostics
import Language

/// The table `history`: the losses of a training by epoch.
let histories = Vocabulary([
    Word(
        "history", family: "Results", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("table"),
        "Losses of every epoch of a run; epoch 0 is what a later stage begins with.",
        examples: [Example("show history(bulk)", with: .crystals)],
        computes: { call, context in .table(try context.historyTable(call)) })
])

extension ComputeContext {
    /// The table of losses and learning rates of every epoch.
    fileprivate func historyTable(_ call: Call) throws -> ResultTable {
        let run = try results.result(of: object(call, "of"))
        let columns: [ResultTable.Column] = [
            .init("epoch"), .init("train loss"), .init("validation loss"), .init("rate"), .init("kept", isNumeric: false),
        ]
        func row(_ epoch: Int, _ train: Double?, _ validation: Double?, _ rate: String) -> [ResultTable.Cell] {
            let losses = [train, validation].map { loss in
                ResultTable.Cell(loss.map(threeDigits) ?? "", exact: loss.map { String($0) } ?? "")
            }
            return [.init(String(epoch))] + losses + [.init(rate), .init(epoch == run.keptEpoch ? "kept" : "")]
        }
        let start = run.start.map { [row(0, $0.train?.loss, $0.validation?.loss, "")] } ?? []
        return ResultTable(
            columns: columns,
            rows: start + run.history.map { row($0.epoch, $0.trainLoss, $0.validationLoss, written($0.rate)) })
    }
}
