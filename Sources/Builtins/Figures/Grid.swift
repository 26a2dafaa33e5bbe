import Diagnostics
import Language
import Plotting

/// The figure `grid`: figures side by side.
let gridFigures = Vocabulary([
    Word(
        "grid", family: "Figures",
        [
            Parameter("of", .list(.sort(.figure), count: nil), "figures"),
            Parameter("columns", .optional(.number(.whole(1, 1000))), .fallback(.none), "of the grid"),
        ],
        gives: .sort(.figure), "Figures side by side.",
        examples: [Example("plot grid([parity(bulk), curves(bulk)], columns: 2) to \"out/bulk.svg\"", with: .crystals)],
        check: { call, context in
            guard try !Arguments(call, library: context.library).items("of").isEmpty else {
                throw Diagnostic("empty-figure", "`grid` expected at least one figure, found none", at: call.span(of: "of"))
            }
            return .call(call.tellingAllApart())
        },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let figures = try arguments.items("of").map { value -> Figure in
                guard case .figure(let figure) = try context.compute(value) else {
                    throw Diagnostic("type", "expected a figure, found \(value.phrase)")
                }
                return figure
            }
            return .figure(.grid(figures: figures, columns: try arguments.optional("columns", arguments.integer)))
        })
])
