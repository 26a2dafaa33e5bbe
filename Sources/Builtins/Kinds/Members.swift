import Diagnostics
import Language
import Tensors
import Training

/// The value of a data set's member, such as `crystals.inputs.plane`; nil for an unknown name.
@Sendable func datasetMember(_ data: Object, _ name: String, _ origin: Origin, _ context: CheckContext) throws -> Value? {
    switch name {
    case "inputs":
        var inputs = Fields()
        for key in (data[field: "inputs"].record ?? [:]).keys {
            let arguments: Fields = ["dataset": Field(.object(data), origin), "name": Field(.text(Text(key)), origin)]
            let plan = try context.plan(of: data)
            var type = plan.input(key)?.type ?? TensorType(shape: nil, unit: nil)
            type.shape = type.shape.map { [plan.count] + $0 }
            inputs[key] = Field(.call(Call("datasetInput", arguments, type: .tensor(type), origin: origin)), origin)
        }
        return .record(inputs)
    case "count": return .number(Double(try context.plan(of: data).count))
    case "ids": return list(try context.plan(of: data).ids)
    case _ where partNames.contains(name):
        let plan = try context.plan(of: data)
        return .record(part(of: plan, plan.rows(of: name)))
    default: return nil
    }
}

/// The value of an experiment's member, such as `bulk.holdout.r2`; nil for an unknown name.
@Sendable func experimentMember(_ object: Object, _ name: String, _ origin: Origin, _ context: CheckContext) throws -> Value? {
    let subject = Field(.object(object), origin)
    switch name {
    case "stages":
        let experiment = try context.experiment(object)
        guard experiment.isStaged, experiment.search == nil else { return nil }
        return .record(
            Fields(
                experiment.stages.enumerated().map { index, stage in
                    (stage.name ?? "stage \(index + 1)", Field(.object(object.through(stage: index)), origin))
                }))
    case "best":
        guard let search = try context.experiment(object).search else { return nil }
        var best = Fields()
        for space in search.spaces where space.isNumeric {
            let arguments = ["of": subject, "name": Field(.text(Text(space.name)))] as Fields
            let value = Value.call(Call("tried", arguments, type: .tensor(TensorType(shape: [], unit: nil)), origin: origin))
            best.put(value, at: space.name.split(separator: ".").map(String.init)[...], origin)
        }
        return .record(best)
    case "history": return .call(Call("history", ["of": subject], type: .sort(.table), origin: origin))
    case _ where partNames.contains(name):
        let experiment = try context.experiment(object)
        let plan = experiment.plan
        let rows = experiment.rows(of: name)
        var fields = rows.map { part(of: plan, $0) } ?? [:]
        func deferred(_ builtin: String, _ arguments: Fields, _ shape: [Int]?, _ unit: String?) -> Field {
            let arguments = arguments.merging(["of": subject, "part": Field(.word(name))])
            return Field(.call(Call(builtin, arguments, type: .tensor(TensorType(shape: shape, unit: unit)), origin: origin)), origin)
        }
        for metric in ["rmse", "mae", "r2"] {
            fields[metric] = deferred("score", ["metric": Field(.word(metric))], [], metric == "r2" ? nil : plan.unit)
        }
        for values in ["truth", "predicted"] {
            fields[values] = deferred("outcome", ["values": Field(.word(values))], rows.map { [$0.count] }, plan.unit)
        }
        return .record(fields)
    default: return nil
    }
}

extension Fields {
    /// Puts a value into records inside records, by the names that lead to it.
    fileprivate mutating func put(_ value: Language.Value, at path: ArraySlice<String>, _ origin: Origin) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            self[name] = Field(value, origin)
            return
        }
        var inner = self[name]?.value.record ?? Fields()
        inner.put(value, at: path.dropFirst(), origin)
        self[name] = Field(.record(inner), origin)
    }
}

extension Experiment {
    /// The rows of a part of an experiment, as far as they are known before anything is trained: those of all folds together
    /// where it has folds, nil where they are those of the best fold.
    func rows(of part: String) -> [Int]? {
        guard folds != nil, part != "holdout" else { return plan.rows(of: part) }
        return reportsAllFolds ? foldPool(plan) : nil
    }
}

extension CheckContext {
    /// Refuses R2 of a part of an experiment over which it is not defined: of one row, or of equal targets. Throws `metrics`.
    func checkR2(of part: String, in experiment: Object, at span: SourceSpan?) throws {
        let experiment = try self.experiment(experiment)
        let plan = experiment.plan
        guard let rows = experiment.rows(of: part) else {
            // The best fold leaves out as many rows as the others.
            guard part == "validation", let folds = experiment.folds?.count, foldPool(plan).count < 2 * folds else { return }
            throw Diagnostic(
                "metrics", "there is no R2 of `\(part)`: \(Undefined.tooFew.rawValue)", at: span,
                hint: "take fewer folds, or ask for `rmse` or `mae`")
        }
        let reason: Undefined
        if rows.count < 2 {
            reason = .tooFew
        } else if let first = rows.first, rows.allSatisfy({ plan.targets[$0] == plan.targets[first] }) {
            reason = .constant
        } else {
            return
        }
        throw Diagnostic(
            "metrics", "there is no R2 of `\(part)`: \(reason.rawValue)", at: span,
            hint: "give the part more rows, or ask for `rmse` or `mae`")
    }
}

/// The members `count` and `ids` of a part: the number of its rows, and their ids.
private func part(of plan: DatasetPlan, _ rows: [Int]) -> Fields {
    ["count": Field(.number(Double(rows.count))), "ids": Field(list(rows.map { plan.ids[$0] }))]
}

private func list(_ texts: [String]) -> Value { .list(texts.map { ListItem(.text(Text($0))) }) }
