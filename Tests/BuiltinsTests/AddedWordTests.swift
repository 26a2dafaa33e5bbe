import Diagnostics
import Experiments
import Language
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import SessionTestSupport

/// Words that the language does not have, each in one file of its own beside this one: what CONTRIBUTING says that it takes.
@Suite(.serialized, .timed) struct AddedWordTests {
    private static let library = catalogue.adding(
        addedTransform.builtins + addedSplit.builtins + addedSource.builtins + addedLayer.builtins)

    private static let script = """
        dataset marks {
            rows:   csv("marks.csv")
            id:     "id"
            inputs: { shape: squareOf(numbers("{id}.txt")) - 1 }
            target: { column: "mark" }
            split:  inTurn(start: 0)
        }
        model net {
            input shape: [4]
            shape >> dense(1)
        }
        experiment learned { data: marks, model: net, loss: mse, seed: 1, epochs: 2 }

        """

    private func shown(_ text: String) throws -> (lines: [String], errors: [Diagnostic]) {
        let scratch = try Scratch()
        var table = "id,mark\n"
        for row in 0..<24 {
            table += "a\(row),\(row)\n"
            try writeWhole("1 2 3 \(row)", to: scratch.file("a\(row).txt"))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        var options = SessionOptions()
        options.library = Self.library
        options.standardLibrary = Place.library
        let reporter = LineReporter()
        let session = try Session(base: scratch.path + "/", options: options, reporter: reporter)
        let checked = session.check(text, file: "script.ecdx")
        let errors = checked.script.diagnostics.filter { $0.severity == .error }
        if errors.isEmpty { try session.perform(checked) }
        return (reporter.lines, errors)
    }

    @Test func aTransformAndASourceAreComputed() throws {
        let found = try shown("show squareOf(numbers(\"a7.txt\"))\nshow squareOf(numbers(\"a7.txt\")).shape")
        #expect(found.errors == [])
        #expect(found.lines.joined(separator: "\n").contains("49"))
        #expect(found.lines.last == "[4]")
    }

    @Test func theyMayStandInAnInputAndASplitInADataSet() throws {
        let found = try shown(
            Self.script
                + "show marks.train.count\nshow marks.holdout.ids[0]\nshow marks.inputs.shape.shape\nshow learned.holdout.rmse.shape")
        #expect(found.errors == [])
        #expect(found.lines.suffix(4) == ["8", "\"a2\"", "[24, 4]", "[]"])
    }

    @Test func theyAreTrainedOn() throws {
        let found = try shown(Self.script + "table metrics(learned, baselines: [mean])")
        #expect(found.errors == [])
        #expect(found.lines.contains { $0.hasPrefix("learned | holdout | 8") })
    }

    /// A layer is built, trained, searched over and refused as the others are.
    @Test func aLayerIsTrained() throws {
        let gated = Self.script.replacing("shape >> dense(1)", with: "shape >> gate(4) >> dense(1)")
        let found = try shown(gated + "table metrics(learned)")
        #expect(found.errors == [])
        #expect(found.lines.contains { $0.hasPrefix("learned | holdout | 8") })
        let searched = gated.replacing("gate(4)", with: "gate(choice([2, 4]))")
            .replacing("epochs: 2 }", with: "epochs: 2, search: gridSearch() }")
        #expect(try shown(searched + "table trials(learned)").errors == [])
        let refused = try shown(gated.replacing("gate(4)", with: "gate(65)")).errors
        #expect(refused.map(\.message) == ["`units` of `gate` expected a whole number from 1 to 64, found 65"])
    }

    @Test func whatTheyRefuseIsSaidAtTheirPlace() throws {
        let split = try shown(Self.script.replacing("start: 0", with: "start: 3")).errors
        #expect(split.map(\.message) == ["`start` expected 0, 1 or 2, found 3"] && split.first?.span != nil)
        let source = try shown("show numbers(\"marks.csv\")").errors
        #expect(source.map(\.id) == ["bad-data"] && source.first?.span != nil)
        let near = try shown("show sqareOf(2)").errors
        #expect(near.first?.label == "did you mean `squareOf`?")
    }

    /// The loop of LANGUAGE.md: what a call came to is remembered within an action.
    @Test func aFileThatALoopNamesIsReadOnce() throws {
        let before = computedSources.load(ordering: .relaxed)
        let found = try shown("let a = numbers(\"a7.txt\")\nfor k in 0..a.shape[0] - 1 { squareOf(a)[k] }")
        #expect(found.errors == [] && found.lines == ["1", "4", "9", "49"])
        #expect(computedSources.load(ordering: .relaxed) - before == 1)
    }
}
