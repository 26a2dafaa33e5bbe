import Diagnostics
import Experiments
import Language
import Reports
import Training

/// What the actions of a script showed when it was last run, by the text of the action.
public struct ShownOutputs: Sendable {
    /// An action of a script: its text, and how many of that text stand before it.
    struct Action: Hashable {
        var text: String
        var number: Int
    }
    fileprivate var outputs: [Action: [ReportDocument.Output.Content]] = [:]

    /// Creates the outputs of a script that was not run yet.
    public init() {}
}

/// A reporter that hands on the outputs of an action only where they are not what it showed the last time.
public final class ChangedOutputs: Reporter {
    private let inner: any Reporter
    private let before: ShownOutputs
    private var now = ShownOutputs()
    private var action: ShownOutputs.Action?
    private var held: [(content: ReportDocument.Output.Content, isNew: Bool, show: () -> Void)] = []
    /// How many actions showed what they had shown before.
    public private(set) var unchanged = 0
    /// The texts that diagnostics point into.
    public var sources = SourceMap()

    /// Creates a reporter in front of another one; `before`: what was shown already.
    public init(_ inner: any Reporter, before: ShownOutputs) {
        self.inner = inner
        self.before = before
    }

    /// What was shown, for the next run: of actions that were not performed what they showed before.
    public var shown: ShownOutputs {
        var all = before
        all.outputs.merge(now.outputs) { _, new in new }
        return all
    }

    /// Notes that an action begins.
    public func perform(_ action: CheckedScript.Action) {
        let text = sources.text(of: action.span) ?? ""
        let number = now.outputs.keys.count { $0.text == text }
        self.action = .init(text: text, number: number)
        held = []
    }

    /// Notes that an action is over, and shows its outputs where they are others than before. Of one that failed or was stopped
    /// (`isWhole` false) all are shown.
    public func finish(isWhole: Bool = true) {
        let contents = held.map(\.content)
        let isKnown = isWhole && action.map { before.outputs[$0] == contents } == true && !held.contains { $0.isNew }
        if isKnown { unchanged += 1 } else { held.forEach { $0.show() } }
        if isWhole, let action { now.outputs[action] = contents }
        held = []
        action = nil
    }

    private func hold(_ content: ReportDocument.Output.Content, isNew: Bool = false, _ show: @escaping () -> Void) {
        if action == nil { show() } else { held.append((content, isNew, show)) }
    }

    /// Holds a figure that is shown on the screen; `text` is what it looks like in characters.
    public func hold(figure text: String, show: @escaping () -> Void) { hold(.lines([text]), show) }

    /// Holds a warning.
    public func warn(_ diagnostic: Diagnostic) {
        hold(.diagnostic(severity: diagnostic.severity.rawValue, text: diagnostic.message)) { [inner] in inner.warn(diagnostic) }
    }
    /// Hands on what is being done.
    public func note(_ line: String) { inner.note(line) }
    /// Hands on the place of a training.
    public func placed(_ whole: WholeProgress) { inner.placed(whole) }
    /// Hands on that a training began.
    public func began(_ name: String, _ header: FitHeader) { inner.began(name, header) }
    /// Hands on how far a training is.
    public func stepped(_ name: String, _ progress: FitProgress) { inner.stepped(name, progress) }
    /// Hands on that an epoch ended.
    public func finished(_ name: String, epoch: EpochRecord) { inner.finished(name, epoch: epoch) }
    /// Hands on that a training ended.
    public func ended(_ name: String, _ summary: String) { inner.ended(name, summary) }

    /// Holds an output until the action is over.
    public func show(_ output: Output) {
        let show = { [inner] in inner.show(output) }
        switch output {
        case .lines(let lines): hold(.lines(lines), show)
        case .table(let table, let title): hold(.table(ReportDocument.ResultGrid(table, title: title)), show)
        case .wrote(let path, let fresh): hold(.file(path), isNew: fresh, show)
        }
    }
}
