import Diagnostics
import Glibc
import Synchronization

/// The terminal, or what stands for it: results go to `out`, progress and diagnostics to `err`, and a status line (a
/// progress bar) stays below whatever is written. May be used from any thread.
public final class Terminal: Sendable {
    /// The capabilities of the two streams.
    public struct Traits: Sendable, Hashable {
        /// Whether results go to a terminal.
        public var outIsTTY: Bool
        /// Whether progress and diagnostics go to a terminal.
        public var errIsTTY: Bool
        /// Whether escape sequences move the cursor: false for `TERM=dumb`.
        public var movesCursor: Bool
        /// Whether colours are wanted.
        public var allowsColor: Bool
        /// Whether characters outside ASCII can be shown.
        public var unicode: Bool

        /// Creates traits.
        public init(outIsTTY: Bool, errIsTTY: Bool, movesCursor: Bool = true, allowsColor: Bool = true, unicode: Bool = true) {
            self.outIsTTY = outIsTTY
            self.errIsTTY = errIsTTY
            self.movesCursor = movesCursor
            self.allowsColor = allowsColor
            self.unicode = unicode
        }
    }

    /// One of the two streams.
    public enum Stream: Sendable, Hashable { case out, err }

    private struct State {
        var status: String?
        /// Whether the status line is on the screen now.
        var shown = false
        /// Whether the cursor stands at the start of a line, where a status line may be drawn.
        var lineStart = true
        var failures: [Stream: Int32] = [:]
    }

    /// The capabilities of the two streams.
    public let traits: Traits
    private let measure: @Sendable () -> Int?
    private let measureWindow: @Sendable () -> WindowSize?
    private let sink: @Sendable (Stream, [UInt8]) -> Int32
    private let state = Mutex(State())

    /// Creates a terminal. `width` and `window` are asked at each use, since windows change. `sink` writes all bytes and
    /// returns 0, or an errno.
    public init(
        traits: Traits, width: @escaping @Sendable () -> Int?, window: @escaping @Sendable () -> WindowSize? = { nil },
        sink: @escaping @Sendable (Stream, [UInt8]) -> Int32
    ) {
        self.traits = traits
        self.measure = width
        self.measureWindow = window
        self.sink = sink
    }

    /// The width of the screen in columns; nil where there is no limit (a file, a pipe).
    public var width: Int? { measure() }

    /// The window behind the screen; nil where there is none.
    public var window: WindowSize? { measureWindow() }

    /// The width of a status line in columns: three fewer than the screen has, since the `^C` that a terminal echoes after
    /// it must not wrap to the next line.
    public var statusWidth: Int { max(1, (width ?? 80) - 3) }

    /// Whether results may be coloured.
    public var colorsOut: Bool { traits.outIsTTY && traits.allowsColor }

    /// Whether diagnostics and progress may be coloured.
    public var colorsErr: Bool { traits.errIsTTY && traits.allowsColor }

    /// Whether a status line can be redrawn in place.
    public var redraws: Bool { traits.errIsTTY && traits.movesCursor }

    /// The errno of the first write that failed on a stream (`EPIPE`: its reader has gone). Later writes to it are dropped.
    public func failure(of stream: Stream) -> Int32? { state.withLock { $0.failures[stream] } }

    /// The errno of the first write that failed, forgotten with this call: the next write is tried again.
    public func takeFailure(of stream: Stream) -> Int32? { state.withLock { $0.failures.removeValue(forKey: stream) } }

    /// Writes results.
    public func write(out text: String) { write(text, to: .out) }

    /// Writes progress or diagnostics.
    public func write(err text: String) { write(text, to: .err) }

    /// The largest number of diagnostics of a text that are written. Where it is broken at its beginning every line is
    /// wrong, and nobody reads further than this.
    private static let mostDiagnostics = 100

    /// Writes diagnostics, rendered, a blank line between two; the first hundred of very many.
    public func report(_ diagnostics: [Diagnostic], sources: SourceMap = SourceMap()) {
        guard !diagnostics.isEmpty else { return }
        let shown = diagnostics.prefix(Self.mostDiagnostics)
        write(err: Renderer(sources: sources, color: colorsErr).render(Array(shown)) + "\n")
        if shown.count < diagnostics.count {
            write(err: "\nand \(diagnostics.count - shown.count) more; mend the first of these and check again\n")
        }
    }

    /// Writes one diagnostic, rendered.
    public func report(_ diagnostic: Diagnostic, sources: SourceMap = SourceMap()) { report([diagnostic], sources: sources) }

    /// Writes a table of results, as wide as the screen.
    public func write(_ table: TextTable) {
        write(out: table.text(width: traits.outIsTTY ? width : nil, ascii: !traits.unicode))
    }

    /// Shows `line` below everything written, in place of the status before it; nil takes it away.
    /// Does nothing where the screen cannot redraw a line. The line is cut to the width of the screen.
    public func setStatus(_ line: String?) {
        guard redraws else { return }
        state.withLock { state in
            state.status = line
            if line == nil { hide(&state) } else if state.lineStart { show(&state) }
        }
    }

    private func write(_ text: String, to stream: Stream) {
        guard !text.isEmpty else { return }
        let onScreen = stream == .err ? traits.errIsTTY : traits.outIsTTY
        state.withLock { state in
            if onScreen { hide(&state) }
            send(Array(text.utf8), to: stream, &state)
            guard onScreen else { return }
            state.lineStart = text.utf8.last == 0x0A
            if state.status != nil, state.lineStart { show(&state) }
        }
    }

    private func show(_ state: inout State) {
        guard let status = state.status else { return }
        let line = truncated(escapeControls(status), to: statusWidth, ellipsis: traits.unicode ? "…" : "~")
        send(Array("\r\(line)\u{1B}[K".utf8), to: .err, &state)
        state.shown = true
    }

    private func hide(_ state: inout State) {
        guard state.shown else { return }
        send(Array("\r\u{1B}[K".utf8), to: .err, &state)
        state.shown = false
    }

    private func send(_ bytes: [UInt8], to stream: Stream, _ state: inout State) {
        guard state.failures[stream] == nil else { return }
        let error = sink(stream, bytes)
        if error != 0 { state.failures[stream] = error }
    }
}
