import Datasets
import Diagnostics
import Language

private let targetFields: [Parameter] = [
    Parameter("column", .text, "the column of the rows that is to be predicted"),
    Parameter("unit", .optional(.text), .fallback(.none), "of the column, such as `\"GPa\"`"),
    Parameter(
        "transform", .either([.none, .word(["log": "the natural logarithm, for targets above 0 that differ by factors"])]),
        .fallback(.none), "applied before training and undone in every metric"),
    Parameter(
        "scale",
        .either([.none, .word(["minmax": "to the range from 0 to 1", "standard": "to a mean of 0 and a deviation of 1"])]),
        .fallback(.none), "after the transform; fitted on the training part alone"
    ),
]

private let refused: Choices = ["error": "the check ends with an error", "drop": "the row is left out, which is said"]

/// What is known of a part of the rows before anything is computed.
let partMembers = [Member("count", "a number", "how many rows"), Member("ids", "a list of text", "the ids of the rows, in order")]

private let inputType: ValueType = .either([anyTensor, anyDensity, .sort(.texts)])

/// The kind `dataset`: rows with an id, inputs and a target, split into parts.
let datasetKind = Kind(
    "dataset", "Rows with an id, inputs and a target, split into train, validation and holdout.",
    fields: [
        Parameter("rows", .sort(.table), "where the rows come from, as in `csv(\"properties.csv\")`"),
        Parameter("id", .text, "the column that names a row; rows are put into the natural order of it"),
        Parameter("inputs", .map(inputType), "what a model sees, by name"),
        Parameter(
            "target", .either([.none, .record(targetFields)]), .fallback(.none), "what a model is to predict; rows to predict for have none"
        ),
        Parameter(
            "split", .optional(.sort(.split)), .fallback(.none), "which rows train, validate and are held out; needed with a target"),
        Parameter(
            "missing", .word(refused), .fallback(.word("error")),
            "what to do with a row whose target is empty or `NaN`, or that has NaN or infinity in an input"),
        Parameter(
            "absent", .word(refused), .fallback(.word("error")), "what to do with a row a file of which is not there"),
    ],
    hasColumns: true, row: "rows",
    examples: [Example(Example.dataset + "show crystals")],
    members: [
        Member("inputs", "a record of tensors", "each input of all rows together, as it is before `standardize`"),
        Member("count", "a number", "rows that are used"),
        Member("ids", "a list of text", "the id of each row, in order"),
    ] + partChoices.all.map { Member($0.name, "a record", "the rows of \($0.summary)", members: partMembers) },
    check: checkDataset,
    member: datasetMember)

extension Object {
    /// The rule that divides the rows of a data set into parts; nil where it has none.
    public var split: Call? { self[field: "split"].call }
}

/// Checks a data set: its unit, the order of steps in its inputs, its plan, and the headers of the files of its first 24 rows.
@Sendable func checkDataset(_ data: Object, _ context: CheckContext) throws {
    if let target = data[field: "target"].record, let unit = target["unit"] { try checkUnit(unit) }
    for (name, field) in (data[field: "inputs"].record ?? [:]).byName {
        // Each is taken for each row, as often as it stands there.
        guard field.value.extent.size <= Extent.mostWritten else {
            throw Diagnostic(
                "budget", "the input `\(name)` takes more than \(Extent.mostWritten) steps for each row", at: field.origin.span)
        }
        let isOfColumns = try context.checkColumnInput(name, field)
        if !isOfColumns, let foreign = context.library.misplacedCall(field.value) {
            throw Diagnostic(
                "type",
                """
                the input `\(name)` is made from the files of a row; \
                \(context.library.noun(of: foreign)) takes its numbers elsewhere
                """,
                at: foreign.origin.span ?? field.origin.span,
                hint: "export them, and read the file with `tensor(...)`")
        }
        if let inner = context.library.misplacedFit(field.value) {
            throw Diagnostic(
                "misplaced-standardize", "`\(inner.builtin)` is fitted on the training part, so it comes last in the input `\(name)`",
                at: inner.origin.span)
        }
    }
    let plan = try context.plan(of: data)
    if let target = data[field: "target"].record, let written = target["unit"]?.value.string,
        let said = try? plan.table.column(plan.column).unit, !isSameUnit(written, said)
    {
        throw Diagnostic(
            "unit", "the column `\(plan.column)` is in \(said), found `unit: \"\(written)\"`", at: target["unit"]?.origin.span,
            hint: "leave the unit out; a column in another is `derive({ name: row[\"\(plan.column)\"] * factor })`")
    }
    if !plan.parts.train.isEmpty {
        _ = try located(data[field: "target"].record?["scale"]?.origin.span ?? data.span(of: "target")) { try targetSpace(of: plan) }
    }
    for input in plan.inputs { try context.checkHeaders(input) }
}

extension Library {
    /// The first call in an input of a data set that does not make its numbers from the files of a row.
    fileprivate func misplacedCall(_ value: Value) -> Call? {
        value.collect { part in part.call.flatMap { mayStandInInput($0) ? nil : $0 } }.first
    }

    /// The noun for what a call gives: its word, or what stands behind brackets or a dot.
    fileprivate func noun(of call: Call) -> String {
        if builtins[call.builtin] != nil { return "`\(call.builtin)`" }
        return computed(call)?.label != nil ? "a column" : "a result of what was declared"
    }

    /// The first step inside a value that is fitted on the training part, though it is not the last; nil where there is none.
    fileprivate func misplacedFit(_ value: Value) -> Call? {
        value.children.lazy.flatMap { $0.collect { self.isFitted($0) ? $0.call : nil } }.first
    }
}
