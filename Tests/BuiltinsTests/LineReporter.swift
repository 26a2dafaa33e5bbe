import Diagnostics
import Experiments
import Plotting
import Training

/// Keeps what is shown, as lines, and tells of each line and note as it comes.
final class LineReporter: Reporter {
    var lines: [String] = []
    /// Lines below the tables that were shown.
    var notes: [String] = []
    /// Warnings.
    var warnings: [Diagnostic] = []
    /// Names of the trainings that began.
    var trained: [String] = []
    /// Messages of the warnings.
    var warned: [String] { warnings.map(\.message) }
    /// Called with each line that is shown.
    var shown: (String) throws -> Void = { _ in }
    /// Called with each note, such as that files are read.
    var noted: (String) throws -> Void = { _ in }

    func warn(_ diagnostic: Diagnostic) { warnings.append(diagnostic) }
    func note(_ line: String) { try? noted(line) }
    func began(_ name: String, _ header: FitHeader) { trained.append(name) }
    func stepped(_ name: String, _ progress: FitProgress) {}
    func finished(_ name: String, epoch: EpochRecord) {}
    func ended(_ name: String, _ summary: String) {}

    func show(_ output: Output) {
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
