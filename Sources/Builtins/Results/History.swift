import Diagnostics
import Language

/// The table `history`: the losses of the trainings of an experiment by epoch.
let histories = Vocabulary([
    Word(
        "history", family: "Results", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("table"),
        "Losses of every epoch, of every stage and fold; of a search those of its best trial.",
        examples: [Example("show history(bulk)", with: .crystals)],
        computes: { call, context in .table(try context.historyTable(call)) })
])

extension ComputeContext {
    /// The table of losses and learning rates of every epoch of every training and stage that an experiment stands for.
    fileprivate func historyTable(_ call: Call) throws -> ResultTable {
        let courses = try results.courses(of: object(call, "of"))
        let isNamed = courses.contains { !$0.name.isEmpty }
        let isStaged = courses.contains { $0.stages.contains { $0.name != nil } }
        var columns: [ResultTable.Column] = []
        if isNamed { columns.append(.init("training", isNumeric: false)) }
        if isStaged { columns.append(.init("stage", isNumeric: false)) }
        columns += [.init("epoch"), .init("train loss"), .init("validation loss"), .init("rate"), .init("kept", isNumeric: false)]
        let rows = courses.flatMap { course in
            course.stages.flatMap { stage in
                stage.result.history.map { record -> [ResultTable.Cell] in
                    (isNamed ? [.init(course.name)] : []) + (isStaged ? [.init(stage.name ?? "")] : []) + [
                        .init(String(record.epoch)), .init(threeDigits(record.trainLoss), exact: exactly(record.trainLoss)),
                        .init(record.validationLoss.map(threeDigits) ?? "", exact: record.validationLoss.map(exactly) ?? ""),
                        .init(written(record.rate)), .init(record.epoch == stage.result.keptEpoch ? "kept" : ""),
                    ]
                }
            }
        }
        return ResultTable(columns: columns, rows: rows)
    }
}
