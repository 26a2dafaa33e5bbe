import Builtins
import Diagnostics
import Language

/// `show`: prints a value, whatever it is.
struct ShowAction: ActionMeaning {
    var subject: String { "what is shown" }

    func faults(of action: CheckedScript.Action, in check: ActionCheck) -> [Diagnostic] {
        do { return try faults(of: action.value, check.context) } catch let diagnostic as Diagnostic {
            return [diagnostic.at(action.span)]
        } catch { return [] }
    }

    /// The faults of a value as something to show: parts of which there is nothing to print, and models whose file cannot be read.
    private func faults(of value: Value, _ context: CheckContext) throws -> [Diagnostic] {
        switch value {
        case .list(let items): return try items.flatMap { try faults(of: $0.value, context) }
        case .record(let fields): return try fields.byName.flatMap { try faults(of: $0.value.value, context) }
        case .call(let call) where call.type == .sort(.trained):
            let path = try context.resolve(context.library.trainedPath(of: call))
            let model = try located(call.span(of: "path")) { try TrainedModel(reading: path) }
            return [model.warning(path)?.at(call.span(of: "path"))].compactMap { $0 }
        case .call(let call) where !call.isSetting && !context.library.isComputed(call):
            throw Diagnostic("type", "`show` expected something that can be printed, found \(call.type.phrase)")
        default: return []
        }
    }

    func perform(_ action: CheckedScript.Action, with performer: Performer) throws {
        let value = action.value
        let runner = performer.runner
        if case .call(let call) = value, runner.library.givesRows(call) {
            try performer.showRows(call)
        } else if case .call(let call) = value, call.type == .sort(.table) {
            try performer.showTable(call)
        } else if case .call(let call) = value, call.type == .sort(.figure) {
            try performer.showFigure(call)
        } else {
            for output in try Describer(runner: runner, computing: performer.computing, digits: performer.session.digits).describe(value) {
                performer.reporter.show(output)
            }
        }
    }
}
