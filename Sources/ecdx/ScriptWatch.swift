import ArgumentParser
import Diagnostics
import Dispatch
import Experiments
import Glibc
import Host
import Plotting
import Storage
import Synchronization

/// `ecdx run --watch`: runs a script again whenever it, or a file that it rests on, is saved.
struct ScriptWatch {
    let options: ScriptOptions
    let terminal: Terminal
    private let files = FileWatch()

    init(options: ScriptOptions, terminal: Terminal) {
        self.options = options
        self.terminal = terminal
    }

    func run() throws {
        try Interrupt.install()
        let script = try absolutePath(options.script)
        guard fileStatus(script) != nil else {
            _ = try options.open(terminal)
            return
        }
        var shown = ShownOutputs()
        var watched = [script]
        while true {
            let before = FileWatch.looks(of: watched)
            let round = Round(options: options, terminal: terminal, files: files, script: script, before: before)
            try round.run(&shown, &watched)
            if !round.isOutdated {
                files.look(at: watched, as: before)
                terminal.write(err: "waiting for `\(lastName(of: script))` to be saved; Ctrl-C ends\n")
            }
            while !round.isOutdated, !files.hasChanged(within: 100) { try stopIfAsked() }
            try stopIfAsked()
        }
    }

    private func stopIfAsked() throws {
        if let signal = Interrupt.requested { throw ExitCode(Interrupt.exitStatus(of: signal)) }
    }
}

/// One run of a script that is watched.
private final class Round {
    private let options: ScriptOptions
    private let terminal: Terminal
    private let files: FileWatch
    private let script: String
    /// How the files looked before the script was read.
    private let before: [String: FileStatus?]
    /// Whether a file was saved while the script was run, which was stopped for it.
    private(set) var isOutdated = false

    init(options: ScriptOptions, terminal: Terminal, files: FileWatch, script: String, before: [String: FileStatus?]) {
        (self.options, self.terminal, self.files, self.script, self.before) = (options, terminal, files, script, before)
    }

    /// Runs the script; what goes wrong is printed, and waits for the next save. Throws an exit status where somebody asked to stop.
    func run(_ shown: inout ShownOutputs, _ watched: inout [String]) throws {
        var changed: ChangedOutputs?
        var keeping: KeepingReporter?
        let earlier = shown
        let gnuplot = SessionOptions().gnuplot
        do {
            let (session, text, reporter) = try options.open(
                terminal,
                through: {
                    let filter = ChangedOutputs($0, before: earlier)
                    let made = KeepingReporter(filter)
                    (changed, keeping) = (filter, made)
                    return made
                },
                figure: { figure, show in
                    keeping?.keep(figure, with: gnuplot)
                    guard let changed else { return try show() }
                    changed.hold(figure: (try? renderText(figure, with: gnuplot)) ?? "") { try? show() }
                })
            defer { reporter.stop() }
            let checked = try options.check(session, text, reporter, terminal)
            watched = Set(checked.files + [script]).sorted()
            files.look(at: watched, as: before)
            guard let changed, let keeping else { return }
            changed.sources = session.sources
            let lookout = Lookout(files)
            defer {
                isOutdated = lookout.end()
                shown = changed.shown
            }
            do {
                try options.perform(
                    checked, of: session, text: text, keeping: keeping, beginning: { changed.perform($0) },
                    performed: { _ in changed.finish() })
            } catch {
                changed.finish(isWhole: false)
                if let diagnostic = error as? Diagnostic { terminal.report(diagnostic, sources: session.sources) }
                if let interrupted = error as? Interrupted {
                    reporter.stop()
                    terminal.write(err: interrupted.message + "\n")
                }
                return
            }
            if changed.unchanged > 0 {
                terminal.write(err: "unchanged: \(changed.unchanged) of \(checked.script.actions.count) actions\n")
            }
        } catch is ExitCode {
            // The diagnostics are on the screen; the next save may mend what they say.
        } catch let interrupted as Interrupted {
            terminal.write(err: interrupted.message + "\n")
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
        }
    }
}

/// Looks out for changes of files while a script is run, and asks the run to stop where there is one.
private final class Lookout: Sendable {
    private let isOver = Atomic(false)
    private let hasChanged = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ files: FileWatch) {
        DispatchQueue.global(qos: .utility).async { [self] in
            while !isOver.load(ordering: .relaxed) {
                guard files.hasChanged(within: 50) else { continue }
                hasChanged.store(true, ordering: .relaxed)
                Interrupt.ask(toStop: true)
                break
            }
            ended.signal()
        }
    }

    /// Ends the look-out. Whether something changed.
    func end() -> Bool {
        isOver.store(true, ordering: .relaxed)
        ended.wait()
        Interrupt.ask(toStop: false)
        return hasChanged.load(ordering: .relaxed)
    }
}
