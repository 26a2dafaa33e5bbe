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
            let steps = try session.runner(for: checked, create: false).steps(of: checked.script)
            var columns: [TextTable.Column] = [
                .init("experiment", alignment: .left), .init("state", alignment: .left), .init("what", alignment: .left),
            ]
            let states: [String: String] = ["done": "in the store", "begun": "goes on", "absent": "to compute"]
            // What is there already has its columns only where there is something to say.
            let (reuses, lasts) = (steps.contains { !$0.reused.isEmpty }, steps.contains { $0.seconds != nil })
            if reuses { columns.append(.init("reused", alignment: .left)) }
            if lasts { columns.append(.init("time at most", alignment: .right)) }
            terminal.write(
                TextTable(
                    columns: columns,
                    rows: steps.map { step in
                        [step.name, states[step.state.rawValue] ?? "", step.detail] + (reuses ? [step.reused.joined(separator: ", ")] : [])
                            + (lasts ? [step.duration] : [])
                    }))
            let missing = steps.filter { $0.state != .done }.count
            let time = totalDuration(of: steps).map { ": \($0) at most, as estimated from the size of the networks" } ?? ""
            terminal.write(out: missing == 0 ? "nothing to compute\n" : "\(missing) of \(steps.count) to compute\(time)\n")
        }
    }
}
