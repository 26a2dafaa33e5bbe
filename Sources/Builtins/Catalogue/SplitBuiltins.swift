import Diagnostics
import Language

private let seed = Parameter("seed", .number(.count(0)), "of the random numbers")

private let shares = [
    Parameter("train", .number(.within(0, 1)), "share of the rows, as in `70%`"),
    Parameter("validation", .number(.within(0, 1)), "share of the rows"),
    Parameter("holdout", .number(.within(0, 1)), "share of the rows"),
]

private func split(_ name: String, _ parameters: [Parameter], _ summary: String, example: String) -> Builtin {
    Builtin(
        name, family: "Splits", parameters, gives: .sort("split"), summary,
        examples: [Example("show crystals with { \(example) }", with: .crystals)],
        check: { call, _ in
            try checkSplit(call)
            return .call(call)
        })
}

/// Ways to split a data set.
let splitBuiltins: [Builtin] = [
    split(
        "random", shares + [seed], "A random split into three parts that add up to 100 %.",
        example: "split: random(train: 50%, validation: 25%, holdout: 25%, seed: 3)"),
    split(
        "trainTestSplit",
        [
            Parameter("rest", .number(.within(0, 1)), "`test_size` of the first call: what does not train"),
            Parameter("holdoutOfRest", .number(.within(0, 1)), "`test_size` of the second call: the holdout's share of the rest"),
            seed,
        ],
        "scikit-learn's `train_test_split`, called twice with the same `random_state`, index for index.",
        example: "split: trainTestSplit(rest: 30%, holdoutOfRest: 50%, seed: 42)"),
    split(
        "grouped", [Parameter("by", .text, "the column that names the group of a row")] + shares + [seed],
        "A random split that keeps rows of one group in one part, with shares as near as whole groups allow.",
        example: "split: grouped(by: \"prototype\", train: 50%, validation: 25%, holdout: 25%, seed: 3)"),
    split(
        "stratified",
        [Parameter("by", .text, "the column of classes")] + shares + [
            seed,
            Parameter("bins", .optional(.number(.count(2))), .fallback(.none), "divides a column of numbers into as many ranges with about as many rows each, which are the classes"),
        ],
        "A random split of each class by the same shares, to within one row. A class is a value of the column, or a range of its numbers.",
        example: "split: stratified(by: \"k_vrh\", train: 50%, validation: 25%, holdout: 25%, seed: 3, bins: 4)"),
    split(
        "leaveOut",
        [
            Parameter("what", .either([.text, .number(.any)]), "the symbol of an element; with `match: value` the value of a cell"),
            Parameter("validation", .number(.within(0, 1)), "share of the rows that are left"),
            seed,
            Parameter("in", .text, .fallback(.text(Text("formula"))), "the column of formulas or values"),
            Parameter("match", .word(["element", "value"]), .fallback(.word("element")), "what the rows of the holdout have in common: an element of their formula, or their value"),
        ],
        "Holds out every row whose formula contains an element; the others are split at random into train and validation.",
        example: "split: leaveOut(\"Al\", validation: 20%, seed: 3)"),
    split(
        "given", [Parameter("by", .text, "a column that says `train`, `validation` or `holdout`")], "The split that a column of the table gives.",
        example: "rows: xlsx(\"data/workbook/crystals.xlsx\", sheet: \"crystals\"), split: given(by: \"part\")"),
]
