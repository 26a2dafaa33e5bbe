import ArgumentParser
import Diagnostics
import Experiments
import Host
import Reports
import Storage

/// The command `ecdx report SCRIPT`: performs a script, and writes it with all that it gave as one document.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Run a script and write it with its tables, figures and their provenance as one document.",
        discussion: """
            What is in the store is used, what is missing is computed, as `ecdx run` does. HTML and notebooks are one file that needs no \
            other and asks nothing of the network; Markdown and LaTeX have their figures in a folder beside them. Where an action \
            fails, the document is written with the error in its place, and the exit status is 1.
            """)

    @OptionGroup var options: ScriptOptions

    @Option(
        help: ArgumentHelp(
            "The form of the document: \(ReportFormat.all.map(\.name).joined(separator: ", ")). Default: by the end of --to, or html.",
            valueName: "name"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "Where the document goes, seen from the script's folder. Default: beside the script, under its name.", valueName: "file"),
        completion: .file())
    var to: String?

    func validate() throws {
        let names = ReportFormat.all.map(\.name)
        if let format, !names.contains(format) {
            throw ValidationError("`--format` expected one of \(names.joined(separator: ", ")), found `\(format)`")
        }
        if let format, let to, let other = ReportFormat.of(to), other.name != format {
            throw ValidationError("`--format` expected \(other.name), as `\(to)` ends, found `\(format)`")
        }
    }

    func run() throws {
        let terminal = Terminal.standard()
        let named = ReportFormat.all.first { $0.name == self.format } ?? to.flatMap { ReportFormat.of($0) } ?? ReportFormat.all.first
        guard let format = named else { throw ExitCode(Status.usage) }
        let collector = OutputCollector()
        let (session, text, reporter) = try options.open(terminal, collector: collector)
        var failure: Diagnostic?
        try failing(terminal, reporter) {
            try Interrupt.install()
            let checked = try options.check(session, text, reporter, terminal)
            let target = to ?? format.file(forScript: lastName(of: options.script), isSmoke: options.smoke)
            // Before anything is computed for it.
            try session.checkDocument(at: target, of: checked, script: options.script)
            let runner = try session.runner(for: checked)
            let gatherer = ReportGatherer(session, collector: collector, file: options.script, overrides: options.overrides)
            let document: ReportDocument
            (document, failure) = try gatherer.gather(checked, text: text, with: runner)
            let made = try format.write(document, ReportFormat.figureFolder(of: lastName(of: target)))
            // What a document shows is there before it.
            for file in made.files { try session.write(file.bytes, to: joined(parentFolder(of: target), file.name), with: runner) }
            try session.write(made.bytes, to: target, with: runner)
            terminal.write(err: "report: \(escapeControls(target))\n")
            if let remark = made.remark { terminal.write(err: escapeControls(remark) + "\n") }
            if let failure { throw failure }
        }
    }
}
