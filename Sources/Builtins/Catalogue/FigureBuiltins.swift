import Language

private let column = ValueType.text
private let anyTensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))
private let values: ValueType = .either([.text, anyTensor])
private let source = Parameter("of", .optional(.object("dataset")), .fallback(.none), "the data set whose columns are named; leave it out to draw tensors")
private let scale = Parameter("scale", .word(["auto", "linear", "log"]), .fallback(.word("auto")), "of the axes; `auto` takes a logarithmic one where the target's transform is")

private let xlabel = Parameter("xlabel", .optional(.text), .fallback(.none), "what the horizontal axis is called; its unit is put behind it")
private let ylabel = Parameter("ylabel", .optional(.text), .fallback(.none), "what the vertical axis is called")

/// Figures.
let figureBuiltins: [Builtin] = [
    Builtin(
        "parity", family: "Figures", [Parameter("of", .object("experiment"), "an experiment"), scale], gives: .sort("figure"),
        "Predicted against true values, a marker per part, with the identity line.", examples: [Example("plot parity(bulk) to \"out/parity.svg\"", with: .crystals)]),
    Builtin(
        "curves", family: "Figures", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("figure"),
        "Training and validation loss by epoch, with the epoch that was kept.", examples: [Example("plot curves(bulk) to \"out/curves.svg\"", with: .crystals)]),
    Builtin(
        "gallery", family: "Figures",
        [
            Parameter("of", anyTensor, "an input of a data set, `crystals.inputs.plane`, or a tensor of items"),
            Parameter("count", .number(.count()), .fallback(.number(24)), "how many items, spread evenly over the rows"),
            Parameter("label", .optional(column), .fallback(.none), "the column to title each with; the id where not given"),
            Parameter("columns", .optional(.number(.count())), .fallback(.none), "of the gallery"),
            Parameter("scale", .word(["linear", "log"]), .fallback(.word("log")), "of the colours"),
        ],
        gives: .sort("figure"), "Planes side by side on one colour scale, each in the shape of its cell.",
        examples: [Example("plot gallery(crystals.inputs.plane, count: 8, label: \"formula\") to \"out/planes.svg\"", with: .crystals)]),
    Builtin(
        "heatmap", family: "Figures",
        [
            Parameter("of", anyTensor, "a plane: rows, columns and perhaps one channel"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the figure"),
            Parameter("scale", .word(["linear", "log"]), .fallback(.word("linear")), "of the colours"),
        ],
        gives: .sort("figure"), "One plane as a heat map.",
        examples: [Example("plot heatmap(plane(chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1]), title: \"Al (111)\") to \"out/al.svg\"")]),
    Builtin(
        "scatter", family: "Figures",
        [
            source, Parameter("x", values, "a column of numbers, or a tensor"), Parameter("y", values, "a column of numbers, or a tensor of as many elements"),
            Parameter("xscale", .word(["linear", "log"]), .fallback(.word("linear")), "of the horizontal axis"),
            Parameter("yscale", .word(["linear", "log"]), .fallback(.word("linear")), "of the vertical axis"),
            xlabel, ylabel,
        ],
        gives: .sort("figure"), "One column of a data set against another, or one tensor against another.",
        examples: [Example("plot scatter(crystals, x: \"volume\", y: \"k_vrh\", yscale: log) to \"out/volumes.svg\"", with: .crystals)], check: checkColumns(["x", "y"])),
    Builtin(
        "line", family: "Figures",
        [
            source, Parameter("x", values, "a column of numbers, or a tensor"), Parameter("y", values, "a column of numbers, or a tensor of as many elements"),
            xlabel, ylabel,
        ],
        gives: .sort("figure"), "One column of a data set, or one tensor, against another, joined in the order of the first.",
        examples: [Example("plot line(crystals, x: \"volume\", y: \"density\") to \"out/densities.svg\"", with: .crystals)], check: checkColumns(["x", "y"])),
    Builtin(
        "histogram", family: "Figures",
        [
            Parameter("of", .either([.object("dataset"), anyTensor, .sort("density")]), "a data set, a tensor or a density"),
            Parameter("column", .optional(column), .fallback(.none), "a column of numbers, where a data set is given"),
            Parameter("bins", .optional(.number(.count())), .fallback(.none), "by the Freedman-Diaconis rule where not given"),
        ],
        gives: .sort("figure"), "How the values of a column or the elements of a tensor are spread.",
        examples: [Example("plot histogram(crystals, \"k_vrh\", bins: 12) to \"out/moduli.svg\"", with: .crystals)], check: checkColumns(["column"])),
    Builtin(
        "grid", family: "Figures",
        [
            Parameter("of", .list(.sort("figure"), count: nil), "figures"),
            Parameter("columns", .optional(.number(.count())), .fallback(.none), "of the grid"),
        ],
        gives: .sort("figure"), "Figures side by side.", examples: [Example("plot grid([parity(bulk), curves(bulk)], columns: 2) to \"out/bulk.svg\"", with: .crystals)]),
]
