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
            What is in the store is used, what is missing is computed, as `ecdx run` does. The document is one file that needs no other \
            and asks nothing of the network. Where an action fails, the document is written with the error in its place, and the exit \
            status is 1.
            """)

    @OptionGroup var options: ScriptOptions

    @Option(
        help: ArgumentHelp("The form of the document: \(ReportFormat.all.map(\.name).joined(separator: ", ")).", valueName: "name"))
    var format: String = ReportFormat.all[0].name

    @Option(
        help: ArgumentHelp(
            "Where the document goes, seen from the script's folder. Default: beside the script, under its name.", valueName: "file"),
        completion: .file())
    var to: String?

    func validate() throws {
        let names = ReportFormat.all.map(\.name)
        guard names.contains(format) else {
            throw ValidationError("`--format` expected one of \(names.joined(separator: ", ")), found `\(format)`")
        }
    }

    func run() throws {
        let terminal = Terminal.standard()
        guard let format = ReportFormat.all.first(where: { $0.name == self.format }) else { throw ExitCode(Status.usage) }
        let collector = OutputCollector()
        let (session, text, reporter) = try options.open(terminal, collector: collector)
        var failure: Diagnostic?
        try failing(terminal, reporter) {
            try Interrupt.install()
            let checked = try options.check(session, text, reporter, terminal)
            let runner = try session.runner(for: checked)
            let gatherer = ReportGatherer(session, collector: collector, file: options.script, overrides: options.overrides)
            let document: ReportDocument
            (document, failure) = try gatherer.gather(checked, text: text, with: runner)
            let target = to ?? format.file(forScript: lastName(of: options.script), isSmoke: options.smoke)
            try session.write(format.write(document), to: target, with: runner)
            terminal.write(err: "report: \(escapeControls(target))\n")
            if let failure { throw failure }
        }
    }
}

/// A form of documents.
struct ReportFormat: Sendable {
    /// The name on the command line.
    var name: String
    /// The end of the file's name.
    var ending: String
    /// The bytes of a document.
    var write: @Sendable (ReportDocument) throws -> [UInt8]

    /// All forms; the first is that of a report of which nothing else is said.
    static let all = [ReportFormat(name: "html", ending: "html", write: htmlReport)]

    /// The name of the document of a script: its own with another end.
    func file(forScript script: String, isSmoke: Bool) -> String {
        let stem = script.hasSuffix(".ecdx") && script.count > 5 ? String(script.dropLast(5)) : script
        return stem + (isSmoke ? ".smoke." : ".") + ending
    }
}
