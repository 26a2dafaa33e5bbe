import Diagnostics
import Glibc

/// The read-evaluate-print loop of the prompt: reads input until it is complete, gives it to the session, keeps it in the
/// history.
public final class Repl {
    private let session: any ReplSession
    private let terminal: Terminal
    private let source: any LineSource
    private let interrupts: InterruptHooks
    private var history: HistoryFile?
    private var lastEntry: String?
    /// The last input that was no command, for `:edit`.
    private var lastInput: String?
    private var ended = false

    static let prompt = "ecdx> "
    static let continuation = "  ... "

    /// Creates a loop over a session and a source of lines. `history` nil keeps nothing between sessions.
    public init(
        session: any ReplSession, terminal: Terminal, source: any LineSource, history: HistoryFile?, interrupts: InterruptHooks
    ) {
        self.session = session
        self.terminal = terminal
        self.source = source
        self.history = history
        self.interrupts = interrupts
    }

    /// Runs until `:quit`, the end of the input, or a signal that asks the program to end. Returns the exit status: 0, or
    /// 128 + the signal, or 1 when the terminal cannot be read.
    public func run(greeting: String) -> Int32 {
        terminal.write(err: greeting + "\n")
        loadHistory()
        while !ended {
            do {
                switch try readInput() {
                case .line(let text):
                    if let status = evaluate(text) { return status }
                case .interrupted: continue
                case .tooLong(let limit):
                    terminal.report(
                        Diagnostic(
                            "bad-input", "expected a line of at most \(limit) bytes, found a longer one, which is given up",
                            hint: "write it to a file and `:load` that"))
                case .end: return 0
                case .signalled(let signal): return exitStatus(of: signal)
                }
            } catch {
                terminal.report(error as? Diagnostic ?? Diagnostic("terminal", "\(error)"))
                return 1
            }
        }
        return 0
    }

    /// Reads one input, which may take several lines.
    private func readInput() throws -> LineRead {
        var pending = ""
        while true {
            let before = pending
            let read = try source.read(prompt: before.isEmpty ? Self.prompt : Self.continuation) { [self] line, point in
                completions(of: line, at: point, after: before)
            }
            switch read {
            case .line(let line):
                pending += line
                if pending.isBlank {
                    pending = ""
                    continue
                }
                if pending.isCommand || meantCommand(pending, declared: session.declaredNames) != nil || session.isComplete(pending) {
                    return .line(pending)
                }
                pending += "\n"
            // What is left unfinished is evaluated, so that its diagnostic says what is missing.
            case .end: return pending.isBlank ? .end : .line(pending)
            case .interrupted, .tooLong, .signalled: return read
            }
        }
    }

    /// Evaluates an input; nil goes on, otherwise it is the exit status of a session that was asked to end.
    private func evaluate(_ input: String) -> Int32? {
        let text = input.withoutLastNewlines
        let meant = meantCommand(text, declared: session.declaredNames)
        remember(text)
        interrupts.reset()
        if text.isCommand { runCommand(text) } else if let meant { runCommand(meant) } else { submit(text) }
        terminal.setStatus(nil)
        reportLostOutput()
        if let signal = interrupts.requested() {
            if signal != SIGINT { return exitStatus(of: signal) }
            interrupts.reset()
        }
        return nil
    }

    private func submit(_ text: String) {
        lastInput = text
        session.submit(text)
    }

    /// Reports results that could not be written (a full disk behind a redirection); the next ones are tried again.
    private func reportLostOutput() {
        guard let error = terminal.takeFailure(of: .out), error != EPIPE else { return }
        terminal.report(Diagnostic("cannot-write", "the output cannot be written: \(systemReason(error))"))
    }

    private func completions(of line: String, at point: Int, after before: String) -> Completions {
        if before.isEmpty, line.isCommand {
            return commandCompletions(of: line, at: point, among: commands, in: session)
        }
        var found = session.completions(of: before + line, at: before.utf8.count + point)
        found.replaceFrom -= before.utf8.count
        // A candidate that would change an earlier line cannot be inserted.
        return found.replaceFrom >= 0 && found.replaceFrom <= point ? found : .none
    }

