import Diagnostics
import Language
import Plotting

/// The figure `intervals`: bands with lines to compare them with.
let intervalFigures = Vocabulary([
    figureWord(
        "intervals",
        [
            Parameter(
                "of", .map(.list(anyTensor, count: 2)),
                "sets of bands by name, each two tensors of as many elements: lower and upper ends"),
            Parameter(
                "against", .map(.either([.number(.any), anyTensor])), .fallback(.record([:])),
                "values by name that are drawn as lines across"),
            Parameter("quantity", .text, .fallback(.text(Text("value"))), "what the bands are of"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the figure"),
        ],
        options: [.frame, .labels, .axes], "Bands side by side with lines at values to compare them with.",
        examples: [
            Example(
                """
                let low = tensor([14.5, 15.2])
                let high = tensor([15.8, 17.0])
                plot intervals({ first: [low, high] }, against: { truth: 15.9 }, quantity: "deviation") to "out/bands.svg"
                """
            )
        ],
        check: checkIntervals, draws: { call, context in try context.intervals(call) })
])

/// Checks that a set of bands is two tensors of one axis and as many elements, a line one number, and that all share the unit of
/// the axis they are drawn along. Throws `shape`, `unit`.
@Sendable private func checkIntervals(_ call: Call, _ context: CheckContext) throws -> Value {
    let arguments = Arguments(call, library: context.library)
    for (name, field) in try arguments.record("of").byName {
        let shapes = try field.value.children.compactMap { try context.facts(of: $0)?.shape }
        guard let first = shapes.first, first.count <= 1, shapes.allSatisfy({ $0 == first }) else {
            throw Diagnostic(
                "shape",
                """
                `\(name)` expected two tensors of one axis and as many elements, found \(shapes.map(\.asShape).joined(separator: " and "))
                """,
                at: field.origin.span)
        }
    }
    for (name, field) in try arguments.record("against").byName {
        if let shape = try context.facts(of: field.value)?.shape, !shape.isEmpty {
            throw Diagnostic("shape", "`\(name)` expected one number, found shape \(shape.asShape)", at: field.origin.span)
        }
    }
    // A value without a unit is drawn as it is: reported numbers have none.
    let drawn = try ["of", "against"].flatMap { try arguments.record($0).flatMap { $0.value.value.items ?? [$0.value.value] } }
    try context.checkOneUnit(drawn, name: call.builtin, bare: false, at: call.origin.span)
    return .call(call)
}

extension ComputeContext {
    /// The figure of bands side by side, a look for each set, with lines at reference values.
    fileprivate func intervals(_ call: Call) throws -> Figure {
        var series: [Series] = []
        var place = 0.0
        var unit: String?
        let arguments = arguments(of: call)
        for (index, (name, field)) in try arguments.record("of").enumerated() {
            let ends = try field.value.children.map { try array($0) }
            guard ends.count == 2 else { throw Diagnostic("type", "`\(name)` expected two tensors") }
            unit = unit ?? ends[0].unit
            place += index == 0 ? 0 : 1
            for (row, (low, high)) in zip(ends[0].array.values, ends[1].array.values).enumerated() {
                place += 1
                series.append(
                    Series(row == 0 ? shown(name) : "", [Point(place, low), Point(place, high)], form: .markedLine, look: .palette(index)))
            }
        }
        for (index, (name, field)) in try arguments.record("against").enumerated() {
            guard let level = try array(field.value).array.values.first else { continue }
            var look = Look.palette(6 + index)
            look.dash = 2 + index % 3
            series.append(Series(shown(name), [Point(0.3, level), Point(place + 0.7, level)], form: .line, look: look))
        }
        return .line(
            series, x: Axis("row"), y: Axis(try arguments.text("quantity"), unit: unit), title: try arguments.text("title"))
    }

    private func shown(_ name: String) -> String { nameInLegend(name) }
}
