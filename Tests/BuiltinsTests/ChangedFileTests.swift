import Diagnostics
import Glibc
import Language
import Storage
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Files that change while a script runs: each action begins with what they hold then, and nothing that was read is kept under
/// the key of something else.
@Suite(.timed) struct ChangedFileTests {
    private static let data = """
        dataset plain {
            rows:   csv("marks.csv")
            id:     "id"
            inputs: { shape: numbers("{id}.txt") }
            target: { column: "mark" }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        dataset doubled like plain { inputs: { shape: numbers("{id}.txt") * 2 } }
        let first = mean(plain.inputs.shape)
        let second = mean(doubled.inputs.shape)

        """

    /// A folder with a table and a file of three numbers for each of its rows.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        var table = "id,mark\n"
        for row in 0..<24 {
            table += "a\(row),\(row)\n"
            try writeWhole("1 1 1", to: scratch.file("a\(row).txt"))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        return scratch
    }

    private func perform(_ text: String, in scratch: Scratch, with reporter: LineReporter) throws {
        var options = SessionOptions()
        options.library = catalogue.adding(addedSource.builtins)
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        let session = try Session(base: scratch.path + "/", options: options, reporter: reporter)
        let checked = session.check(text, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
    }

    @Test func anActionSeesAFileThatChangedDuringTheOneBefore() throws {
        let scratch = try folder()
        let reporter = LineReporter()
        reporter.shown = { line in
            guard line == "1" else { return }
            try writeWhole("73 73 73", to: scratch.file("a5.txt"))
            // A look that is a moment old stands.
            usleep(200_000)
        }
        try perform(Self.data + "show first\nshow second\nshow first", in: scratch, with: reporter)
        // 23 rows of ones and a row of 73, and the same doubled.
        #expect(reporter.lines == ["1", "8", "4"])

        // Nothing of it was kept under the key of the files as they were.
        try writeWhole("1 1 1", to: scratch.file("a5.txt"))
        let again = LineReporter()
        try perform(Self.data + "show second\nshow first", in: scratch, with: again)
        #expect(again.lines == ["2", "1"])
    }

    @Test func aFileThatChangesWhileItIsReadIsSaid() throws {
        let scratch = try folder()
        let reporter = LineReporter()
        reporter.noted = { line in if line.hasPrefix("reading") { try writeWhole("73 73 73", to: scratch.file("a5.txt")) } }
        let found = diagnostic { try perform(Self.data + "show first", in: scratch, with: reporter) }
        #expect(found.id == "bad-data" && found.message == "files of `plain.inputs.shape` changed while they were used")
        #expect(found.span != nil && reporter.lines == [])

        let again = LineReporter()
        try perform(Self.data + "show first", in: scratch, with: again)
        #expect(again.lines == ["4"])
    }

    /// A training that begins after a file changed is not kept under the key of the file as it was.
    @Test func aTrainingOnFilesThatChangedDuringAnotherIsSaid() throws {
        let scratch = try folder()
        let script =
            Self.data + """
                model net {
                    input shape: [3]
                    shape >> dense(1)
                }
                experiment one { data: plain, model: net, loss: mse, seed: 1, epochs: 1 }
                experiment two like one { data: doubled }
                table metrics([one, two])
                """
        let reporter = LineReporter()
        var reads = 0
        reporter.noted = { line in
            guard line.hasPrefix("reading") else { return }
            reads += 1
            if reads == 2 { try writeWhole("73 73 73", to: scratch.file("a5.txt")) }
        }
        let found = diagnostic { try perform(script, in: scratch, with: reporter) }
        #expect(found.id == "bad-data" && found.message == "files of `doubled.inputs.shape` changed while they were used")
        try perform(script, in: scratch, with: LineReporter())
    }

    @Test func anActionSeesAFileThatTheScriptExported() throws {
        let scratch = try Scratch()
        var table = "id,mark\n"
        for row in 0..<24 {
            table += "a\(row),\(row)\n"
            if row == 5 { continue }
            try scratch.file("a\(row).npy", npyBytes(NumericArray(shape: [3], values: [1, 1, 1], precision: .double)))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        try perform("export tensor([1, 1, 1]) to \"a5.npy\"", in: scratch, with: LineReporter())
        let reporter = LineReporter()
        let script =
            Self.data.replacing("numbers(\"{id}.txt\")", with: "tensor(\"{id}.npy\")")
            + "show first\nexport tensor([73, 73, 73]) to \"a5.npy\"\nshow first\nshow second"
        try perform(script, in: scratch, with: reporter)
        #expect(reporter.lines.filter { !$0.hasPrefix("wrote") } == ["1", "4", "8"])
    }
}
