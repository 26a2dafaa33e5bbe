import Builtins
import Diagnostics
import Language
import Training

/// The receiver of progress and results: a terminal, a log, a test.
public protocol Reporter: AnyObject {
    /// Tells of a warning.
    func warn(_ diagnostic: Diagnostic)
    /// Tells what is being done in a line such as `reading 144 files`.
    func note(_ line: String)
    /// Tells that a training began, or went on.
    func began(_ name: String, _ header: FitHeader)
    /// Tells which part of the whole run is trained, and how long all of it still takes, before a training begins and while it goes on.
    func placed(_ whole: WholeProgress)
    /// Tells how far a training is within an epoch.
    func stepped(_ name: String, _ progress: FitProgress)
    /// Tells of an epoch that ended.
    func finished(_ name: String, epoch: EpochRecord)
    /// Tells that a training ended, and how.
    func ended(_ name: String, _ summary: String)
    /// Shows the output of an action.
    func show(_ output: Output)
}

extension Reporter {
    /// Leaves the place of a training unsaid.
    public func placed(_ whole: WholeProgress) {}
}

/// The output of an action.
public enum Output: Sendable {
    /// Lines of text.
    case lines([String])
    /// A table of results, with a title that may be empty.
    case table(ResultTable, title: String)
    /// A file was written, or was there already with the same contents.
    case wrote(String, fresh: Bool)
}

/// The error thrown when somebody asked to stop: the state is saved and the same command goes on from it.
public struct Interrupted: Error, CheckStop, Sendable {
    /// Name of the training, or of the other work that was stopped.
    public var name: String
    /// Place that a training reached; nil for other work.
    public var place: FitPlace?
}
