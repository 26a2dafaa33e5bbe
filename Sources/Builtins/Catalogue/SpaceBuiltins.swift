import Diagnostics
import Language
import Tensors

private let low = Parameter("low", .number(.any), "the smallest value")
private let high = Parameter("high", .number(.any), "the largest value")

/// Search spaces, and drawing from them.
let spaceBuiltins: [Builtin] = [
    Builtin(
        "uniform", family: "Search spaces", [low, high], gives: .space(nil), "Numbers between two bounds, each as likely as any other.",
        examples: [Example("show sample(uniform(0.1, 0.5), count: 3, seed: 1)")], check: { call, _ in try numbers(call) }),
    Builtin(
        "loguniform", family: "Search spaces", [low, high], gives: .space(nil),
        "Positive numbers between two bounds whose logarithms are equally likely: each power of ten as often as the next.",
        examples: [Example("show sample(loguniform(1e-4, 1e-2), count: 3, seed: 1)")],
        check: { call, _ in
            guard let low = call["low"].number, low > 0 else {
                throw Diagnostic("range", "`low` of `loguniform` expected a number above 0, found \(written(call["low"].number ?? 0))", at: call.span(of: "low"))
            }
            return try numbers(call)
        }),
    Builtin(
        "integers", family: "Search spaces",
        [
            Parameter("low", .number(integerRule), "the smallest value"), Parameter("high", .number(integerRule), "the largest value, where the steps lead to it"),
            Parameter("step", .number(.count()), .fallback(.number(1)), "from one value to the next"),
        ],
        gives: .space(nil), "Whole numbers from `low` to `high`, each as likely as any other.",
        examples: [Example("show sample(integers(4, 16, step: 4), count: 3, seed: 1)")], check: { call, _ in try numbers(call) }),
    Builtin(
        "choice", family: "Search spaces", [Parameter("of", .list(.any, count: nil), "the values")], gives: .space(nil),
        "One of a list of values, each as likely as any other.", examples: [Example("show sample(choice([4, 8, 16]), count: 3, seed: 1)")],
        check: { call, _ in
            guard let items = call["of"].items, !items.isEmpty else {
                throw Diagnostic("range", "`choice` expected at least one value, found none", at: call.span(of: "of"))
            }
            return sharpened(call, .choices(items), source: "choice(\(source(of: call["of"])))")
        }),
    Builtin(
        "sample", family: "Search spaces",
        [
            Parameter("of", .either([.space(nil), .map(.any)]), "a search space, or a record of them to draw from together"),
            Parameter("count", .number(sampleCount), "how many values"),
            Parameter("seed", .number(.count(0)), "of the random numbers; value 3 of a seed is the same whatever the count"),
        ],
        gives: .list(.any, count: nil),
        "Values drawn from a search space, as a list: a random search is a `for` over it. They are drawn when the script is checked, by a counter-based generator addressed by seed and position.",
        examples: [
            Example("show sample(loguniform(1e-4, 1e-2), count: 3, seed: 1)"),
            Example("for p in sample({ rate: loguniform(1e-4, 1e-2), batch: choice([4, 8]) }, count: 3, seed: 1) { \"\\(p.rate) \\(p.batch)\" }"),
        ],
        check: { call, _ in
            guard let count = call["count"].integer, let seed = call["seed"].integer else { return .call(call) }
            if let fields = call["of"].record, !fields.values.contains(where: { $0.value.searchSpace != nil }) {
                throw Diagnostic("type", "`of` of `sample` expected a search space in the record, found none", at: call.span(of: "of"))
            }
            return .list((0..<count).map { index in
                var generator = Philox(RandomKey(seed: UInt64(seed), purpose: .search, item: UInt32(index)))
                return ListItem(drawn(call["of"], &generator))
            })
        }),
]

private let sampleCount: NumberRule = {
    var rule = NumberRule.within(1, 10_000)
    rule.integer = true
    return rule
}()

private func numbers(_ call: Call) throws -> Value {
    guard let low = call["low"].number, let high = call["high"].number else { return .call(call) }
    guard low < high else {
        throw Diagnostic("range", "`high` of `\(call.builtin)` expected a number above \(written(low)), found \(written(high))", at: call.span(of: "high"))
    }
    let step = call["step"].number ?? 1
    let suffix = step == 1 ? "" : ", step: \(written(step))"
    return sharpened(
        call, .numbers(low: low, high: high, whole: call.builtin == "integers"), source: "\(call.builtin)(\(written(low)), \(written(high))\(suffix))")
}

private func sharpened(_ call: Call, _ values: SearchSpace.Values, source: String) -> Value {
    var result = call
    result.type = .space(SearchSpace(values, source: source))
    return .call(result)
}

/// A value drawn from a search space; from a record, one from each of its spaces, in the order of their names.
private func drawn(_ value: Value, _ generator: inout Philox) -> Value {
    if let fields = value.record {
        var result = fields
        for name in fields.keys.sorted() { if let field = fields[name] { result[name] = Field(drawn(field.value, &generator), field.origin) } }
        return .record(result)
    }
    guard case .call(let call) = value, let space = value.searchSpace else { return value }
    switch space.values {
    case .choices(let items): return items[generator.nextInt(below: items.count)]
    case .numbers(let low, let high, let whole):
        if whole {
            let step = call["step"].number ?? 1
            let steps = ((high - low) / step).rounded(.down)
            return .number(low + step * Double(generator.nextInt(below: Int(min(steps, 1e15)) + 1)))
        }
        let share = generator.nextDouble()
        guard call.builtin == "loguniform" else { return .number(min(high, low + share * (high - low))) }
        let (a, b) = (naturalLogarithm(low), naturalLogarithm(high))
        return .number(min(high, max(low, exponential(a + share * (b - a)))))
    }
}
