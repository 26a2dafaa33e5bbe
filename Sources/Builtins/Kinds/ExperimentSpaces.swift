import Diagnostics
import Language
import Training

/// A search space in an experiment, with its name for people and its dimension in the search.
public struct ExperimentSpace: Sendable {
    /// Name of the field that holds the space, such as `optimizer.rate`; numbered where several spaces share it.
    public var name: String
    /// Call that declares the space, such as `loguniform(1e-4, 1e-2)`.
    public var space: Call
    /// Dimension of the search that the space spans.
    public var dimension: SearchDimension
}

extension Object {
    /// The search spaces of an experiment, in the order in which trials name them. Throws `search-space` for one that nothing
    /// can be drawn from.
    public func spaces(_ library: Library) throws -> [ExperimentSpace] {
        // Most experiments have none, and their names need not be put together.
        guard fields.contains(where: { $0.key != "data" && $0.key != "search" && $0.value.value.firstSpace != nil }) else { return [] }
        var found: [(String, Call)] = []
        for (name, field) in fields.byName where name != "data" && name != "search" { collect(field.value, name, into: &found) }
        var counts: [String: Int] = [:]
        return try found.map { name, call in
            counts[name, default: 0] += 1
            let unique = counts[name] == 1 ? name : "\(name) \(counts[name] ?? 1)"
            return ExperimentSpace(
                name: unique, space: call,
                dimension: try located(call.origin.span) {
                    try SearchDimension(name: unique, kind: library.meaning(of: call, as: SpaceOfValues.self).kind)
                })
        }
    }

    /// The experiment of a trial: values in place of the search spaces, in the order of `spaces(_:)`, and no search.
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

extension Value {
    /// The first search space in the value, or in what is declared in it, with its place; nil where nothing varies.
    var firstSpace: (space: SearchSpace, span: SourceSpan?)? {
        if let space = searchSpace { return (space, call?.origin.span) }
        let declared = object.map { object in
            object.fields.map(\.value.value) + (object.network?.applications.map(\.layer) ?? [])
        }
        return (declared ?? children).lazy.compactMap(\.firstSpace).first
    }
}

/// Appends the search spaces inside a value, each with the name of its field.
private func collect(_ value: Value, _ name: String, into found: inout [(String, Call)]) {
    switch value {
    case .call(let call):
        if value.searchSpace != nil { return found.append((name, call)) }
        for (argument, field) in call.arguments.byName { collect(field.value, "\(name).\(argument)", into: &found) }
    case .list(let items):
        for (index, item) in items.enumerated() { collect(item.value, item.value.object?.label ?? "\(name)[\(index)]", into: &found) }
    case .record(let fields): for (field, inner) in fields.byName { collect(inner.value, "\(name).\(field)", into: &found) }
    case .object(let object):
        for (index, application) in (object.network?.applications ?? []).enumerated() {
            collect(application.layer, "\(application.layer.call?.builtin ?? "layer") \(index + 1)", into: &found)
        }
        for (field, inner) in object.fields.byName { collect(inner.value, "\(name).\(field)", into: &found) }
    default: break
    }
}

/// The value with each search space in it replaced by the next of the values in `rest`.
private func filling(_ value: Value, _ rest: inout ArraySlice<Value>) -> Value {
    switch value {
    case .call(var call):
        if value.searchSpace != nil { return rest.popFirst() ?? .none }
        for (argument, field) in call.arguments.byName { call.arguments[argument] = Field(filling(field.value, &rest), field.origin) }
        return .call(call)
    case .list(let items):
        return .list(
            items.map { item in
                var item = item
                item.value = filling(item.value, &rest)
                return item
            })
    case .record(var fields):
        for (name, field) in fields.byName { fields[name] = Field(filling(field.value, &rest), field.origin) }
        return .record(fields)
    case .object(var object):
        if var network = object.network {
            for index in network.applications.indices {
                network.applications[index].layer = filling(network.applications[index].layer, &rest)
            }
            object.network = network
        }
        for (name, field) in object.fields.byName { object.fields[name] = Field(filling(field.value, &rest), field.origin) }
        return .object(object)
    default: return value
    }
}

extension ExperimentSpace {
    /// The value that a search drew, as a value of the language.
    public func value(_ drawn: SearchValue) -> Value {
        switch drawn {
        case .number(let number): .number(number)
        case .choice(let index): choices.indices.contains(index) ? choices[index] : .none
        }
    }

    /// The values of a choice, in order; empty for a space between two bounds.
    var choices: [Value] { space["of"].items ?? [] }

    /// The first of the space's choices, or its least number.
    public var firstValue: Value { withoutSpaces(.call(space)) }

    /// Whether all values of the space are numbers.
    var isNumeric: Bool {
        if case .choices = dimension.kind { return choices.allSatisfy { $0.number != nil } }
        return true
    }
}

/// The search of an experiment, with its spaces and the metric that it minimizes.
public struct ExperimentSearch: Sendable {
    /// Search that proposes the trials.
    public var search: Search
    /// Search spaces, in the order in which trials name them.
    public var spaces: [ExperimentSpace]
    /// Metric that the search minimizes.
    public var monitor: Training.Monitor
}

extension Library {
    /// The search of an experiment, with its spaces; nil for one without. Refuses an experiment whose search spaces nothing searches,
    /// and one that searches without a space. Throws `search-space`.
    func checkedSearch(of experiment: ExperimentObject) throws -> ExperimentSearch? {
        let spaces = try experiment.object.spaces(self)
        for space in spaces {
            guard let inner = space.choices.lazy.compactMap(\.firstSpace).first else { continue }
            throw Diagnostic(
                "search-space", "`\(space.name)` is a choice among values, found the search space `\(inner.space.source)` in one of them",
                at: inner.span ?? space.space.origin.span,
                hint: "search each choice in an experiment of its own, or let the space stand outside the `choice`")
        }
        guard let call = experiment.search else {
            guard let first = spaces.first else { return nil }
            throw Diagnostic(
                "search-space", "`\(first.name)` is a search space, and nothing searches it", at: first.space.origin.span,
                hint: "say how: `search: randomSearch(trials: 20)`; `bayesian`, `gridSearch` and `hyperband` are others")
        }
        guard !spaces.isEmpty else {
            throw Diagnostic(
                "search-space", "the search has nothing to search: no field is a search space", at: experiment.object.span(of: "search"),
                hint: "as in `optimizer: adam(rate: loguniform(1e-4, 1e-1))`")
        }
        let arguments = Arguments(call, library: self)
        let search = try located(call.origin.span) { try Search(spaces.map(\.dimension), meaning(of: call), seed: arguments.seed()) }
        return ExperimentSearch(search: search, spaces: spaces, monitor: try arguments.monitor("on"))
    }
}
