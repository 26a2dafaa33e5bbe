import Diagnostics
import Language
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Rows of different parts whose files hold the same, under whatever names; and files that the target names.
@Suite(.timed) struct CopiesTests {
    private static let script = """
        dataset plain {
            rows:   csv("marks.csv")
            id:     "id"
            inputs: { shape: numbers("{id}.txt") }
            target: { column: "mark" }
            split:  given(by: "part")
        }
        model net {
            input shape: [3]
            shape >> dense(1)
        }
        experiment one { data: plain, model: net, loss: mse, seed: 1, epochs: 1 }

        """

    /// A folder with 24 rows, 12 of them for training, and a file of three numbers for each.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        var table = "id,mark,part,copy\n"
        for row in 0..<24 {
            table += "a\(row),\(row + 1),\(row < 12 ? "train" : row < 18 ? "validation" : "holdout"),\(row + 1).0\n"
            try writeWhole("1 1 \(row)", to: scratch.file("a\(row).txt"))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        return scratch
    }

    private func checked(_ text: String, in scratch: Scratch, _ reporter: LineReporter) throws -> (Session, Session.Checked) {
        var options = SessionOptions()
        options.library = catalogue.adding(addedSource.builtins)
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        let session = try Session(base: scratch.path + "/", options: options, reporter: reporter)
        return (session, session.check(text, file: "script.ecdx"))
    }

    private func warnings(_ actions: String, in scratch: Scratch) throws -> [Diagnostic] {
        let reporter = LineReporter()
        let (session, checked) = try checked(Self.script + actions, in: scratch, reporter)
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return reporter.warnings.filter { $0.id == "same-contents" }
    }

    @Test func copiesInOtherPartsAreNamedOnce() throws {
        let scratch = try folder()
        #expect(try warnings("table metrics(one)", in: scratch) == [])
        // In one part it is no leak.
        try writeWhole("1 1 3", to: scratch.file("a4.txt"))
        #expect(try warnings("table metrics(one)", in: scratch) == [])
        try writeWhole("1 1 3", to: scratch.file("a20.txt"))
        let found = try warnings("experiment two like one { seed: 2 }\nlet both = [one, two]\ntable metrics(both)", in: scratch)
        #expect(
            found.map(\.message) == [
                "rows of different parts of `plain` have files of the same contents: `a3` (train), `a4` (train), `a20` (holdout)"
            ])
        #expect(found.first?.severity == .warning && found.first?.span != nil)
        // What is in the store already is warned of too, and so is what a plan says.
        #expect(try warnings("table metrics(one)", in: scratch).count == 1)
        let reporter = LineReporter()
        let (session, checked) = try checked(Self.script + "table metrics(one)", in: scratch, reporter)
        _ = try session.runner(for: checked, create: false).steps(of: checked.script)
        #expect(reporter.warnings.map(\.id) == ["same-contents"])
    }

    /// A copy in the train part is one of a fold's too.
    @Test func copiesInFoldsAreFound() throws {
        let scratch = try folder()
        try writeWhole("1 1 3", to: scratch.file("a4.txt"))
        let found = try warnings("experiment folded like one { folds: 18 }\nshow folded.validation.rmse", in: scratch)
        #expect(found.count == 1)
    }

    @Test(arguments: [("{mark}", true), ("{copy}", true), ("{id}", false)]) func pathsThatNameTheTargetAreRefused(
        column: String, isLeak: Bool
    ) throws {
        let text = Self.script.replacing("{id}.txt", with: column + ".txt")
        let (_, checked) = try checked(text, in: folder(), LineReporter())
        #expect(checked.script.diagnostics.contains { $0.id == "target-leak" } == isLeak)
        #expect(checked.script.diagnostics.contains { $0.severity == .error } == isLeak)
    }
}
