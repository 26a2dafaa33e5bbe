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

/// Refuses an experiment whose search spaces nothing searches, and one that searches without a space.
func checkSpaces(in experiment: Object) throws {
    let spaces = try experiment.spaces()
    if experiment["search"].isNone {
        guard let first = spaces.first else { return }
        throw Diagnostic(
            "search-space", "`\(first.name)` is a search space, and nothing searches it", at: first.space.origin.span,
            hint: "say how: `search: randomSearch(trials: 20)`; `bayesian`, `gridSearch` and `hyperband` are others")
    }
    guard !spaces.isEmpty else {
        throw Diagnostic("search-space", "the search has nothing to search: no field is a search space", at: experiment.span(of: "search"), hint: "as in `optimizer: adam(rate: loguniform(1e-4, 1e-1))`")
    }
    _ = try search(of: experiment)
}
