import Builtins
import Diagnostics
import Experiments
import Training

/// A reporter that shows results and progress on a terminal.
public final class TerminalReporter: Reporter {
    private let terminal: Terminal
    /// The texts that diagnostics point into.
    public var sources = SourceMap()
    /// The significant digits that numbers of tables are shown with; nil for those that their column has.
    var digits: Int?
    private var bar: ProgressBar?
    private var whole: WholeProgress?

    /// Creates a reporter on a terminal.
    public init(terminal: Terminal) { self.terminal = terminal }

    /// Prints a warning.
    public func warn(_ diagnostic: Diagnostic) { terminal.report(diagnostic, sources: sources) }
    /// Prints a line of what is being done.
    public func note(_ line: String) { terminal.write(err: escapeControls(line) + "\n") }

    /// Prints the summary of a training and starts its progress bar.
    public func began(_ name: String, _ header: FitHeader) {
        note(trainingHeadline(name, header))
        let done = max(0, (header.resumed?.epoch ?? 1) - 1)
        bar = ProgressBar(name, total: header.epochs, doneBefore: done, whole: whole, on: terminal)
    }

    /// Notes the place of the training in the whole run, for its progress bar.
    public func placed(_ whole: WholeProgress) {
        self.whole = whole
        bar?.place(whole)
    }

    /// Moves the progress bar by a step.
    public func stepped(_ name: String, _ progress: FitProgress) {
        bar?.update(done: progress.place.epoch - 1, part: Double(progress.place.step) / Double(max(1, progress.steps)))
    }

    /// Moves the progress bar by an epoch and shows the losses.
    public func finished(_ name: String, epoch: EpochRecord) {
        bar?.update(done: epoch.epoch, measures: Self.measures(of: epoch))
    }

    /// The losses of an epoch, as a progress line has them.
    static func measures(of epoch: EpochRecord) -> [ProgressState.Measure] {
        [.init("loss", epoch.trainLoss)] + (epoch.validationLoss.map { [.init("validation", short: "val", $0)] } ?? [])
    }

    /// Ends the progress bar with a summary of the training.
    public func ended(_ name: String, _ summary: String) {
        bar?.finish(note: summary)
        bar = nil
    }

    /// Removes the progress bar, because the computation was stopped or failed.
    public func stop() {
        bar?.cancel()
        bar = nil
    }

    /// Prints the output of an action.
    public func show(_ output: Output) {
        switch output {
        case .lines(let lines): terminal.write(out: lines.map { escapeControls($0) + "\n" }.joined())
        case .table(let table, let title): terminal.write(TextTable(table, title: title, digits: digits))
        case .wrote(let path, let fresh): terminal.write(err: escapeControls("\(fresh ? "wrote" : "unchanged"): \(path)") + "\n")
        }
    }
}

extension TextTable {
    /// Makes the printed form of a table of results.
    init(_ table: ResultTable, title: String, digits: Int? = nil) {
        let shown = table.columns.indices.filter { table.columns[$0].place != .file }
        self.init(
            title: title.isEmpty ? nil : title,
            columns: shown.map {
                Column(table.columns[$0].header, unit: table.columns[$0].unit, alignment: table.columns[$0].isNumeric ? .right : .left)
            },
            rows: table.rows.map { row in
                shown.map { index in
                    guard row.indices.contains(index) else { return "" }
                    guard let digits, table.columns[index].isNumeric, let value = Double(row[index].exact) else { return row[index].text }
                    return significant(value, digits: digits)
                }
            },
            footnotes: table.notes)
    }
}

/// The line that a training begins with: what learns, of how many items, and where it goes on from.
func trainingHeadline(_ name: String, _ header: FitHeader) -> String {
    let resumed = header.resumed.map { "; goes on from epoch \($0.epoch), step \($0.step)" } ?? ""
    let frozen = header.frozenParameters > 0 ? ", \(header.frozenParameters) frozen" : ""
    // What learns is said where not everything does.
    let where_ = header.frozenParameters > 0 ? " in \(header.trainingLayers.joined(separator: ", "))" : ""
    let follow = header.movingLayers.isEmpty ? "" : ", statistics of \(listed(header.movingLayers)) follow the batches"
    let stay = header.steadyLayers.isEmpty ? "" : ", statistics of \(listed(header.steadyLayers)) stay as they are"
    return """
        \(name): \(header.trainingParameters) parameters train\(where_)\(frozen)\(follow)\(stay); \
        \(header.trainItems) + \(header.validationItems) items, batch \(header.batch), \
        \(header.threads) thread\(header.threads == 1 ? "" : "s")\(resumed)
        """
}

/// A few names as they are, many as the first of them and a number.
private func listed(_ names: [String]) -> String {
    names.count <= 6 ? names.joined(separator: ", ") : "\(names.prefix(4).joined(separator: ", ")) and \(names.count - 4) more layers"
}
