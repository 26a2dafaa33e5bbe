import Datasets
import Diagnostics
import Language
import Plotting

/// The figure `histogram`: the distribution of values.
let histogramFigures = Vocabulary([
    figureWord(
        "histogram",
        [
            Parameter("of", .either([.object("dataset"), anyTensor, anyDensity]), "a data set, a tensor or a density"),
            Parameter("column", .optional(.text), .fallback(.none), "a column of numbers, where a data set is given"),
            Parameter(
                "by", .either([.none, .text, anyTensor, .sort(.texts)]), .fallback(.none),
                "what the values are told apart by in colour: a column of the data set, or a column of as many rows"),
            Parameter("bins", .optional(.number(.whole(1, 100_000))), .fallback(.none), "by the Freedman-Diaconis rule where not given"),
        ],
        options: [.frame, .labels, .axes], "How the values of a column or the elements of a tensor are spread.",
        examples: [Example("plot histogram(crystals, \"k_vrh\", bins: 12) to \"out/moduli.svg\"", with: .crystals)],
        later: ["by": .none], check: checkHistogram,
        draws: { call, context in
            let (axis, values) = try context.values(call, call["of"].object == nil ? "of" : "column")
            let arguments = context.arguments(of: call)
            let bins = try arguments.optional("bins", arguments.integer)
            guard !call["by"].isNone else { return .histogram(values, x: axis, bins: bins) }
            let names = try context.groups(call)
            guard names.count == values.count else {
                throw Diagnostic(
                    "shape", "`by` expected something of each of \(values.count) values, found \(names.count)", at: call.span(of: "by"))
            }
            let grouped = Dictionary(grouping: zip(names, values)) { $0.0 }
            let known = grouped.keys.sorted(by: naturalLess)
            guard known.count <= mostGroups else {
                throw Diagnostic(
                    "shape", "`by` expected at most \(mostGroups) different values to tell apart in colour, found \(known.count)",
                    at: call.span(of: "by"))
            }
            return .histogram(known.map { name in (name, (grouped[name] ?? []).map(\.1)) }, x: axis, bins: bins)
        })
])

/// The most groups whose colours can be told apart.
let mostGroups = 12

/// Checks what a histogram draws: see `checkColumns`; and that what tells its values apart is there. Throws `type`, `unknown-column`.
@Sendable private func checkHistogram(_ call: Call, _ context: CheckContext) throws -> Value {
    try checkGroups(call, context)
    return try checkColumns(["column"])(call, context)
}

/// Checks that what tells values apart is there. Throws `type`, `unknown-column`.
func checkGroups(_ call: Call, _ context: CheckContext) throws {
    guard let name = call["by"].string else { return }
    guard let data = call["of"].object else {
        throw Diagnostic(
            "type", "`by` expected a column as it stands in brackets, found a name", at: call.span(of: "by"),
            hint: "as in `by: t[\"\(name)\"]`; a name belongs to a data set")
    }
    let table = try context.plan(of: data).table
    _ = try located(call.span(of: "by")) { try table.column(name) }
}

extension ComputeContext {
    /// What the values of a histogram are told apart by, one text each.
    func groups(_ call: Call) throws -> [String] {
        let value = call["by"]
        if let name = value.string, let data = call["of"].object {
            let plan = try results.plan(of: data)
            let column = try plan.table.column(name)
            return plan.rows.map { column.text($0) }
        }
        if value.isColumn { return try texts(value) }
        return try array(value).array.values.map { $0.isNaN ? "" : written($0) }
    }
}
