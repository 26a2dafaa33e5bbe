import Diagnostics
import Language
import Storage
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments
@testable import SessionTestSupport

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

    /// Files that differ and hold all but the same numbers are told of while a network is trained on them, and afterwards.
    @Test func rowsThatAreAllButTheSame() throws {
        let scratch = try folder()
        var random = Philox(RandomKey(seed: 5, purpose: .sampling))
        func write(_ row: Int, _ values: [Double]) throws {
            try writeWhole(values.map { "\($0)" }.joined(separator: " "), to: scratch.file("a\(row).txt"))
        }
        let rows = (0..<24).map { _ in (0..<20).map { _ in Double(random.next() % 1000) } }
        for (row, values) in rows.enumerated() { try write(row, values) }
        try write(5, rows[4].map { $0 + 1 })
        try write(20, rows[3].map { $0 + 1 })
        let script = Self.script.replacing("shape: [3]", with: "shape: [20]") + "table metrics(one)"
        for _ in 0..<2 {
            let reporter = LineReporter()
            let (session, checked) = try checked(script, in: scratch, reporter)
            try session.perform(checked)
            let found = reporter.warnings.filter { ["like-contents", "same-contents"].contains($0.id) }
            #expect(
                found.map(\.message) == [
                    "rows of different parts of `plain` are all but the same as a network reads them: `a3` (train), `a20` (holdout)"
                ])
        }
        // Another file, another input: they are compared anew.
        try write(20, rows[20])
        let reporter = LineReporter()
        let (session, checked) = try checked(script, in: scratch, reporter)
        try session.perform(checked)
        #expect(!reporter.warnings.contains { $0.id == "like-contents" })
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

    /// Targets that are not evenly spaced, with columns that are computed from them and others that are not.
    private func nearCopies() throws -> Scratch {
        let scratch = try Scratch()
        var table = "part,id,mark,rounded,milli,shifted,negative,serial,noisy\n"
        for row in 0..<24 {
            // The table is sorted by the target.
            let mark = 3.25 * Double(row) + 0.125 * Double(row * row)
            let noisy = mark + (row.isMultiple(of: 2) ? 4 : -4)
            let cells = [
                "\(mark)", "\(mark)", "\(Int(mark.rounded()))", "\(mark * 1000)", "\(mark + 273.15)", "\(-mark)", "\(row + 1)", "\(noisy)",
            ]
            table += "\(row < 12 ? "train" : row < 18 ? "validation" : "holdout"),\(cells.joined(separator: ","))\n"
            for cell in cells { try writeWhole("1 1 \(row)", to: scratch.file(cell + ".txt")) }
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        return scratch
    }

    @Test(arguments: [
        ("rounded", "holds the rounded numbers of"), ("milli", "holds the numbers, shifted and scaled, of"),
        ("shifted", "holds the numbers, shifted and scaled, of"), ("negative", "holds the numbers, shifted and scaled, of"),
        // The id.
        ("id", "holds the numbers of"),
    ])
    func pathsThatNameWhatIsComputedFromTheTargetAreWarnedOf(column: String, phrase: String) throws {
        let text = Self.script.replacing("{id}.txt", with: "{\(column)}.txt")
        let (_, checked) = try checked(text + "dataset other like plain { missing: drop }\n", in: nearCopies(), LineReporter())
        let found = checked.script.diagnostics.filter { $0.id == "target-leak" }
        #expect(!checked.script.hasErrors)
        #expect(found.map(\.severity) == [.warning] && found.first?.span != nil && found.first?.hints.count == 1)
        let what = "`\(column)`, which in all 24 rows \(phrase) the target `mark`: the file tells what is to be predicted"
        #expect(found.map(\.message) == ["the path of the input `shape` names \(what)"])
    }

    /// Serial numbers of a sorted table have the order of the target, and no more; numbers beside it are not those of it.
    @Test(arguments: ["serial", "noisy"]) func orderAloneIsNoLeak(column: String) throws {
        let text = Self.script.replacing("{id}.txt", with: "{\(column)}.txt")
        let (_, checked) = try checked(text, in: nearCopies(), LineReporter())
        #expect(!checked.script.diagnostics.contains { $0.id == "target-leak" })
    }

    @Test func nearCopiesAreToldFromOthers() {
        let target = (0..<12).map { Double($0 * $0) + 0.3 }
        func found(_ change: (Int, Double) -> Double) -> NearCopy? {
            NearCopy(target.indices.map { change($0, target[$0]) }, of: target)
        }
        #expect(found { $1 } == .equal)
        #expect(found { $1.rounded(.up) } == .rounded)
        #expect(found { ($1 / 10).rounded() * 10 } == .rounded)
        #expect(found { 2 - $1 / 7 } == .scaled)
        #expect(found { ($1 * 100).rounded() } == .scaled)
        #expect(found { 3 * naturalLogarithm($1) + 1 } == .logarithm)
        // Monotone, a class by a threshold, numbers of a row, one number, and what is missing.
        #expect(found { $1 * $1 } == nil)
        #expect(found { $1 > 30 ? 1 : 0 } == nil)
        #expect(found { row, _ in Double(row) } == nil)
        #expect(found { _, _ in 1 } == nil)
        #expect(found { $0 == 3 ? .nan : $1 } == nil)
        // Serial numbers beside a target that is evenly spaced.
        let steps = (0..<12).map { 100 + 25 * Double($0) }
        #expect(NearCopy((1...12).map(Double.init), of: steps) == nil)
        #expect(NearCopy(Array(target.prefix(7)), of: Array(target.prefix(7))) == nil)
    }
}
