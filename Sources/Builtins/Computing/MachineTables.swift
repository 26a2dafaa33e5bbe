import Diagnostics
import Language
import Training

/// One training as one machine carried it out.
public struct MachineRun: Sendable {
    /// The id of the run.
    public var run: String
    /// Names of the machines that had a part in it; empty where the record does not say.
    public var host: String
    public var processor: String
    public var threads: Int
    /// The library behind the engine, with its version.
    public var library: String
    public var result: RunResult

    public init(run: String, host: String, processor: String, threads: Int, library: String, result: RunResult) {
        self.run = run
        self.host = host
        self.processor = processor
        self.threads = threads
        self.library = library
        self.result = result
    }
}

extension Computer {
    /// The parts of one training on each machine that carried it out, and for each row the position of its machine.
    func machinesRows(_ call: Call) throws -> (table: ResultTable, owners: [Int?]) {
        let experiment = try object(call, "of")
        let machines = try supplies.machines(of: experiment)
        let unit = try supplies.plan(of: object(in: experiment, "data")).unit
        var rows: [[ResultTable.Cell]] = [], owners: [Int?] = []
        for (index, machine) in machines.enumerated() {
            var isFirst = true
            for part in partNames {
                guard let items = machine.result.parts[part], !items.ids.isEmpty else { continue }
                let score = try Score(truth: items.truth, predicted: items.predicted, resamples: 0)
                // Said once for people, in each row for programs.
                func once(_ text: String) -> ResultTable.Cell { .init(isFirst ? text : "", exact: text) }
                rows.append([
                    .init(String(index + 1)), .init(part), .init(String(score.count)), .init(threeDigits(score.rmse.value), exact: String(score.rmse.value)),
                    .init(threeDigits(score.mae.value), exact: String(score.mae.value)), score.r2.map { .init(fixed($0.value, 3), exact: String($0.value)) } ?? .init("n/a", exact: ""),
                    once(machine.host), once(machine.processor), once(machine.threads > 0 ? String(machine.threads) : ""), once(machine.library), once(machine.run),
                ])
                owners.append(index)
                isFirst = false
            }
        }
        let columns: [ResultTable.Column] = [
            .init("machine"), .init("part", isNumeric: false), .init("n"), .init("RMSE", unit: unit), .init("MAE", unit: unit), .init("R2"), .init("host", isNumeric: false),
            .init("processor", isNumeric: false), .init("threads"), .init("library", isNumeric: false), .init("run", isNumeric: false, in: .file),
        ]
        let results = machines.map { $0.result.parts.mapValues(\.predicted) }
        let same = machines.count > 1 && results.dropFirst().allSatisfy { $0 == results[0] }
        return (ResultTable(columns: columns, rows: rows, notes: same ? ["all machines came to the same predictions, bit for bit"] : []), owners)
    }
}

/// Refuses what is no single training.
@Sendable func checkMachines(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let experiment = call["of"].object, experiment["search"].isNone, experiment.foldCount != nil, experiment["report"].word == "mean" else { return .call(call) }
    throw Diagnostic(
        "several-models", "`machines` expected one training, found the mean of folds", at: call.span(of: "of"), hint: "say `report: best` or `report: refit` in the experiment")
}

let machineBuiltins: [Builtin] = [
    Builtin(
        "machines", family: "Results", [Parameter("of", .object("experiment"), "an experiment that was run here and elsewhere")],
        gives: .sort("table"),
        "RMSE, MAE and R2 of each part as each machine came to them that ran the same training: this one, and those whose runs `ecdx runs import` brought here.",
        examples: [Example("table machines(bulk)", with: .crystals)], check: checkMachines),
]
