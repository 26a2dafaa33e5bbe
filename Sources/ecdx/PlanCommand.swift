import ArgumentParser
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
            let steps = try session.runner(for: checked, create: false).steps(of: checked.script)
            let columns: [TextTable.Column] = [.init("experiment", alignment: .left), .init("state", alignment: .left), .init("what", alignment: .left)]
            let states: [String: String] = ["done": "in the store", "begun": "goes on", "absent": "to compute"]
            terminal.write(TextTable(columns: columns, rows: steps.map { [$0.name, states[$0.state.rawValue] ?? "", $0.detail] }))
            let missing = steps.filter { $0.state != .done }.count
            terminal.write(out: missing == 0 ? "nothing to compute\n" : "\(missing) of \(steps.count) to compute\n")
        }
    }
}
