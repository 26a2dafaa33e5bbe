import Diagnostics
import Glibc
import Language
import SessionTestSupport
import Storage
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Rows with NaN or infinity in an input, of data sets that say `missing: drop`: they are left out before there are parts, as rows
/// without a target are.
@Suite(.timed) struct DroppedInputTests {
    /// The number of times that a file was read to be computed with.
    private final class Reads: Sendable {
        private let counter = Atomic<Int>(0)
        var count: Int { counter.load(ordering: .relaxed) }
        func add() { counter.add(1, ordering: .relaxed) }
    }

    private static let data = """
        dataset plain {
            rows:    csv("marks.csv")
            id:      "id"
            inputs:  { shape: values("{id}.txt") }
            target:  { column: "mark" }
            missing: drop
            split:   random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }

        """
    private static let script =
        data + """
            model net {
                input shape: [3]
                shape >> dense(4, activation: relu) >> dense(1)
            }
            experiment one { data: plain, model: net, loss: mse, seed: 1, epochs: 1 }

            """

    /// A source of three numbers in a text file, which counts what it reads.
    private func source(_ reads: Reads) -> [Builtin] {
        @Sendable func numbers(_ path: String) throws -> [Double] {
            let words = try readText(path).split(whereSeparator: \.isWhitespace)
            let values = words.compactMap { Double($0) }
            guard values.count == words.count else {
                throw Diagnostic("bad-data", "expected numbers, found something else", data: DataPlace(file: path))
            }
            return values
        }
        return Vocabulary([
            Word(
                "values", family: "Sources", [Parameter("path", .template, "a file of three numbers")], gives: anyTensor,
                "The numbers of a text file.",
                role: .source(argument: "path") { _, _, _ in TensorType(shape: [3], unit: nil) },
                check: { call, _ in call.typed(TensorType(shape: [3], unit: nil)) },
                computes: { call, context in
                    reads.add()
                    let values = try numbers(context.path(of: call))
                    return .array(try NumericArray(shape: [values.count], values: values, precision: .double), unit: nil)
                })
        ]).builtins
    }

    /// A folder with a table and a file of three numbers for each of its 30 rows.
    private func folder(without ids: [String] = []) throws -> Scratch {
        let scratch = try Scratch()
        var table = "id,mark\n"
        for row in 0..<30 where !ids.contains("a\(row)") {
            table += "a\(row),\(row)\n"
            try writeWhole("1 1 \(row)", to: scratch.file("a\(row).txt"))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        return scratch
    }

    private func session(
        in scratch: Scratch, _ reporter: LineReporter = LineReporter(), reads: Reads = Reads(),
        _ change: (inout SessionOptions) -> Void = { _ in }
    ) throws -> Session {
        var options = SessionOptions()
        options.library = catalogue.adding(source(reads))
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        change(&options)
        return try Session(base: scratch.path + "/", options: options, reporter: reporter)
    }

    private func check(_ text: String, _ session: Session) -> Session.Checked { session.check(text, file: "script.ecdx") }

    private func object(_ name: String, _ checked: Session.Checked) throws -> Object {
        try #require(checked.script.names.first { $0.name == name }?.value.object)
    }

    private func lines(_ text: String, in scratch: Scratch, _ reporter: LineReporter = LineReporter()) throws -> [String] {
        let session = try session(in: scratch, reporter)
        let checked = check(text, session)
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return reporter.lines
    }

    @Test(arguments: ["nan", "inf", "1e200"]) func rowsOfEveryPartAreLeftOutAsIfTheyWereNotThere(word: String) throws {
        let scratch = try folder()
        var checked = try check(Self.script, session(in: scratch))
        let whole = try checked.plan(of: object("plain", checked))
        let places = [whole.parts.train[1], whole.parts.validation[0], whole.parts.holdout[2]].sorted()
        let ids = places.map { whole.ids[$0] }
        for id in ids { try writeWhole("1 \(word) 1", to: scratch.file("\(id).txt")) }
        let other = try folder(without: ids)

        let names = ids.map { "`\($0)`" }.joined(separator: ", ")
        let shown = try lines(Self.script + "show plain", in: scratch)
        let expected = "plain: 27 rows, in natural order of their ids; 3 with NaN or infinity in an input (\(names)) left out"
        #expect(shown.first == expected)
        let rest = try lines(Self.script + "show plain", in: other)
        #expect(shown.dropFirst() == rest.dropFirst())
        let reporter = LineReporter()
        var notes: [String] = []
        reporter.noted = { notes.append($0) }
        let metrics = try lines(Self.script + "table metrics(one)", in: scratch, reporter)
        #expect(try metrics == lines(Self.script + "table metrics(one)", in: other))
        #expect(notes.contains("3 rows of `plain` left out, NaN or infinity in an input: \(names)"))

        var keys: [Digest] = []
        for place in [scratch, other] {
            let session = try session(in: place)
            checked = check(Self.script, session)
            keys.append(try session.runner(for: checked).keys.key(of: object("one", checked)))
        }
        #expect(keys[0] == keys[1])
    }

    @Test func withoutSuchRowsNothingChangesAndWithoutDropNothingIsRead() throws {
        let scratch = try folder()
        let reads = Reads()
        let session = try session(in: scratch, reads: reads)
        let text = Self.script.replacing("missing: drop", with: "missing: error")
        let kept = check(text, session)
        #expect(reads.count == 0)
        let dropping = check(Self.script, session)
        #expect(reads.count == 30)
        #expect(
            try session.runner(for: kept).keys.key(of: object("one", kept))
                == session.runner(for: dropping).keys.key(of: object("one", dropping)))

        try writeWhole("1 nan 1", to: scratch.file("a4.txt"))
        let refused = check(text + "table metrics(one)", session)
        #expect(!refused.script.hasErrors)
        let found = diagnostic { try session.perform(refused) }
        #expect(found.id == "bad-data" && found.data?.file == "a4.txt")
        #expect(found.message == "expected numbers in `plain.inputs.shape` of the row `a4`, found NaN (1 of 3 values)")
        #expect(found.hints == ["put the file right, take the row out of the table, or leave such rows out with `missing: drop`"])
    }

