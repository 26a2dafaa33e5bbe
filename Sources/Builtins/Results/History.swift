import Diagnostics
import Language

/// The table `history`: the losses of the trainings of an experiment by epoch.
let histories = Vocabulary([
    Word(
        "history", family: "Results", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort(.table),
        "Losses of every epoch, of every stage and fold; of a search those of its best trial. Epoch 0 is what a later stage begins with.",
        examples: [Example("show history(bulk)", with: .crystals)],
        columns: { call, context in
            guard let object = call["of"].object else { return [] }
            let experiment = try context.experiment(object)
            return historyColumns(isNamed: experiment.folds != nil, isStaged: experiment.isStaged)
        },
        computes: { call, context in .table(try context.historyTable(call)) })
])

/// The columns of a history, of several trainings or stages too.
private func historyColumns(isNamed: Bool, isStaged: Bool) -> [ResultTable.Column] {
    (isNamed ? [.init("training", isNumeric: false)] : []) + (isStaged ? [.init("stage", isNumeric: false)] : [])
        + [.init("epoch"), .init("train loss"), .init("validation loss"), .init("rate"), .init("kept", isNumeric: false)]
}

extension ComputeContext {
    /// The table of losses and learning rates of every epoch of every training and stage that an experiment stands for.
    fileprivate func historyTable(_ call: Call) throws -> ResultTable {
        let experiment = try experiment(call, "of")
        let courses = try results.courses(of: experiment)
        let isNamed = courses.contains { !$0.name.isEmpty }
        let isStaged = courses.contains { $0.stages.contains { $0.name != nil } }
        let columns = historyColumns(isNamed: isNamed, isStaged: isStaged)
        var chosen: [String?] = []
        var showsValidation = false
        let rows = courses.flatMap { course in
            course.stages.flatMap { stage -> [[ResultTable.Cell]] in
                let choice = experiment.validationChose(inStage: stage.name)
                func row(_ epoch: Int, _ train: Double?, _ validation: Double?, _ rate: String) -> [ResultTable.Cell] {
                    let isKept = epoch == stage.result.keptEpoch
                    showsValidation = showsValidation || validation != nil
                    // The validation losses of other epochs chose nothing: they were not kept.
                    chosen.append(isKept && validation != nil ? choice : nil)
                    let names = (isNamed ? [course.name] : []) + (isStaged ? [stage.name ?? ""] : []) + [String(epoch)]
                    let losses = [train, validation].map { loss in
                        ResultTable.Cell(loss.map(threeDigits) ?? "", exact: loss.map(exactly) ?? "")
                    }
                    return names.map { .init($0) } + losses + [.init(rate), .init(isKept ? "kept" : "")]
                }
                let start = stage.result.start.map { [row(0, $0.train?.loss, $0.validation?.loss, "")] } ?? []
                return start + stage.result.history.map { row($0.epoch, $0.trainLoss, $0.validationLoss, written($0.rate)) }
            }
        }
        return ResultTable(columns: columns, rows: rows, notes: showsValidation ? notesOfChoice([experiment]) : []).marking(chosen)
    }
}
