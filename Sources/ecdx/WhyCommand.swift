import ArgumentParser
import Diagnostics
import Host

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why an experiment would be computed, or which run holds it; compute and write nothing.",
        discussion: """
            Names the recorded run that is most like it and everything in which the two differ. Of an experiment with stages, folds or a \
            search each part has a line of its own. A name that stands for several experiments, such as a list, says it for each.
            """)

    @OptionGroup var options: ScriptOptions

    @ArgumentParser.Argument(help: "The name of an experiment in the script, or of something made of experiments.")
    var name: String

    func run() throws {
        let terminal = Terminal.standard()
        let (session, text, reporter) = try options.open(terminal)
        let checked = try options.check(session, text, reporter, terminal)
        do { _ = try checked.experiments(named: name) } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(Status.usage)
        }
        try failing(terminal, reporter) {
            let runner = try session.runner(for: checked, create: false)
            let lines = try checked.experiments(named: name).flatMap { try runner.reasons(for: $0).lines() }
            reporter.show(.lines(lines))
        }
    }
}
