import Builtins
import Diagnostics
import Glibc
import Storage
import Training

/// The pages of `ecdx runs` about the runs in a store.
public enum RunPages {
    /// The list of runs, the latest last. `isChosen`: conditions left out others.
    public static func list(_ folders: [RunFolder], of store: Store, isChosen: Bool = false) -> [Output] {
        let runs = folders.map { RecordedRun($0) }.sorted { ($0.latest ?? 0, $0.id) < ($1.latest ?? 0, $1.id) }
        guard !runs.isEmpty else { return [.lines([isChosen ? "no such runs in \(store.path)" : "no runs in \(store.path)"])] }
        let columns: [ResultTable.Column] = [
            .init("id", isNumeric: false), .init("name", isNumeric: false), .init("state", isNumeric: false), .init("epochs"),
            .init("kept"), .init("validation loss"),
            .init("holdout R2"), .init("when", isNumeric: false), .init("machine", isNumeric: false),
        ]
        let rows = runs.map { run -> [ResultTable.Cell] in
            [
                .init(run.id), .init(run.name), .init(run.state.rawValue + (run.isChecked == false ? ", not checked" : "")),
                .init(String(run.epochs)),
                .init(run.result.map { String($0.keptEpoch) } ?? ""),
                number(run.validationLoss), number(run.shownScore("holdout")?.r2?.value, digits: 3), .init(run.latest.map(clock) ?? ""),
                .init(run.hosts.joined(separator: ", ")),
            ]
        }
        return [
            .table(
                ResultTable(columns: columns, rows: rows, notes: choices(runs.filter { $0.validationLoss != nil }, trials: runs)), title: ""
            )
        ]
    }

    /// The note under a table of runs among which are trials.
    private static func trials(_ runs: [RecordedRun]) -> [String] {
        runs.contains { $0.isTrial && $0.result != nil } ? ["the holdout of trials is not shown: a search must not look at it"] : []
    }

    /// The notes under the scores of runs: whose epoch the validation part chose, and that the holdout of trials is not shown.
    private static func choices(_ runs: [RecordedRun], trials all: [RecordedRun]? = nil) -> [String] {
        let chosen = runs.filter(\.validationChose).map(\.id)
        return (chosen.isEmpty ? [] : ["validation chose the epoch of \(listed(chosen, most: 4))"]) + trials(all ?? runs)
    }

    /// The page of one run: where it stands, what it used, how it went, what it came to.
    public static func show(_ folder: RunFolder) -> [Output] {
        let run = RecordedRun(folder)
        var lines = ["run \(run.id): \(run.name.isEmpty ? "no name" : run.name), \(run.state.rawValue)"]
        if let message = run.message { lines.append("error: \(message)") }
        if let damage = run.damage {
            lines.append("damaged: \(damage.message)" + (damage.data.map { " (\($0.file))" } ?? ""))
            lines += damage.hints.map { "  hint: \($0)" }
        }
        if let isChecked = run.isChecked {
            lines.append(
                (RunOrigin.isImported(folder.path)
                    ? "brought from elsewhere, "
                    : RunContents.areThere(in: folder.path)
                        ? "with another hash for its weights than the result names, " : "without the hashes of its files, ")
                    + (isChecked
                        ? "checked: its weights give its predictions"
                        : "not checked: a script that uses it compares its predictions with those of its weights"))
        }
        lines.append("folder: \(folder.path)")
        for session in run.sessions {
            let place = session.resumed.map { "went on in epoch \($0.epoch) after step \($0.step)" } ?? "began"
            lines.append("\(place): \(clock(session.time))" + (session.machine.text.isEmpty ? "" : " on \(session.machine.text)"))
        }
        lines += history(of: run)
        if let resolved = run.resolved?.objectValue {
            lines.append("values:")
            for (name, value) in resolved.sorted(by: { $0.key < $1.key }) where !["node", "version"].contains(name) {
                lines += Self.value(name, value).map { "  " + $0 }
            }
        }
        guard run.result != nil else { return [.lines(lines)] }
        let rows = partNames.compactMap { part in
            run.shownScore(part).map {
                [.init(part), .init(String($0.count)), number($0.rmse.value), number($0.mae.value), number($0.r2?.value, digits: 3)]
                    as [ResultTable.Cell]
            }
        }
        let columns: [ResultTable.Column] = [.init("part", isNumeric: false), .init("n"), .init("RMSE"), .init("MAE"), .init("R2")]
        let notes = ["in the unit of the target"] + choices([run])
        return [.lines(lines), .table(ResultTable(columns: columns, rows: rows, notes: notes), title: "")]
    }

