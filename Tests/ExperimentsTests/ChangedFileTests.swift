import Diagnostics
import Glibc
import Language
import Storage
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments
@testable import SessionTestSupport

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
        // Other contents each time: the action begins anew once, where its look was a moment old.
        var reads = 0
        reporter.noted = { line in
            guard line.hasPrefix("reading") else { return }
            reads += 1
            try writeWhole("73 73 \(72 + reads)", to: scratch.file("a5.txt"))
        }
        let found = diagnostic { try perform(Self.data + "show first", in: scratch, with: reporter) }
        #expect(found.id == "file-changed" && found.data?.file == "a5.txt")
        #expect(found.span != nil && reporter.lines == [])

        let again = LineReporter()
        try perform(Self.data + "show first", in: scratch, with: again)
        // 69 ones, and 73, 73 and 73 or 74.
        #expect(again.lines.count == 1 && again.lines[0].hasPrefix("4"))
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
            if reads >= 2 { try writeWhole("73 73 \(72 + reads)", to: scratch.file("a5.txt")) }
        }
        let found = diagnostic { try perform(script, in: scratch, with: reporter) }
        #expect(found.id == "file-changed" && found.data?.file == "a5.txt")
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

    /// Two inputs: the second is read after its file changed, and the training must not be kept under the key of the old one.
    @Test func aSecondInputThatChangesWhileTheFirstIsReadIsSaid() throws {
        let scratch = try folder()
        let script = """
            dataset pairs {
                rows:   csv("marks.csv")
                id:     "id"
                inputs: { first: numbers("{id}.txt"), second: numbers("{id}.txt") * 2 }
                target: { column: "mark" }
                split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
            }
            model net {
                input first: [3]
                input second: [3]
                let a = first >> dense(1)
                let b = second >> dense(1)
                add(a, b)
            }
            experiment both { data: pairs, model: net, loss: mse, seed: 1, epochs: 1 }
            table metrics(both)
            """
        let reporter = LineReporter()
        var reads = 0
        reporter.noted = { line in
            guard line.hasSuffix("`pairs.inputs.second`") else { return }
            reads += 1
            try writeWhole("73 73 \(72 + reads)", to: scratch.file("a5.txt"))
        }
        #expect(diagnostic { try perform(script, in: scratch, with: reporter) }.id == "file-changed")
        let changed = LineReporter()
        try perform(script, in: scratch, with: changed)
        try writeWhole("1 1 1", to: scratch.file("a5.txt"))
        let before = LineReporter()
        try perform(script, in: scratch, with: before)
        #expect(changed.lines != before.lines && !before.lines.isEmpty)
    }

    /// The rows of a table are those of the file when the action begins, and so is the key of what is made of them.
    @Test func aTableThatTheScriptWritesIsReadAgain() throws {
        let scratch = try Scratch()
        let script = """
            table columns({ v: tensor([1, 2]) }) to "p.csv"
            table columns({ w: csv("p.csv")["v"] })
            """
        try perform("table columns({ v: tensor([5, 5]) }) to \"p.csv\"", in: scratch, with: LineReporter())
        for _ in 0..<2 {
            let reporter = LineReporter()
            try perform(script, in: scratch, with: reporter)
            #expect(reporter.lines.suffix(3) == ["w", "1", "2"])
        }
    }

    /// A shape that the check knew and that an export changed is no ragged table.
    @Test func aFileOfAnotherShapeThanWhenItWasCheckedIsSaid() throws {
        let scratch = try Scratch()
        try perform("export tensor([5, 5]) to \"a.npy\"", in: scratch, with: LineReporter())
        let script = "export tensor([[1, 2], [3, 4]]) to \"a.npy\"\ntable columns({ x: tensor(\"a.npy\"), y: [1, 2] })"
        let found = diagnostic { try perform(script, in: scratch, with: LineReporter()) }
        #expect(found.id == "file-changed" && found.message == "expected shape 2, as when the script was checked, found 2x2")
    }

    /// The zeros of two signs are equal, and what is computed of them is not.
    @Test func theSignOfAZeroIsNotForgotten() throws {
        let reporter = LineReporter()
        try perform(
            "let z = for s in [1, -1] { max(1 / tensor([0 * s, -5])) }\nshow z\nshow max(1 / tensor([0 * -1, -5]))", in: Scratch(),
            with: reporter)
        #expect(reporter.lines.joined(separator: " ").contains("inf") && reporter.lines.last == "-0.200")
    }
}
