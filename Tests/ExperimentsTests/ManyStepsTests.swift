import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// Long chains of steps on a table, each of which names the one before twice or more: as trees they are 2^40 values. Nothing is timed:
/// whatever walked through the trees here would not end.
@Suite(.timed) struct ManyStepsTests {
    private static let steps = [
        #"derive({ c%: row["K"] + row["K"] / 2 })"#, #"where(row["K"] > 0 and row["K"] < 1000 or row["id"] == "z")"#,
        #"sort(by: "K") |> derive({ K: row["K"] * 1 })"#, #"join(@ |> pick(["id"]), by: "id")"#,
        #"derive({ c%: mean(@["K"]) + row["K"] })"#,
    ]

    private func script(_ step: String, turns: Int) -> String {
        var script = "let t0 = csv(\"t.csv\")\n"
        for turn in 1...turns {
            script += "let t\(turn) = t\(turn - 1) |> \(step.replacing("%", with: "\(turn)").replacing("@", with: "t\(turn - 1)"))\n"
        }
        return script
    }

    private func session(_ scratch: Scratch, _ reporter: LineReporter) throws -> Session {
        try writeWhole("id,K\na,1\nb,2\nc,3\n", to: scratch.file("t.csv"))
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        return try Session(base: scratch.path + "/", options: options, reporter: reporter)
    }

    @Test(arguments: steps) func fortyStepsAreCheckedComputedAndKeyed(step: String) throws {
        try onLargeStack {
            let scratch = try Scratch()
            let reporter = LineReporter()
            let session = try session(scratch, reporter)
            let text =
                script(step, turns: 40) + """
                    show mean(t40["K"])
                    table columns({ K: t40["K"] })
                    show [for t in [t39, t40] { mean(t["K"]) }]
                    table t40 to "o.csv"
                    show t40.count

                    """
            // Twice: what is checked anew shares nothing with what is remembered.
            var lines: [[String]] = []
            for _ in 1...2 {
                reporter.lines = []
                let checked = session.check(text, file: "script.ecdx")
                #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
                try session.perform(checked)
                lines.append(reporter.lines)
            }
            #expect(lines[0].first?.contains("2") == true && lines[0].last == "3")
            #expect(try readText(scratch.file("o.csv")).hasPrefix("id,K"))
        }
    }

    @Test func tooManyStepsAreRefused() throws {
        try onLargeStack {
            let scratch = try Scratch()
            let session = try session(scratch, LineReporter())
            let found = session.check(script(Self.steps[1], turns: 600), file: "script.ecdx").script.diagnostics
            #expect(found.contains { $0.id == "budget" && $0.message.contains("1000 deep") }, "\(found.first?.message ?? "")")
        }
    }
}
