import Diagnostics
import Experiments
import Plotting
import Training

/// Keeps what is shown, as lines, and tells of each line and note as it comes.
public final class LineReporter: Reporter {
    /// Lines that were shown.
    public var lines: [String] = []
    /// Lines below the tables that were shown.
    public var notes: [String] = []
    /// Warnings.
    public var warnings: [Diagnostic] = []
    /// Names of the trainings that began.
    public var trained: [String] = []
    /// Messages of the warnings.
    public var warned: [String] { warnings.map(\.message) }
    /// Called with each line that is shown.
    public var shown: (String) throws -> Void = { _ in }
    /// Called with each note, such as that files are read.
    public var noted: (String) throws -> Void = { _ in }

    /// Creates a reporter that has nothing yet.
    public init() {}

    public func warn(_ diagnostic: Diagnostic) { warnings.append(diagnostic) }
    public func note(_ line: String) { try? noted(line) }
    public func began(_ name: String, _ header: FitHeader) { trained.append(name) }
    public func stepped(_ name: String, _ progress: FitProgress) {}
    public func finished(_ name: String, epoch: EpochRecord) {}
    public func ended(_ name: String, _ summary: String) {}

    public func show(_ output: Output) {
        switch output {
        case .lines(let shown): lines += shown
        case .table(let table, let title):
            if !title.isEmpty { lines.append(title) }
            lines.append(table.columns.map(\.header).joined(separator: " | "))
            lines += table.rows.map { $0.map(\.text).joined(separator: " | ") }
            notes += table.notes
        case .wrote(let path, _): lines.append("wrote " + path)
        }
        try? shown(lines.last ?? "")
    }
}
