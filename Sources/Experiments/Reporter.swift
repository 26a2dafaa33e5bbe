import Builtins
import Diagnostics
import Training

/// Who is told of progress and results: a terminal, a log, a test.
public protocol Reporter: AnyObject {
    func warn(_ diagnostic: Diagnostic)
    /// A line of what is being done, such as `reading 144 files`.
    func note(_ line: String)
    func began(_ name: String, _ header: FitHeader)
    func stepped(_ name: String, _ progress: FitProgress)
    func finished(_ name: String, epoch: EpochRecord)
    func ended(_ name: String, _ summary: String)
    func show(_ output: Output)
}

/// What an action puts out.
public enum Output: Sendable {
    case lines([String])
    case table(ResultTable, title: String)
    /// A file was written, or was there already with the same contents.
    case wrote(String, fresh: Bool)
}

/// Thrown when somebody asked to stop: the state is saved and the same command goes on from it.
public struct Interrupted: Error, Sendable {
    public var name: String
    /// Where a training stands; nil for other work.
    public var place: FitPlace?
}
