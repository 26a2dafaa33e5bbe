import Diagnostics
import Language
import Plotting

/// The figure `grid`: figures side by side.
let gridFigures = Vocabulary([
    figureWord(
        "grid",
        [
            Parameter("of", .list(.sort(.figure), count: nil), "figures"),
            Parameter("columns", .optional(.number(.whole(1, 1000))), .fallback(.none), "of the grid"),
            Parameter(
                "limits", .either([.none, .word(["shared": "those of all planes together"]), FigureOptions.limitsType]), .fallback(.none),
                "the numbers at which the colours of all planes begin and end"),
        ],
        options: .frame,
        "Figures side by side, where asked with one colour scale for all their planes.",
        examples: [
            Example("plot grid([parity(bulk), curves(bulk)], columns: 2) to \"out/bulk.svg\"", with: .crystals),
            Example(
                """
                let metals = [chgcar("data/fcc-dft/densities/Al-fcc.CHGCAR.gz"), chgcar("data/fcc-dft/densities/Cu-fcc.CHGCAR.gz")]
                plot grid(
                    [heatmap(plane(metals[0], [1, 1, 1])), heatmap(plane(metals[1], [1, 1, 1]))], limits: shared, title: "Al and Cu"
                ) to "out/two.svg"
                """),
        ],
        later: ["limits": .none],
        check: { call, context in
            guard try !Arguments(call, library: context.library).items("of").isEmpty else {
                throw Diagnostic("empty-figure", "`grid` expected at least one figure, found none", at: call.span(of: "of"))
            }
            try checkOneKindOfScale(call, context)
            return .call(call.tellingAllApart())
        },
        draws: { call, context in
            let arguments = context.arguments(of: call)
            let figures = try arguments.items("of").map { value -> Figure in
                guard case .figure(let figure) = try context.compute(value) else {
                    throw Diagnostic("type", "expected a figure, found \(value.phrase)")
                }
                return figure
            }
            let grid = Figure.grid(figures: figures, columns: try arguments.optional("columns", arguments.integer))
            guard !call["limits"].isNone else { return grid }
            try checkOneScale(grid, at: call.span(of: "limits"))
            return call["limits"].word == "shared" ? grid.styled(grid.sharedColours) : grid
        })
])

/// Checks that there are planes to share the limits of colours, and that these are numbers of one unit on one kind of scale. Throws
/// `type`, `unit`.
private func checkOneScale(_ grid: Figure, at span: SourceSpan?) throws {
    let scales = grid.colourScales
    guard let first = scales.first else {
        throw Diagnostic("type", "`limits` of `grid` are those of heat maps and galleries of planes, found none", at: span)
    }
    if let other = scales.first(where: { !isSameUnit($0.unit, first.unit) }) {
        let units = [first, other].map { $0.unit ?? "none" }
        throw Diagnostic("unit", "planes with one colour scale expected one unit, found \(units[0]) and \(units[1])", at: span)
    }
    guard scales.allSatisfy({ $0.scale == first.scale }) else { throw mixedScales(at: span) }
}

private func mixedScales(at span: SourceSpan?) -> Diagnostic {
    Diagnostic(
        "type", "planes with one colour scale expected `scale` to be the same, found both linear and log", at: span,
        hint: "a heat map is `linear` and a gallery `log` where they say nothing")
}

/// Checks that the figures of a grid whose colours have the same limits have one kind of scale, which they say. Throws `type`.
private func checkOneKindOfScale(_ call: Call, _ context: CheckContext) throws {
    guard !call["limits"].isNone else { return }
    let scales = try call["of"].collect { value -> String? in
        guard let figure = value.call, figure.arguments["colours"] != nil, let scale = figure["scale"].word else { return nil }
        // Pictures have colours of their own.
        let shape = try context.facts(of: figure["of"])?.shape ?? []
        return shape.count == 4 && shape[3] == 3 ? nil : scale
    }
    if Set(scales).count > 1 { throw mixedScales(at: call.span(of: "limits")) }
}
