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
            Parameter("bins", .optional(.number(.whole(1, 100_000))), .fallback(.none), "by the Freedman-Diaconis rule where not given"),
        ],
        options: [.frame, .labels, .axes], "How the values of a column or the elements of a tensor are spread.",
        examples: [Example("plot histogram(crystals, \"k_vrh\", bins: 12) to \"out/moduli.svg\"", with: .crystals)],
        check: checkColumns(["column"]),
        draws: { call, context in
            let (axis, values) = try context.values(call, call["of"].object == nil ? "of" : "column")
            let arguments = context.arguments(of: call)
            return .histogram(values, x: axis, bins: try arguments.optional("bins", arguments.integer))
        })
])
