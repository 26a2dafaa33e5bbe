import ArgumentParser
import Diagnostics
import Experiments
import Host
import Storage

struct PromptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "repl", abstract: "The prompt (the default).")

    @Option(help: ArgumentHelp("The folder of runs and results. Default: ECDX_STORE, or .ecdx in this folder.", valueName: "dir"))
    var store: String?

    func run() throws {
        let terminal = Terminal.standard()
        var options = SessionOptions()
        options.store = store
        let folder = try currentFolder()
        let reporter = TerminalReporter(terminal: terminal)
        try failing(terminal, reporter) {
            try Interrupt.ignoreBrokenPipes()
            guard StandardInput.isTTY else {
                try runScript(StandardInput.readAll(), folder: folder, options, terminal, reporter)
                return
            }
            let screen = FigureScreen(terminal, gnuplot: options.gnuplot)
            options.showFigure = { try screen.show($0) }
            let session = try PromptSession(folder: folder, options: options, terminal: terminal)
            let editor = try LineEditor(name: "ecdx", historyLimit: 5000)
            try Interrupt.install()
            let hooks = InterruptHooks(reset: Interrupt.reset, requested: { Interrupt.requested })
            let repl = Repl(session: session, terminal: terminal, source: editor, history: HistoryFile.ofUser(), interrupts: hooks)
            let status = repl.run(greeting: "ecdx \(Installation.version)  (:help for help)")
            if status != 0 { throw ExitCode(status) }
        }
    }

    /// Runs standard input that is no terminal as a script of the current folder.
    private func runScript(
        _ text: String, folder: String, _ options: SessionOptions, _ terminal: Terminal, _ reporter: TerminalReporter
    ) throws {
        let session = try Session(base: folder + "/", options: options, reporter: reporter)
        let checked = session.check(text, file: "standard input")
        reporter.sources = session.sources
        terminal.report(checked.script.diagnostics, sources: session.sources)
        if checked.script.hasErrors { throw ExitCode(Status.unchecked) }
        try Interrupt.install()
        try session.perform(checked)
    }
}
