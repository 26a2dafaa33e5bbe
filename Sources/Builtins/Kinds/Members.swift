import Diagnostics
import Language
import Tensors

/// The value of a data set's member, such as `crystals.inputs.plane`; nil for an unknown name.
@Sendable func datasetMember(_ data: Object, _ name: String, _ origin: Origin, _ context: CheckContext) throws -> Value? {
    switch name {
    case "inputs":
        var inputs = Fields()
        for key in (data["inputs"].record ?? [:]).keys {
            let arguments: Fields = ["dataset": Field(.object(data), origin), "name": Field(.text(Text(key)), origin)]
            let plan = try context.plan(of: data)
            var type = plan.types[key] ?? TensorType(shape: nil, unit: nil)
            type.shape = type.shape.map { [plan.count] + $0 }
            inputs[key] = Field(.call(Call("datasetInput", arguments, type: .tensor(type), origin: origin)), origin)
        }
        return .record(inputs)
    case "count": return .number(Double(try context.plan(of: data).count))
    case "ids": return list(try context.plan(of: data).ids)
    case _ where partNames.contains(name):
        let plan = try context.plan(of: data)
        return .record(part(of: plan, name))
    default: return nil
    }
}

/// The value of an experiment's member, such as `bulk.holdout.r2`; nil for an unknown name.
@Sendable func experimentMember(_ experiment: Object, _ name: String, _ origin: Origin, _ context: CheckContext) throws -> Value? {
    let subject = Field(.object(experiment), origin)
    switch name {
    case "stages":
        let stages = experiment.stages
        guard !stages.isEmpty, experiment["search"].isNone else { return nil }
        return .record(
            Fields(
                stages.enumerated().map { index, stage in
                    (stage.label ?? "stage \(index + 1)", Field(.object(experiment.through(stage: index)), origin))
                }))
    case "history": return .call(Call("history", ["of": subject], type: .sort("table"), origin: origin))
    case _ where partNames.contains(name):
        guard let data = experiment["data"].object else { return nil }
        let plan = try context.plan(of: data)
        var fields = part(of: plan, name)
        func deferred(_ builtin: String, _ arguments: Fields, _ shape: [Int], _ unit: String?) -> Field {
            let arguments = arguments.merging(["of": subject, "part": Field(.word(name))])
            return Field(.call(Call(builtin, arguments, type: .tensor(TensorType(shape: shape, unit: unit)), origin: origin)), origin)
        }
        for metric in ["rmse", "mae", "r2"] {
            fields[metric] = deferred("score", ["metric": Field(.word(metric))], [], metric == "r2" ? nil : plan.unit)
        }
        for values in ["truth", "predicted"] {
            fields[values] = deferred("outcome", ["values": Field(.word(values))], [plan.rows(of: name).count], plan.unit)
        }
        return .record(fields)
    default: return nil
    }
}

/// The members `count` and `ids` of a part: the number of its rows, and their ids.
private func part(of plan: DatasetPlan, _ name: String) -> Fields {
    let rows = plan.rows(of: name)
    return ["count": Field(.number(Double(rows.count))), "ids": Field(list(rows.map { plan.ids[$0] }))]
}

private func list(_ texts: [String]) -> Value { .list(texts.map { ListItem(.text(Text($0))) }) }
