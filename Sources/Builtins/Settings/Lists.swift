import Datasets
import Diagnostics
import Language

/// The words for lists, texts and tables as wholes, which the check works out: `count` and `reversed`.
let listWords: [Builtin] = [
    Builtin(
        "count", family: "Lists",
        [
            Parameter(
                "of", .either([.list(.any, count: nil), .text, .sort(.table), .object("dataset")]), "a list, a text, a table or a data set")
        ],
        gives: .number(.count(0)), "How many items a list, characters a text, rows a table or a data set has.",
        examples: [Example("show count([3, 1, 2])\nshow count(csv(\"data/fcc-dft/elements.csv\"))")],
        check: { call, context in
            switch call["of"] {
            case .list(let items): return .number(Double(items.count))
            case .text(let text): return .number(Double(text.string.count))
            case .object(let data): return .number(Double(try context.plan(of: data).count))
            case .call(let table) where context.library.givesRows(table): return .number(Double(try context.table(table).count))
            default:
                throw Diagnostic("deferred", "the rows of a table of results are not known before it is computed", at: call.span(of: "of"))
            }
        }),
    Builtin(
        "reversed", family: "Lists", [Parameter("list", .list(.any, count: nil), "a list or a range")], gives: .list(.any, count: nil),
        "A list from its last item to its first.", examples: [Example("show reversed([3, 1, 2])")],
        check: { call, _ in
            guard case .list(let items) = call["list"] else { return call["list"] }
            return .list(items.reversed())
        }),
]

/// A list of numbers by size, or of texts naturally. Throws `type` for a list of both.
func sortedList(_ items: [ListItem], descending: Bool, at span: SourceSpan?) throws -> Value {
    let numbers = items.compactMap(\.value.number)
    let texts = items.compactMap(\.value.string)
    guard numbers.count == items.count || texts.count == items.count else {
        throw Diagnostic("type", "`sort` expected a list of numbers or one of texts, found both in one", at: span)
    }
    // Of equal items the first stays first in either direction.
    let order = items.indices.sorted { a, b in
        let (first, second) = descending ? (b, a) : (a, b)
        if !numbers.isEmpty { return numbers[first] == numbers[second] ? a < b : numbers[first] < numbers[second] }
        return texts[first] == texts[second] ? a < b : naturalLess(texts[first], texts[second])
    }
    return .list(order.map { items[$0] })
}

/// The texts of a list as one, with another between each two. Throws `missing-argument` where that is not given as a text.
@Sendable func joinedTexts(_ items: [ListItem], _ call: Call) throws -> Value {
    guard call["other"].isNone, let separator = call["by"].string else {
        throw Diagnostic(
            "type", "`join` of texts expected the text that stands between them", at: call.span(of: "by"),
            hint: "as in `join([\"a\", \"b\"], by: \", \")`")
    }
    return .text(Text(items.compactMap(\.value.string).joined(separator: separator)))
}
