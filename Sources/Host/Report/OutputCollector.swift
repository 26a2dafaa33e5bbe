import Experiments
import Reports
import Synchronization

/// What the actions of a script gave, in order, each with the line of its action.
public final class OutputCollector: Sendable {
    private struct State {
        var outputs: [ReportDocument.Output] = []
        var line: Int?
        var caption = ""
    }
    private let state = Mutex(State())

    /// Creates a collector without outputs.
    public init() {}

    /// A reporter that keeps what is shown here, and tells a terminal how far the work is.
    public func reporter(before terminal: TerminalReporter) -> any Reporter {
        CapturingReporter(ReportReporter(terminal), render: { ReportGatherer.text(of: $0, terminal.sources) }, keep: keep)
    }

    /// Says that what comes now belongs to the action on a line, and what it shows.
    func begin(line: Int?, caption: String) {
        state.withLock {
            $0.line = line
            $0.caption = caption
        }
    }

    /// Keeps an output.
    public func keep(_ content: ReportDocument.Output.Content) {
        state.withLock { $0.outputs.append(.init(content, line: $0.line)) }
    }

    /// Keeps a figure that was written to no file.
    public func keepFigure(_ svg: [UInt8]) {
        state.withLock {
            $0.outputs.append(.init(.figure(.init(mediaType: "image/svg+xml", bytes: svg, caption: $0.caption)), line: $0.line))
        }
    }

    /// Puts other outputs in place of those of the last action; `change` is given these and what the action shows.
    func change(_ change: (_ outputs: [ReportDocument.Output], _ caption: String) -> [ReportDocument.Output]) {
        state.withLock { state in
            let line = state.line
            let start = (state.outputs.lastIndex { $0.line != line } ?? -1) + 1
            let changed = change(Array(state.outputs[start...]), state.caption)
            state.outputs.replaceSubrange(start..., with: changed)
        }
    }

    /// All that was kept.
    public var outputs: [ReportDocument.Output] { state.withLock(\.outputs) }
}
