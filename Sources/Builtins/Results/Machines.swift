import Diagnostics
import Language
import Training

/// The table `machines`: the metrics of one training on several machines.
let machineTables = Vocabulary([
    Word(
        "machines", family: "Results", [Parameter("of", .object("experiment"), "an experiment that was run here and elsewhere")],
        gives: .sort(.table),
        """
        RMSE, MAE and R2 of each part as each machine came to them that ran the same training: \
        this one, and those whose runs `ecdx runs import` brought here.
        """,
        examples: [Example("table machines(bulk)", with: .crystals)], check: checkMachines,
        rows: ExperimentRows(
            noun: "machines", restsOnRecordedRuns: true, known: { _ in ([], ["machine"]) },
            compute: { call, context in try context.machinesRows(call) }),
        computes: { call, context in .table(try context.machinesRows(call).table) })
])

extension Library {
    /// Whether the result of a call depends on which runs of a training there are, besides on the training.
    public func looksAtMachines(_ call: Call) -> Bool { computed(call)?.rows?.restsOnRecordedRuns == true }
}

/// Refuses an experiment that is no single training, but the mean of folds. Throws `several-models`.
@Sendable private func checkMachines(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let object = call["of"].object, case .folds(let folds) = try context.experiment(object).form, folds.report == .mean else {
        return .call(call)
    }
    throw Diagnostic(
        "several-models", "`machines` expected one training, found the mean of folds", at: call.span(of: "of"),
        hint: "say `report: best` or `report: refit` in the experiment")
}

extension ComputeContext {
    /// The metrics of one training on each machine that carried it out, part by part, and for each row the position of its
    /// machine.
    fileprivate func machinesRows(_ call: Call) throws -> OwnedRows {
        let experiment = try experiment(call, "of")
        let machines = try results.machines(of: experiment)
        let unit = experiment.plan.unit
        var rows: [[ResultTable.Cell]] = []
        var owners: [Int?] = []
        var chosen: [String?] = []
        for (index, machine) in machines.enumerated() {
            var isFirst = true
            for part in partNames {
                guard let items = machine.result.parts[part], !items.ids.isEmpty else { continue }
                let score = try Score(truth: items.truth, predicted: items.predicted, resamples: 0)
                // Said once for people, in each row for programs.
                func once(_ text: String) -> ResultTable.Cell { .init(isFirst ? text : "", exact: text) }
                rows.append([
                    .init(String(index + 1)), .init(part), .init(String(score.count)),
                    .init(threeDigits(score.rmse.value), exact: exactly(score.rmse.value)),
                    .init(threeDigits(score.mae.value), exact: exactly(score.mae.value)),
                    score.r2.map { .init(fixed($0.value, 3), exact: exactly($0.value)) } ?? .init("n/a", exact: ""),
                    once(machine.host), once(machine.processor), once(machine.threads > 0 ? String(machine.threads) : ""),
                    once(machine.library), once(machine.run),
                ])
                owners.append(index)
                chosen.append(part == "validation" ? experiment.validationChose : nil)
                isFirst = false
            }
        }
        let columns: [ResultTable.Column] = [
            .init("machine"), .init("part", isNumeric: false), .init("n"), .init("RMSE", unit: unit), .init("MAE", unit: unit), .init("R2"),
            .init("host", isNumeric: false),
            .init("processor", isNumeric: false), .init("threads"), .init("library", isNumeric: false),
            .init("run", isNumeric: false, in: .file),
        ]
        let results = machines.map { $0.result.parts.mapValues(\.predicted) }
        let same = machines.count > 1 && results.dropFirst().allSatisfy { $0 == results[0] }
        let items = machines.indices.map { ListItem(call["of"], labels: ["machine": .number(Double($0 + 1))]) }
        return OwnedRows(
            table: ResultTable(
                columns: columns, rows: rows,
                notes: (same ? ["all machines came to the same predictions, bit for bit"] : []) + notesOfChoice([experiment])
            ).marking(chosen),
            owners: owners, items: items)
    }
}
