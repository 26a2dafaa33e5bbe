import Diagnostics
import Language
import Storage
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Tables and figures of one action that differ in names, labels or order alone, to which the equality of calls is blind.
@Suite(.timed) struct NamesInTablesTests {
    private func shown(_ text: String, in scratch: Scratch? = nil) throws -> [String] {
        let scratch = try scratch ?? Scratch()
        var table = "id,mark\n"
        for row in 0..<24 {
            table += "a\(row),\(row)\n"
            try scratch.file("a\(row).npy", npyBytes(NumericArray(shape: [3], values: [1, 2, Double(row)], precision: .double)))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        var options = SessionOptions()
        options.standardLibrary = Place.library
        let reporter = LineReporter()
        let session = try Session(base: scratch.path + "/", options: options, reporter: reporter)
        let script =
            """
            dataset marks {
                rows:   csv("marks.csv")
                id:     "id"
                inputs: { shape: tensor("{id}.npy") }
                target: { column: "mark" }
                split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
            }
            model net {
                input shape: [3]
                shape >> dense(1)
            }
            experiment one { data: marks, model: net, loss: mse, seed: 1, epochs: 1 }
            experiment two like one { }

            """ + text
        let checked = session.check(script, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return reporter.lines
    }

    @Test func tablesOfOneTrainingUnderTwoNames() throws {
        let lines = try shown("show [metrics(one), metrics(two)]")
        #expect(lines.count { $0.hasPrefix("one | holdout") } == 1 && lines.count { $0.hasPrefix("two | holdout") } == 1)
    }

    @Test func figuresOfOneTrainingUnderTwoNames() throws {
        let scratch = try Scratch()
        _ = try shown("plot grid([parity(one), parity(two)]) to \"both.svg\"", in: scratch)
        let drawn = try text(of: scratch.file("both.svg"))
        #expect(drawn.contains(">one<") && drawn.contains(">two<"))
    }

    @Test func columnsInAnotherOrder() throws {
        let lines = try shown("show [columns({ b: [1], a: [2] }), columns({ a: [2], b: [1] })]")
        #expect(lines.contains("b | a") && lines.contains("a | b") && lines.contains("1 | 2") && lines.contains("2 | 1"))
    }

    @Test func rowsOfLoopsWithOtherVariables() throws {
        let lines = try shown(
            """
            let first = for early in 1..2 { one with { seed: early } }
            let second = for late in 1..2 { one with { seed: late } }
            show [metrics(first), metrics(second)]
            """)
        #expect(lines.contains { $0.contains("early 1") } && lines.contains { $0.contains("late 2") })
    }
}
