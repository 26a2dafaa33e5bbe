import Builtins
import Diagnostics
import Training

/// A reporter that passes everything on, and says of every table that it is a smoke run's.
final class SmokeReporter: Reporter {
    private let inner: any Reporter
    init(_ inner: any Reporter) { self.inner = inner }

    func warn(_ diagnostic: Diagnostic) { inner.warn(diagnostic) }
    func note(_ line: String) { inner.note(line) }
    func began(_ name: String, _ header: FitHeader) { inner.began(name, header) }
    func placed(_ whole: WholeProgress) { inner.placed(whole) }
    func stepped(_ name: String, _ progress: FitProgress) { inner.stepped(name, progress) }
    func finished(_ name: String, epoch: EpochRecord) { inner.finished(name, epoch: epoch) }
    func ended(_ name: String, _ summary: String) { inner.ended(name, summary) }

    func show(_ output: Output) {
        guard case .table(var table, let title) = output else { return inner.show(output) }
        table.notes.append(Smoke.note)
        inner.show(.table(table, title: title))
    }
}

/// The path where a smoke run writes what another would write to a path: `out/metrics.smoke.csv` for `out/metrics.csv`.
func smoked(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), dot > (path.lastIndex(of: "/") ?? path.startIndex) else { return path + ".smoke" }
    return path[..<dot] + ".smoke" + path[dot...]
}
