import Diagnostics
import Language
import Storage
import Training

/// A search space in an experiment: where it stands, as people say it, and the dimension it is to a search.
public struct ExperimentSpace: Sendable {
    /// `optimizer.rate`
    public var name: String
    public var space: Call
    public var dimension: SearchDimension
}

extension Object {
    /// The search spaces of an experiment, in the order in which trials name them. Throws `search-space` for one that nothing
    /// can be drawn from.
    public func spaces() throws -> [ExperimentSpace] {
        var found: [(String, Call)] = []
        for (name, field) in fields.byName where name != "data" && name != "search" { collect(field.value, name, into: &found) }
        var counts: [String: Int] = [:]
        return try found.map { name, call in
            counts[name, default: 0] += 1
            let unique = counts[name] == 1 ? name : "\(name) \(counts[name] ?? 1)"
            return ExperimentSpace(name: unique, space: call, dimension: try located(call.origin.span) { try dimension(of: call, unique) })
        }
    }

    /// The experiment with values in place of its spaces, in the order of `spaces()`.
    public func trial(_ values: [Value], label: String) -> Object {
        var rest = values[...]
        var result = self
        result.label = label
        for (name, field) in fields.byName where name != "data" && name != "search" {
            let value = filling(field.value, &rest)
            result.fields[name] = Field(value, field.origin)
        }
        result.fields["search"] = Field(.none, fields["search"]?.origin ?? Origin())
        return result
    }
}

private func collect(_ value: Value, _ name: String, into found: inout [(String, Call)]) {
    switch value {
    case .call(let call):
        if value.searchSpace != nil { return found.append((name, call)) }
        for (argument, field) in call.arguments.byName { collect(field.value, "\(name).\(argument)", into: &found) }
    case .list(let items): for (index, item) in items.enumerated() { collect(item.value, item.value.object?.label ?? "\(name)[\(index)]", into: &found) }
    case .record(let fields): for (field, inner) in fields.byName { collect(inner.value, "\(name).\(field)", into: &found) }
    case .object(let object):
        for (index, application) in (object.network?.applications ?? []).enumerated() {
            collect(application.layer, "\(application.layer.call?.builtin ?? "layer") \(index + 1)", into: &found)
        }
        for (field, inner) in object.fields.byName { collect(inner.value, "\(name).\(field)", into: &found) }
    default: break
    }
}

private func filling(_ value: Value, _ rest: inout ArraySlice<Value>) -> Value {
    switch value {
    case .call(var call):
        if value.searchSpace != nil { return rest.popFirst() ?? .none }
        for (argument, field) in call.arguments.byName { call.arguments[argument] = Field(filling(field.value, &rest), field.origin) }
        return .call(call)
    case .list(let items):
        return .list(items.map { item in
            var item = item
            item.value = filling(item.value, &rest)
            return item
        })
    case .record(var fields):
        for (name, field) in fields.byName { fields[name] = Field(filling(field.value, &rest), field.origin) }
        return .record(fields)
    case .object(var object):
        if var network = object.network {
            for index in network.applications.indices { network.applications[index].layer = filling(network.applications[index].layer, &rest) }
            object.network = network
        }
        for (name, field) in object.fields.byName { object.fields[name] = Field(filling(field.value, &rest), field.origin) }
        return .object(object)
    default: return value
    }
}

private func dimension(of call: Call, _ name: String) throws -> SearchDimension {
    switch call.builtin {
    case "uniform": return try SearchDimension(name: name, kind: .linear(low: call["low"].number ?? 0, high: call["high"].number ?? 1))
    case "loguniform": return try SearchDimension(name: name, kind: .logarithmic(low: call["low"].number ?? 0, high: call["high"].number ?? 1))
    case "integers":
        return try SearchDimension(name: name, kind: .integers(low: call["low"].integer ?? 0, high: call["high"].integer ?? 0, step: call["step"].integer ?? 1))
    default: return try SearchDimension(name: name, kind: .choices(count: call["of"].items?.count ?? 0))
    }
}

extension ExperimentSpace {
    /// A value of the search as the language has it.
    public func value(_ drawn: SearchValue) -> Value {
        switch drawn {
        case .number(let number): .number(number)
        case .choice(let index): space["of"].items.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? .none
        }
    }
}

