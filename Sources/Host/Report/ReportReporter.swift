import Builtins
import Diagnostics
import Experiments
import Training

/// A reporter that tells how far the work is, and which files were written; the results themselves go into the report.
public final class ReportReporter: Reporter {
    private let inner: any Reporter

    /// Creates a reporter in front of another one.
    public init(_ inner: any Reporter) { self.inner = inner }

    /// Hands a warning on.
    public func warn(_ diagnostic: Diagnostic) { inner.warn(diagnostic) }
    /// Hands a line of what is being done on.
    public func note(_ line: String) { inner.note(line) }
    /// Hands on that a training began.
    public func began(_ name: String, _ header: FitHeader) { inner.began(name, header) }
    /// Hands on how far a training is.
    public func stepped(_ name: String, _ progress: FitProgress) { inner.stepped(name, progress) }
    /// Hands on that an epoch ended.
    public func finished(_ name: String, epoch: EpochRecord) { inner.finished(name, epoch: epoch) }
    /// Hands on that a training ended.
    public func ended(_ name: String, _ summary: String) { inner.ended(name, summary) }
    /// Hands on which files were written anew.
    public func show(_ output: Output) {
        if case .wrote(_, fresh: true) = output { inner.show(output) }
    }
}
