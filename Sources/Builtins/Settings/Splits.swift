import Datasets
import Diagnostics
import Language

private let seed = Parameter("seed", .number(.count(0)), "of the random numbers")

private let shares = [
    Parameter("train", .number(.within(0, 1)), "share of the rows, as in `70%`"),
    Parameter("validation", .number(.within(0, 1)), "share of the rows"),
    Parameter("holdout", .number(.within(0, 1)), "share of the rows"),
]

/// A word for a split, with its check and an example.
private func split(
    _ name: String, _ parameters: [Parameter], _ summary: String, example: String,
    means meaning: @escaping @Sendable (Arguments) throws -> any Splitting
) -> Word<any Splitting> {
    Word(
        name, family: "Splits", parameters, gives: .sort(.split), summary,
        examples: [Example("show crystals with { \(example) }", with: .crystals)],
        check: checkSplit, means: meaning)
}

/// The splits of a data set into train, validation and holdout.
let splits = Vocabulary<any Splitting>([
    split(
        "random", shares + [seed], "A random split into three parts that add up to 100 %.",
        example: "split: random(train: 50%, validation: 25%, holdout: 25%, seed: 3)"
    ) {
        SplitRule.random(
            train: try $0.number("train"), validation: try $0.number("validation"), holdout: try $0.number("holdout"), seed: try $0.seed())
    },
    split(
        "trainTestSplit",
        [
            Parameter("rest", .number(.within(0, 1)), "`test_size` of the first call: what does not train"),
            Parameter("holdoutOfRest", .number(.within(0, 1)), "`test_size` of the second call: the holdout's share of the rest"),
            seed,
        ],
        "scikit-learn's `train_test_split`, called twice with the same `random_state`, index for index.",
        example: "split: trainTestSplit(rest: 30%, holdoutOfRest: 50%, seed: 42)"
    ) { SplitRule.trainTestSplit(rest: try $0.number("rest"), holdoutOfRest: try $0.number("holdoutOfRest"), seed: try $0.seed()) },
    split(
        "grouped", [Parameter("by", .text, "the column that names the group of a row")] + shares + [seed],
        "A random split that keeps rows of one group in one part, with shares as near as whole groups allow.",
        example: "split: grouped(by: \"prototype\", train: 50%, validation: 25%, holdout: 25%, seed: 3)"
    ) { ColumnSplit.grouped(by: try $0.text("by"), try $0.shares(), seed: try $0.seed()) },
    split(
        "stratified",
        [Parameter("by", .text, "the column of classes")] + shares + [
            seed,
            Parameter(
                "bins", .optional(.number(.count(2))), .fallback(.none),
                "divides a column of numbers into as many ranges with about as many rows each, which are the classes"),
        ],
        "A random split of each class by the same shares, to within one row. A class is a value of the column, or a range of its numbers.",
        example: "split: stratified(by: \"k_vrh\", train: 50%, validation: 25%, holdout: 25%, seed: 3, bins: 4)"
    ) {
        ColumnSplit.stratified(by: try $0.text("by"), try $0.shares(), seed: try $0.seed(), bins: try $0.optional("bins", $0.integer))
    },
    split(
        "leaveOut",
        [
            Parameter("what", .either([.text, .number(.any)]), "the symbol of an element; with `match: value` the value of a cell"),
            Parameter("validation", .number(.within(0, 1)), "share of the rows that are left"),
            seed,
            Parameter("in", .text, .fallback(.text(Text("formula"))), "the column of formulas or values"),
            Parameter(
                "match", .word(["element": "an element of their formula", "value": "the value of their cell"]), .fallback(.word("element")),
                "what the rows of the holdout have in common"),
        ],
        "Holds out every row whose formula contains an element; the others are split at random into train and validation.",
        example: "split: leaveOut(\"Al\", validation: 20%, seed: 3)"
    ) {
        let what = $0.call["what"].string ?? source(of: $0.call["what"])
        let leftOut: LeftOut = try $0.word("match") == "value" ? .value(what) : .element(what)
        return ColumnSplit.leaveOut(leftOut, in: try $0.text("in"), validation: try $0.number("validation"), seed: try $0.seed())
    },
    split(
        "given", [Parameter("by", .text, "a column that says `train`, `validation` or `holdout`")],
        "The split that a column of the table gives.",
        example: "rows: xlsx(\"data/workbook/crystals.xlsx\", sheet: \"crystals\"), split: given(by: \"part\")"
    ) { ColumnSplit.given(by: try $0.text("by")) },
])

/// The place in a split's call that a diagnostic is about: its shares, its column, or what it leaves out.
private func place(of diagnostic: Diagnostic, in call: Call) -> SourceSpan? {
    switch diagnostic.id {
    case "left-out": call.span(of: "what")
    case "split-column", "unknown-column", "bad-data": call.span(of: call.arguments["in"] == nil ? "by" : "in")
    default: call.origin.span
    }
}

/// Checks what a split says by itself, before there is a table.
@Sendable private func checkSplit(_ call: Call, _ context: CheckContext) throws -> Value {
    do {
        let split: any Splitting = try context.library.meaning(of: call)
        try split.check()
        return .call(call)
    } catch var diagnostic as Diagnostic {
        if let hint = diagnostic.hints.first {
            diagnostic.label = hint
            diagnostic.hints = []
        }
        throw diagnostic.at(place(of: diagnostic, in: call))
    }
}

extension Library {
    /// The split that a value describes.
    func split(_ value: Value) throws -> any Splitting {
        guard case .call(let call) = value else { throw Diagnostic("type", "expected a split, found \(value.phrase)") }
        return try meaning(of: call)
    }

    /// The parts into which a split divides rows of a table.
    func parts(_ value: Value, table: Table, rows: [Int]) throws -> Parts {
        do {
            return try split(value).parts(of: table, rows: rows)
        } catch let diagnostic as Diagnostic {
            // The shares of a split may be set from afar: `data.split.train`. What is wrong with them stands in the data set then.
            guard let call = value.call, !diagnostic.id.hasPrefix("split-") || diagnostic.id == "split-column" else { throw diagnostic }
            throw diagnostic.at(place(of: diagnostic, in: call))
        }
    }
}

extension Arguments {
    fileprivate func shares() throws -> Shares {
        Shares(train: try number("train"), validation: try number("validation"), holdout: try number("holdout"))
    }
}