    /// The lines about the epochs of a run.
    private static func history(of run: RecordedRun) -> [String] {
        guard let result = run.result, let first = result.history.first, let last = result.history.last else {
            return run.epochs > 0 ? ["epochs: \(run.epochs) so far"] : []
        }
        let seconds = result.history.reduce(0) { $0 + $1.seconds }
        var lines = [
            "epochs: \(result.history.count), kept \(result.keptEpoch)"
                + (result.keptEpoch == 0 ? " (what it began with)" : "") + (result.stoppedEarly ? ", stopped early" : "")
                + ", \(threeDigits(seconds)) s",
            "train loss: \(threeDigits(first.trainLoss)) to \(threeDigits(last.trainLoss))",
        ]
        if let from = result.start?.validation?.loss ?? first.validationLoss, let to = last.validationLoss {
            let kept = run.validationLoss.map { ", kept \(threeDigits($0))" } ?? ""
            lines.append("validation loss: \(threeDigits(from)) to \(threeDigits(to))\(kept)")
        }
        return lines
    }

    /// A resolved value on one line; stages on a line each.
    private static func value(_ name: String, _ value: JSONValue) -> [String] {
        switch name {
        case "data": return ["data: \((value.stringValue ?? "").prefix(12))"]
        case "model":
            let inputs = (value["inputs"]?.arrayValue ?? []).map { "\($0["name"]?.stringValue ?? "") \($0["shape"].map(written) ?? "")" }
            let layers = (value["applications"]?.arrayValue ?? []).compactMap { $0["layer"] }.map { layer in
                written(layer) + (layer["weights"]?.stringValue.map { ", weights \($0.prefix(12))" } ?? "")
            }
            return ["model: \(inputs.joined(separator: ", "))"] + layers.map { "  >> \($0)" }
        case "stages":
            return ["stages:"]
                + (value.arrayValue ?? []).map { stage in
                    "  "
                        + (stage.objectValue ?? [:]).filter { $0.value != .null && $0.value != [] }.sorted { $0.key < $1.key }.map {
                            "\($0.key): \(written($0.value))"
                        }.joined(separator: ", ")
                }
        case "fold": return ["fold: \(fold(value))"]
        default: return ["\(name): \(written(value))"]
        }
    }