    // Commands

    private var commands: [ReplCommand] {
        let own = [
            ReplCommand(
                "help", argument: .reference("NAME", required: false), summary: "these commands, or the reference of a name, as `?NAME` is"
            ) { [self] name in
                if name.isEmpty { printHelp() } else { session.help(name) }
            },
            ReplCommand("load", argument: .file("FILE", required: true), summary: "evaluate a script here") { [self] path in
                session.load(expandingHome(path))
            },
            ReplCommand(
                "edit", argument: .declared("NAME", required: false), summary: "change the last input, or a declaration, in an editor"
            ) { [self] name in
                edit(name)
            },
            ReplCommand("quit", summary: "end the session (Control-D does too)") { [self] _ in ended = true },
        ]
        return (own + session.commands).sorted { $0.name < $1.name }
    }

    private func runCommand(_ text: String) {
        let commands = commands
        do throws(Diagnostic) {
            let call = try CommandCall(text, among: commands)
            guard let command = commands.first(where: { $0.name == call.name }) else { return }
            if call.isForced { command.forced?(call.argument) } else { command.run(call.argument) }
        } catch {
            terminal.report(error)
        }
    }

    /// Opens the editor on a declaration, or on the last input, and evaluates the result. An editor that fails, or leaves
    /// nothing or what was there, changes nothing.
    private func edit(_ name: String) {
        guard let before = name.isEmpty ? lastInput ?? "" : session.declaration(of: name) else {
            let hint = nearMiss(name, among: session.declaredNames).map { "did you mean `\($0)`?" }
            return terminal.report(
                Diagnostic("unknown-name", "nothing here was declared as `\(name)`", hint: hint ?? ":list shows what was declared"))
        }
        do throws(Diagnostic) {
            let after = try TextEditor.ofUser().edit(before).withoutLastNewlines
            guard !after.isBlank, after != before else {
                return terminal.write(
                    err: after.isBlank ? "the text is empty: nothing is changed\n" : "the text is as it was: nothing is changed\n")
            }
            remember(after)
            if after.isCommand { runCommand(after) } else { submit(after) }
        } catch {
            terminal.report(error)
        }
    }

    private func printHelp() {
        let table = TextTable(
            columns: [.init("command", alignment: .left), .init("does", alignment: .left)],
            rows: commands.map {
                [
                    ([":" + $0.name + ($0.forced == nil ? "" : "[!]")] + ($0.argument.placeholder.map { [$0] } ?? [])).joined(
                        separator: " "), $0.summary,
                ]
            },
            footnotes: ["Tab completes, Control-R searches what was typed before, Control-C gives up a line or stops a computation."])
        terminal.write(table)
    }

    // History

    private func loadHistory() {
        withHistory { file in
            for entry in try file.load() {
                source.remember(entry)
                lastEntry = entry
            }
        }
    }

    private func remember(_ text: String) {
        guard text != lastEntry else { return }
        lastEntry = text
        source.remember(text)
        withHistory { try $0.append(text) }
    }

    /// Uses the history file. A history that cannot be kept is told once; the session goes on without it.
    private func withHistory(_ body: (HistoryFile) throws -> Void) {
        guard let file = history else { return }
        do {
            try body(file)
        } catch {
            history = nil
            terminal.report(error as? Diagnostic ?? Diagnostic("history", "\(error)", severity: .warning))
        }
    }
}

/// The exit status 128 + the signal, as shells have it; a batch system's warning (SIGUSR1) counts as SIGTERM.
private func exitStatus(of signal: Int32) -> Int32 { 128 + (signal == SIGUSR1 ? SIGTERM : signal) }

extension String {
    fileprivate var isBlank: Bool { unicodeScalars.allSatisfy { $0.properties.isWhitespace } }

    /// Whether this is a command of the prompt, not of the language.
    fileprivate var isCommand: Bool { unicodeScalars.first { !$0.properties.isWhitespace }.map { $0 == ":" || $0 == "?" } ?? false }

    fileprivate var withoutLastNewlines: String {
        var text = self
        while text.unicodeScalars.last == "\n" { text.unicodeScalars.removeLast() }
        return text
    }
}
