import ArgumentParser
import Diagnostics
import Engine
import Experiments
import Glibc
import Host
import Language
import Storage

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Check a script, compute what is missing, write its tables and figures.",
        discussion: """
            Ctrl-C, SIGTERM, SIGUSR1 and the end of its terminal (SIGHUP) stop it between two steps with its state saved; the same \
            command goes on from there. The state is also saved at the ends of epochs and at least once a minute; \
            ECDX_CHECKPOINT_SECONDS sets another number of seconds. What it shows is kept in the store: `ecdx attach` shows it again, and \
            follows a run that goes on.
            """)

    @OptionGroup var options: ScriptOptions

    @Option(help: "Threads of the engine. Default: one a core. A run that goes on keeps the number it began with.")
    var threads: Int?

    @Flag(help: "Run in the background, without the terminal; `ecdx attach` follows it, `ecdx stop` stops it.")
    var detach = false

    @Flag(help: "Run the script again whenever it, a module or a table that it reads is saved; print what changed. Ctrl-C ends.")
    var watch = false

    func validate() throws {
        if detach, watch { throw ValidationError("`--watch` shows what changes on the terminal, which `--detach` goes without") }
    }

    func run() throws {
        let terminal = Terminal.standard()
        if let threads {
            guard (1...1024).contains(threads) else {
                terminal.report(Diagnostic("range", "`--threads` expected a number from 1 to 1024, found \(threads)"))
                throw ExitCode(Status.usage)
            }
            Program.setThreads(threads)
        }
        if detach { return try DetachedStart(options: options, terminal: terminal).run() }
        if watch { return try ScriptWatch(options: options, terminal: terminal).run() }
        var keeping: KeepingReporter?
        let gnuplot = SessionOptions().gnuplot
        let (session, text, reporter) = try options.open(
            terminal,
            through: {
                let made = KeepingReporter($0)
                keeping = made
                return made
            }, figure: { figure, show in
                keeping?.keep(figure, with: gnuplot)
                try show()
            })
        try failing(terminal, reporter) {
            // Before the check: a signal that comes during it is answered when it is over, or before the next file of a row is read.
            try Interrupt.install()
            let checked = try options.check(session, text, reporter, terminal)
            guard let keeping else { return try session.perform(checked) }
            try options.perform(checked, of: session, text: text, keeping: keeping)
        }
    }
}

extension ScriptOptions {
    /// The place where the outputs of the script are kept in the store of its runs.
    func outputs(store: String) throws -> KeptOutputs { try KeptOutputs(store: store, script: script) }

    /// Performs the actions of a script and keeps what they show.
    func perform(
        _ checked: Session.Checked, of session: Session, text: String, keeping: KeepingReporter,
        beginning: (CheckedScript.Action) -> Void = { _ in }, performed: (CheckedScript.Action) -> Void = { _ in }
    ) throws {
        keeping.sources = session.sources
        if session.keepsResults(of: checked) {
            let store = try session.makeStore()
            do {
                try keeping.keep(at: outputs(store: store.path), script: lastName(of: script), text: text)
            } catch let diagnostic as Diagnostic {
                // Two runs of one script may be of use, of one's experiments after the other's; the outputs of the first are kept.
                keeping.note("what this run shows is not kept: \(diagnostic.message)")
            }
        }
        // What the check found was printed before the outputs were kept.
        for diagnostic in checked.script.diagnostics { keeping.keep(diagnostic) }
        do {
            try session.perform(
                checked,
                beginning: {
                    keeping.perform($0)
                    beginning($0)
                }, performed: performed)
            keeping.end(status: 0)
        } catch {
            switch error {
            case let diagnostic as Diagnostic:
                keeping.keep(diagnostic)
                keeping.end(status: Status.failed)
            case let interrupted as Interrupted:
                keeping.keep(note: interrupted.message)
                keeping.end(status: Interrupt.exitStatus(of: Interrupt.requested ?? SIGINT))
            default: keeping.end(status: Status.failed)
            }
            throw error
        }
    }
}
