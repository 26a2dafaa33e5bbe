import Diagnostics
import Language
import Tensors
import Training

private let low = Parameter("low", .number(.any), "the smallest value")
private let high = Parameter("high", .number(.any), "the largest value")

/// The meaning of a search space: its dimension in a search, and how values are drawn from it.
struct SpaceOfValues: Sendable {
    /// Kind of the dimension that a search sees.
    var kind: SearchDimension.Kind
    /// Draws one value by random numbers.
    var draw: @Sendable (inout Philox) -> Value
}

/// The search spaces: `uniform`, `loguniform`, `integers` and `choice`.
let spaces = Vocabulary<SpaceOfValues>([
    Word(
        "uniform", family: "Search spaces", [low, high], gives: .space(nil), "Numbers between two bounds, each as likely as any other.",
        examples: [Example("show sample(uniform(0.1, 0.5), count: 3, seed: 1)")], check: { call, _ in try numbers(call) }
    ) {
        let low = try $0.number("low")
        let high = try $0.number("high")
        return SpaceOfValues(kind: .linear(low: low, high: high)) { .number(min(high, low + $0.nextDouble() * (high - low))) }
    },
    Word(
        "loguniform", family: "Search spaces", [low, high], gives: .space(nil),
        "Positive numbers between two bounds whose logarithms are equally likely: each power of ten as often as the next.",
        examples: [Example("show sample(loguniform(1e-4, 1e-2), count: 3, seed: 1)")],
        check: { call, _ in
            guard let low = call["low"].number, low > 0 else {
                throw Diagnostic(
                    "range", "`low` of `loguniform` expected a number above 0, found \(written(call["low"].number ?? 0))",
                    at: call.span(of: "low"))
            }
            return try numbers(call)
        }
    ) {
        let low = try $0.number("low")
        let high = try $0.number("high")
        let (a, b) = (naturalLogarithm(low), naturalLogarithm(high))
        return SpaceOfValues(kind: .logarithmic(low: low, high: high)) {
            .number(min(high, max(low, exponential(a + $0.nextDouble() * (b - a)))))
        }
    },
    Word(
        "integers", family: "Search spaces",
        [
            Parameter("low", .number(integerRule), "the smallest value"),
            Parameter("high", .number(integerRule), "the largest value, where the steps lead to it"),
            Parameter("step", .number(.count()), .fallback(.number(1)), "from one value to the next"),
        ],
        gives: .space(nil), "Whole numbers from `low` to `high`, each as likely as any other.",
        examples: [Example("show sample(integers(4, 16, step: 4), count: 3, seed: 1)")], check: { call, _ in try numbers(call) }
    ) {
        let low = try $0.integer("low")
        let high = try $0.integer("high")
        let step = try $0.integer("step")
        let steps = ((Double(high) - Double(low)) / Double(step)).rounded(.down)
        return SpaceOfValues(kind: .integers(low: low, high: high, step: step)) {
            .number(Double(low) + Double(step) * Double($0.nextInt(below: Int(min(steps, 1e15)) + 1)))
        }
    },
    Word(
        "choice", family: "Search spaces", [Parameter("of", .list(.any, count: nil), "the values")], gives: .space(nil),
        "One of a list of values, each as likely as any other.", examples: [Example("show sample(choice([4, 8, 16]), count: 3, seed: 1)")],
        check: { call, _ in
            guard let items = call["of"].items, !items.isEmpty else {
                throw Diagnostic("range", "`choice` expected at least one value, found none", at: call.span(of: "of"))
            }
            return sharpened(call, .choices(items), source: "choice(\(source(of: call["of"])))")
        }
    ) {
        let values = try $0.items("of")
        return SpaceOfValues(kind: .choices(count: values.count)) { values[$0.nextInt(below: values.count)] }
    },
])

/// The call of a space of numbers with its bounds in its type. Throws `range` where they are not in order.
private func numbers(_ call: Call) throws -> Value {
    guard let low = call["low"].number, let high = call["high"].number else { return .call(call) }
    guard low < high else {
        throw Diagnostic(
            "range", "`high` of `\(call.builtin)` expected a number above \(written(low)), found \(written(high))",
            at: call.span(of: "high"))
    }
    let step = call["step"].number ?? 1
    let suffix = step == 1 ? "" : ", step: \(written(step))"
    // Steps may not lead to `high`.
    let last = low + ((high - low) / step).rounded(.down) * step
    return sharpened(
        call, .numbers(low: low, high: call.arguments["step"] == nil ? high : last, whole: call.arguments["step"] != nil),
        source: "\(call.builtin)(\(written(low)), \(written(high))\(suffix))")
}

/// The call with the values of its search space in its type.
private func sharpened(_ call: Call, _ values: SearchSpace.Values, source: String) -> Value {
    var result = call
    result.type = .space(SearchSpace(values, source: source))
    return .call(result)
}

extension Value {
    /// The least and the greatest number that a value may be: the number itself, or the bounds of a search space; nil where it
    /// may be something else.
    var bounds: ClosedRange<Double>? {
        if let number { return number...number }
        return searchSpace?.bounds
    }
}

extension SearchSpace {
    /// The least and the greatest number of the space; nil where something else may be drawn.
    var bounds: ClosedRange<Double>? {
        switch values {
        case .numbers(let low, let high, _): return low...high
        case .choices(let items):
            let numbers = items.compactMap(\.number)
            guard numbers.count == items.count, let least = numbers.min(), let most = numbers.max() else { return nil }
            return least...most
        }
    }
}

/// The value with every search space in it replaced by its first value: what shapes are worked out with.
func withoutSpaces(_ value: Value) -> Value {
    if let space = value.searchSpace {
        switch space.values {
        case .numbers(let low, _, _): return .number(low)
        case .choices(let items): return items.first.map(withoutSpaces) ?? .none
        }
    }
    return value.call.map { .call(withoutSpaces($0)) } ?? value
}

/// The call with the first value of each search space among its arguments.
func withoutSpaces(_ call: Call) -> Call {
    var result = call
    result.arguments = call.arguments.mapValues { Field(withoutSpaces($0.value), $0.origin) }
    return result
}
