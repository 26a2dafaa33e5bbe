import Builtins
import Diagnostics
import Language
import Storage

extension Session {
    /// The fault of a `predict` that shows before anything runs; nil where there is none.
    func predictProblem(_ action: CheckedScript.Action, _ context: CheckContext) -> Diagnostic? {
        guard let data = action.on?.object else { return Diagnostic("type", "`predict` expected a data set behind `on`", at: action.span) }
        guard let target = action.target, target.hasSuffix(".csv") else {
            return Diagnostic(
                "unknown-format", "predictions go to a path that ends in `.csv`, found `\(action.target ?? "")`", at: action.targetSpan)
        }
        do {
            let plan = try context.plan(of: data)
            switch action.value {
            case .object(let experiment) where experiment.kind == "experiment":
                guard let model = experiment["model"].object else { return nil }
                return Runner.mismatch(try context.graph(of: model).inputs, plan, data)?.at(action.span)
            case .call(let call) where call.type == .sort("trained"):
                let model = try located(call.span(of: "path")) { try TrainedModel(reading: context.resolve(call["path"].string ?? "")) }
                return Runner.mismatch(model.description.graph.inputs, plan, data)?.at(action.span)
            default:
                return Diagnostic(
                    "type", "`predict` expected an experiment or `trained(...)`, found \(action.value.phrase)", at: action.span)
            }
        } catch let diagnostic as Diagnostic {
            return diagnostic.at(action.span)
        } catch { return nil }
    }
}
