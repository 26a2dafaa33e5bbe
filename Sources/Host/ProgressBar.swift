import Experiments
import Glibc
import Synchronization

/// The progress of one computation on a terminal: a bar redrawn in place at most ten times a second. Where nothing can be redrawn, a
/// line for each tenth of the units and at least one in 30 s; of a computation that is one of several only the latter, and its end.
/// May be updated from any thread.
public final class ProgressBar: Sendable {
    private struct State {
        var progress: ProgressState
        var drawn: Double?
        var logged: ProgressState
        var loggedAt: Double = 0
        var finished = false
    }

    static let redrawEvery = 0.1
    static let logEvery = 30.0

    private let terminal: Terminal
    private let clock: @Sendable () -> Double
    private let start: Double
    private let state: Mutex<State>

    /// Starts a progress bar. `doneBefore` is what a run that this one continues had done. `clock` tells seconds that never
    /// go back.
    public init(
        _ name: String, unit: String = "epoch", total: Int, doneBefore: Int = 0, whole: WholeProgress? = nil, on terminal: Terminal,
        clock: @escaping @Sendable () -> Double = steadySeconds
    ) {
        var progress = ProgressState(name: name, unit: unit, done: doneBefore, total: total, doneBefore: doneBefore)
        progress.whole = whole
        self.terminal = terminal
        self.clock = clock
        self.start = clock()
        self.state = Mutex(State(progress: progress, logged: progress))
    }

    /// Updates the progress: `done` units are done, and `part` (0 to 1) of the next. Measures stay until new ones are
    /// given.
    public func update(done: Int, part: Double = 0, measures: [ProgressState.Measure]? = nil) {
        let now = clock() - start
        state.withLock { state in
            guard !state.finished else { return }
            let tenth = max(1, (state.progress.total + 9) / 10)
            let isOne = state.progress.whole?.parts.isEmpty ?? true
            let before = state.progress.done
            let isDue = isOne && (done / tenth != before / tenth || done == state.progress.total && done != before)
            state.progress.done = done
            state.progress.part = part
            state.progress.elapsed = now
            if let measures { state.progress.measures = measures }
            if terminal.redraws {
                if let drawn = state.drawn, now - drawn < Self.redrawEvery { return }
                state.drawn = now
                terminal.setStatus(line(state.progress))
            } else if isDue || now - state.loggedAt >= Self.logEvery {
                log(&state, note: nil)
            }
        }
    }

    /// Says anew what place the computation has in the whole run, with the next line.
    public func place(_ whole: WholeProgress) { state.withLock { $0.progress.whole = whole } }

    /// How far the computation is.
    public var progress: ProgressState { state.withLock { $0.progress } }

    /// Ends the progress with one line that stays, and `note` after it (for example `stopped early, kept epoch 57`). Where
    /// lines were logged, one is added only if there is something new to say. A second call does nothing.
    public func finish(note: String? = nil) {
        let now = clock() - start
        state.withLock { state in
            guard !state.finished else { return }
            state.finished = true
            state.progress.elapsed = now
            terminal.setStatus(nil)
            if terminal.redraws {
                terminal.write(err: fitted(state.progress.logLine(note: note)) + "\n")
            } else if state.logged.done != state.progress.done || state.logged.measures != state.progress.measures {
                log(&state, note: note)
            } else if let note {
                let name = state.progress.name
                terminal.write(err: (name.isEmpty ? note : name + "  " + note) + "\n")
            }
        }
    }

    /// Removes the bar without a word.
    public func cancel() {
        state.withLock { state in
            guard !state.finished else { return }
            state.finished = true
            terminal.setStatus(nil)
        }
    }

    private func log(_ state: inout State, note: String?) {
        terminal.write(err: state.progress.logLine(note: note) + "\n")
        state.logged = state.progress
        state.loggedAt = state.progress.elapsed
    }

    private func line(_ progress: ProgressState) -> String {
        progress.screenLine(width: terminal.statusWidth, ascii: !terminal.traits.unicode)
    }

    private func fitted(_ line: String) -> String {
        truncated(line, to: max(1, terminal.width ?? 80), ellipsis: terminal.traits.unicode ? "…" : "~")
    }
}

/// The time in seconds of a clock that never goes back.
@Sendable public func steadySeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
