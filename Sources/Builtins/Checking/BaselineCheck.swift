import Diagnostics
import Language

/// The experiments of a table with the labels they carry: one, a list, or those that `select` chooses among.
func experimentItems(_ value: Value) -> [ListItem] {
    if case .list(let items) = value { return items }
    if let call = value.call, call.builtin == "select" { return experimentItems(call["of"]) }
    return [ListItem(value)]
}

/// Checks that the baselines of a table can be fitted on the training part of every experiment in it.
@Sendable func checkBaselines(_ call: Call, _ context: CheckContext) throws -> Value {
    let experiments = experimentItems(call["of"]).compactMap(\.value.object)
    for baseline in (call["baselines"].items ?? []).compactMap(\.call) where baseline["features"].word == "components" {
        for experiment in experiments {
            guard let data = experiment["data"].object, let count = baseline["count"].integer else { continue }
            let plan = try context.plan(of: data)
            let used = experiment["model"].object?.network?.inputs.map(\.name) ?? []
            let features = used.compactMap { plan.types[$0]?.shape?.reduce(1, *) }.reduce(0, +)
            let most = min(plan.parts.train.count, features)
            guard count <= most else {
                throw Diagnostic(
                    "range", "`count` expected at most \(most) components of \(plan.parts.train.count) training rows with \(features) numbers each, found \(count)",
                    at: baseline.span(of: "count"))
            }
        }
    }
    return .call(call)
}

/// Puts the stages of experiments in their places where a row for each is asked for.
@Sendable func checkMetrics(_ call: Call, _ context: CheckContext) throws -> Value {
    guard call["rows"].word == "stage" else { return try checkBaselines(call, context) }
    if call["of"].call != nil {
        throw Diagnostic("type", "a row for each stage expected experiments, found what `select` chooses", at: call.span(of: "of"), hint: "leave out `rows: stage`")
    }
    var result = call
    result.arguments["of"] = Field(.list(experimentItems(call["of"]).flatMap { item -> [ListItem] in
        guard let experiment = item.value.object, !experiment.stages.isEmpty else { return [item] }
        return experiment.stages.enumerated().map { index, stage in
            ListItem(.object(experiment.through(stage: index)), labels: item.labels.merging(["stage": .text(Text(stage.label ?? ""))]) { $1 })
        }
    }), call.arguments["of"]?.origin ?? Origin())
    return try checkBaselines(result, context)
}
