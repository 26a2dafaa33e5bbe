import Diagnostics
import Language
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments
@testable import SessionTestSupport

/// Values in an input that are no numbers: a network makes numbers of them, so they are refused where the files are read.
@Suite(.timed) struct NotANumberTests {
    private static let script = """
        dataset plain {
            rows:   csv("marks.csv")
            id:     "id"
            inputs: { shape: numbers("{id}.txt") }
            target: { column: "mark" }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        model net {
            input shape: [3]
            shape >> dense(4, activation: relu) >> dense(1)
        }
        experiment one { data: plain, model: net, loss: mse, seed: 1, epochs: 1 }
        dataset fresh { rows: csv("marks.csv"), id: "id", inputs: { shape: numbers("fresh/{id}.txt") } }

        """

    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        var table = "id,mark\n"
        try createFolder(scratch.file("fresh"))
        for row in 0..<24 {
            table += "a\(row),\(row)\n"
            for folder in ["", "fresh/"] { try writeWhole("1 1 \(row)", to: scratch.file("\(folder)a\(row).txt")) }
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        return scratch
    }

    private func perform(_ text: String, in scratch: Scratch) throws {
        var options = SessionOptions()
        options.library = catalogue.adding(addedSource.builtins)
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        let session = try Session(base: scratch.path + "/", options: options, reporter: LineReporter())
        let checked = session.check(Self.script + text, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
    }

    @Test(arguments: ["nan", "inf", "1e200"]) func aValueThatIsNoNumberIsRefusedWithItsRow(word: String) throws {
        for row in 0..<3 {
            let scratch = try folder()
            let path = scratch.file("a\(row).txt")
            try writeWhole("1 \(word) 1", to: path)
            for _ in 0..<2 {
                // Nothing of it is kept, so the second time is as the first.
                let found = diagnostic { try perform("table metrics(one)", in: scratch) }
                let what = word == "nan" ? "NaN" : "infinity"
                #expect(found.id == "bad-data" && found.data?.file == "a\(row).txt" && found.span != nil)
                #expect(
                    found.message == "expected numbers in `plain.inputs.shape` of the row `a\(row)`, found \(what) (1 of 3 values)")
            }
            try writeWhole("1 2 1", to: path)
            try perform("table metrics(one)", in: scratch)
        }
    }

    @Test func aValueThatIsNoNumberIsRefusedInAPrediction() throws {
        let scratch = try folder()
        try writeWhole("1 1 nan", to: scratch.file("fresh/a7.txt"))
        let found = diagnostic { try perform("predict one on fresh to \"p.csv\"", in: scratch) }
        #expect(found.id == "bad-data" && found.data?.file == "fresh/a7.txt")
        #expect(fileStatus(scratch.file("p.csv")) == nil)
    }
}
