import Builtins
import Diagnostics
import Experiments
import Reports
import Training

/// A reporter that hands every output on to another and keeps it for a report or a notebook.
public final class CapturingReporter: Reporter {
    private let inner: any Reporter
    private let render: (Diagnostic) -> String
    private let keep: (ReportDocument.Output.Content) -> Void

    /// Creates a reporter in front of another one; `keep` is given each output as it comes, warnings as `render` writes them.
    public init(
        _ inner: any Reporter, render: @escaping (Diagnostic) -> String = { $0.message },
        keep: @escaping (ReportDocument.Output.Content) -> Void
    ) {
        self.inner = inner
        self.render = render
        self.keep = keep
    }

    /// Keeps a warning, and hands it on.
    public func warn(_ diagnostic: Diagnostic) {
        keep(.diagnostic(severity: diagnostic.severity.rawValue, text: render(diagnostic)))
        inner.warn(diagnostic)
    }
    /// Hands a line of what is being done on.
    public func note(_ line: String) { inner.note(line) }
    /// Hands on that a training began.
    public func began(_ name: String, _ header: FitHeader) { inner.began(name, header) }
    /// Hands on how far a training is.
    public func stepped(_ name: String, _ progress: FitProgress) { inner.stepped(name, progress) }
    /// Hands on where a training stands in the whole.
    public func placed(_ whole: WholeProgress) { inner.placed(whole) }
    /// Hands on that an epoch ended.
    public func finished(_ name: String, epoch: EpochRecord) { inner.finished(name, epoch: epoch) }
    /// Hands on that a training ended.
    public func ended(_ name: String, _ summary: String) { inner.ended(name, summary) }

    /// Keeps the output of an action, and hands it on.
    public func show(_ output: Output) {
        switch output {
        case .lines(let lines): keep(.lines(lines))
        case .table(let table, let title): keep(.table(ReportDocument.ResultGrid(table, title: title)))
        case .wrote(let path, _): keep(.file(path))
        }
        inner.show(output)
    }
}

extension ReportDocument.ResultGrid {
    /// The columns of a table of results that people see.
    public init(_ table: ResultTable, title: String) {
        let shown = table.columns.indices.filter { table.columns[$0].place != .file }
        func cells(_ row: [ResultTable.Cell], _ text: (ResultTable.Cell) -> String) -> [String] {
            shown.map { row.indices.contains($0) ? text(row[$0]) : "" }
        }
        self.init(
            title: title,
            columns: shown.map {
                .init(table.columns[$0].header, unit: table.columns[$0].unit, isNumeric: table.columns[$0].isNumeric)
            },
            rows: table.rows.map { cells($0, \.text) }, exact: table.rows.map { cells($0, \.exact) }, notes: table.notes)
    }
}
