import Language

/// Experiments that follow from an experiment: its training up to a stage, of a fold, of a trial. Each is an experiment of its
/// own, with a key and a run of its own: that is how stages, folds and trials are shared and resumed.
extension Object {
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
        guard var schedule = ExperimentObject(self).schedule, stages.indices.contains(index) else { return self }
        let kept = Value.list(stages.prefix(index + 1).map { ListItem(.object($0)) })
        schedule.fields["stages"] = Field(kept, schedule.fields["stages"]?.origin ?? Origin())
        schedule.given["stages"] = schedule.fields["stages"]
        let name = stages[index].label ?? "stage \(index + 1)"
        return replacing(["schedule": .object(schedule)], label: label.map { "\($0) \(name)" } ?? name)
    }

    /// The experiment on the same rows, divided into parts in another way.
    func onSplit(_ split: Call, label: String) -> Object {
        guard var data = ExperimentObject(self).data else { return self }
        data.fields["split"] = Field(.call(split), data.fields["split"]?.origin ?? Origin())
        data.given["split"] = data.fields["split"]
        var result = self
        result.fields["data"] = Field(.object(data), fields["data"]?.origin ?? Origin())
        result.label = label
        return result
    }

    /// The trial of Hyperband that trains up to so many epochs, and whose last state is kept, since another may go on with it.
    public func continued(to epochs: Int) -> Object {
        var result = self
        result.fields["epochs"] = Field(.number(Double(epochs)), fields["epochs"]?.origin ?? Origin())
        result.fields["continued"] = Field(.bool(true))
        return result
    }

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
        if var schedule = ExperimentObject(self).schedule {
            let changed = zip(stages, epochs).compactMap { stage, epochs -> ListItem? in
                guard epochs > 0 else { return nil }
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

extension Value {
    /// The experiments that a value rests on, in the order in which they stand in it.
    public var experiments: [Object] { collect { part in part.object.flatMap { $0.kind == "experiment" ? $0 : nil } } }
}
