import Datasets
import Diagnostics
import Language

@testable import Builtins

/// A split that the language does not have: all it takes is this file.
let addedSplit = Vocabulary<any Splitting>([
    Word(
        "inTurn", family: "Splits", [Parameter("start", .number(.count(0)), "0, 1 or 2: the part of the first row")], gives: .sort(.split),
        "Rows to train, validation and holdout in turn.",
        check: { call, context in
            let split: any Splitting = try context.library.meaning(of: call)
            try split.check()
            return .call(call)
        }
    ) { InTurn(start: try $0.integer("start")) }
])

private struct InTurn: Splitting {
    var start: Int

    func check() throws {
        guard start < 3 else { throw Diagnostic("range", "`start` expected 0, 1 or 2, found \(start)") }
    }

    func parts(of table: Table, rows: [Int]) throws -> Parts {
        func every(_ part: Int) -> [Int] { rows.indices.filter { ($0 + start) % 3 == part } }
        return Parts(train: every(0), validation: every(1), holdout: every(2))
    }
}
