import ArgumentParser
import Diagnostics
import Engine
import Host
import Storage

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Check a script, compute what is missing, write its tables and figures.",
        discussion: """
            Ctrl-C, SIGTERM and SIGUSR1 stop it between two steps with its state saved; the same command goes on from there. The state \
            is also saved at the ends of epochs and at least once a minute; ECDX_CHECKPOINT_SECONDS sets another number of seconds.
            """)

    @OptionGroup var options: ScriptOptions

    @Option(help: "Threads of the engine. Default: one a core. A run that goes on keeps the number it began with.")
    var threads: Int?

    func run() throws {
        let terminal = Terminal.standard()
        if let threads {
            guard (1...1024).contains(threads) else {
                terminal.report(Diagnostic("range", "`--threads` expected a number from 1 to 1024, found \(threads)"))
                throw ExitCode(Status.usage)
            }
            Program.setThreads(threads)
        }
        let (session, text, reporter) = try options.open(terminal)
        try failing(terminal, reporter) {
            // Before the check: a signal that comes during it is answered when it is over, or before the next file of a row is read.
            try Interrupt.install()
            let checked = try options.check(session, text, reporter, terminal)
            try session.perform(checked)
        }
    }
}