    @Test(arguments: ["nan", "-inf"]) func aDataSetOfSuchRowsAloneIsRefusedOnce(word: String) throws {
        let scratch = try folder()
        for row in 0..<30 { try writeWhole("\(word) 1 1", to: scratch.file("a\(row).txt")) }
        let found = try check(Self.script + "show plain\ntable metrics(one)", session(in: scratch)).script.diagnostics
        #expect(found.map(\.message) == ["every row has NaN or infinity in an input, the first is `a0`"])
        #expect(found.first?.id == "bad-data" && found.first?.data?.file == "a0.txt" && found.first?.span != nil)
    }

    @Test func aBadFileIsSaidOnceAsItIsAtARun() throws {
        let scratch = try folder()
        try writeWhole("1 one 1", to: scratch.file("a29.txt"))
        let found = try check(Self.script + "table metrics(one)", session(in: scratch)).script.diagnostics
        #expect(found.count == 1)
        let session = try session(in: scratch)
        let refused = check(Self.script.replacing("missing: drop", with: "missing: error") + "table metrics(one)", session)
        #expect(!refused.script.hasErrors)
        let atRun = diagnostic { try session.perform(refused) }
        #expect(atRun.data?.file == "a29.txt")
        #expect(found.first?.message == atRun.message && found.first?.id == atRun.id && found.first?.data == atRun.data)
    }

