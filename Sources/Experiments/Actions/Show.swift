import Builtins
import Diagnostics
import Language

/// `show`: prints a value, whatever it is.
struct ShowAction: ActionMeaning {
    var subject: String { "what is shown" }

    func perform(_ action: CheckedScript.Action, with performer: Performer) throws {
        let value = action.value
        let runner = performer.runner
        if case .call(let call) = value, runner.library.givesRows(call) {
            // Nobody reads a million rows, so they are not made ready for it.
            let table = ResultTable.page(of: try runner.table(call))
            try runner.stopIfAsked("reading a table")
            performer.reporter.show(.table(table, title: ""))
        } else if case .call(let call) = value, call.type == .sort(.table) {
            try performer.showTable(call)
        } else if case .call(let call) = value, call.type == .sort(.figure) {
            try performer.showFigure(call)
        } else {
            for output in try Describer(runner: runner, computing: performer.computing).describe(value) { performer.reporter.show(output) }
        }
    }
}
