import Datasets
import Diagnostics
import Language
import SessionTestSupport
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
        return reporter.lines + reporter.notes
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

    /// Also where the table goes: the name of each row, and what its validation score chose.
    @Test func rowsUnderOneNameAreToldApart() throws {
        let scratch = try Scratch()
        _ = try shown(
            """
            table metrics([one, one with { seed: 2 }, two], baselines: [mean, mean], resamples: 100) to "m.csv"
            table metrics(one with { keep: last }, resamples: 100) to "last.csv"
            table history(one with { epochs: 2 }) to "h.csv"
            table compare(one, one with { seed: 2 }, repeats: 2, on: validation.rmse) to "c.csv"
            table repeats([one, one], baselines: [mean, mean]) to "r.csv"
            table folds(one with { folds: 3 }) to "f.csv"
            table trials(one with { optimizer: adam(rate: choice([0.01, 0.02])), search: gridSearch() }) to "t.csv"
            table metrics(select([one, one with { seed: 2 }]), resamples: 100) to "s.csv"
            table columns({ a: [one.validation.rmse, one.holdout.rmse] }) to "v.csv"
            """, in: scratch)
        func column(_ name: String, _ file: String) throws -> [String] { try readCSV(path: scratch.file(file)).column(name).cells }
        #expect(
            try column("model", "m.csv")
                == ["one (seed 1)", "one (seed 2)", "two", "mean [1]", "mean [2]"].flatMap { Array(repeating: $0, count: 3) })
        #expect(
            try column("validation chose", "m.csv")
                == Array(repeating: ["", "the epoch", ""], count: 3).flatMap { $0 } + Array(repeating: "", count: 6))
        #expect(try !readCSV(path: scratch.file("last.csv")).columnNames.contains("validation chose"))
        #expect(try column("validation chose", "h.csv") == column("kept", "h.csv").map { $0.isEmpty ? "" : "the epoch" })
        #expect(try column("experiment", "c.csv") == ["one (seed 1)", "one (seed 2)", "difference"])
        #expect(try column("validation chose", "c.csv") == ["the epoch", "the epoch", "the epoch"])
        #expect(try Set(column("model", "r.csv")) == ["experiment", "mean [1]", "mean [2]"])
        #expect(try column("validation chose", "r.csv").filter { !$0.isEmpty } == ["the epoch"])
        #expect(try Set(column("validation chose", "f.csv")) == ["the epoch"])
        #expect(try column("validation chose", "t.csv") == ["the epoch and the trial", "the epoch and the trial"])
        #expect(try column("validation chose", "s.csv") == ["", "the epoch; the experiment among 2", ""])
        #expect(try column("validation chose", "v.csv") == ["the epoch", ""])
    }

    /// One experiment in several panels keeps one name, others under it get names of their own. What the validation part chose
    /// stands in each panel that draws it.
    @Test func panelsUnderOneNameAreToldApart() throws {
        let scratch = try Scratch()
        _ = try shown("plot grid([parity(one), curves(one), parity(one with { seed: 2 })]) to \"g.svg\"", in: scratch)
        let drawn = try text(of: scratch.file("g.svg"))
        #expect(drawn.occurrences(of: ">one (seed 1)<") == 2 && drawn.occurrences(of: ">one (seed 2)<") == 1 && !drawn.contains(">one<"))
        #expect(drawn.occurrences(of: "Validation chose the epoch.") == 2 && drawn.contains("validation (chose the epoch)"))
        _ = try shown("plot grid([parity(one), curves(one)]) to \"same.svg\"", in: scratch)
        #expect(try text(of: scratch.file("same.svg")).occurrences(of: ">one<") == 2)
        _ = try shown("plot grid([parity(one with { keep: last }), curves(one with { keep: last })]) to \"last.svg\"", in: scratch)
        #expect(try !text(of: scratch.file("last.svg")).contains("chose"))
    }

    /// Experiments that were declared without a name are told apart as those of one name are, and bear the same names wherever they
    /// stand.
    @Test func experimentsWithoutANameAreToldApart() throws {
        let scratch = try Scratch()
        let lines = try shown(
            """
            def made(seed) = experiment { data: marks, model: net, loss: mse, seed: seed, epochs: 1 }
            let a = made(1)
            let b = made(2)
            let c = made(1)
            table metrics([a, b, one], resamples: 100) to "m.csv"
            table metrics([a, b, c], resamples: 100) to "t.csv"
            table metrics(select([a, b, c]), resamples: 100) to "s.csv"
            table metrics(for each in [a, b] { each }, resamples: 100) to "f.csv"
            table metrics(a, resamples: 100) to "a.csv"
            table compare(a, b, repeats: 2, on: validation.rmse) to "c.csv"
            show metrics([a, c], resamples: 100)
            show repeats([a, b])
            plot grid([curves(a), curves(b), curves(one)]) to "g.svg"
            """, in: scratch)
        func models(_ file: String, _ name: String = "model") throws -> [String] {
            try readCSV(path: scratch.file(file)).column(name).cells.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        }
        #expect(try models("m.csv") == ["experiment (seed 1)", "experiment (seed 2)", "one"])
        #expect(try models("t.csv") == ["experiment (seed 1) [1]", "experiment (seed 2)", "experiment (seed 1) [2]"])
        let selected = try models("s.csv")
        #expect(selected.count == 1 && ["experiment (seed 1) [1]", "experiment (seed 2)"].contains(selected.first))
        #expect(try models("f.csv") == ["experiment (seed 1)", "experiment (seed 2)"])
        #expect(try models("a.csv") == ["experiment"])
        #expect(try models("c.csv", "experiment") == ["experiment (seed 1)", "experiment (seed 2)", "difference"])
        #expect(lines.contains("experiment [1] and experiment [2] are one and the same experiment"))
        #expect(lines.contains("validation chose the epoch of experiment (seed 1) and experiment (seed 2)"))
        let drawn = try text(of: scratch.file("g.svg"))
        #expect(drawn.contains(">experiment (seed 1)<") && drawn.contains(">experiment (seed 2)<") && drawn.contains(">one<"))
    }

    @Test func namesAreToldApartByWhatDiffers() throws {
        func record(_ rate: Double, _ seed: Double = 1) -> Value { .record(["rate": Field(.number(rate)), "seed": Field(.number(seed))]) }
        #expect(namesApart(["a", "b"], of: [record(1), record(1)]) == ["a", "b"])
        #expect(namesApart(["a", "b", "a"], of: [record(1), record(1), record(0.25)]) == ["a (rate 1)", "b", "a (rate 0.25)"])
        #expect(namesApart(["a", "a"], of: [record(1, 1), record(0.5, 2)]) == ["a (rate 1, seed 1)", "a (rate 0.5, seed 2)"])
        // Three digits will not do where these are the same.
        #expect(namesApart(["a", "a"], of: [record(0.12341), record(0.12342)]) == ["a (rate 0.12341)", "a (rate 0.12342)"])
        // The same thing twice, and a name that is there already.
        #expect(namesApart(["a", "a", "a [1]"], of: [record(1), record(1), record(2)]) == ["a [2]", "a [3]", "a [1]"])
        #expect(
            namesApart(["a", "a", "a"], of: [record(1), record(1), record(2)]) == ["a (rate 1) [1]", "a (rate 1) [2]", "a (rate 2)"])
        func call(_ word: String, _ fields: Fields) -> Value { .call(Call(word, fields, type: .sort(.stop), origin: Origin())) }
        let early = call("early", ["patience": Field(.number(3))])
        #expect(namesApart(["a", "a"], of: [record(1), early]) == ["a ({ rate: 1, seed: 1 })", "a (early)"])
        #expect(
            namesApart(["a", "a"], of: [early, call("early", ["patience": Field(.number(4))])]) == ["a (patience 3)", "a (patience 4)"])
        // Many differences: some that tell them apart, and how many more there are.
        func many(_ value: Double) -> Value { .record(Fields("pqrstu".map { (String($0), Field(.number(value))) })) }
        #expect(namesApart(["a", "a"], of: [many(1), many(2)]) == ["a (p 1 and 5 more)", "a (p 2 and 5 more)"])
    }

    @Test func namesInAListCanBeReadWhereTheyHoldCommas() {
        #expect(listed(["a"]) == "a" && listed(["a", "b"]) == "a and b" && listed(["a", "b", "c"]) == "a, b and c")
        let names = (1...5).map { "bulk (batch 3, trial \($0))" }
        #expect(listed(Array(names.prefix(2))) == "bulk (batch 3, trial 1) and bulk (batch 3, trial 2)")
        #expect(listed(names, most: 4) == "\(names[0]); \(names[1]); \(names[2]); and 2 more")
    }
}

extension String {
    /// The number of times that a text stands in this one.
    fileprivate func occurrences(of text: String) -> Int { ranges(of: text).count }
}
