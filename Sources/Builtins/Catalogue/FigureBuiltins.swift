import Language

private let column = ValueType.text
private let scale = Parameter("scale", .word(["auto", "linear", "log"]), .fallback(.word("auto")), "of the axes; `auto` takes a logarithmic one where the target's transform is")

/// Figures.
let figureBuiltins: [Builtin] = [
    Builtin(
        "parity", family: "Figures", [Parameter("of", .object("experiment"), "an experiment"), scale], gives: .sort("figure"),
        "Predicted against true values, a marker per part, with the identity line."),
    Builtin(
        "curves", family: "Figures", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("figure"),
        "Training and validation loss by epoch, with the epoch that was kept."),
    Builtin(
        "gallery", family: "Figures",
        [
            Parameter("of", .sort("datasetInput"), "an input of a data set, `crystals.inputs.plane`"),
            Parameter("count", .number(.count()), .fallback(.number(24)), "how many items, spread evenly over the rows"),
            Parameter("label", .optional(column), .fallback(.none), "the column to title each with; the id where not given"),
            Parameter("columns", .optional(.number(.count())), .fallback(.none), "of the gallery"),
            Parameter("scale", .word(["linear", "log"]), .fallback(.word("log")), "of the colours"),
        ],
        gives: .sort("figure"), "Planes side by side on one colour scale, each in the shape of its cell."),
    Builtin(
        "heatmap", family: "Figures",
        [
            Parameter("of", .tensor(TensorType(shape: nil, unit: nil)), "a plane"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the figure"),
            Parameter("scale", .word(["linear", "log"]), .fallback(.word("linear")), "of the colours"),
        ],
        gives: .sort("figure"), "One plane as a heat map.",
        examples: [Example("plot heatmap(plane(chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1]), title: \"Al (111)\") to \"out/al.svg\"")]),
    Builtin(
        "scatter", family: "Figures",
        [
            Parameter("of", .object("dataset"), "a data set"), Parameter("x", column, "a column of numbers"), Parameter("y", column, "a column of numbers"),
            Parameter("xscale", .word(["linear", "log"]), .fallback(.word("linear")), "of the horizontal axis"),
            Parameter("yscale", .word(["linear", "log"]), .fallback(.word("linear")), "of the vertical axis"),
        ],
        gives: .sort("figure"), "One column of a data set against another.", check: checkColumns(["x", "y"])),
    Builtin(
        "line", family: "Figures",
        [
            Parameter("of", .object("dataset"), "a data set"), Parameter("x", column, "a column of numbers"), Parameter("y", column, "a column of numbers"),
        ],
        gives: .sort("figure"), "One column of a data set against another, joined in the order of the first.", check: checkColumns(["x", "y"])),
    Builtin(
        "histogram", family: "Figures",
        [
            Parameter("of", .object("dataset"), "a data set"), Parameter("column", column, "a column of numbers"),
            Parameter("bins", .optional(.number(.count())), .fallback(.none), "by the Freedman-Diaconis rule where not given"),
        ],
        gives: .sort("figure"), "How the values of a column are spread.", check: checkColumns(["column"])),
    Builtin(
        "grid", family: "Figures",
        [
            Parameter("of", .list(.sort("figure"), count: nil), "figures"),
            Parameter("columns", .optional(.number(.count())), .fallback(.none), "of the grid"),
        ],
        gives: .sort("figure"), "Figures side by side."),
]
