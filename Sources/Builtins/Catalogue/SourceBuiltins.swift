import Densities
import Diagnostics
import Language

let millerType: ValueType = .list(.number(integerRule), count: 3)
let integerRule: NumberRule = {
    var rule = NumberRule()
    rule.integer = true
    return rule
}()

/// Builtins that read data.
let sourceBuiltins: [Builtin] = [
    Builtin(
        "csv", family: "Sources",
        [Parameter("path", .path, "a file of comma-separated values with a header line")],
        gives: .sort("table"), "The rows of a CSV file.",
        examples: [Example("show csv(\"data/fcc-dft/elements.csv\")")],
        check: { call, context in
            _ = try context.table(call)
            return .call(call)
        }),
    Builtin(
        "xlsx", family: "Sources",
        [
            Parameter("path", .path, "a workbook (`.xlsx`)"),
            Parameter("sheet", .optional(.text), .fallback(.none), "its name; may be left out where the workbook has one sheet"),
        ],
        gives: .sort("table"), "The rows of a sheet of a workbook; its first row with anything in it names the columns.",
        examples: [Example("show xlsx(\"data/workbook/crystals.xlsx\", sheet: \"elements\")")],
        check: { call, context in
            _ = try context.table(call)
            return .call(call)
        }),
    Builtin(
        "chgcar", family: "Sources",
        [
            Parameter("path", .template, "a CHGCAR file, plain or gzipped; `{column}` stands for a column of the row, `*` for its id"),
            Parameter(
                "pair", .word(["key", "position"]), .fallback(.word("key")),
                "how the files of a pattern with `*` meet the rows: by the id that `*` stands for, or by position, both sorted naturally"),
        ],
        gives: .sort("density"), "The valence charge density of a VASP CHGCAR file, first block, divided by the volume of the cell (e/A^3).",
        examples: [Example("show chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")")],
        check: { call, context in
            guard let path = call.literalPath else { return .call(call) }
            try located(call.pathSpan) { _ = try context.densityHeader(context.resolve(path)) }
            return .call(call)
        }),
    tensorSource,
]
