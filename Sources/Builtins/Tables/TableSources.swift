import Datasets
import Diagnostics
import Language

/// The builtins that read rows of a file.
let tableSources = Vocabulary([
    Word(
        "csv", family: "Sources",
        [Parameter("path", .path, "a file of comma-separated values with a header line")],
        gives: .sort(.table), "The rows of a CSV file.",
        examples: [Example("show csv(\"data/fcc-dft/elements.csv\")")],
        role: .rows { _, path in try readCSV(path: path) },
        check: { call, context in
            _ = try context.table(call)
            return .call(call)
        }, computes: computeTable),
    Word(
        "xlsx", family: "Sources",
        [
            Parameter("path", .path, "a workbook (`.xlsx`)"),
            Parameter("sheet", .optional(.text), .fallback(.none), "its name; may be left out where the workbook has one sheet"),
        ],
        gives: .sort(.table), "The rows of a sheet of a workbook; its first row with anything in it names the columns.",
        examples: [Example("show xlsx(\"data/workbook/crystals.xlsx\", sheet: \"elements\")")],
        role: .rows { call, path in try readXLSX(path: path, sheet: call["sheet"].string) },
        check: { call, context in
            _ = try context.table(call)
            return .call(call)
        }, computes: computeTable),
])
