import Datasets
import Diagnostics
import Language

/// Experiments that follow from an experiment: its training up to a stage, of a fold, of a trial. Each is an experiment of its
/// own, with a key and a run of its own: that is how stages, folds and trials are shared and resumed.
extension Object {
    /// The stages of an experiment's schedule; empty where it has none.
    public var stages: [Object] { (self["schedule"].object?["stages"].items ?? []).compactMap(\.object) }

    /// The seed of an experiment. Throws `internal` for something else.
    public func seed() throws -> UInt64 {
        guard let seed = self["seed"].integer.flatMap(UInt64.init(exactly:)) else {
            throw Diagnostic("internal", "an experiment expected a seed, found \(self["seed"].phrase)", at: span(of: "seed"))
        }
        return seed
    }

    /// The object with other values in some fields, and with another label, which is for people.
    func replacing(_ values: [String: Value], label: String?) -> Object {
        var result = self
        result.label = label
        for (name, value) in values {
            let field = Field(value, fields[name]?.origin ?? origin)
            result.fields[name] = field
            result.given[name] = field
        }
        return result
    }

    /// The experiment up to one of its stages, and with it.
    public func through(stage index: Int) -> Object {
        guard var schedule = self["schedule"].object, let items = schedule["stages"].items, items.indices.contains(index) else {
            return self
        }
        let kept = Value.list(items.prefix(index + 1).map { ListItem($0) })
        schedule.fields["stages"] = Field(kept, schedule.fields["stages"]?.origin ?? Origin())
        schedule.given["stages"] = schedule.fields["stages"]
        let name = items[index].object?.label ?? "stage \(index + 1)"
        return replacing(["schedule": .object(schedule)], label: label.map { "\($0) \(name)" } ?? name)
    }

    /// The number of folds; nil where the experiment is trained once.
    public var foldCount: Int? { self["folds"].integer }

    /// The experiment that trains on all folds but one, which is its validation part.
    public func leavingOut(fold: Int, of count: Int) -> Object {
        let place = Value.record(["index": Field(.number(Double(fold))), "of": Field(.number(Double(count)))])
        return replacing(["folds": .none, "fold": place], label: "\(label ?? "experiment") fold \(fold + 1)")
    }

    /// The experiment that trains once on the rows of all folds, for a number of epochs in each stage. A stage of none, which
    /// better not be trained, is left out.
    public func refitted(epochs: [Int]) -> Object {
        var values: [String: Value] = [
            "folds": .none, "fold": .record(["refit": Field(.bool(true))]), "stop": .none, "keep": .word("last"),
            "epochs": .number(Double(epochs.first ?? 1)),
        ]
        if var schedule = self["schedule"].object, let items = schedule["stages"].items {
            let changed = zip(items, epochs).compactMap { item, epochs -> ListItem? in
                guard let stage = item.object, epochs > 0 else { return nil }
                return ListItem(
                    .object(
                        stage.replacing(
                            ["epochs": .number(Double(epochs)), "stop": .word("never"), "keep": .word("last")], label: stage.label)))
            }
            schedule.fields["stages"] = Field(.list(changed), schedule.fields["stages"]?.origin ?? Origin())
            values["schedule"] = .object(schedule)
        }
        return replacing(values, label: "\(label ?? "experiment") refitted")
    }
}

/// The rows of the parts that an experiment trains on: those of its data set, or of a fold.
public func parts(of experiment: Object, _ plan: DatasetPlan) throws -> Parts {
    guard let fold = experiment["fold"].record else { return plan.parts }
    let pool = foldPool(plan)
    if fold["refit"]?.value.bool == true { return Parts(train: pool, validation: [], holdout: plan.parts.holdout) }
    guard let index = fold["index"]?.value.integer, let count = fold["of"]?.value.integer else { return plan.parts }
    let folds = try kFold(pool.count, folds: count, seed: experiment.seed())
    guard folds.indices.contains(index) else { return plan.parts }
    let left = Set(folds[index])
    return Parts(
        train: pool.indices.filter { !left.contains($0) }.map { pool[$0] }, validation: folds[index].map { pool[$0] },
        holdout: plan.parts.holdout)
}

/// The rows that folds are made of: train and validation together, in order.
public func foldPool(_ plan: DatasetPlan) -> [Int] { (plan.parts.train + plan.parts.validation).sorted() }

extension Value {
    /// The experiments that a value rests on, in the order in which they stand in it.
    public var experiments: [Object] { collect { part in part.object.flatMap { $0.kind == "experiment" ? $0 : nil } } }
}
