import ArgumentParser
import Experiments
import Host

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Say what a script would compute and what is there already; compute and write nothing.")

    @OptionGroup var options: ScriptOptions

    func run() throws {
        let terminal = Terminal.standard()
        let (session, text, reporter) = try options.open(terminal)
        let checked = try options.check(session, text, reporter, terminal)
        try failing(terminal, reporter) {
            terminal.write(plan: try session.runner(for: checked, create: false).steps(of: checked.script))
        }
    }
}
