import Builtins
import Diagnostics
import Language
import Storage

/// `predict`: predicts for the rows of a data set and writes the table.
struct PredictAction: ActionMeaning {
    var subject: String { "what is predicted with" }

    func faults(of action: CheckedScript.Action, in check: ActionCheck) -> [Diagnostic] {
        guard let data = action.on?.object else {
            return [Diagnostic("type", "`predict` expected a data set behind `on`", at: action.span)]
        }
        guard let target = action.target, target.hasSuffix(".csv") else {
            return [
                Diagnostic(
                    "unknown-format", "predictions go to a path that ends in `.csv`, found `\(action.target ?? "")`", at: action.targetSpan)
            ]
        }
        let context = check.context
        do {
            let inputs: ModelInputs
            var warnings: [Diagnostic] = []
            switch action.value {
            case .object(let experiment) where experiment.kind == "experiment": inputs = try ModelInputs(of: context.experiment(experiment))
            case .call(let call) where call.type == .sort(.trained):
                let path = try context.resolve(context.library.trainedPath(of: call))
                let model = try located(call.span(of: "path")) { try TrainedModel(reading: path) }
                inputs = ModelInputs(of: model, from: path)
                warnings += [model.warning(path)?.at(call.span(of: "path"))].compactMap { $0 }
            default:
                throw Diagnostic("type", "`predict` expected an experiment or `trained(...)`, found \(action.value.phrase)")
            }
            let asGiven = action.asGiven || check.session.options.asGiven
            return try warnings + inputs.faults(for: data, context, asGiven: asGiven).map { $0.at(action.span) }
        } catch let diagnostic as Diagnostic {
            return [diagnostic.at(action.span)]
        } catch { return [] }
    }

    func perform(_ action: CheckedScript.Action, with performer: Performer) throws {
        guard let target = action.target, let data = action.on?.object else { return }
        let asGiven = action.asGiven || performer.session.options.asGiven
        let table = try performer.runner.predictions(of: action.value, on: data, asGiven: asGiven)
        try performer.write(Array(table.csv.utf8), to: target, span: action.targetSpan)
    }
}
