import Diagnostics
import Language
import Plotting

/// The figure `heatmap`: one plane.
let heatmapFigures = Vocabulary([
    Word(
        "heatmap", family: "Figures",
        [
            Parameter("of", anyTensor, "a plane: rows, columns and perhaps one channel"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the figure"),
            Parameter("scale", .word(["linear", "log"]), .fallback(.word("linear")), "of the colours"),
        ],
        gives: .sort(.figure), "One plane as a heat map.",
        examples: [
            Example(
                "plot heatmap(plane(chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1]), title: \"Al (111)\") to \"out/al.svg\""
            )
        ],
        check: { call, context in
            if let facts = try context.facts(of: call["of"]), let shape = facts.shape { try checkPlane(shape, at: call.span(of: "of")) }
            return .call(call)
        },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let value = call["of"]
            let scale: Scale = try arguments.word("scale") == "log" ? .logarithmic : .linear
            return .figure(
                .heatmap(
                    try context.drawn(value, at: call.span(of: "of")),
                    colours: ColourScale(value.cut?.cutName ?? "value", unit: try context.array(value).unit, scale: scale),
                    title: try arguments.text("title")))
        })
])
