import Diagnostics
import Language
import Training

private let tunedRates = "adam(rate: loguniform(1e-4, 1e-1))"
private func example(_ search: String) -> [Example] {
    [Example("experiment found like bulk { optimizer: \(tunedRates), epochs: 2, search: \(search) }\ntable trials(found)", with: .crystals)]
}

/// The table `trials`: the trials of a search.
let trialTables = Vocabulary([
    Word(
        "trials", family: "Search", [Parameter("of", .object("experiment"), "an experiment with a search")],
        gives: .sort(.table), "The trials of a search: what each tried, what it came to.", examples: example("randomSearch(trials: 2)"),
        check: needsSearch, computes: { call, context in .table(try context.trialsTable(call)) })
])

/// Checks that an experiment has a search. Throws `type`.
@Sendable func needsSearch(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let object = call["of"].object, try context.experiment(object).search == nil else { return .call(call) }
    throw Diagnostic(
        "type", "`\(call.builtin)` expected an experiment with a search, found one without", at: call.span(of: "of"),
        hint: "as in `search: bayesian(trials: 20)`")
}

extension ComputeContext {
    /// The trials of a search, the best marked.
    fileprivate func trialsTable(_ call: Call) throws -> ResultTable {
        let experiment = try experiment(call, "of")
        let search = try experiment.searching()
        let spaces = search.spaces
        let monitor = search.monitor
        let records = try results.trials(of: experiment)
        let best = records.indices.filter { records[$0].score != nil }.min { (records[$0].score ?? 0) < (records[$1].score ?? 0) }
        let columns: [ResultTable.Column] =
            [.init("trial")] + spaces.map { .init($0.name, isNumeric: $0.isNumeric) }
            + [.init("epochs"), .init(monitor.description), .init("best", isNumeric: false)]
        let rows = records.enumerated().map { index, record -> [ResultTable.Cell] in
            let values = record.values.map { value in
                value.number.map { ResultTable.Cell(briefNumber($0), exact: written($0)) }
                    ?? ResultTable.Cell(value.string ?? source(of: value))
            }
            let score = record.score.map { ResultTable.Cell(threeDigits($0), exact: exactly($0)) } ?? ResultTable.Cell("failed", exact: "")
            return [.init(String(index + 1))] + values + [.init(String(record.epochs)), score, .init(index == best ? "best" : "")]
        }
        let failed = records.count { $0.score == nil }
        return ResultTable(
            columns: columns, rows: rows,
            notes: (failed > 0 ? ["\(failed) of \(records.count) trials failed: they diverged"] : []) + notesOfChoice([experiment])
        ).marking(records.map { $0.score == nil || monitor.part != .validation ? nil : experiment.validationChose })
    }
}