    @Test func aFileThatChangesIsReadAgain() throws {
        let scratch = try folder()
        let session = try session(in: scratch)
        func count() throws -> Int {
            let checked = check(Self.script, session)
            return try checked.plan(of: object("plain", checked)).count
        }
        #expect(try count() == 30)
        try writeWhole("1 nan 1", to: scratch.file("a5.txt"))
        #expect(try count() == 29)
        try writeWhole("1 1.5 1", to: scratch.file("a5.txt"))
        #expect(try count() == 30)

        // While a script runs.
        let reporter = LineReporter()
        reporter.shown = { _ in
            try writeWhole("1 nan 15", to: scratch.file("a5.txt"))
            // A look that is a moment old stands.
            usleep(200_000)
        }
        let shown = try lines(Self.script + "show plain\nshow plain", in: scratch, reporter).filter { $0.hasPrefix("plain:") }
        #expect(
            shown == [
                "plain: 30 rows, in natural order of their ids",
                "plain: 29 rows, in natural order of their ids; 1 with NaN or infinity in an input (`a5`) left out",
            ])
    }

    @Test func whatAFileHeldIsRememberedInTheStore() throws {
        let scratch = try folder()
        try writeWhole("1 nan 1", to: scratch.file("a6.txt"))
        // What is younger than two seconds is not remembered.
        usleep(2_100_000)
        _ = try lines(Self.script + "table metrics(one)", in: scratch)
        let reads = Reads()
        func count(_ change: (inout SessionOptions) -> Void = { _ in }) throws -> Int {
            let before = reads.count
            let checked = check(Self.script, try session(in: scratch, reads: reads, change))
            #expect(try checked.plan(of: object("plain", checked)).notFinite == ["a6"])
            return reads.count - before
        }
        #expect(try count() == 0)
        #expect(try count { $0.verify = true } == 30)
        try writeWhole("1 2 11", to: scratch.file("a11.txt"))
        #expect(try count() == 1)
    }

    @Test func aCheckThatReadsFilesStopsWhenItIsAsked() throws {
        let scratch = try folder()
        let reads = Reads()
        let session = try session(in: scratch, reads: reads) { $0.isStopped = { reads.count >= 5 } }
        let checked = check(Self.script + "table metrics(one)", session)
        let stopped = try #require(checked.script.stopped as? Interrupted)
        #expect(stopped.name == "looking for NaN in the inputs of `plain`")
        #expect(checked.script.diagnostics == [] && checked.script.actions.isEmpty)
        // It is asked before each few rows, which are read at one time.
        #expect((5..<30).contains(reads.count))
    }

    @Test func picturesAreNotReadUnlessWhatIsMadeOfThemMayBeNoNumber() throws {
        let scratch = try Scratch()
        var table = "id,mark\n"
        for row in 0..<8 {
            table += "p\(row),\(row)\n"
            // The header of a picture whose pixels are cut off.
            try scratch.file("p\(row).png", bytes(of: Place.corpus + "/data/cut.png"))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        func found(_ pipeline: String) throws -> [String] {
            let text = Self.data.replacing("values(\"{id}.txt\")", with: pipeline)
            return try check(text, session(in: scratch)).script.diagnostics.map(\.id)
        }
        #expect(try found("picture(\"{id}.png\") |> resize([4, 4]) |> rescale(-1, 1) |> standardize") == [])
        #expect(try found("picture(\"{id}.png\") / 255 - 1") == [])
        #expect(try found("picture(\"{id}.png\") / mean(picture(\"{id}.png\"))") == ["bad-image"])
    }

    @Test(arguments: ["npy", "csv", "safetensors", "CHGCAR"]) func everyFormatThatMayHoldNaNIsLookedAt(format: String) throws {
        let scratch = try Scratch()
        var table = "id,mark\n"
        for row in 0..<8 {
            table += "a\(row),\(row)\n"
            let value = row == 3 ? Double.nan : Double(row)
            let path = scratch.file("a\(row).\(format)")
            switch format {
            case "npy": try scratch.file("a\(row).npy", npyBytes(NumericArray(shape: [3], values: [1, value, 1], precision: .double)))
            case "csv": try writeWhole("1,\(value),1\n", to: path)
            case "safetensors":
                try writeSafetensors(
                    Safetensors(tensors: [NamedTensor(name: "x", shape: [3], values: [1, Float(value), 1])]), to: path)
            default:
                let head = "Cu1\n1.0\n0 2 2\n2 0 2\n2 2 0\nCu\n1\nDirect\n0 0 0\n\n2 2 2\n"
                try writeWhole(head + "1 2 \(row == 3 ? "NaN" : "3") 4 5\n6 7 8\n", to: path)
            }
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        let source =
            format == "CHGCAR"
            ? "chgcar(\"{id}.CHGCAR\") |> plane([1, 1, 1], size: [4, 4], cell: file)"
            : "tensor(\"{id}.\(format)\")"
        let data = Self.data.replacing("values(\"{id}.txt\")", with: source)
        #expect(
            try lines(data + "show plain\nshow shape(plain.inputs.shape)", in: scratch).first
                == "plain: 7 rows, in natural order of their ids; 1 with NaN or infinity in an input (`a3`) left out")
    }

    @Test func rowsToPredictForAreLeftOutToo() throws {
        let scratch = try folder()
        try createFolder(scratch.file("fresh"))
        for row in 0..<30 { try writeWhole("1 \(row == 7 ? "nan" : "1") 1", to: scratch.file("fresh/a\(row).txt")) }
        let fresh = "dataset fresh { rows: csv(\"marks.csv\"), id: \"id\", inputs: { shape: values(\"fresh/{id}.txt\") }, missing: drop }\n"
        _ = try lines(Self.script + fresh + "predict one on fresh to \"p.csv\"", in: scratch)
        let rows = try text(of: scratch.file("p.csv")).split(separator: "\n")
        #expect(rows.count == 30 && !rows.contains { $0.hasPrefix("a7,") } && rows.contains { $0.hasPrefix("a8,") })
    }
}
