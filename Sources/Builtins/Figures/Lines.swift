import Diagnostics
import Language
import Plotting

/// The figure `lines`: several series, each with its own places along the axis.
let lineFigures = Vocabulary([
    figureWord(
        "lines",
        [
            Parameter(
                "of", .map(.either([.list(anyTensor, count: nil), .map(anyTensor)])),
                """
                series by the names that the legend shows, each two tensors of as many elements, `[x, y]`, or a profile; a third one is \
                how far the error bar of each point goes either way
                """, advice: "give each series a name, as in `lines({ name: p })` for a profile p")
        ],
        options: .panel, "Several lines between one pair of axes, such as profiles of densities, each joined in the order of its x.",
        examples: [
            Example(
                """
                let al = chgcar("data/fcc-dft/densities/Al-fcc.CHGCAR.gz")
                let cu = chgcar("data/fcc-dft/densities/Cu-fcc.CHGCAR.gz")
                plot lines({ Al: planarAverage(al, axis: 2), Cu: planarAverage(cu, axis: 2) }, ylabel: "planar average") to "out/c.svg"
                """),
            Example(
                """
                let sizes = tensor([20, 40, 80])
                plot lines(
                    { CNN: [sizes, tensor([9.1, 7.4, 6.2]), tensor([1.2, 0.8, 0.5])], linear: [sizes, tensor([8.0, 7.8, 7.7])] },
                    xlabel: "crystals", ylabel: "RMSE (GPa)", xscale: log, ylimits: [0, none]
                ) to "out/sizes.svg"
                """),
        ],
        check: checkLines, draws: { call, context in try context.lines(call) })
])

/// The tensors of a series: its x, its y, and perhaps the lengths of its error bars.
private func parts(of series: Value) -> [Value] {
    // A profile is a record whose places come first, however it is sorted.
    if let record = series.record {
        let names = record.keys
        return (names.filter { $0 == "position" || $0 == "x" } + names.filter { $0 != "position" && $0 != "x" }).compactMap {
            record[$0]?.value
        }
    }
    return series.items ?? []
}

/// Checks that there is a series, that each is two or three tensors of as many elements, and that all share the units of the axes.
/// Throws `shape`, `unit`, `empty-figure`.
@Sendable private func checkLines(_ call: Call, _ context: CheckContext) throws -> Value {
    let fields = try Arguments(call, library: context.library).record("of")
    guard !fields.isEmpty else {
        throw Diagnostic("empty-figure", "`lines` expected at least one series, found none", at: call.span(of: "of"))
    }
    for (name, field) in fields.byName {
        let parts = parts(of: field.value)
        guard (2...3).contains(parts.count) else {
            throw Diagnostic(
                "shape", "`\(name)` expected two tensors, x and y, and perhaps a third, found \(parts.count)", at: field.origin.span,
                hint: "as in `\(fieldName(name)): [x, y]`")
        }
        let shapes = try parts.compactMap { try context.facts(of: $0)?.shape }
        if let long = shapes.first(where: { $0.count > 1 }) {
            throw Diagnostic("shape", "`\(name)` expected tensors of one axis, found shape \(long.asShape)", at: field.origin.span)
        }
        let counts = shapes.map { $0.reduce(1, *) }
        if let first = counts.first, let other = counts.first(where: { $0 != first }) {
            throw Diagnostic(
                "shape", "`\(name)` expected tensors of as many elements, found \(first) and \(other)", at: field.origin.span)
        }
    }
    let all = fields.values.map { parts(of: $0.value) }
    try context.checkOneUnit(all.map { $0[0] }, name: call.builtin, bare: false, at: call.origin.span)
    try context.checkOneUnit(all.flatMap { $0.dropFirst() }, name: call.builtin, bare: false, at: call.origin.span)
    return .call(call)
}

extension ComputeContext {
    /// The figure of several lines.
    fileprivate func lines(_ call: Call) throws -> Figure {
        var (x, y) = (Axis("x"), Axis("y"))
        var labels: (x: Set<String>, y: Set<String>) = ([], [])
        let series = try arguments(of: call).record("of").map { name, field -> Series in
            let values = parts(of: field.value)
            let numbers = try values.map { try array($0) }
            guard numbers.count >= 2 else { throw Diagnostic("type", "`\(name)` expected two tensors") }
            x.unit = x.unit ?? numbers[0].unit
            y.unit = y.unit ?? numbers[1].unit
            func label(_ index: Int) -> String? {
                let column = values[index].call.flatMap { library.computed($0)?.label?($0) }
                return column.map { quantityName($0, unit: numbers[index].unit) } ?? quantityName(of: values[index], library)
            }
            labels.x.insert(label(0) ?? "x")
            labels.y.insert(label(1) ?? "y")
            let points = zip(numbers[0].array.values, numbers[1].array.values).map { Point($0, $1) }
            return Series(nameInLegend(name), points, yErrors: numbers.count > 2 ? numbers[2].array.values : nil).sorted
        }
        // What all series call it.
        if labels.x.count == 1, let label = labels.x.first { x.label = label }
        if labels.y.count == 1, let label = labels.y.first { y.label = label }
        return .line(series, x: x, y: y)
    }
}
