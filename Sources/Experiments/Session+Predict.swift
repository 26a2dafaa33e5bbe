import Builtins
import Diagnostics
import Language
import Storage

extension Session {
    /// The faults of a `predict` that show before anything runs.
    func predictProblems(_ action: CheckedScript.Action, _ context: CheckContext) -> [Diagnostic] {
        guard let data = action.on?.object else {
            return [Diagnostic("type", "`predict` expected a data set behind `on`", at: action.span)]
        }
        guard let target = action.target, target.hasSuffix(".csv") else {
            return [
                Diagnostic(
                    "unknown-format", "predictions go to a path that ends in `.csv`, found `\(action.target ?? "")`", at: action.targetSpan)
            ]
        }
        do {
            let inputs: ModelInputs
            var warnings: [Diagnostic] = []
            switch action.value {
            case .object(let experiment) where experiment.kind == "experiment": inputs = try ModelInputs(of: experiment, context)
            case .call(let call) where call.type == .sort(.trained):
                let path = context.resolve(call["path"].string ?? "")
                let model = try located(call.span(of: "path")) { try TrainedModel(reading: path) }
                inputs = ModelInputs(of: model, from: call)
                warnings += [model.warning(path)?.at(call.span(of: "path"))].compactMap { $0 }
            default:
                throw Diagnostic("type", "`predict` expected an experiment or `trained(...)`, found \(action.value.phrase)")
            }
            return try warnings + inputs.faults(for: data, context, asGiven: action.asGiven || options.asGiven).map { $0.at(action.span) }
        } catch let diagnostic as Diagnostic {
            return [diagnostic.at(action.span)]
        } catch { return [] }
    }
}