/// The search that an experiment asks for.
public func search(of experiment: Object) throws -> (search: Search, spaces: [ExperimentSpace], monitor: Training.Monitor) {
    guard let call = experiment["search"].call else { throw Diagnostic("search-space", "the experiment has no search", at: experiment.origin.span) }
    let spaces = try experiment.spaces()
    let strategy: SearchStrategy = switch call.builtin {
    case "gridSearch": .grid(points: call["points"].integer ?? 5)
    case "randomSearch": .random(trials: call["trials"].integer ?? 10)
    case "hyperband":
        .hyperband(try HyperbandSchedule(maxEpochs: call["epochs"].integer ?? 100, factor: call["factor"].integer ?? 3, iterations: call["iterations"].integer ?? 1))
    default: .bayesian(BayesianSettings(trials: call["trials"].integer ?? 10, initial: call["initial"].integer))
    }
    let search = try located(call.origin.span) { try Search(spaces.map(\.dimension), strategy, seed: UInt64(call["seed"].integer ?? 0)) }
    return (search, spaces, monitor(call["on"]) ?? .validationLoss)
}

@Sendable func needsSearch(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let experiment = call["of"].object, experiment["search"].isNone else { return .call(call) }
    throw Diagnostic("type", "`\(call.builtin)` expected an experiment with a search, found one without", at: call.span(of: "of"), hint: "as in `search: bayesian(trials: 20)`")
}

@Sendable func needsFolds(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let experiment = call["of"].object, experiment["folds"].isNone else { return .call(call) }
    throw Diagnostic("type", "`folds` expected an experiment with folds, found one without", at: call.span(of: "of"), hint: "as in `folds: 10`")
}

@Sendable func checkSelect(_ call: Call, _ context: CheckContext) throws -> Value {
    _ = try refuseHoldout("select")(call, context)
    guard case .list(let items) = call["of"], !items.isEmpty else {
        throw Diagnostic("empty-table", "`select` expected at least one experiment, found none", at: call.span(of: "of"))
    }
    if let within = call["within"].string {
        let known = Set(items.flatMap { $0.labels.keys }).sorted()
        guard items.allSatisfy({ $0.labels[within] != nil }) else {
            throw Diagnostic(
                "unknown-label", "these experiments have no label `\(within)`", at: call.span(of: "within"), label: nearMiss(within, among: known).map { "did you mean `\($0)`?" },
                hint: known.isEmpty ? "labels are the variables of the `for` that made a list" : nil)
        }
    }
    return .call(call)
}

/// Turns two experiments into lists of them on splits of other seeds.
@Sendable func checkCompare(_ call: Call, _ context: CheckContext) throws -> Value {
    if let on = call["on"].word, on.hasSuffix(".loss") || on.hasSuffix(".mse") {
        throw Diagnostic("unknown-monitor", "`compare` cannot look at `\(on)`", at: call.span(of: "on"), hint: "compare by `rmse`, `mae` or `r2` of a part")
    }
    guard let a = call["a"].object, let b = call["b"].object, let repeats = call["repeats"].integer else { return .call(call) }
    guard let data = a["data"].object, data == b["data"].object else {
        throw Diagnostic("type", "`compare` expected two experiments on one data set, found two", at: call.span(of: "b"))
    }
    guard var split = data["split"].call, let seed = split["seed"].integer else {
        throw Diagnostic("type", "`compare` repeats a split that has a seed, and this one has none", at: data.span(of: "split"))
    }
    func repeated(_ experiment: Object) -> Value {
        .list((0..<repeats).map { turn in
            split.arguments["seed"] = Field(.number(Double(seed + turn)), split.arguments["seed"]?.origin ?? Origin())
            var moved = data
            moved.fields["split"] = Field(.call(split), data.fields["split"]?.origin ?? Origin())
            moved.given["split"] = moved.fields["split"]
            var result = experiment
            result.fields["data"] = Field(.object(moved), experiment.fields["data"]?.origin ?? Origin())
            result.label = "\(experiment.label ?? "experiment") (split \(seed + turn))"
            return ListItem(.object(result))
        })
    }
    var result = call
    result.arguments["names"] = Field(.list([a, b].enumerated().map { ListItem(.text(Text($0.element.label ?? ["a", "b"][$0.offset]))) }), call.origin)
    result.arguments["a"] = Field(repeated(a), call.arguments["a"]?.origin ?? Origin())
    result.arguments["b"] = Field(repeated(b), call.arguments["b"]?.origin ?? Origin())
    return .call(result)
}

@Sendable func checkTrained(_ call: Call, _ context: CheckContext) throws -> Value {
    let path = call["path"].string ?? ""
    guard fileStatus(context.resolve(path))?.kind == .file else { throw Diagnostic("missing-file", "there is no file `\(path)`", at: call.span(of: "path")) }
    return .call(call)
}
