import Diagnostics
import Language
import Tensors

/// The builtin `sample`, which draws from search spaces while a script is checked.
/// The check gives the values themselves, so that no call of it is left to mean anything.
let sampling: [Builtin] = [
    Builtin(
        "sample", family: "Search spaces",
        [
            Parameter("of", .either([.space(nil), .map(.any)]), "a search space, or a record of them to draw from together"),
            Parameter("count", .number(sampleCount), "how many values"),
            Parameter("seed", .number(.count(0)), "of the random numbers; value 3 of a seed is the same whatever the count"),
        ],
        gives: .list(.any, count: nil),
        """
        Values drawn from a search space, as a list: a random search is a `for` over it. \
        They are drawn when the script is checked, by a counter-based generator addressed by seed and position.
        """,
        examples: [
            Example("show sample(loguniform(1e-4, 1e-2), count: 3, seed: 1)"),
            Example(
                "for p in sample({ rate: loguniform(1e-4, 1e-2), batch: choice([4, 8]) }, count: 3, seed: 1) { \"\\(p.rate) \\(p.batch)\" }"
            ),
        ],
        check: { call, context in
            guard let count = call["count"].integer, let seed = call["seed"].integer else { return .call(call) }
            if let fields = call["of"].record, !fields.values.contains(where: { $0.value.searchSpace != nil }) {
                throw Diagnostic("type", "`of` of `sample` expected a search space in the record, found none", at: call.span(of: "of"))
            }
            return .list(
                try (0..<count).map { index in
                    var generator = Philox(RandomKey(seed: UInt64(seed), purpose: .search, item: UInt32(index)))
                    return ListItem(try drawn(call["of"], &generator, context.library))
                })
        })
]

private let sampleCount = NumberRule.whole(1, 10_000)

/// A value drawn from a search space; from a record, one from each of its spaces, in the order of their names.
private func drawn(_ value: Value, _ generator: inout Philox, _ library: Library) throws -> Value {
    if let fields = value.record {
        var result = fields
        for (name, field) in fields.byName { result[name] = Field(try drawn(field.value, &generator, library), field.origin) }
        return .record(result)
    }
    guard case .call(let call) = value, value.searchSpace != nil else { return value }
    return try library.meaning(of: call, as: SpaceOfValues.self).draw(&generator)
}
