import Builtins
import Diagnostics
import Experiments
import Language
import Plotting
import Reports
import Storage
import Training

/// A reporter that keeps every output of a run in its store, in front of another one that shows it.
public final class KeepingReporter: Reporter {
    private let inner: any Reporter
    private var log: OutputLog?
    private var line: Int?
    private var progress: ProgressState?
    private var since = 0.0
    private var toldAt = -Double.infinity
    private var whole: WholeProgress?
    /// The texts that diagnostics point into.
    public var sources = SourceMap()

    /// Creates a reporter that keeps nothing yet.
    public init(_ inner: any Reporter) { self.inner = inner }

    /// Keeps the outputs of a run from now on. Throws `in-use` where another process runs the script, and `cannot-write`.
    public func keep(at place: KeptOutputs, script: String, text: String) throws {
        log = try OutputLog(place, script: script, text: text)
    }

    /// Notes that an action begins, which the outputs that follow belong to.
    public func perform(_ action: CheckedScript.Action) {
        line = sources.position(of: action.span.start, in: action.span.file)?.line
        log?.add(.action(line: line))
    }

    /// Notes how the run ended; nothing is kept from then on.
    public func end(status: Int32) {
        log?.end(status: status)
        log = nil
    }

    /// Keeps a diagnostic that ends the run, which somebody else prints.
    public func keep(_ diagnostic: Diagnostic) {
        let text = Renderer(sources: sources, color: false).render([diagnostic])
        keep(.diagnostic(severity: diagnostic.severity.rawValue, text: text))
    }

    /// Keeps a figure that is shown on the screen, in characters.
    public func keep(_ figure: Figure, with gnuplot: Gnuplot) {
        guard log != nil, let text = try? renderText(figure, with: gnuplot) else { return }
        keep(.lines(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
    }

    /// Keeps a line that somebody else prints.
    public func keep(note: String) { log?.add(.note(note)) }

    private func keep(_ content: ReportDocument.Output.Content, isNew: Bool = true) {
        log?.add(.output(.init(content, line: line), isNew: isNew))
    }

    /// Keeps a warning, and hands it on.
    public func warn(_ diagnostic: Diagnostic) {
        keep(diagnostic)
        inner.warn(diagnostic)
    }

    /// Keeps a line of what is being done, and hands it on.
    public func note(_ line: String) {
        keep(note: line)
        inner.note(line)
    }

    /// Notes the place of a training, and hands it on.
    public func placed(_ whole: WholeProgress) {
        self.whole = whole
        progress?.whole = whole
        inner.placed(whole)
    }

    /// Keeps that a training began, and hands it on.
    public func began(_ name: String, _ header: FitHeader) {
        keep(note: trainingHeadline(name, header))
        let before = max(0, (header.resumed?.epoch ?? 1) - 1)
        progress = ProgressState(name: name, done: before, total: header.epochs, doneBefore: before)
        progress?.whole = whole
        since = steadySeconds()
        toldAt = -Double.infinity
        inner.began(name, header)
    }

    /// Keeps how far a training is, and hands it on.
    public func stepped(_ name: String, _ step: FitProgress) {
        progress?.done = step.place.epoch - 1
        progress?.part = Double(step.place.step) / Double(max(1, step.steps))
        tell()
        inner.stepped(name, step)
    }

    /// Keeps the losses of an epoch, and hands them on.
    public func finished(_ name: String, epoch: EpochRecord) {
        progress?.done = epoch.epoch
        progress?.part = 0
        progress?.measures = TerminalReporter.measures(of: epoch)
        tell()
        inner.finished(name, epoch: epoch)
    }

    /// Keeps how a training ended, and hands it on.
    public func ended(_ name: String, _ summary: String) {
        if var last = progress, last.name == name {
            last.elapsed = steadySeconds() - since
            keep(note: last.logLine(note: summary))
        } else {
            keep(note: "\(name)  \(summary)")
        }
        progress = nil
        inner.ended(name, summary)
    }

    /// Keeps the output of an action, and hands it on.
    public func show(_ output: Output) {
        switch output {
        case .lines(let lines): keep(.lines(lines))
        case .table(let table, let title): keep(.table(ReportDocument.ResultGrid(table, title: title)))
        case .wrote(let path, let fresh): keep(.file(path), isNew: fresh)
        }
        inner.show(output)
    }

    /// Writes how far the training is, at most twice a second.
    private func tell() {
        let now = steadySeconds()
        guard now - toldAt >= 0.5, var last = progress else { return }
        toldAt = now
        last.elapsed = now - since
        log?.write(last)
    }
}
