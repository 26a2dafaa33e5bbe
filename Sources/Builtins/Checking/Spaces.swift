import Diagnostics
import Language

/// The value with every search space in it replaced by its first value: what shapes are worked out with.
func settled(_ value: Value) -> Value {
    if let space = value.searchSpace {
        switch space.values {
        case .numbers(let low, _, _): return .number(low)
        case .choices(let items): return items.first.map(settled) ?? .none
        }
    }
    guard case .call(var call) = value else { return value }
    call.arguments = call.arguments.mapValues { Field(settled($0.value), $0.origin) }
    return .call(call)
}

/// Refuses an experiment that holds a search space: nothing searches yet.
func refuseSpaces(in experiment: Object) throws {
    for (name, field) in experiment.fields.sorted(by: { $0.key < $1.key }) where name != "data" {
        guard let (what, space) = found(in: field.value, "`\(name)`") else { continue }
        let drawn = space.type.searchSpace?.source ?? "uniform(0, 1)"
        throw Diagnostic(
            "search-space", "\(what) is a search space, and nothing searches it", at: space.origin.span,
            hint: "searching comes with a later version; draw values by hand: `for x in sample(\(drawn), count: 8, seed: 1) { ... }`")
    }
}

private func found(in value: Value, _ what: String) -> (what: String, space: Call)? {
    switch value {
    case .call(let call):
        if value.searchSpace != nil { return (what, call) }
        for (name, field) in call.arguments.sorted(by: { $0.key < $1.key }) {
            if let found = found(in: field.value, "`\(name)` of `\(call.builtin)`") { return found }
        }
    case .list(let items): for item in items { if let found = found(in: item.value, what) { return found } }
    case .record(let fields):
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) { if let found = found(in: field.value, "`\(name)`") { return found } }
    case .object(let object):
        for application in object.network?.applications ?? [] { if let found = found(in: application.layer, what) { return found } }
        for (name, field) in object.fields.sorted(by: { $0.key < $1.key }) { if let found = found(in: field.value, "`\(name)`") { return found } }
    default: break
    }
    return nil
}

extension ValueType {
    fileprivate var searchSpace: SearchSpace? { if case .space(let space) = self { space } else { nil } }
}