    /// The comparison of runs side by side: the values in which they differ, then what they came to.
    public static func compare(_ folders: [RunFolder]) -> [Output] {
        let runs = folders.map { RecordedRun($0) }
        guard let first = runs.first else { return [] }
        var fields: [String] = []
        var cells: [String: [String?]] = [:]
        var data = DataRecord(store: parentFolder(of: parentFolder(of: folders.first?.path ?? "")))
        for (index, run) in runs.enumerated().dropFirst() {
            guard let values = first.resolved, let others = run.resolved else { continue }
            let found = differences(from: values, to: others) { before, now in
                guard let old = data.description(before), let new = data.description(now) else { return [] }
                return dataDifferences(from: old, to: new)
            }
            for difference in found {
                if cells[difference.field] == nil {
                    fields.append(difference.field)
                    cells[difference.field] = [String?](repeating: nil, count: runs.count)
                }
                cells[difference.field]?[0] = difference.remark == nil ? difference.before ?? "not given" : "this"
                cells[difference.field]?[index] = difference.remark ?? difference.now ?? "not given"
            }
        }
        let damaged = data.damaged.map { "what differs in the data is not told: \($0.message)" + ($0.data.map { " (\($0.file))" } ?? "") }
        // Where a run does not differ from the first it has the same value.
        var rows = fields.map { field in
            [.init(field)] + (cells[field] ?? []).map { .init($0 ?? cells[field]?[0] ?? "") } as [ResultTable.Cell]
        }
        func row(_ name: String, _ cell: (RecordedRun) -> ResultTable.Cell) {
            let all = runs.map(cell)
            if all.contains(where: { !$0.text.isEmpty }) { rows.append([.init(name)] + all) }
        }
        row("state") { .init($0.state.rawValue) }
        row("epochs") { .init(String($0.epochs)) }
        row("kept epoch") { .init($0.result.map { String($0.keptEpoch) } ?? "") }
        row("validation loss") { number($0.validationLoss) }
        for part in partNames {
            row("\(part) RMSE") { number($0.shownScore(part)?.rmse.value) }
            row("\(part) MAE") { number($0.shownScore(part)?.mae.value) }
            row("\(part) R2") { number($0.shownScore(part)?.r2?.value, digits: 3) }
        }
        row("machine") { .init($0.hosts.joined(separator: ", ")) }
        row("processor") { .init($0.machine?.processor ?? "") }
        row("threads") { .init($0.machine.flatMap { $0.threads > 0 ? String($0.threads) : nil } ?? "") }
        row("library") { .init($0.machine?.library ?? "") }
        row("when") { .init($0.latest.map(clock) ?? "") }
        let columns =
            [ResultTable.Column("", isNumeric: false)]
            + runs.map { .init("\($0.id)\($0.name.isEmpty ? "" : " (\($0.name))")", isNumeric: false) }
        return [.table(ResultTable(columns: columns, rows: rows, notes: unknown(runs) + damaged + twins(runs) + choices(runs)), title: "")]
    }

    /// A sentence for each run whose values are not known, so that they are not compared.
    private static func unknown(_ runs: [RecordedRun]) -> [String] {
        runs.filter { $0.resolved == nil }.map { run in
            "the values of \(run.id) are not compared"
                + (run.damage.map { ": \($0.message)" + ($0.data.map { " (\($0.file))" } ?? "") } ?? ", since they are not there")
        }
    }

    /// A sentence for each two runs of the same training.
    private static func twins(_ runs: [RecordedRun]) -> [String] {
        var notes: [String] = []
        for (index, a) in runs.enumerated() {
            for b in runs[(index + 1)...] where a.resolved != nil && a.resolved == b.resolved {
                if a.isSameRun(as: b) {
                    notes.append("\(a.id) and \(b.id) are one and the same run")
                    continue
                }
                let places =
                    a.hosts.isEmpty || b.hosts.isEmpty
                    ? ""
                    : a.hosts == b.hosts
                        ? ", both on \(a.hosts.joined(separator: ", "))"
                        : ", on \(a.hosts.joined(separator: ", ")) and on \(b.hosts.joined(separator: ", "))"
                let weights =
                    a.weights == nil || b.weights == nil
                    ? "" : a.weights == b.weights ? "; their weights are the same to the bit" : "; their weights differ"
                notes.append("\(a.id) and \(b.id) are the same training\(places)\(weights)")
            }
        }
        return notes
    }

    private static func number(_ value: Double?, digits: Int? = nil) -> ResultTable.Cell {
        guard let value else { return .init("") }
        return .init(digits.map { fixed(value, $0) } ?? threeDigits(value), exact: String(value))
    }
}

/// A time as text such as `2026-03-01 14:05`, by the clock and the zone of this machine.
func clock(_ seconds: Double) -> String {
    guard var time = time_t(exactly: seconds.rounded(.down)) else { return "" }
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return "" }
    var text = [CChar](repeating: 0, count: 64)
    guard strftime(&text, text.count, "%Y-%m-%d %H:%M", &parts) > 0 else { return "" }
    return String(cBuffer: text)
}
